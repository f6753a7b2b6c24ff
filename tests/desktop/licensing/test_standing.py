"""What a licence allows as time goes by: the whole law of it as one table."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.licensing.standing import State, licence_standing, trial_standing
from server_sync.contract.licence import Licence
from tests.licences import START, file_licence, licence

ONLINE = licence()
UNPAID = licence(valid_until=START)  # a failed renewal, with the service still answering on the day
ENDED = licence(ended="dispute")
FILE = file_licence()


def days(number: float) -> dt.datetime:
    return START + dt.timedelta(days=number)


@pytest.mark.parametrize(
    ("held", "day", "state", "cause", "left"),
    [
        (None, 0, "trial", "trial", 30), (None, 29, "trial", "trial", 1), (None, 31, "amber", "trial", 29),
        (None, 59.9, "amber", "trial", 1), (None, 60, "read-only", "trial", None), (None, 400, "read-only", "trial", None),
        (ONLINE, 0, "licensed", "", 365), (ONLINE, 29, "licensed", "", 336), (ONLINE, 31, "amber", "offline", 29),
        (ONLINE, 61, "read-only", "offline", None), (ONLINE, 366, "read-only", "unpaid", None),
        (UNPAID, 0, "grace", "unpaid", 30), (UNPAID, 29, "grace", "unpaid", 1), (UNPAID, 31, "amber", "unpaid", 29),
        (UNPAID, 61, "read-only", "unpaid", None),
        (ENDED, 0, "ending", "ended", 30), (ENDED, 29, "ending", "ended", 1), (ENDED, 30, "read-only", "ended", None),
        (FILE, 364, "licensed", "", 1), (FILE, 366, "grace", "unpaid", 29), (FILE, 396, "amber", "unpaid", 29),
        (FILE, 426, "read-only", "unpaid", None),
    ],
)  # fmt: skip
def test_as_time_goes_by(held: Licence | None, day: float, state: str, cause: str, left: int | None) -> None:
    found = trial_standing(START, days(day)) if held is None else licence_standing(held, days(day))
    assert (found.state, found.cause, found.days_left) == (state, cause, left)
    assert found.may_check == (state != "read-only")


@given(st.integers(0, 2000), st.integers(0, 400), st.integers(0, 400), st.sampled_from(["", "refund"]))
def test_the_promised_moment_is_kept(day: int, paid: int, snapshot: int, ended: str) -> None:
    """Checks go on until the moment shown and not beyond it, and no state comes back once it has passed."""
    held = licence(valid_until=days(paid), snapshot_until=days(snapshot), ended=ended)
    found = licence_standing(held, days(day))
    stop = found.checks_until
    assert found.may_check == (stop is not None)
    if stop is not None:
        assert stop > days(day)
        assert licence_standing(held, stop - dt.timedelta(seconds=1)).may_check
        assert not licence_standing(held, stop).may_check
    order = [State.LICENSED, State.ENDING, State.GRACE, State.AMBER, State.READ_ONLY]
    assert order.index(licence_standing(held, days(day + 1)).state) >= order.index(found.state)
