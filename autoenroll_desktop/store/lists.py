"""Lists of what is kept, for the wall, the pages and the terminal: rows only, in the order a person reads them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Date, Select, case, func, select, text, tuple_

from autoenroll_desktop.domain.pay_dates import next_pay_date
from autoenroll_desktop.store.clients import Client, everyone
from autoenroll_desktop.store.packing import pay_lines
from autoenroll_desktop.store.parcels import waiting_count
from autoenroll_desktop.store.runs import LINES, content
from autoenroll_desktop.store.tables import audit, client, kept_file, run, run_content, series, snapshot

SHORTEST = 3
"""Letters the index of `run_search` can find."""


@dataclass(frozen=True, slots=True)
class RunListed:
    """A kept run in a list. Money is cents; `answer` is a word of `Answer`; `employee` and `employer_share` are due."""

    id: str
    employer: str
    reference: str | None
    version: int
    first_pay_date: dt.date | None
    last_pay_date: dt.date | None
    checked_at: dt.datetime
    answer: str
    errors: int
    gates: int
    warnings: int
    cut_off: dt.datetime | None
    lines: int
    gross: int
    files: str
    employee: int
    employer_share: int


@dataclass(frozen=True, slots=True)
class OnTheWall:
    """A client on the wall.

    Attributes:
        next_pay_date: the first pay date from today on: of a kept run, else reckoned from the last one and how often
            is paid; None where that is not known.
        state: a word of `Answer` for that pay date, "" where no run for it is kept.
        last: its newest run, None where none is kept.
    """

    client: Client
    next_pay_date: dt.date | None
    state: str
    last: RunListed | None


def runs_kept(
    connection: Connection, employer: str | None = None, find: str = "", limit: int | None = 50, skip: int = 0
) -> list[RunListed]:
    """The newest version of every run, latest check first.

    Args:
        employer: of one client. find: letters to be found in file names, reference, employer number or pay dates.
    """
    query = _listed().where(_newest()).order_by(run.c.checked_at.desc(), run.c.id.desc())
    if employer is not None:
        owner = connection.execute(select(client.c.id).where(client.c.employer == employer)).scalar()
        query = query.where(run.c.client_id == owner)
    if len(find.strip()) >= SHORTEST:
        quoted = '"' + find.strip().replace('"', '""') + '"'
        found = text("SELECT run_id FROM run_search WHERE text MATCH :find").bindparams(find=quoted)
        query = query.where(run.c.id.in_(found.columns(run.c.id)))
    elif find.strip():
        like = f"%{find.strip()}%"
        query = query.where(run.c.files.like(like) | run.c.reference.like(like))
    return [RunListed(*row) for row in connection.execute(query.limit(limit).offset(skip or None))]


def versions(connection: Connection, run_id: str) -> list[RunListed]:
    """Every version of a run, newest first."""
    mine = select(run.c.series_id).where(run.c.id == run_id).scalar_subquery()
    query = _listed().where(run.c.series_id == mine).order_by(run.c.version.desc())
    return [RunListed(*row) for row in connection.execute(query)]


def wall(connection: Connection, today: dt.date) -> list[OnTheWall]:
    """Every client with its next pay date and state; those with the nearest pay date first."""
    mine = run.c.client_id == client.c.id
    newest = select(func.max(run.c.last_pay_date)).where(mine).scalar_subquery()
    coming = select(func.min(run.c.last_pay_date)).where(mine, run.c.last_pay_date >= today).scalar_subquery()
    days = connection.execute(select(client.c.id, func.coalesce(coming, newest, type_=Date))).all()
    weight = case((run.c.answer == "ready", 0), (run.c.answer == "incomplete", 1), else_=2)
    query = (
        _listed()
        .add_columns(run.c.frequency)
        .where(_newest(), tuple_(run.c.client_id, run.c.last_pay_date).in_([tuple(row) for row in days]))
        .order_by(weight, run.c.checked_at)
    )
    known: dict[str, tuple[RunListed, str | None]] = {}
    for row in connection.execute(query):
        known[row.employer] = RunListed(*row[:-1]), row.frequency  # the gravest of several runs comes last and counts
    on_wall = []
    for one in everyone(connection):
        last, frequency = known.get(one.employer, (None, None))
        on_wall.append(_place(one, last, frequency, today))
    return sorted(on_wall, key=lambda one: (one.next_pay_date or dt.date.max, one.client.employer))


def last_pay_day(connection: Connection, one: Client) -> tuple[dt.date | None, str | None]:
    """The last pay date of a client's kept runs, and how often is paid in that run."""
    query = select(run.c.last_pay_date, run.c.frequency).where(
        run.c.client_id == one.id, run.c.last_pay_date.is_not(None)
    )
    row = connection.execute(query.order_by(run.c.last_pay_date.desc()).limit(1)).first()
    return (row.last_pay_date, row.frequency) if row is not None else (None, None)


def people(connection: Connection, one: Client) -> pd.DataFrame:
    """Everybody a client has paid, as far as pay lines are kept: one row an employment, as last seen.

    Returns:
        ppsn, employment_id, works_number, first_name, family_name, date_of_birth and pay_date (the last one).
    """
    columns = ("ppsn", "employment_id", "works_number", "first_name", "family_name", "date_of_birth", "pay_date")
    query = (
        select(run.c.id)
        .join(series, series.c.newest == run.c.id)
        .join(run_content, (run_content.c.run_id == run.c.id) & (run_content.c.part == LINES))
        .where(run.c.client_id == one.id)
    )
    ids = [*connection.execute(query).scalars()]
    frames = [pay_lines(part, columns) for part in content(connection, ids, LINES).values()]
    if not frames:
        return pd.DataFrame({name: [] for name in columns})
    together = pd.concat(frames, ignore_index=True).sort_values("pay_date", kind="stable")
    last: pd.DataFrame = together.drop_duplicates(["ppsn", "employment_id"], keep="last")
    return last.sort_values(["family_name", "first_name"], na_position="last").reset_index(drop=True)


def counts(connection: Connection, *, reports: bool) -> dict[str, int]:
    """How much is kept, by kind, and how many messages wait to be sent; `reports`: whether those are ever sent."""
    tables = {"clients": client, "runs": run, "files": kept_file, "snapshots": snapshot, "audit_entries": audit}
    found = {
        name: connection.execute(select(func.count()).select_from(one)).scalar_one() for name, one in tables.items()
    }
    return {**found, "waiting_to_be_sent": waiting_count(connection, reports=reports)}


def _place(one: Client, last: RunListed | None, frequency: str | None, today: dt.date) -> OnTheWall:
    if last is None or last.last_pay_date is None:
        return OnTheWall(one, None, "", last)
    if last.last_pay_date >= today:
        return OnTheWall(one, last.last_pay_date, last.answer, last)
    return OnTheWall(one, next_pay_date(last.last_pay_date, frequency, today), "", last)


def _listed() -> Select[Any]:
    employer = select(client.c.employer).where(client.c.id == run.c.client_id).scalar_subquery()
    return select(
        run.c.id,
        employer.label("employer"),
        run.c.reference,
        run.c.version,
        run.c.first_pay_date,
        run.c.last_pay_date,
        run.c.checked_at,
        run.c.answer,
        run.c.errors,
        run.c.gates,
        run.c.warnings,
        run.c.cut_off,
        run.c.lines,
        run.c.gross,
        run.c.files,
        run.c.employee,
        run.c.employer.label("employer_share"),
    )


def _newest() -> ColumnElement[bool]:
    """Runs that are the newest version; asked row by row, so that a list by time stops after its first rows."""
    return select(series.c.id).where(series.c.newest == run.c.id).exists()
