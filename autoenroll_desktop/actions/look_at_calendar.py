"""What is coming up for all clients: pay dates with their cut-offs, public holidays, opt-out windows, notices due."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from autoenroll_desktop.actions.whole_file import write_whole
from autoenroll_desktop.domain.aepn import Status, status_of
from autoenroll_desktop.domain.client_settings import ClientSettings, PaySchedule
from autoenroll_desktop.domain.pay_dates import pay_dates_between
from autoenroll_desktop.domain.words import absent, as_date
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.reports.calendar_file import Appointment, calendar_file
from autoenroll_desktop.rules import duties
from autoenroll_desktop.rules.book import Book, load_book
from autoenroll_desktop.rules.calendar import bank_day_on_or_before, closed_because, public_holidays
from autoenroll_desktop.rules.timing import cut_off
from autoenroll_desktop.store import clients, lists, snapshots
from autoenroll_desktop.store.client_settings import all_settings
from autoenroll_desktop.store.store import Store

__all__ = ["Appointment", "Coming", "Kind", "look_at_calendar", "write_calendar"]
DUBLIN = ZoneInfo("Europe/Dublin")
MONTHS = 4
_DAYS = dt.timedelta(days=31 * MONTHS)


class Kind(StrEnum):
    """What happens on a day."""

    PAY_DATE = "pay-date"
    HOLIDAY = "holiday"
    WINDOW = "window"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Coming:
    """Something that is coming up.

    Attributes:
        day: when. employer, client: whose it is, its number and its name; "" for everybody's.
        moment: until when a submission counts, for a pay date (UTC).
        closed: why the pay date is no bank day (`closed.*`), or which holiday it is; bank_day: the one before it.
        until: last day of an opt-out window. people: how many it is about.
    """

    day: dt.date
    kind: Kind
    employer: str = ""
    client: str = ""
    moment: dt.datetime | None = None
    closed: str = ""
    bank_day: dt.date | None = None
    until: dt.date | None = None
    people: int = 0


def look_at_calendar(store: Store, now: dt.datetime) -> list[Coming]:
    """Everything of the next four months, by day. Opt-out windows are those of the scheme's guides. Raises AppError."""
    book, first = load_book(), now.astimezone(DUBLIN).date()
    last = first + _DAYS
    coming = [
        Coming(day, Kind.HOLIDAY, closed=name)
        for year in range(first.year, last.year + 1)
        for day, name in public_holidays(year, book).items()
        if first <= day <= last
    ]
    with store.reading() as connection:
        everyone = clients.everyone(connection)
        settings = all_settings(connection, [one.id for one in everyone])
        for one in everyone:
            said = settings[one.id]
            days = _pay_dates(said, *lists.last_pay_day(connection, one), first, last)
            coming += [_pay_date(day, one.employer, said.name, book) for day in days]
            newest = snapshots.snapshots(connection, one)[:1]
            for frame in snapshots.read_snapshots(connection, one, [row[0] for row in newest]):
                coming += _of_people(frame, one.employer, said.name, (first, last), book)
    return sorted(coming, key=lambda one: (one.day, one.kind, one.client.casefold(), one.employer))


def write_calendar(path: Path, appointments: Iterable[Appointment], now: dt.datetime) -> Path:
    """Write appointments as an iCalendar file, whole or not at all; one of that name is replaced. Raises AppError."""
    data = calendar_file(appointments, now)

    def verify(written: Path) -> None:
        if written.read_bytes() != data:
            raise AppError("The calendar was not written whole", "the disk may be full", "Choose another folder")

    def produce(target: Path) -> None:
        target.write_bytes(data)

    return write_whole(path, produce, verify, inputs=(), replace=True)


def _pay_dates(
    said: ClientSettings, anchor: dt.date | None, frequency: str | None, first: dt.date, last: dt.date
) -> list[dt.date]:
    kept = (PaySchedule(frequency, anchor),) if anchor and frequency else ()
    days = {
        day
        for schedule in said.schedules or kept
        for day in pay_dates_between(schedule.anchor, schedule.frequency, first, last)
    }
    if anchor is not None and first <= anchor <= last:
        days.add(anchor)  # a run that was kept, whatever a calendar says
    return sorted(days)


def _pay_date(day: dt.date, employer: str, client: str, book: Book) -> Coming:
    closed = closed_because(day, book) or ""
    bank_day = bank_day_on_or_before(day, book)
    moment = cut_off(day, book, counted_on=bank_day)
    return Coming(day, Kind.PAY_DATE, employer, client, moment, closed, bank_day if closed else None)


def _of_people(
    frame: pd.DataFrame, employer: str, client: str, span: tuple[dt.date, dt.date], book: Book
) -> Iterator[Coming]:
    windows: Counter[tuple[dt.date, dt.date]] = Counter()
    notices: Counter[dt.date] = Counter()
    begin = book["scheme-start"].dated[0].value
    columns = frame[["status", "effective_date", "issue_date"]].astype(object)
    for raw, start, issued in columns.itertuples(index=False):
        if status_of(None if absent(raw) else str(raw)) is not Status.ENROLLED or absent(start):
            continue
        enrolled = as_date(start)
        if enrolled < begin:
            continue
        rises = duties.windows_after_rate_rises(enrolled, book)
        for window in (duties.window_after_enrolment(enrolled, enrolled, book), *rises):
            windows[window.operation.first, window.operation.last] += 1
        received = enrolled if absent(issued) else as_date(issued)
        if received >= begin:
            notices[duties.notice(received, None, received, book).deadline] += 1
    first, last = span
    for (opens, closes), people in windows.items():
        if opens <= last and closes >= first:
            yield Coming(max(opens, first), Kind.WINDOW, employer, client, until=closes, people=people)
    for day, people in notices.items():
        if first <= day <= last:
            yield Coming(day, Kind.NOTICE, employer, client, people=people)
