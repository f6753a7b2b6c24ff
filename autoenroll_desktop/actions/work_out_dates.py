"""Work out the dates and amounts that follow from a pay date and, where it is known, from somebody's enrolment."""

import datetime as dt
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from autoenroll_desktop.domain.duty_dates import DutyDates, OptOutWindow, PayDay
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.rules import duties
from autoenroll_desktop.rules.book import Book, NotInForce, load_book
from autoenroll_desktop.rules.calendar import bank_day_on_or_after, bank_day_on_or_before, closed_because
from autoenroll_desktop.rules.timing import cut_off

DUBLIN = ZoneInfo("Europe/Dublin")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known; everything but the pay date may be missing.

    Attributes:
        enrolled, re_enrolled: the dates NAERSA assigned; the later one counts for the window after enrolment.
        notice_received, notice_given: when NAERSA's notice came, and when the employee was told.
        period_end: last day of a pay reference period.
        opted_out, suspended: the days from which somebody no longer contributes.
        contribution: cents due with the pay date, paid on `paid_on` (today when missing).
        employee_paid: cents the employee contributed up to opting out, from the day the refund begins.
    """

    pay_date: dt.date
    enrolled: dt.date | None = None
    re_enrolled: dt.date | None = None
    notice_received: dt.date | None = None
    notice_given: dt.date | None = None
    period_end: dt.date | None = None
    opted_out: dt.date | None = None
    suspended: dt.date | None = None
    contribution: int | None = None
    paid_on: dt.date | None = None
    employee_paid: int | None = None


def work_out_dates(asked: Asked, now: dt.datetime) -> DutyDates:
    """Every date that follows from what is known.

    Raises:
        AppError: dates in an order that cannot be, or before the scheme.
    """
    book = load_book()
    today = now.astimezone(DUBLIN).date()
    _refuse_wrong_order(asked)
    try:
        found = DutyDates(_pay_day(asked.pay_date, book), today)
        if asked.period_end is not None:
            found = replace(found, enrolment=duties.enrolment_dates(asked.period_end, book))
        start = asked.re_enrolled or asked.enrolled
        if start is not None:
            found = replace(
                found,
                windows=_windows(asked, start, book),
                suspension_from=duties.first_suspension(start, book),
            )
        if asked.notice_received is not None:
            found = replace(found, notice=duties.notice(asked.notice_received, asked.notice_given, today, book))
        if asked.suspended is not None:
            found = replace(found, suspension=duties.suspension(asked.suspended, book))
        if asked.opted_out is not None:
            found = replace(found, re_enrolment=duties.re_enrolment(asked.opted_out, book))
        if asked.contribution is not None:
            until = asked.paid_on or today
            found = replace(found, interest=duties.late_interest(asked.contribution, asked.pay_date, until, book))
        if asked.employee_paid is not None:
            back = _refund(asked.employee_paid, asked.opted_out or today, found.windows, book)
            found = replace(found, refund_asked=True, refund=back)
    except NotInForce as error:
        raise AppError("There is no law for one of these days", str(error), "The scheme began on 01/01/2026") from error
    return found


def penalties() -> dict[str, int]:
    """The amounts and terms the words about offences name, as they stand today: cents, days and months."""
    book = load_book()
    names = ("summary-fine", "summary-prison", "fixed-payment", "fixed-payment-days")
    return {name.replace("-", "_"): book[name].dated[-1].value for name in names}


def _pay_day(pay_date: dt.date, book: Book) -> PayDay:
    bank_day = bank_day_on_or_before(pay_date, book)
    return PayDay(
        pay_date,
        closed=closed_because(pay_date, book) or "",
        bank_day=bank_day,
        next_bank_day=bank_day_on_or_after(pay_date, book),
        cut_off=cut_off(pay_date, book),
        bank_cut_off=cut_off(pay_date, book, counted_on=bank_day),
    )


def _windows(asked: Asked, start: dt.date, book: Book) -> tuple[OptOutWindow, ...]:
    kind = "first" if asked.re_enrolled is None else "re-enrolment"
    after = duties.window_after_enrolment(start, asked.notice_given or start, book, kind)
    return (after, *duties.windows_after_rate_rises(start, book))


def _refund(paid: int, day: dt.date, windows: tuple[OptOutWindow, ...], book: Book) -> int | None:
    """What comes back on opting out on `day`, None on a day that lies in no window under either reading."""
    for window in windows:
        if day in window.operation or day in window.statute:
            return duties.refund(paid, window, book)
    return None


def _refuse_wrong_order(asked: Asked) -> None:
    for earlier, later, title in (
        (asked.notice_received, asked.notice_given, "The employee was told before NAERSA's notice came"),
        (asked.enrolled, asked.re_enrolled, "The re-enrolment lies before the enrolment"),
        (asked.enrolled, asked.opted_out, "The opt-out lies before the enrolment"),
        (asked.enrolled, asked.suspended, "The suspension lies before the enrolment"),
    ):
        if earlier is not None and later is not None and later < earlier:
            raise AppError(title, f"{later:%d/%m/%Y} is before {earlier:%d/%m/%Y}", "Check the two dates")
