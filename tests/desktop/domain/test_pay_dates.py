"""When somebody is paid next: one row, one case."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.domain.pay_dates import next_pay_date

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
