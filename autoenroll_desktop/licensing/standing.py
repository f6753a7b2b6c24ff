"""Where this PC stands: trial, licensed, in grace, in amber, or reading only.

One rule for all: as long as nothing has run out nothing is said; 30 days of amber follow; then new checks stop, while
reading, reopening and exporting go on for ever. A trial is 30 days and needs no card.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from autoenroll_desktop.licensing.clock import Clock
from server_sync.contract.licence import GRACE, Licence

TRIAL = dt.timedelta(days=30)


class State(StrEnum):
    """What is shown and what may be done."""

    TRIAL = "trial"
    LICENSED = "licensed"
    GRACE = "grace"  # paid time is over, said on the Office page only
    ENDING = "ending"  # taken back, with the day from which it counts
    AMBER = "amber"  # said everywhere; everything works
    READ_ONLY = "read-only"  # no new checks; read, reopen and export


class Cause(StrEnum):
    """Why it is not simply licensed."""

    NONE = ""
    TRIAL = "trial"
    UNPAID = "unpaid"
    OFFLINE = "offline"  # the copy is too old to be believed
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where this PC stands.

    Attributes:
        state, cause: see there. until: the moment this state ends by itself; None when it does not.
        checks_until: the moment from which new checks stop if nothing changes; None when they have.
        licence: the licence in use, None in a trial. clock: what was noticed about the clock.
        moment: the moment this was judged at.
    """

    state: State
    cause: Cause
    until: dt.datetime | None
    checks_until: dt.datetime | None
    licence: Licence | None
    moment: dt.datetime
    clock: Clock = Clock.FINE

    @property
    def may_check(self) -> bool:
        """Whether a new check may start."""
        return self.state is not State.READ_ONLY

    @property
    def days_left(self) -> int | None:
        """Whole days until the state ends, a begun day counted; None when it does not end."""
        return None if self.until is None else max(0, -((self.moment - self.until) // dt.timedelta(days=1)))


def trial_standing(first_start: dt.datetime, moment: dt.datetime) -> Standing:
    """Where a PC without a licence stands."""
    over, stop = first_start + TRIAL, first_start + TRIAL + GRACE
    if moment < over:
        return Standing(State.TRIAL, Cause.TRIAL, over, stop, None, moment)
    if moment < stop:
        return Standing(State.AMBER, Cause.TRIAL, stop, stop, None, moment)
    return Standing(State.READ_ONLY, Cause.TRIAL, None, None, None, moment)


def licence_standing(licence: Licence, moment: dt.datetime) -> Standing:
    """Where a PC with this licence stands."""
    stop = licence.amber_until
    if moment >= stop:
        return Standing(State.READ_ONLY, _cause(licence, moment), None, None, licence, moment)
    if licence.ended:
        return Standing(State.ENDING, Cause.ENDED, stop, stop, licence, moment)
    if moment >= licence.quiet_until:
        return Standing(State.AMBER, _cause(licence, moment), stop, stop, licence, moment)
    if moment >= licence.valid_until:
        return Standing(State.GRACE, Cause.UNPAID, licence.quiet_until, stop, licence, moment)
    return Standing(State.LICENSED, Cause.NONE, licence.valid_until, stop, licence, moment)


def _cause(licence: Licence, moment: dt.datetime) -> Cause:
    if licence.ended:
        return Cause.ENDED
    return Cause.UNPAID if moment >= licence.valid_until else Cause.OFFLINE
