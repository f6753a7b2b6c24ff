"""A parcel as what is sealed of it: small parts inside, larger ones as uploads that the letter names.

The kinds of bytes on the wire stay few: a letter is a report there, a page is a document.
"""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from autoenroll_desktop.domain.shared import NotOurs, Parcel, Value

VERSION = 1
INSIDE = 163_840
"""Bytes of parts that travel inside a letter; sealed and padded it stays below the wire's 256 KiB."""
MOST = 20
"""Uploads a report may name."""
REST = "\0rest"
"""The part that holds several, where there are more large ones than may be named."""


class Enclosed(msgspec.Struct, frozen=True):
    """A part that went up by itself: its upload's id, and the size and SHA-256 of what was sealed."""

    upload: UUID
    size: int
    sha256: str


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel on its way."""

    version: int = VERSION
    kind: str
    subject: str
    head: bytes
    inside: dict[str, bytes]
    enclosed: dict[str, Enclosed]


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A document on its way. `revision` grows with every change, and says what is older whatever the service tells."""

    version: int = VERSION
    kind: str
    subject: str
    fields: dict[str, Value]
    revision: int = 0


def sorted_out(parcel: Parcel) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Which parts travel inside, and which go up by themselves. The same parcel is always sorted the same."""
    inside: dict[str, bytes] = {}
    large: dict[str, bytes] = {}
    room = INSIDE - len(parcel.head)
    for name, data in sorted(parcel.blobs.items(), key=lambda one: (len(one[1]), one[0])):
        if len(data) <= room:
            inside[name] = data
            room -= len(data)
        else:
            large[name] = data
    if len(large) > MOST:
        names = sorted(large)
        rest = {name: large.pop(name) for name in names[MOST - 1 :]}
        large[REST] = msgspec.msgpack.encode(rest)
    return inside, large


def written(letter: Letter | Page) -> bytes:
    """The bytes that are sealed."""
    return msgspec.msgpack.encode(letter)


def read_letter(data: bytes, kind: str) -> Letter:
    """A letter from its bytes. Raises NotOurs: a newer version's, or of another kind than the service told."""
    try:
        letter = msgspec.msgpack.decode(data, type=Letter)
    except msgspec.MsgspecError:
        raise NotOurs from None
    if letter.version > VERSION or letter.kind != kind:
        raise NotOurs
    return letter


def read_page(data: bytes, kind: str) -> Page:
    """A page from its bytes. Raises NotOurs."""
    try:
        page = msgspec.msgpack.decode(data, type=Page)
    except msgspec.MsgspecError:
        raise NotOurs from None
    if page.version > VERSION or page.kind != kind:
        raise NotOurs
    return page


def parcel_of(letter: Letter, parts: Mapping[str, bytes]) -> Parcel:
    """The parcel, with the parts that came by themselves. Raises NotOurs."""
    blobs = {**letter.inside, **parts}
    if REST in blobs:
        try:
            blobs |= msgspec.msgpack.decode(blobs.pop(REST), type=dict[str, bytes])
        except msgspec.MsgspecError:
            raise NotOurs from None
    return Parcel(letter.kind, letter.subject, letter.head, blobs)
