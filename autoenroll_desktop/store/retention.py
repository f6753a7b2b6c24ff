"""What is removed when its time is over: pay lines after 13 months, the rest of a run after 6 years, by default.

*Pay lines* are the lines, what was expected of them, the reconciliation and the findings: what history needs, and what
says most about people. Recipes go with them, for they name people's numbers. *Evidence* is that the check was made,
when, by whom, its verdict and totals, the files that were checked and the AEPN snapshots. The audit trail is never
shortened.

A clock that has jumped is not believed: a computer whose year is set wrong would remove everything. What would be
removed waits until the store was used at a time that fits the time before.

An administrator's policy may shorten both times for every client; it never lengthens them.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Date, delete, func, select
from sqlalchemy.sql.expression import cast

from autoenroll_desktop.store import audit, kept_files
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.clients import Client, everyone
from autoenroll_desktop.store.open_work import forget_old_drafts
from autoenroll_desktop.store.runs import forget_runs
from autoenroll_desktop.store.tables import produced, recipe, run, run_content, sent, snapshot

LEAP = dt.timedelta(days=45)
"""How long a store may lie unused before a later clock is doubted once."""


@dataclass(frozen=True, slots=True)
class Removed:
    """What retention removed of one client: runs whose pay lines went, runs and snapshots that went whole."""

    client: Client
    lines_of: int
    runs: int
    snapshots: int


def clock_doubted(connection: Connection, now: dt.datetime) -> bool:
    """Whether the clock is far from the last thing that happened here."""
    last = audit.last_moment(connection)
    return last is not None and abs(now - last) > LEAP


def remove_expired(connection: Connection, stamp: Stamp, most_days: int = 0) -> list[Removed]:
    """Remove what is over its time, client by client, noted in the trail; tells of those it removed something of.

    `most_days`: nothing is kept longer, whatever was chosen for a client; 0 for no such bound.
    """
    told = []
    for one in everyone(connection):
        today = stamp.at.date()
        least = today - dt.timedelta(days=most_days) if most_days else dt.date.min
        lines, evidence = (
            max(least, _months_before(today, one.keep_lines_months)),
            max(least, _months_before(today, 12 * one.keep_evidence_years)),
        )
        removed = Removed(one, _remove_lines(connection, one, lines), *_remove_evidence(connection, one, evidence))
        if removed.lines_of or removed.runs or removed.snapshots:
            facts = {"pay-lines-of-runs": removed.lines_of, "runs": removed.runs, "snapshots": removed.snapshots}
            audit.add(connection, stamp, Event("removed-after-its-time", one.id, facts=facts))
            told.append(removed)
    forget_old_drafts(connection, stamp.at)
    kept_files.forget_unused(connection)
    return told


def _remove_lines(connection: Connection, one: Client, before: dt.date) -> int:
    old = select(run.c.id).where(run.c.client_id == one.id, _day() < before)
    with_lines = select(func.count(run_content.c.run_id.distinct())).where(run_content.c.run_id.in_(old))
    number = int(connection.execute(with_lines).scalar_one())
    if number:
        connection.execute(delete(run_content).where(run_content.c.run_id.in_(old)))
    moment = dt.datetime.combine(before, dt.time(), dt.UTC)
    connection.execute(delete(recipe).where(recipe.c.client_id == one.id, recipe.c.kept_at < moment))
    return number


def _remove_evidence(connection: Connection, one: Client, before: dt.date) -> tuple[int, int]:
    runs = [*connection.execute(select(run.c.id).where(run.c.client_id == one.id, _day() < before)).scalars()]
    forget_runs(connection, runs)
    moment = dt.datetime.combine(before, dt.time(), dt.UTC)
    old = snapshot.c.client_id == one.id, snapshot.c.downloaded_at < moment
    number = int(connection.execute(select(func.count()).select_from(snapshot).where(*old)).scalar_one())
    connection.execute(delete(snapshot).where(*old))
    connection.execute(delete(sent).where(sent.c.client_id == one.id, sent.c.sent_at < moment))
    connection.execute(delete(produced).where(produced.c.client_id == one.id, produced.c.produced_at < moment))
    return len(runs), number


def _day() -> ColumnElement[dt.date]:
    """The day a run is counted from: its last pay date, or the day of the check where it has none."""
    return func.coalesce(run.c.last_pay_date, cast(func.substr(run.c.checked_at, 1, 10), Date), type_=Date)


def _months_before(day: dt.date, months: int) -> dt.date:
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return dt.date(years, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
