"""Gross pay of the year before a payment (s.58(3)) against the same told payment by payment."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autoenroll_desktop.domain.pay_run import FIELDS
from autoenroll_desktop.rules.columns import Columns
from autoenroll_desktop.rules.history import NO_DAY
from autoenroll_desktop.rules.year_to_date import Paid, gross_before, paid, summed_up
from tests.making import frame, line

NEW_YEAR = int(np.datetime64("2027-01-01", "D").astype(np.int64))
DAYS = [NEW_YEAR - 400, NEW_YEAR - 14, NEW_YEAR - 7, NEW_YEAR - 1, NEW_YEAR, NEW_YEAR + 7, NEW_YEAR + 8]
One = tuple[int, int, int, int, int | None]
"""Person, employment, day, cents of gross pay, cents of the year to date before it (None: not stated)."""
ROW = st.tuples(
    st.integers(-1, 1),
    st.integers(0, 1),
    st.sampled_from([*DAYS, NO_DAY]),
    st.sampled_from([0, 100, 250, -50, 7_900_000]),
    st.sampled_from([None, None, 0, 100, 350, 8_000_000]),
)


def columns(rows: list[One]) -> Paid:
    told = [(who, -1 if who < 0 else who * 10 + which, day, gross, stated) for who, which, day, gross, stated in rows]
    numbers = [[row[at] for row in told] for at in range(4)]
    opening = [row[4] or 0 for row in told]
    stated = np.array([row[4] is not None for row in told], dtype=np.bool_)
    return Paid(*(np.array(one, dtype=np.int64) for one in (*numbers, opening)), stated)


def year(day: int) -> int:
    return int(np.datetime64(day, "D").astype("datetime64[Y]").astype(int)) + 1970


def slowly(one: One, everything: list[One]) -> int:
    """Over the person's employments: the gross pay of the days before, and what a stated total proves beyond it.

    Of several totals on one day the least counts: the others may hold the day's first payment.
    """
    who, _, day, _, _ = one
    if who < 0 or day == NO_DAY:
        return 0
    total = 0
    for which in (0, 1):
        mine = [
            row for row in everything
            if row[0] == who and row[1] == which and row[2] != NO_DAY and row[2] <= day and year(row[2]) == year(day)
        ]  # fmt: skip
        least: dict[int, int] = {}
        for row in mine:
            if row[4] is not None:
                least[row[2]] = min(row[4], least.get(row[2], row[4]))
        proven = [total_then - sum(it[3] for it in mine if it[2] < then) for then, total_then in least.items()]
        total += max([0, *proven]) + sum(row[3] for row in mine if row[2] < day)
    return total


BEFORE: list[One] = [
    (0, 0, NEW_YEAR + 7, 100, 350), (0, 1, NEW_YEAR, 250, None), (1, 0, NEW_YEAR, 7_900_000, 8_000_000),
    (0, 0, NEW_YEAR - 7, 250, 100), (1, 1, NEW_YEAR - 1, 100, None), (0, 1, NEW_YEAR + 7, 100, 0),
]  # fmt: skip
"""Two people with two employments each, on both sides of a new year, with and without a year to date."""


@example([(0, 0, NEW_YEAR + 8, 100, None), (1, 0, NEW_YEAR + 8, 100, None)], BEFORE, 0)
@example([(0, 1, NEW_YEAR + 8, 250, 8_000_000), (1, 1, NEW_YEAR + 8, 100, 350)], BEFORE, 0)
@example([(1, 0, NEW_YEAR + 8, 100, None), (0, 0, NEW_YEAR + 8, 0, 100)], BEFORE[2:], 1)
@example([(0, 0, NEW_YEAR + 7, 100, None), (1, 1, NEW_YEAR + 7, 100, None)], BEFORE[:3], 0)
@example([(0, 0, NEW_YEAR + 8, 100, None), (1, 1, NEW_YEAR + 8, 100, 350)], BEFORE[3:], 0)
@given(st.lists(ROW, max_size=8), st.lists(ROW, max_size=8), st.sampled_from([0, 1, 7, 500]))
def test_columns_agree_with_payment_by_payment(now: list[One], before: list[One], back: int) -> None:
    """However much of the past is summed up: everything before the run, a part of it, or nothing."""
    until = min((row[2] for row in now if row[2] != NO_DAY), default=NEW_YEAR) - back
    past = columns(before)
    late = past.only((past.day >= until) & (past.person >= 0))
    answer = gross_before(columns(now), late, summed_up(past, until))
    everything = [*now, *before]
    assert answer.tolist() == [slowly(one, everything) for one in now]


def test_nothing_is_known_of_nothing() -> None:
    nothing = columns([])
    assert gross_before(nothing, nothing, summed_up(nothing, NEW_YEAR)).tolist() == []
    assert [column.dtype for column in summed_up(nothing, NEW_YEAR)] == [np.dtype(np.int64)] * 5


@pytest.mark.parametrize(
    ("why", "totals", "opening"),
    [
        ("with the payment in it", [(100, 100), (200, 900)], [0, 700]),
        ("without it: one total is below its own payment", [(100, 0), (200, 900)], [0, 900]),
        ("as many say one thing as the other", [(100, 100), (200, 0)], [0, -200]),
        ("a payment of nothing tells nothing", [(100, 0), (0, 0), (0, 0)], [0, 0, 0]),
        ("a negative total tells nothing", [(100, -5), (200, 900)], [-105, 700]),
    ],
)
def test_whether_a_total_holds_its_own_payment(why: str, totals: list[tuple[int, int]], opening: list[int]) -> None:
    """Most lines of a file decide; the other file is read by itself."""
    rows = [line(gross_pay=gross, ytd_gross=total) for gross, total in totals]
    others = [line(gross_pay=50, ytd_gross=50, file=1), line(gross_pay=50, ytd_gross=None, file=1)]
    both = Columns(frame(FIELDS, [*rows, *others]))
    made = paid(both, np.zeros(len(rows) + 2, dtype=np.int64), np.zeros(len(rows) + 2, dtype=np.int64))
    assert made.opening.tolist()[:-1] == [*opening, 0], why
    assert made.stated.tolist() == [True] * (len(rows) + 1) + [False]
