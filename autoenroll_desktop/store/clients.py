"""Clients: the employers whose pay runs are kept, each with a key of its own.

A client comes to be with the first thing kept for it. "" is the client of files that do not say their employer.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.store import audit
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.sealing import new_key
from autoenroll_desktop.store.tables import client, client_key

KEEP_LINES_MONTHS = 13
"""Twelve months look back a year; the thirteenth lets last December be compared in the next."""
KEEP_EVIDENCE_YEARS = 6
"""The general rule of tax law for pay records; the Act read gives none (scheme rules, record retention)."""
LINES_WITHIN = range(4, 85)
"""Months: the look-back takes 13 weeks, and after seven years evidence has gone as well."""
EVIDENCE_WITHIN = range(3, 13)
"""Years: prosecutions under the Act may begin within three."""


@dataclass(frozen=True, slots=True)
class Client:
    """An employer. `employer` is its registration number, in capitals, or "" where files do not say."""

    id: str
    employer: str
    since: dt.datetime
    keep_lines_months: int
    keep_evidence_years: int


def plain_employer(employer: str | None) -> str:
    """An employer number as it is kept."""
    return (employer or "").strip().upper()


def find(connection: Connection, employer: str | None) -> Client | None:
    """The client with an employer number."""
    row = connection.execute(select(client).where(client.c.employer == plain_employer(employer))).one_or_none()
    return None if row is None else Client(*row)


def named(connection: Connection, employer: str) -> Client:
    """The same; raises AppError where there is none."""
    found = find(connection, employer)
    if found is None:
        raise AppError(
            f"Nothing is kept for {employer or 'files without an employer'}", "", "See 'autoenroll store clients'"
        )
    return found


def ensure(connection: Connection, employer: str | None, stamp: Stamp) -> Client:
    """The client with an employer number, made where there is none."""
    found = find(connection, employer)
    if found is not None:
        return found
    made = Client(str(uuid.uuid4()), plain_employer(employer), stamp.at, KEEP_LINES_MONTHS, KEEP_EVIDENCE_YEARS)
    connection.execute(
        insert(client).values(
            id=made.id,
            employer=made.employer,
            since=made.since,
            keep_lines_months=made.keep_lines_months,
            keep_evidence_years=made.keep_evidence_years,
        )
    )
    connection.execute(insert(client_key).values(client_id=made.id, key=new_key()))
    audit.add(connection, stamp, Event("client-added", made.id))
    return made


def everyone(connection: Connection) -> list[Client]:
    """All clients, by employer number."""
    return [Client(*row) for row in connection.execute(select(client).order_by(client.c.employer))]


def key_of(connection: Connection, client_id: str) -> bytes:
    """A client's sealing key."""
    return bytes(connection.execute(select(client_key.c.key).where(client_key.c.client_id == client_id)).scalar_one())


def keys_of(connection: Connection, ids: Iterable[str]) -> Mapping[str, bytes]:
    """The sealing keys of some clients."""
    rows = connection.execute(select(client_key).where(client_key.c.client_id.in_([*ids])))
    return {row.client_id: bytes(row.key) for row in rows}


def set_retention(connection: Connection, one: Client, months: int, years: int, stamp: Stamp) -> None:
    """Keep pay lines and evidence of a client for another time.

    Raises:
        AppError: shorter or longer than the policy allows.
    """
    if months not in LINES_WITHIN or years not in EVIDENCE_WITHIN or months > 12 * years:
        raise AppError(
            "Pay lines and evidence cannot be kept for that time",
            f"pay lines {LINES_WITHIN[0]} to {LINES_WITHIN[-1]} months, evidence {EVIDENCE_WITHIN[0]} to "
            f"{EVIDENCE_WITHIN[-1]} years, and pay lines no longer than evidence",
            "Choose times within these",
        )
    connection.execute(
        update(client).where(client.c.id == one.id).values(keep_lines_months=months, keep_evidence_years=years)
    )
    facts = {"months": months, "years": years, "months-before": one.keep_lines_months}
    audit.add(
        connection, stamp, Event("retention-changed", one.id, facts={**facts, "years-before": one.keep_evidence_years})
    )
