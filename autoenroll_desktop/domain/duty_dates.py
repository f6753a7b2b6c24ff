"""The dates and amounts that follow from one pay date or one person's enrolment.

Two readings stand side by side wherever the law leaves a date open: `operation` is what the scheme's guides and
payroll software tell people, `statute` what the Act says word for word (see `parameters/duties.toml`).
"""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day, both inside."""

    first: dt.date
    last: dt.date

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class PayDay:
    """What a pay date means for the bank and for NAERSA.

    Attributes:
        closed: why it is no bank day (`closed.*` in the words), "" when it is one.
        bank_day: the last bank day on or before it: the pay date NAERSA goes by when wages are there by then.
        next_bank_day: the first bank day after it (or after the closed days around it).
        cut_off, bank_cut_off: 18:30 in Dublin on the pay date and on that bank day, as UTC.
    """

    pay_date: dt.date
    closed: str
    bank_day: dt.date
    next_bank_day: dt.date
    cut_off: dt.datetime
    bank_cut_off: dt.datetime


@dataclass(frozen=True, slots=True)
class OptOutWindow:
    """When somebody can opt out, under both readings.

    Attributes:
        kind: first, re-enrolment or rate-rise (`window-kind.*` in the words).
        refund_from: contributions from this day on come back; all of the employee's own, or after a rate rise only
            what the rise added. Employer and State money stays invested.
    """

    kind: str
    operation: Span
    statute: Span
    refund_from: dt.date


@dataclass(frozen=True, slots=True)
class Notice:
    """The employer's duty to tell the employee of an enrolment.

    Attributes:
        given: the day the employee was told, None while that has not happened.
        late: days by which it is late on the day of asking, 0 when it is in time.
    """

    received: dt.date
    deadline: dt.date
    given: dt.date | None
    late: int


@dataclass(frozen=True, slots=True)
class Suspension:
    """A pause of contributions.

    Attributes:
        end: the days between which it can be ended; it ends by itself on the last.
        again: the first day on which another one could begin, if this one lasts to the end.
    """

    start: dt.date
    end: Span
    again: dt.date


@dataclass(frozen=True, slots=True)
class LateInterest:
    """Interest on contributions paid after they were due: cents over whole days."""

    amount: int
    due: dt.date
    until: dt.date
    days: int
    interest: int


@dataclass(frozen=True, slots=True)
class DutyDates:
    """Everything asked for at once; a part that was not asked for is None or empty.

    Attributes:
        today: the day of asking, in Dublin.
        refund_asked: whether a refund was asked for; `refund` stays None when no window holds that day.
    """

    pay_day: PayDay
    today: dt.date
    enrolment: Span | None = None
    windows: tuple[OptOutWindow, ...] = ()
    suspension_from: dt.date | None = None
    notice: Notice | None = None
    suspension: Suspension | None = None
    re_enrolment: dt.date | None = None
    interest: LateInterest | None = None
    refund_asked: bool = False
    refund: int | None = None
