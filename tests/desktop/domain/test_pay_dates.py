"""When somebody is paid next: one row, one case."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.domain.pay_dates import next_pay_date, pay_dates_between

D = dt.date


@pytest.mark.parametrize(
    ("last", "frequency", "today", "coming"),
    [
        (D(2026, 11, 26), "WEEKLY", D(2026, 11, 26), D(2026, 11, 26)),  # today is still to come
        (D(2026, 11, 26), "WEEKLY", D(2026, 11, 25), D(2026, 11, 26)),
        (D(2026, 11, 26), None, D(2026, 11, 26), D(2026, 11, 26)),
        (D(2026, 11, 26), "WEEKLY", D(2026, 11, 27), D(2026, 12, 3)),
        (D(2026, 11, 26), "WEEKLY", D(2026, 12, 3), D(2026, 12, 3)),
        (D(2026, 11, 26), "WEEKLY", D(2026, 12, 4), D(2026, 12, 10)),
        (D(2026, 11, 26), "Fortnightly", D(2026, 11, 27), D(2026, 12, 10)),
        (D(2026, 11, 26), "four-weekly", D(2026, 11, 27), D(2026, 12, 24)),
        (D(2026, 11, 26), "four weekly", D(2026, 11, 27), D(2026, 12, 24)),
        (D(2026, 11, 26), "FOURWEEKLY", D(2026, 11, 27), D(2026, 12, 24)),
        (D(2026, 9, 30), "MONTHLY", D(2026, 10, 1), D(2026, 10, 31)),  # the last day stays the last
        (D(2026, 9, 28), "MONTHLY", D(2026, 10, 1), D(2026, 10, 28)),
        (D(2026, 9, 28), "MONTHLY", D(2026, 10, 28), D(2026, 10, 28)),
        (D(2026, 9, 28), "MONTHLY", D(2026, 10, 29), D(2026, 11, 28)),
        (D(2026, 1, 30), "MONTHLY", D(2026, 2, 1), D(2026, 2, 28)),  # no 30 February
        (D(2028, 1, 31), "MONTHLY", D(2028, 2, 1), D(2028, 2, 29)),
        (D(2026, 12, 28), "MONTHLY", D(2026, 12, 29), D(2027, 1, 28)),
        (D(2026, 11, 28), "MONTHLY", D(2026, 12, 1), D(2026, 12, 28)),
        (D(2026, 11, 30), "QUARTERLY", D(2026, 12, 1), D(2027, 2, 28)),
        (D(2026, 6, 15), "BI_ANNUALLY", D(2026, 6, 16), D(2026, 12, 15)),
        (D(2026, 6, 15), "ANNUALLY", D(2026, 6, 16), D(2027, 6, 15)),
        (D(2026, 11, 26), "DAILY", D(2026, 11, 27), None),
        (D(2026, 11, 26), None, D(2026, 11, 27), None),
        (D(2026, 11, 26), "", D(2026, 11, 27), None),
    ],
)
def test_next_pay_date(last: dt.date, frequency: str | None, today: dt.date, coming: dt.date | None) -> None:
    assert next_pay_date(last, frequency, today) == coming


@given(
    st.dates(D(2026, 1, 1), D(2030, 12, 31)), st.integers(0, 800), st.sampled_from(("WEEKLY", "MONTHLY", "QUARTERLY"))
)
def test_it_is_the_first_from_today_on(last: dt.date, later: int, frequency: str) -> None:
    today = last + dt.timedelta(days=later)
    coming = next_pay_date(last, frequency, today)
    assert coming is not None
    assert coming >= today
    assert coming == last or (next_pay_date(last, frequency, coming) == coming and (coming - today).days < 93)


@given(
    st.dates(D(2024, 1, 1), D(2028, 12, 31)),
    st.sampled_from(("WEEKLY", "FORTNIGHTLY", "FOUR_WEEKLY", "MONTHLY", "QUARTERLY", "BI_ANNUALLY", "ANNUALLY")),
    st.dates(D(2024, 1, 1), D(2028, 12, 31)),
    st.integers(0, 500),
)
def test_a_calendar_is_one_pay_date_after_the_other(anchor: dt.date, frequency: str, first: dt.date, days: int) -> None:
    last = first + dt.timedelta(days=days)
    found = pay_dates_between(anchor, frequency, first, last)
    assert found == sorted(set(found))
    assert all(first <= day <= last for day in found)
    if anchor <= first:
        wanted, coming = [], next_pay_date(anchor, frequency, first)
        while coming is not None and coming <= last:
            wanted.append(coming)
            coming = next_pay_date(anchor, frequency, coming + dt.timedelta(days=1))
        assert found == wanted


@pytest.mark.parametrize(
    ("anchor", "frequency", "first", "last", "days"),
    [
        (D(2026, 9, 30), "MONTHLY", D(2026, 10, 1), D(2027, 3, 1), ["31/10", "30/11", "31/12", "31/01", "28/02"]),
        (D(2026, 11, 26), "monthly", D(2026, 9, 1), D(2026, 10, 31), ["26/09", "26/10"]),  # before the anchor
        (D(2026, 11, 15), "QUARTERLY", D(2026, 2, 15), D(2026, 8, 15), ["15/02", "15/05", "15/08"]),
        (D(2026, 11, 26), "four-weekly", D(2026, 10, 29), D(2026, 12, 24), ["29/10", "26/11", "24/12"]),
        (D(2026, 11, 26), "four weekly", D(2026, 9, 4), D(2026, 10, 1), ["01/10"]),
        (D(2026, 11, 26), "WEEKLY", D(2026, 11, 27), D(2026, 12, 2), []),
        (D(2026, 9, 30), "ONCE", D(2026, 1, 1), D(2027, 1, 1), []),
        (D(2026, 9, 30), None, D(2026, 1, 1), D(2027, 1, 1), []),
    ],
)
def test_pay_dates_between(
    anchor: dt.date, frequency: str | None, first: dt.date, last: dt.date, days: list[str]
) -> None:
    assert [f"{day:%d/%m}" for day in pay_dates_between(anchor, frequency, first, last)] == days
