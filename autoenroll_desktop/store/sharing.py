"""What this PC knows of what the office shares: its membership, how far it has read, and each thing at the service.

A thing's state is one of: ours, theirs (sent, taken over), stale (a document to be put again, for what is there is
older or cannot be read), early (a report whose run did not come yet), refused (it came and could not be trusted; its
`subject` says why), spoilt (what arrived there is not what was sent; it is still to be deleted there), spent (it is
deleted, and the id is never used again), erased (its client was erased here; it is still to be deleted there), gone.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from autoenroll_desktop.domain.shared import Arrival, Conflict, Known, Value
from autoenroll_desktop.store import audit
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.clients import key_of
from autoenroll_desktop.store.sealing import fingerprint, seal, unseal
from autoenroll_desktop.store.tables import meta, outbox, set_aside, shared

MEMBERSHIP, LOG, CURSOR, PEOPLE = "membership", "sync-log", "sync-cursor", "office-people"
"""Names of values in `meta`."""
OURS, THEIRS, REFUSED, ERASED, GONE = "ours", "theirs", "refused", "erased", "gone"
EARLY, STALE, SPOILT, SPENT = "early", "stale", "spoilt", "spent"


class Agreed(msgspec.Struct):
    """What a document said when it was agreed on, and its revision."""

    fields: dict[str, Value]
    revision: int


def value(connection: Connection, name: str) -> bytes | None:
    """A value kept under a name."""
    found = connection.execute(select(meta.c.value).where(meta.c.name == name)).scalar_one_or_none()
    return None if found is None else bytes(found)


def put_value(connection: Connection, name: str, data: bytes | None) -> None:
    """Keep a value under a name, in place of an earlier one; None forgets it."""
    if data is None:
        connection.execute(delete(meta).where(meta.c.name == name))
        return
    statement = insert(meta).values(name=name, value=data)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": data}))


def cursor(connection: Connection) -> int:
    """How far the office's feed was read."""
    return int(value(connection, CURSOR) or b"0")


def put_cursor(connection: Connection, at: int) -> None:
    """Remember how far it was read."""
    put_value(connection, CURSOR, str(at).encode())


def known(connection: Connection, thing: str) -> Known | None:
    """What is known of a thing, None for one never seen. Raises SealBroken."""
    row = connection.execute(select(shared).where(shared.c.thing == thing)).one_or_none()
    if row is None:
        return None
    agreed = Agreed({}, 0)
    if row.base is not None:
        plain = unseal(key_of(connection, row.client_id), row.base, row.thing) if row.client_id else row.base
        agreed = msgspec.json.decode(plain, type=Agreed)
    return Known(row.version, row.sha256, row.state, row.subject, agreed.fields, agreed.revision)


def remember(
    connection: Connection,
    thing: Arrival,
    state: str,
    subject: str,
    client_id: str,
    base: Mapping[str, Value] | None = None,
) -> None:
    """Note what became of a thing; `base` is what a document said."""
    plain = None if base is None else msgspec.json.encode(Agreed(dict(base), thing.revision))
    if plain is not None and client_id:
        plain = seal(key_of(connection, client_id), plain, thing.thing)
    row: dict[str, Any] = {
        "what": thing.what,
        "kind": thing.kind,
        "subject": subject,
        "client_id": client_id or None,
        "version": thing.version,
        "sha256": thing.sha256,
        "state": state,
        "base": plain,
        "at": thing.at,
    }
    statement = insert(shared).values(thing=thing.thing, **row)
    connection.execute(statement.on_conflict_do_update(index_elements=["thing"], set_=row))


def things_in(connection: Connection, state: str) -> list[tuple[str, str, str, str]]:
    """Id, sort, kind and subject of every thing in a state."""
    query = select(shared.c.thing, shared.c.what, shared.c.kind, shared.c.subject).where(shared.c.state == state)
    return [(row.thing, row.what, row.kind, row.subject) for row in connection.execute(query.order_by(shared.c.thing))]


def set_state(connection: Connection, thing: str, state: str) -> None:
    """Note another state of a thing that is known."""
    connection.execute(update(shared).where(shared.c.thing == thing).values(state=state, base=None))


def forget_client(connection: Connection, client_id: str) -> None:
    """A client is erased here: what it said is forgotten, its things are to be deleted at the service."""
    mine = shared.c.client_id == client_id
    blank = {"subject": "", "base": None, "client_id": None}
    there = shared.c.state.in_((OURS, THEIRS, STALE))
    connection.execute(update(shared).where(mine, there).values(state=ERASED, **blank))
    connection.execute(update(shared).where(mine).values(**blank))
    connection.execute(delete(set_aside).where(set_aside.c.client_id == client_id))


def keep_conflict(connection: Connection, thing: str, client_id: str, one: Conflict, stamp: Stamp) -> None:
    """Set the value that lost aside, sealed, and tell the trail of both by their hashes."""
    sealed, hashes = msgspec.json.encode(one.lost), ["", ""]
    if client_id:
        key = key_of(connection, client_id)
        sealed = seal(key, sealed, f"{thing} {one.name}")
        hashes = [fingerprint(key, msgspec.json.encode(each)) for each in (one.lost, one.kept)]
    row = {"thing": thing, "client_id": client_id or None, "field": one.name, "sealed": sealed, "at": stamp.at}
    number = connection.execute(insert(set_aside), row).inserted_primary_key
    facts: dict[str, str | int | bool] = {"set-aside": int(number[0]) if number else 0}
    audit.add(connection, stamp, Event("both-changed", client_id or None, thing, hashes[0], hashes[1], facts))


def values_set_aside(connection: Connection) -> list[tuple[int, str, Value]]:
    """Number, field and value of what was set aside, the newest first. Raises SealBroken."""
    found = []
    for row in connection.execute(select(set_aside).order_by(set_aside.c.number.desc())):
        plain = bytes(row.sealed)
        if row.client_id:
            plain = unseal(key_of(connection, row.client_id), plain, f"{row.thing} {row.field}")
        found.append((row.number, row.field, msgspec.json.decode(plain)))
    return found


def set_aside_count(connection: Connection) -> int:
    """How many values were set aside."""
    return int(connection.execute(select(func.count()).select_from(set_aside)).scalar_one())


def send_again(connection: Connection) -> None:
    """Have everything of ours sent once more: the service lost what came after its last backup."""
    connection.execute(update(outbox).values(done_at=None))


def leave(connection: Connection) -> None:
    """Forget the office: membership, place in the feed and what is known of things. What was shared stays here."""
    for name in (MEMBERSHIP, CURSOR, PEOPLE, LOG):
        put_value(connection, name, None)
    connection.execute(delete(shared))
    connection.execute(update(outbox).values(done_at=None, tries=0, refused=""))
