"""Employers' duties and employees' rights that run by the calendar: notices, opt-out windows, pauses, interest.

Counting, where the Act leaves it open:
  - a number of months after a day ends on the same day of that later month, or on its last day when it has no such
    day (31 August and 6 months: 28 February);
  - a number of years beginning with a day is over on the same day of that later year; somebody who began on
    29 February on 1 March, the convention of this project's ages too.

All functions are pure; the numbers come from `parameters/duties.toml`. NAERSA decides on every enrolment, opt-out and
suspension; these dates tell what to expect.
"""

import calendar
import datetime as dt

from autoenroll_desktop.domain.duty_dates import LateInterest, Notice, OptOutWindow, Span, Suspension
from autoenroll_desktop.domain.money import interest
from autoenroll_desktop.rules.book import Book

_DAY = dt.timedelta(days=1)


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day `months` later, or the last day of that month. Example: 31/08/2026 and 6 give 28/02/2027."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def anniversary(day: dt.date, years: int) -> dt.date:
    """The first day after the period of `years` beginning with `day`. Example: 29/02/2028 and 2 give 01/03/2030."""
    if (day.month, day.day) == (2, 29) and not calendar.isleap(day.year + years):
        return dt.date(day.year + years, 3, 1)
    return day.replace(year=day.year + years)


def notice(received: dt.date, given: dt.date | None, today: dt.date, book: Book) -> Notice:
    """When the employee has to be told of an enrolment NAERSA gave notice of (s.50(7), s.53(8)).

    Example: received on 02/03/2026, so told by 16/03/2026.
    """
    deadline = received + dt.timedelta(days=book.on(received)["notice-days"])
    return Notice(received, deadline, given, max(((given or today) - deadline).days, 0))


def enrolment_dates(period_end: dt.date, book: Book) -> Span:
    """Between which days the enrolment date falls when a pay reference period ends on `period_end` (s.50(1)).

    Example: 29/03/2026 gives 29/03/2026 to 29/04/2026.
    """
    return Span(period_end, period_end + dt.timedelta(days=book.on(period_end)["enrolment-date-days"]))


def window_after_enrolment(enrolled: dt.date, notice_given: dt.date, book: Book, kind: str = "first") -> OptOutWindow:
    """The opt-out window after an enrolment or re-enrolment (s.54(2)(a)-(b)).

    Args:
        enrolled: the (re-)enrolment date. notice_given: the day the employee was given notice of it.

    Example: enrolled and told on 01/01/2026: July and August 2026 as the guides say, 02/07 to 01/09/2026 by the Act.
    """
    law = book.on(enrolled)
    opens, closes = law["opt-out-opens"], law["opt-out-closes"]
    return OptOutWindow(
        kind,
        operation=Span(add_months(enrolled, opens), add_months(enrolled, closes) - _DAY),
        statute=Span(add_months(notice_given, opens) + _DAY, add_months(notice_given, closes)),
        refund_from=enrolled,
    )


def windows_after_rate_rises(enrolled: dt.date, book: Book) -> tuple[OptOutWindow, ...]:
    """The windows after each rise of the rates that a person enrolled on `enrolled` lives through (s.54(2)(c)-(e)).

    July and August of 2029, 2032 and 2035, alike under both readings.
    """
    windows = []
    for block in book["employee-rate"].dated[1:]:
        before = block.start - _DAY
        if enrolled < block.start:
            law = book.on(block.start)
            span = Span(add_months(before, law["opt-out-opens"]) + _DAY, add_months(before, law["opt-out-closes"]))
            windows.append(OptOutWindow("rate-rise", span, span, block.start))
    return tuple(windows)


def refund(paid: int, window: OptOutWindow, book: Book) -> int:
    """Cents of the employee's own contributions NAERSA pays back on opting out in `window` (s.63).

    Args:
        paid: cents the employee contributed from `window.refund_from` to the opt-out date.

    After a rate rise only the part the rise added comes back; worked out on the total, so it can differ by cents from
    NAERSA's sum over payments. Example: 840.00 at 3 % instead of 1.5 % give 420.00.
    """
    if window.kind != "rate-rise":
        return paid
    new: int = book.on(window.refund_from)["employee-rate"]
    old: int = book.on(window.refund_from - _DAY)["employee-rate"]
    return (paid * (new - old) * 2 + new) // (2 * new)


def first_suspension(enrolled: dt.date, book: Book) -> dt.date:
    """The first day on which contributions can be suspended after a (re-)enrolment (s.62(2)(a))."""
    return add_months(enrolled, book.on(enrolled)["suspension-wait"])


def suspension(start: dt.date, book: Book) -> Suspension:
    """When a suspension that begins on `start` can end and another could follow (s.62).

    Example: 02/07/2026 gives an end between 02/07/2027 and 02/07/2028.
    """
    law = book.on(start)
    end = Span(anniversary(start, law["suspension-shortest"]), anniversary(start, law["suspension-longest"]))
    return Suspension(start, end, add_months(end.last, law["suspension-wait"]))


def re_enrolment(opted_out: dt.date, book: Book) -> dt.date:
    """The first day on which somebody who opted out can be enrolled again (s.55(2)(a)).

    Example: opted out on 20/07/2026, two years beginning with that day, so 20/07/2028.
    """
    return anniversary(opted_out, book.on(opted_out)["re-enrolment-years"])


def late_interest(amount: int, due: dt.date, until: dt.date, book: Book) -> LateInterest:
    """Interest on `amount` cents due on `due` and paid on `until` (s.138: C x D x P); none when paid in time.

    A started day counts as one. Example: EUR 100.00 thirty days late carry EUR 0.82.
    """
    days = max((until - due).days, 0)
    return LateInterest(amount, due, until, days, interest(amount, days, book.on(due)["late-interest"]))
