"""Public holidays and bank days against a table written by hand from the Act."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.rules.book import NotInForce
from autoenroll_desktop.rules.calendar import (
    DAYS,
    Closed,
    bank_day,
    bank_day_on_or_after,
    bank_day_on_or_before,
    closed_because,
    easter_sunday,
    public_holidays,
)
from tests.making import BOOK

D = dt.date

# Second Schedule of the Organisation of Working Time Act 1997, with the February day of 2022: day and month, by year.
# 1 January, St Brigid's, 17 March, Easter Monday, May, June, August, October, 25 and 26 December.
HOLIDAYS = {
    2026: ("1/1", "2/2", "17/3", "6/4", "4/5", "1/6", "3/8", "26/10", "25/12", "26/12"),
    2027: ("1/1", "1/2", "17/3", "29/3", "3/5", "7/6", "2/8", "25/10", "25/12", "26/12"),
    2028: ("1/1", "7/2", "17/3", "17/4", "1/5", "5/6", "7/8", "30/10", "25/12", "26/12"),
    2029: ("1/1", "5/2", "17/3", "2/4", "7/5", "4/6", "6/8", "29/10", "25/12", "26/12"),
    2030: ("1/1", "1/2", "17/3", "22/4", "6/5", "3/6", "5/8", "28/10", "25/12", "26/12"),  # 1 February is a Friday
    2031: ("1/1", "3/2", "17/3", "14/4", "5/5", "2/6", "4/8", "27/10", "25/12", "26/12"),
    2032: ("1/1", "2/2", "17/3", "29/3", "3/5", "7/6", "2/8", "25/10", "25/12", "26/12"),
    2033: ("1/1", "7/2", "17/3", "18/4", "2/5", "6/6", "1/8", "31/10", "25/12", "26/12"),
    2034: ("1/1", "6/2", "17/3", "10/4", "1/5", "5/6", "7/8", "30/10", "25/12", "26/12"),
    2035: ("1/1", "5/2", "17/3", "26/3", "7/5", "4/6", "6/8", "29/10", "25/12", "26/12"),
}


@pytest.mark.parametrize("year", HOLIDAYS)
def test_public_holidays(year: int) -> None:
    days = [D(year, *(int(part) for part in reversed(text.split("/")))) for text in HOLIDAYS[year]]
    assert list(public_holidays(year, BOOK)) == sorted(days)


def test_public_holidays_against_another_calendar() -> None:
    holidays = pytest.importorskip("holidays")
    for year in range(2023, 2061):
        assert set(public_holidays(year, BOOK)) == set(holidays.Ireland(years=year, observed=False)), year


@pytest.mark.parametrize(
    ("day", "closed", "before", "after"),
    [
        (D(2026, 11, 26), None, D(2026, 11, 26), D(2026, 11, 26)),  # a Thursday
        (D(2026, 11, 28), Closed.WEEKEND, D(2026, 11, 27), D(2026, 11, 30)),
        (D(2026, 3, 17), Closed.PUBLIC_HOLIDAY, D(2026, 3, 16), D(2026, 3, 18)),  # euro system open, Irish banks shut
        (D(2026, 4, 3), Closed.EURO, D(2026, 4, 2), D(2026, 4, 7)),  # Good Friday to Easter Monday
        (D(2026, 4, 6), Closed.PUBLIC_HOLIDAY, D(2026, 4, 2), D(2026, 4, 7)),
        (D(2026, 5, 1), Closed.EURO, D(2026, 4, 30), D(2026, 5, 5)),  # Labour Day, weekend, first Monday of May
        (D(2028, 5, 1), Closed.PUBLIC_HOLIDAY, D(2028, 4, 28), D(2028, 5, 2)),  # both at once
        (D(2030, 2, 1), Closed.PUBLIC_HOLIDAY, D(2030, 1, 31), D(2030, 2, 4)),  # St Brigid's on the Friday itself
        (D(2026, 12, 25), Closed.PUBLIC_HOLIDAY, D(2026, 12, 24), D(2026, 12, 29)),
        (D(2026, 12, 26), Closed.WEEKEND, D(2026, 12, 24), D(2026, 12, 29)),  # St Stephen's on a Saturday
        (D(2026, 12, 28), Closed.SUBSTITUTE, D(2026, 12, 24), D(2026, 12, 29)),
        (D(2027, 12, 27), Closed.SUBSTITUTE, D(2027, 12, 24), D(2027, 12, 29)),  # both on the weekend: two days
        (D(2027, 12, 28), Closed.SUBSTITUTE, D(2027, 12, 24), D(2027, 12, 29)),
        (D(2033, 12, 26), Closed.PUBLIC_HOLIDAY, D(2033, 12, 23), D(2033, 12, 28)),  # Christmas on a Sunday
        (D(2033, 12, 27), Closed.SUBSTITUTE, D(2033, 12, 23), D(2033, 12, 28)),
        (D(2026, 12, 31), None, D(2026, 12, 31), D(2026, 12, 31)),  # the 53rd Thursday
    ],
)
def test_bank_days(day: dt.date, closed: Closed | None, before: dt.date, after: dt.date) -> None:
    assert closed_because(day, BOOK) == closed
    assert (bank_day_on_or_before(day, BOOK), bank_day_on_or_after(day, BOOK)) == (before, after)


@given(st.dates(D(2023, 1, 10), D(2199, 12, 20)))
def test_bank_days_are_never_far(day: dt.date) -> None:
    before, after = bank_day_on_or_before(day, BOOK), bank_day_on_or_after(day, BOOK)
    assert before <= day <= after
    assert (after - before).days <= 6
    assert bank_day(before, BOOK)
    assert bank_day(after, BOOK)
    assert (before == day) == bank_day(day, BOOK) == (after == day)


@given(st.integers(1900, 2199))
def test_easter_is_a_sunday_in_its_season(year: int) -> None:
    assert easter_sunday(year).weekday() == 6
    assert D(year, 3, 22) <= easter_sunday(year) <= D(year, 4, 25)


def test_every_name_in_the_book_is_a_day() -> None:
    names = {
        name for key in ("public-holidays", "euro-closing-days") for dated in BOOK[key].dated for name in dated.value
    }
    assert names == set(DAYS)


def test_years_the_book_does_not_hold() -> None:
    with pytest.raises(NotInForce):
        closed_because(D(2022, 3, 18), BOOK)
