"""The clock: noticed, forgiven once, never punished, never fooled twice."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.licensing.clock import EARLIEST, OFTEN, Clock, settle, tell
from autoenroll_desktop.licensing.kept import Kept, begin
from tests.licences import START


def days(number: float) -> dt.datetime:
    return START + dt.timedelta(days=number)


def after(*shown: float) -> tuple[dt.datetime, Kept, Clock]:
    """What is told after the clock showed these days one after the other."""
    kept = begin(days(shown[0]))
    for day in shown:
        moment, kept, noticed = tell(kept, days(day))
    return moment, kept, noticed


@pytest.mark.parametrize(
    ("shown", "counts", "noticed"),
    [
        ((0, 5), 5, "fine"), ((5, 4.5), 5, "fine"),  # a correction within a day is no setting back
        ((40, 5), 5, "forgiven"), ((40, 5, 6), 6, "fine"),
        ((40, 5, 40, 6), 40, "behind"), ((40, 5, 40, 6, 39.5), 40, "fine"), ((40, 5, 40, 6, 41), 41, "fine"),
    ],
)  # fmt: skip
def test_a_clock_set_back(shown: tuple[float, ...], counts: float, noticed: str) -> None:
    moment, _, found = after(*shown)
    assert (moment, found) == (days(counts), noticed)


def test_a_trial_begun_under_a_wrong_clock_is_not_lost() -> None:
    """The battery was empty: the PC thought it was 2001, then learnt the day."""
    kept = begin(dt.datetime(2001, 1, 1, tzinfo=dt.UTC))
    moment, kept, _ = tell(kept, dt.datetime(2001, 1, 1, 0, 5, tzinfo=dt.UTC))
    assert moment == EARLIEST
    kept = begin(days(3000))
    moment, kept, noticed = tell(kept, days(1))
    assert (moment, kept.first_start, noticed) == (days(1), days(1), "forgiven")


def test_a_fresh_licence_settles_the_clock() -> None:
    _, kept, _ = after(400, 5, 400, 6)
    settled = settle(kept, days(6), days(6))
    assert tell(settled, days(6), days(6))[::2] == (days(6), "fine")
    behind = settle(kept, days(-900), days(6))
    assert tell(behind, days(-900), days(6))[0] == days(6)


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=12))
def test_time_goes_back_at_most_once(shown: list[float]) -> None:
    """By more than the hour it is noted down after; and only when that was said."""
    kept, last, backwards = begin(days(shown[0])), days(shown[0]), 0
    for day in shown:
        moment, kept, noticed = tell(kept, days(day))
        back = moment < last - OFTEN
        assert moment >= days(day)
        assert back <= (noticed is Clock.FORGIVEN)
        backwards += back
        last = moment
    assert backwards <= 1
