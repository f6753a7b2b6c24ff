"""Ages over columns, held against the calendar of the standard library."""

import datetime as dt

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.rules.ages import birthday_reached, taken_apart

DAY = st.none() | st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))


def column(days: list[dt.date | None]) -> "pd.Series[pd.Timestamp]":
    return pd.Series(days, dtype="datetime64[s]")


@given(st.lists(DAY, min_size=1, max_size=6))
def test_a_day_is_taken_apart(days: list[dt.date | None]) -> None:
    told = taken_apart(column(days))
    assert told.known.tolist() == [day is not None for day in days]
    for at, day in enumerate(days):
        if day is not None:
            assert (told.year[at], told.month_day[at]) == (day.year, day.month * 100 + day.day)


@given(DAY, DAY, st.integers(0, 99))
def test_a_birthday_is_reached_on_its_day_and_never_on_an_unknown_one(
    born: dt.date | None, day: dt.date | None, years: int
) -> None:
    reached = birthday_reached(column([born]), column([day]), years).tolist()
    if born is None or day is None:
        assert reached == [False]
    else:
        assert reached == [(born.year + years, born.month, born.day) <= (day.year, day.month, day.day)]
