"""What an office's PCs share, as it is between the store and what is sealed: plain, and whole."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from autoenroll_desktop.errors import AppError

Value = str | int | None
"""What a field of a shared document holds."""


class NotOurs(AppError):
    """Something shared is of a kind or a version this program does not know."""

    def __init__(self) -> None:
        super().__init__(
            "A newer version shared something this one does not know", "", "Install the newer version on this computer"
        )


class NotYet(Exception):
    """A report came before the run it belongs to."""


@dataclass(frozen=True)
class Parcel:
    """Something finished that never changes: a run, a report kept with it, an AEPN snapshot, what was sent.

    Attributes:
        kind: run, report, ledger or other (a word of the wire's closed list).
        subject: what it stands for, the same on every PC ("run-kept:…").
        head: its plain particulars as msgpack; blobs: its larger parts by name.
        client_id: of this store, "" on its way in.
    """

    kind: str
    subject: str
    head: bytes
    blobs: Mapping[str, bytes]
    client_id: str = ""


@dataclass(frozen=True)
class Waiting:
    """A parcel that is to be sent: its message in the outbox."""

    number: int
    kind: str
    subject: str
    client_id: str
    tries: int = 0


@dataclass(frozen=True)
class SharedDocument:
    """Something of which there is one, and which changes: a client's settings, a recipe, a column map, who is who.

    Attributes:
        kind: client, recipe, column-map or settings. subject: which one, the same on every PC.
        fields: what it says; a field that is absent was never set.
        client_id: of this store, "" where it belongs to no client or is on its way in.
    """

    kind: str
    subject: str
    fields: Mapping[str, Value]
    client_id: str = ""


@dataclass(frozen=True)
class Known:
    """What this PC knows of a thing at the service.

    Attributes:
        version: the version there, 0 for a parcel. sha256: of its sealed bytes.
        state: see `store.sharing`.
        base: what a document said when it was agreed on. revision: its number inside the seal, which only grows.
    """

    version: int
    sha256: str
    state: str
    subject: str = ""
    base: Mapping[str, Value] = field(default_factory=dict)
    revision: int = 0


@dataclass(frozen=True)
class Conflict:
    """A field two PCs changed: `kept` stands, `lost` is set aside."""

    name: str
    kept: Value
    lost: Value


@dataclass(frozen=True)
class Arrival:
    """How a thing came: its id, kind, version, hash of the sealed bytes, and the cursor that goes with it.
    `revision`: of a document, inside the seal.
    """

    thing: str
    what: str
    kind: str
    version: int
    sha256: str
    cursor: int
    at: dt.datetime
    revision: int = 0
