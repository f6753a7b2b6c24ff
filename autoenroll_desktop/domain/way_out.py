"""A mistake found in a pay run that has been sent, and the way to put it right.

Money is cents, rates are basis points.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from autoenroll_desktop.domain.duty_dates import LateInterest


class Wrong(StrEnum):
    """The first question: what is wrong?"""

    TOO_LITTLE = "too-little"
    """The person was paid too little, or not at all, and that is what was sent."""
    TOO_MUCH = "too-much"
    """The person was paid too much, and that is what was sent."""
    LEFT_OUT = "left-out"
    """The person was paid but is not in what NAERSA processed: forgotten, or the line was refused."""
    WRONGLY_IN = "wrongly-in"
    """Something was sent for a person who does not contribute; the pay itself was right."""
    CONTRIBUTION = "contribution"
    """The person was paid the right amount, but another gross pay or another contribution was sent."""
    DETAILS = "details"
    """PPSN, employment ID or name was wrong."""


class Sent(StrEnum):
    """The second question: has NAERSA processed a submission for this pay date?"""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Route(StrEnum):
    """The ways to put something right."""

    RESEND = "resend"
    """Before the cut-off: correct in the package and send the whole submission again."""
    SEND_LATE = "send-late"
    """Nothing was sent for the pay date: a first submission is taken after the cut-off too."""
    NEXT_RUN = "next-run"
    PORTAL = "portal"
    NAERSA = "naersa"


@dataclass(frozen=True, slots=True)
class Amounts:
    """A gross pay with its two contributions."""

    gross: int
    employee: int
    employer: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """The answers to the three questions, and the figures.

    Attributes:
        package: key of a payroll package in the practice file, "" when it is not known.
        sent_gross, right_gross: gross pay as it was sent and as it should have been; the right one counts only where
            it can differ (not for `WRONGLY_IN` and `DETAILS`).
        sent_employee, sent_employer: the contributions sent; None means the rate on `sent_gross`.
        rate: the AEPN's rate on the pay date, None for the Act's.
        next_gross, next_pay_date: the gross pay planned for the next run and its date, as far as known.
        leaver: there is no next run for this person.
    """

    wrong: Wrong
    sent: Sent
    package: str
    pay_date: dt.date
    sent_gross: int = 0
    right_gross: int = 0
    sent_employee: int | None = None
    sent_employer: int | None = None
    rate: int | None = None
    next_gross: int | None = None
    next_pay_date: dt.date | None = None
    leaver: bool = False


@dataclass(frozen=True, slots=True)
class NextRun:
    """What changes in the next run.

    Attributes:
        change: cents added to (or, when negative, taken off) the next gross pay.
        amounts: the next run's gross pay with its contributions; only the change's own where no gross pay was planned.
        planned: whether a gross pay was planned, so that `amounts` is the whole payment.
        left_over: cents of an overpayment that the next gross pay is too small to hold.
    """

    change: int
    amounts: Amounts
    planned: bool
    left_over: int


@dataclass(frozen=True, slots=True)
class View:
    """What the maker of a payroll package advises for this mistake. `route` is None where it says nothing."""

    package: str
    name: str
    route: Route | None
    link: str
    checked: dt.date


@dataclass(frozen=True, slots=True)
class WayOut:
    """The advice.

    Attributes:
        passed: whether the cut-off lies behind the clock.
        ask_first: whether NAERSA has processed a submission has to be found out before anything else.
        sent, right: what was sent and what should have been.
        interest: on contributions that were due with the pay date and are not there yet; None where none are.
        views: what the makers of packages say; `own` is the clerk's own package's, if it is known and says anything.
    """

    mistake: Mistake
    cut_off: dt.datetime
    passed: bool
    route: Route
    ask_first: bool
    sent: Amounts
    right: Amounts
    next_run: NextRun | None
    interest: LateInterest | None
    views: tuple[View, ...]
    own: View | None

    @property
    def makers_differ(self) -> bool:
        """Whether a maker advises another way than this one."""
        return any(view.route not in (None, self.route) for view in self.views)
