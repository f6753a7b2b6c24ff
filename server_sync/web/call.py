"""What a handler is given, and what it may give back beside a message."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server_sync.accounts.secrets import Secrets
from server_sync.auth import Challenges, Tokens
from server_sync.billing.shop import Shop
from server_sync.contract.problems import Refused
from server_sync.contract.routes import Route
from server_sync.database.engine import Database
from server_sync.settings import Settings
from server_sync.storage.interface import Storage
from server_sync.web.limits import Limits


@dataclass(frozen=True)
class Service:
    """What one process of the service is made of."""

    settings: Settings
    database: Database
    tokens: Tokens
    challenges: Challenges
    secrets: Secrets
    limits: Limits
    clock: Callable[[], dt.datetime]
    shop: Shop
    storage: Storage | None


@dataclass(frozen=True)
class Caller:
    """The device that calls and the person it belongs to, as the database has them now."""

    office: UUID
    device: UUID
    person: UUID
    role: str
    state: str


@dataclass
class Call:
    """One request, checked and decoded.

    Attributes:
        db: the connection, in a transaction that sees the office's rows; single statements have none.
        parts: the variable parts of the path: UUIDs, and text for a hash.
        body: the message, or raw bytes.
        key, fingerprint: of a write: its Idempotency-Key, and a keyed hash of what it asks.
        header: a header of the request by its name; "" where it has none.
    """

    service: Service
    route: Route
    now: dt.datetime
    parts: dict[str, Any]
    db: sa.Connection = field(init=False)
    body: Any = None
    query: Any = None
    key: str = ""
    fingerprint: bytes = b""
    caller_: Caller | None = None
    office: UUID | None = None
    device: UUID | None = None
    claimed: UUID | None = None
    header: Callable[[str], str] = field(default=lambda _name: "")

    @property
    def about(self) -> dict[str, Any]:
        """What every single statement is told: whose it is, and which roles may ask."""
        return {"office": self.office, "device": self.device, "roles": f"{{{','.join(self.route.roles)}}}"}

    @property
    def caller(self) -> Caller:
        """Who calls; only routes that are not open to anyone have one."""
        if self.caller_ is None:
            raise LookupError(f"{self.route.name} has no caller")
        return self.caller_


@dataclass(frozen=True)
class Json:
    """JSON that was built by the database."""

    text: str


@dataclass(frozen=True)
class Stream:
    """An answer sent piece by piece; each piece is made when the one before is on its way."""

    pieces: Iterator[bytes]


Handler = Callable[[Call], Any]


@dataclass(frozen=True)
class Statement:
    """A handler that needs no transaction: it asks a single statement of `call.service.database`, or none."""

    run: Handler


@dataclass(frozen=True)
class Together:
    """A handler of a write that many make at once: those that come while one lot is kept are kept together in the next.

    Attributes:
        run: answers or refuses each of several calls, in order, in one transaction; None: this one was left.
        alone: answers a call that `run` left.
    """

    run: Callable[[Sequence[Call]], Sequence[Json | Refused | None]]
    alone: Handler
