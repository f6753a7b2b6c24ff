"""Who may be next: people who look eligible, birthdays and thresholds ahead. A second opinion, never an instruction.

NAERSA decides from all employments together and from a pay reference period of its own choice (s.50); one employer's
files can show that somebody looks eligible, never that somebody is not.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from autoenroll_desktop.domain.finding import Ints
from autoenroll_desktop.rules.ages import reached, taken_apart
from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.expected import Why
from autoenroll_desktop.rules.history import mapped, pairs
from autoenroll_desktop.rules.pay_period import not_assessed
from autoenroll_desktop.rules.pension import own_pension
from autoenroll_desktop.rules.rule import ACT, INFO, Where, rule

_WEEKS_IN_YEAR = 52
Bools = npt.NDArray[np.bool_]


def threshold_in_window(threshold: int, weeks: int) -> int:
    """Cents of gross pay over some weeks that stand for a yearly threshold (s.50(3): proportionate).

    Example: EUR 20,000 a year over 13 weeks is EUR 5,000.00.
    """
    return -(-threshold * weeks // _WEEKS_IN_YEAR)


@rule("looks-eligible", severity=INFO, topic="expectation", law="s.50(2)-(5)", link=ACT)
def looks_eligible(case: Case) -> Where | None:
    """People without an AEPN who meet the tests as far as this employer's files show; their last line."""
    needed = threshold_in_window(case.law("earnings-threshold"), case.law("look-back-weeks"))
    if not _waiting(case).any():
        return None
    meets = _waiting(case) & _of_age(case) & (case.gross_in_window >= needed) & case.last_of_person
    facts = {"gross": case.gross_in_window, "weeks": case.law("look-back-weeks"), "needed": needed}
    return Where(meets, field="gross_pay", facts=facts)


@rule("threshold-ahead", severity=INFO, topic="expectation", law="s.50(3)-(5)", link=ACT)
def threshold_ahead(case: Case) -> Where | None:
    """People whose pay of the look-back weeks will reach the threshold if every payment to come is like this one."""
    needed = threshold_in_window(case.law("earnings-threshold"), case.law("look-back-weeks"))
    if not _waiting(case).any():
        return None
    lines = np.flatnonzero(_waiting(case) & _of_age(case) & (case.gross_in_window < needed) & case.last_of_person)
    reached = _reached(case, lines, needed)
    ahead = reached > 0
    column = np.full(len(case.run), np.datetime64("NaT"), dtype="datetime64[s]")
    column[lines[ahead]] = reached[ahead].astype("datetime64[D]")
    facts = {"gross": case.gross_in_window, "needed": needed, "day": column, "weeks": case.law("look-back-weeks")}
    return Where(lines[ahead], field="gross_pay", facts=facts)


def _reached(case: Case, lines: Ints, needed: int) -> Ints:
    """The day number on which each line's person reaches `needed`, 0 where never at this pace.

    Looks ahead one payment at a time through the look-back weeks: what has fallen out of the window by then counts no
    more, what is still to be paid counts as much as the payment on the line.
    """
    between = mapped(case.coded("pay_frequency"), pairs(case.law("days-between-payments")))[lines]
    gross = case.cents("gross_pay")[lines]
    payments, who, day = case.by_person, case.person_codes[lines], case.days[lines]
    weeks = 7 * case.law("look-back-weeks")
    reached = np.zeros(len(lines), dtype=np.int64)
    for ahead in range(1, weeks // 7 + 1):
        then = day + ahead * between
        coming = ahead * gross - np.maximum(ahead - weeks // np.maximum(between, 1), 0) * gross
        total = payments.total("gross_pay", who, then - weeks, day) + coming
        hit = (total >= needed) & (between > 0) & (gross > 0) & (reached == 0) & (ahead * between <= weeks)
        reached[hit] = then[hit]
    return reached


@rule("birthday-ahead", severity=INFO, topic="expectation", law="s.50(2)(a), s.57(1)", link=ACT)
def birthday_ahead(case: Case) -> Iterator[Where]:
    """23rd, 60th and 66th birthdays before the next three pay dates, where they change anything."""
    between = np.maximum(mapped(case.coded("pay_frequency"), pairs(case.law("days-between-payments"))), 7)
    then = taken_apart(
        pd.Series(
            (case.days + case.law("birthday-pay-dates") * between).astype("datetime64[D]").astype("datetime64[s]")
        )
    )
    then = then._replace(known=case.paid_on.known)
    enrolled = case.because(Why.DUE, Why.OVER_LIMIT)
    for name, matters in (
        ("enrolment-age", _waiting(case)),
        ("enrolment-age-end", _waiting(case)),
        ("pensionable-age", enrolled),
    ):
        years = int(case.law(name))
        soon = matters & case.last_of_person
        if not soon.any():
            continue
        soon &= reached(case.born, then, years) & ~reached(case.born, case.paid_on, years)
        day = np.full(len(case.run), None, dtype=object)
        day[soon] = [_birthday(date, years) for date in case["date_of_birth"][soon]]
        yield Where(soon, field="date_of_birth", facts={"day": day, "years": years}, cause=name)


def _birthday(born: Any, years: int) -> Any:
    """The day somebody turns `years`; 1 March for those born on 29 February where that year has none."""
    day: pd.Timestamp = born + pd.DateOffset(years=years)
    leapt = born.month == 2 and born.day == 29 and day.day == 28
    return (day + pd.Timedelta(days=1)).date() if leapt else day.date()


def _waiting(case: Case) -> Bools:
    """Lines of people no AEPN speaks of though AEPNs were given, with no own pension, in a class NAERSA assesses."""
    waiting = case.because(Why.NO_AEPN) & (case.person_codes >= 0)
    lines = np.flatnonzero(waiting)
    if not len(lines):
        return waiting
    waiting[lines] = (own_pension(case)[lines] == 0) & ~not_assessed(case)[lines]
    return waiting


def _of_age(case: Case) -> Bools:
    """Lines of people of 23 and not yet 60 on the pay date; people whose birth is not known are none of them."""
    old_enough = reached(case.born, case.paid_on, int(case.law("enrolment-age")))
    return old_enough & ~reached(case.born, case.paid_on, int(case.law("enrolment-age-end")))
