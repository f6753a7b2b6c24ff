"""What is coming up, and the same as an iCalendar file."""

import datetime as dt
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.actions.change_client import add_client
from autoenroll_desktop.actions.look_at_calendar import Coming, Kind, look_at_calendar, write_calendar
from autoenroll_desktop.domain.client_settings import ClientSettings, PaySchedule
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.reports.calendar_file import Appointment, calendar_file, escaped, folded
from autoenroll_desktop.store.store import Store
from tests.making import NOW
from tests.office import Firm, keep_firm
from tests.storing import STAMP, new_store

FIRM = Firm(8100009, "Summer Firm", dt.date(2026, 6, 25), size=3)
JUNE = dt.datetime(2026, 6, 25, 9, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("calendar")
    opened = new_store(folder / "store")
    keep_firm(opened, folder, FIRM)
    add_client(opened, "8041973UH", ClientSettings("Month End", (PaySchedule("MONTHLY", dt.date(2026, 7, 31)),)), STAMP)
    return opened


def of(store: Store, kind: Kind, now: dt.datetime = JUNE) -> list[Coming]:
    return [one for one in look_at_calendar(store, now) if one.kind is kind]


def test_pay_dates_with_their_cut_offs(store: Store) -> None:
    coming = of(store, Kind.PAY_DATE)
    mine = [one for one in coming if one.employer == FIRM.employer]
    assert mine[0].day == FIRM.last
    assert mine[0].moment == dt.datetime(2026, 6, 25, 17, 30, tzinfo=dt.UTC), "18:30 in Dublin, in summer"
    assert {(b.day - a.day).days for a, b in pairwise(mine)} == {7}
    later = of(store, Kind.PAY_DATE, dt.datetime(2026, 7, 10, 9, tzinfo=dt.UTC))
    moved = next(one for one in later if one.client == "Month End" and one.closed)
    assert (moved.day, moved.bank_day, moved.closed) == (dt.date(2026, 10, 31), dt.date(2026, 10, 30), "weekend")
    assert moved.moment == dt.datetime(2026, 10, 30, 18, 30, tzinfo=dt.UTC)


def test_windows_of_those_enrolled_on_the_first_of_january(store: Store) -> None:
    """S.54(2): months 7 and 8 after enrolment; July and August as the scheme's guides say."""
    (window,) = of(store, Kind.WINDOW)
    assert (window.day, window.until, window.people) == (dt.date(2026, 7, 1), dt.date(2026, 8, 31), 3)
    inside = of(store, Kind.WINDOW, dt.datetime(2026, 8, 10, 9, tzinfo=dt.UTC))
    assert inside[0].day == dt.date(2026, 8, 10), "open already"


def test_notices_due_14_days_after_they_were_issued(store: Store) -> None:
    """S.50(7)."""
    due = of(store, Kind.NOTICE, dt.datetime(2026, 1, 10, 9, tzinfo=dt.UTC))
    assert [(one.day, one.people) for one in due] == [(dt.date(2026, 1, 15), 3)]


def test_holidays_are_everybodys(store: Store) -> None:
    assert [(one.day, one.closed, one.employer) for one in of(store, Kind.HOLIDAY)][:1] == [
        (dt.date(2026, 8, 3), "first-monday-of-august", "")
    ]


def unfolded(data: bytes) -> list[str]:
    return data.decode().replace("\r\n ", "").split("\r\n")


def test_an_appointment_as_rfc_5545_writes_it() -> None:
    until = dt.datetime(2026, 11, 26, 18, 30, tzinfo=dt.UTC)
    day = Appointment(dt.date(2026, 11, 26), "Pay date · Murphy, Sons; Haulage", "a\nb", until=until, remind=120)
    span = Appointment(dt.date(2026, 7, 1), "Window", last=dt.date(2026, 8, 31))
    lines = unfolded(calendar_file([day, span], NOW))
    assert lines[:4] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//AutoEnroll Desktop//EN", "CALSCALE:GREGORIAN"]
    assert "SUMMARY:Pay date · Murphy\\, Sons\\; Haulage" in lines
    assert "DESCRIPTION:a\\nb" in lines
    assert lines[lines.index("DTSTART:20261126T180000Z") + 1] == "DTEND:20261126T183000Z"
    assert "TRIGGER:-PT120M" in lines
    assert lines[lines.index("DTSTART;VALUE=DATE:20260701") + 1] == "DTEND;VALUE=DATE:20260901", "the day after"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert unfolded(calendar_file([day], NOW))[5] == unfolded(calendar_file([day], JUNE))[5], "the same UID"


@given(st.text(max_size=300))
def test_lines_are_folded_and_read_back(text: str) -> None:
    line = f"SUMMARY:{escaped(text)}"
    written = folded(line)
    parts = written.split(b"\r\n")
    assert all(len(part) <= 75 for part in parts)
    assert all(part.decode() is not None for part in parts), "no letter is cut"
    assert written.replace(b"\r\n ", b"").removesuffix(b"\r\n").decode() == line
    plain = escaped(text).replace("\\n", "\n").replace("\\;", ";").replace("\\,", ",")
    assert "\r" not in escaped(text)
    assert len(plain) <= len(text) * 2


def test_a_calendar_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = write_calendar(tmp_path / "a.ics", [Appointment(dt.date(2026, 7, 1), "One")], NOW)
    assert path.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    with pytest.raises(AppError):
        write_calendar(tmp_path / "not there" / "a.ics", [], NOW)
