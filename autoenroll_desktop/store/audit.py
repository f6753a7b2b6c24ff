"""The audit trail: who did what, when, and what it was before and after. Only ever added to, each entry chained to the
one before by its hash, so that nothing can be changed, left out or put in between without its showing.

Entries name clients and runs by their random ids and hold no name, number or pay. Order is the entry's number, never
its time: a clock that was set back shows as such and breaks nothing.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select

from autoenroll_desktop.store.tables import audit, run

START = "0" * 64
"""What the first entry is chained to."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who does something, and when by this computer's clock (timezone-aware)."""

    who: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Event:
    """Something done.

    Attributes:
        what: a stable word ("run-kept"). client_id: whose it is, None for the store itself.
        subject: the id of what it was done to. before, after: hashes of its content, "" for none.
        facts: a few numbers and words, never personal.
    """

    what: str
    client_id: str | None = None
    subject: str = ""
    before: str = ""
    after: str = ""
    facts: Mapping[str, str | int | bool] | None = None


def add(connection: Connection, stamp: Stamp, event: Event) -> int:
    """Add an entry and return its number. The connection must be one that writes."""
    last = connection.execute(select(audit).order_by(audit.c.number.desc()).limit(1)).mappings().first()
    facts = dict(event.facts or {})
    if last is not None and stamp.at < last["at"]:
        facts["clock-set-back"] = True
    entry: dict[str, Any] = {
        "number": last["number"] + 1 if last is not None else 1,
        "at": stamp.at.astimezone(dt.UTC),
        "who": stamp.who,
        "what": event.what,
        "client_id": event.client_id,
        "subject": event.subject,
        "before": event.before,
        "after": event.after,
        "facts": json.dumps(facts, sort_keys=True),
        "previous": last["hash"] if last is not None else START,
    }
    connection.execute(insert(audit), {**entry, "hash": hash_of(entry)})
    return int(entry["number"])


def hash_of(entry: Mapping[str, Any] | RowMapping) -> str:
    """The hash of an entry, over everything it says and the hash before."""
    said = [entry["number"], entry["at"].isoformat(timespec="microseconds"), *(entry[name] for name in _SAID)]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


_SAID = ("who", "what", "client_id", "subject", "before", "after", "facts", "previous")


def entries(connection: Connection, client_id: str | None = None, limit: int | None = None) -> list[RowMapping]:
    """Entries, oldest first; of one client, or the last `limit`."""
    query = select(audit).order_by(audit.c.number.desc()).limit(limit)
    if client_id is not None:
        query = query.where(audit.c.client_id == client_id)
    return [*reversed(connection.execute(query).mappings().all())]


def last_moment(connection: Connection) -> dt.datetime | None:
    """The time of the newest entry."""
    found: dt.datetime | None = connection.execute(
        select(audit.c.at).order_by(audit.c.number.desc()).limit(1)
    ).scalar_one_or_none()
    return found


def faults(chain: Sequence[Mapping[str, Any] | RowMapping]) -> Iterator[str]:
    """Where a whole chain is broken; nothing where it holds."""
    previous, number = START, 0
    for entry in chain:
        if entry["number"] != number + 1:
            yield f"entry {number + 1} is missing"
        if entry["previous"] != previous:
            yield f"entry {entry['number']} does not follow the entry before it"
        if entry["hash"] != hash_of(entry):
            yield f"entry {entry['number']} was changed"
        previous, number = entry["hash"], entry["number"]


def runs_without_entry(connection: Connection) -> list[str]:
    """Ids of kept runs that the trail does not tell of, or tells of with another content."""
    told = select(audit.c.subject, audit.c.after).where(audit.c.what == "run-kept").subquery()
    missing = (
        select(run.c.id)
        .outerjoin(told, (told.c.subject == run.c.id) & (told.c.after == run.c.digest))
        .where(told.c.subject.is_(None))
    )
    return [*connection.execute(missing).scalars()]
