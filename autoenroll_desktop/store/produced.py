"""The ledger of what was written from pay runs: where each file went, its hash, and the identifiers it would use up.

`store.ledger` holds what was sent; a file stands here from the moment it is written, so that the same submission made
twice is noticed although nobody noted that it was sent. Identifiers are fingerprints (`domain.sent`), 16 bytes each:
payroll packages build them from PPSNs. A file about several clients stands here once for each of them.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Integer, Select, func, select
from sqlalchemy.dialects.sqlite import insert

from autoenroll_desktop.store import audit, clients
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.tables import client, produced

_EACH = 16
"""Bytes of a packed fingerprint."""
_FOUND_BEFORE = uuid.UUID("5b0c1c6e-4a5e-4d0e-9b0a-6f6f0c1d7b11")
"""Names of files in a list of an earlier version, so that the list is never taken over twice."""


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was written, as it is to be noted.

    Attributes:
        kind: a word of `Output`, or "recipe" or "result". path: absolute. sha256: None where it is not known.
        run_id: the kept run it was made from, None where that is none, several or not kept. reference: of that run.
        submission, items: fingerprints a contribution file would use up; None and empty for other files.
        answer: a word of `Answer`, "" where it is not known.
    """

    kind: str
    path: str
    sha256: str | None
    answer: str
    run_id: str | None = None
    reference: str | None = None
    submission_id: str | None = None
    submission: str | None = None
    items: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ProducedListed:
    """A written file in a list; `line_ids` says how many line item IDs it would use up."""

    id: str
    employer: str
    run_id: str | None
    kind: str
    path: str
    sha256: str | None
    reference: str | None
    submission_id: str | None
    line_ids: int
    produced_at: dt.datetime
    answer: str
    who: str


def add_produced(connection: Connection, employer: str, made: Made, stamp: Stamp) -> str:
    """Note a file for an employer, with an entry in the trail; returns the note's id."""
    owner = clients.ensure(connection, employer, stamp)
    number = str(uuid.uuid4())
    connection.execute(insert(produced), _row(number, owner.id, made, stamp))
    facts: dict[str, str | int | bool] = {"kind": made.kind, "answer": made.answer, "line-ids": len(made.items)}
    audit.add(connection, stamp, Event("file-produced", owner.id, number, after=made.sha256 or "", facts=facts))
    return number


def take_over(connection: Connection, listed: Iterable[tuple[Made, dt.datetime]], stamp: Stamp) -> int:
    """Note files that an earlier version listed outside the store; returns how many were not noted before.

    That list did not say whose they are: a client is told by its number in the file's name, else they belong to "".
    """
    everyone = [one for one in clients.everyone(connection) if one.employer]
    new = 0
    for made, moment in listed:
        owner = next((one for one in everyone if one.employer in made.path.upper()), None)
        owner = owner or clients.ensure(connection, "", stamp)
        number = str(uuid.uuid5(_FOUND_BEFORE, f"{moment.isoformat()} {made.kind} {made.path}"))
        row = _row(number, owner.id, made, Stamp("", moment))
        new += connection.execute(insert(produced).on_conflict_do_nothing(), row).rowcount
    if new:
        audit.add(connection, stamp, Event("written-list-taken-over", facts={"files": new}))
    return new


def produced_files(
    connection: Connection, employer: str | None = None, limit: int | None = None
) -> list[ProducedListed]:
    """What was written, the latest first; of one employer where it is named."""
    query: Select[Any] = (
        select(
            produced.c.id,
            client.c.employer,
            produced.c.run_id,
            produced.c.kind,
            produced.c.path,
            produced.c.sha256,
            produced.c.reference,
            produced.c.submission_id,
            func.length(produced.c["items"], type_=Integer),
            produced.c.produced_at,
            produced.c.answer,
            produced.c.who,
        )
        .join(client, client.c.id == produced.c.client_id)
        .order_by(produced.c.produced_at.desc(), produced.c.id)
        .limit(limit)
    )
    if employer is not None:
        query = query.where(client.c.employer == employer)
    found = [ProducedListed(*row) for row in connection.execute(query)]
    return [replace(one, line_ids=one.line_ids // _EACH) for one in found]


def submissions_produced(connection: Connection, employers: Iterable[str]) -> Mapping[str, dt.datetime]:
    """Submissions that stand in a file written for these employers: fingerprint → when it was written last."""
    query = (
        select(produced.c.submission, produced.c.produced_at)
        .join(client, client.c.id == produced.c.client_id)
        .where(client.c.employer.in_([*employers]), produced.c.submission.is_not(None))
        .order_by(produced.c.produced_at)
    )
    return {row.submission: row.produced_at for row in connection.execute(query)}


def _row(number: str, client_id: str, made: Made, stamp: Stamp) -> dict[str, object]:
    return {
        "id": number,
        "client_id": client_id,
        "run_id": made.run_id,
        "kind": made.kind,
        "path": made.path,
        "sha256": made.sha256,
        "reference": made.reference,
        "submission_id": made.submission_id,
        "submission": made.submission,
        "items": b"".join(bytes.fromhex(one) for one in sorted(made.items)),
        "produced_at": stamp.at,
        "answer": made.answer,
        "who": stamp.who,
    }
