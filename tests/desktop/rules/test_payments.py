"""Payments by whose they are and when, held against a search that looks at every one of them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.rules.history import NO_DAY, Payments, Timeline, pairs

PAYMENT = st.tuples(st.integers(-1, 3), st.integers(-1, 12), st.integers(-500, 500))
LISTS = st.lists(PAYMENT, max_size=12)
ASKED = st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 13), st.integers(-1, 13)), min_size=1, max_size=8)


def made(payments: list[tuple[int, int, int]]) -> tuple[Payments, np.ndarray]:
    who, days, cents = np.array(payments or np.empty((0, 3)), dtype=np.int64).T
    there = Payments(who, days)
    return there, there.running(cents)


def within(payments: list[tuple[int, int, int]], who: int, start: int, end: int) -> list[tuple[int, int]]:
    """Day and cents of the payments of `who` after `start` and up to `end`."""
    return [(day, cents) for whose, day, cents in payments if whose == who >= 0 and day >= 0 and start < day <= end]


@given(now=LISTS, before=LISTS, asked=ASKED)
def test_sums_counts_and_first_days(
    now: list[tuple[int, int, int]], before: list[tuple[int, int, int]], asked: list[tuple[int, int, int]]
) -> None:
    (ours, our_sums), (earlier, earlier_sums) = made(now), made(before)
    timeline = Timeline(ours, earlier, lambda _field: (our_sums, earlier_sums))
    who, start, end = np.array(asked, dtype=np.int64).T
    there = [within(now + before, *one) for one in asked]
    assert timeline.total("gross_pay", who, start, end).tolist() == [sum(cents for _, cents in one) for one in there]
    assert timeline.count(who, start, end).tolist() == [len(one) for one in there]
    assert timeline.first_day(who, start, end).tolist() == [
        min((day for day, _ in one), default=NO_DAY) for one in there
    ]


@given(payments=LISTS, asked=ASKED)
def test_the_last_one_before_a_day(payments: list[tuple[int, int, int]], asked: list[tuple[int, int, int]]) -> None:
    who, _, days = np.array(asked, dtype=np.int64).T
    found = made(payments)[0].last_before(who, days)
    for row, whose, day in zip(found.tolist(), who.tolist(), days.tolist(), strict=True):
        earlier = [one for one, _ in within(payments, whose, -1, day - 1)]
        assert (payments[row][:2] if row >= 0 else None) == ((whose, max(earlier)) if earlier else None)


def test_a_parameter_of_pairs() -> None:
    assert pairs(("WEEKLY 53", "MONTHLY 12")) == {"WEEKLY": 53, "MONTHLY": 12}
