"""The 18:30 cut-off on the pay date, Dublin time (scheme rules 3.21), and pay dates on which banks are closed."""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import numpy as np

from autoenroll_desktop.rules.book import Book
from autoenroll_desktop.rules.calendar import Closed, bank_day_on_or_before, closed_because
from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.rule import GATE, INFO, WARNING, Where, rule

DUBLIN = ZoneInfo("Europe/Dublin")
_SOURCE = "https://ie-kb.sage.com"
_PAY_DATE = "https://www.brightpay.ie/docs/2025/auto-enrolment-employer-help-guide/what-is-an-auto-enrolment-contribution-submission-aecs-"


def cut_off(pay_date: dt.date, book: Book, *, counted_on: dt.date | None = None) -> dt.datetime:
    """The instant, UTC, until which a submission for `pay_date` can still be changed.

    Args:
        counted_on: the bank day NAERSA takes for the pay date, where that is another day.

    Example: 26/11/2026 gives 18:30 UTC; 25/06/2026 gives 17:30 UTC (summer time).
    """
    local = dt.datetime.combine(counted_on or pay_date, book.on(pay_date)["cut-off"], tzinfo=DUBLIN)
    return local.astimezone(dt.UTC)


def cut_offs(case: Case) -> dict[dt.date, dt.datetime]:
    """The cut-off of each pay date under the scheme, earliest first."""
    if "cut-offs" not in case.kept:
        days = np.unique(case.days[case.in_scheme]).astype("datetime64[D]").tolist()
        case.kept["cut-offs"] = {day: cut_off(day, case.book) for day in days}
    moments: dict[dt.date, dt.datetime] = case.kept["cut-offs"]
    return moments


def next_cut_off(case: Case) -> dt.datetime | None:
    """The next cut-off to come, the last one when all have passed, None when no pay date is under the scheme."""
    moments = list(cut_offs(case).values())
    coming = [moment for moment in moments if moment >= case.now]
    return coming[0] if coming else (moments[-1] if moments else None)


@rule("cut-off-passed", severity=GATE, topic="timing", law="NAERSA operation; s.59", link=_SOURCE)
def cut_off_passed(case: Case) -> Where | None:
    """Pay dates whose cut-off lies behind the clock."""
    passed = {day: moment for day, moment in cut_offs(case).items() if case.now > moment}
    return _days(passed) if passed else None


@rule("cut-off-near", severity=INFO, topic="timing", law="NAERSA operation; s.59", link=_SOURCE)
def cut_off_near(case: Case) -> Where | None:
    """Pay dates with little time left."""
    near = dt.timedelta(minutes=case.law("cut-off-near"))
    coming = {day: moment for day, moment in cut_offs(case).items() if case.now <= moment < case.now + near}
    return _days(coming) if coming else None


def _days(moments: dict[dt.date, dt.datetime]) -> Where:
    local = [moment.astimezone(DUBLIN) for moment in moments.values()]
    return Where(rows=np.full(len(moments), -1), facts={"pay_date": list(moments), "cut_off": local})


@rule(
    "pay-date-not-a-banking-day",
    severity=WARNING,
    topic="timing",
    law="NAERSA operation; Organisation of Working Time Act 1997, Second Schedule",
    link=_PAY_DATE,
)
def pay_date_not_a_banking_day(case: Case) -> Iterator[Where]:
    """Pay dates under the scheme on which banks move no wages, with the bank day before: NAERSA's date.

    Revenue keeps the usual pay date (its PSR guide), so the file is left as it is and nothing is proposed.
    """
    reasons = {day: closed_because(day, case.book) for day in cut_offs(case)}
    for closed in Closed:
        days = [day for day, reason in reasons.items() if reason is closed]
        before = [bank_day_on_or_before(day, case.book) for day in days]
        moments = [cut_off(day, case.book, counted_on=bank) for day, bank in zip(days, before, strict=True)]
        local = [moment.astimezone(DUBLIN) for moment in moments]
        facts = {"pay_date": days, "bank_day": before, "cut_off": local}
        if days:
            yield Where(rows=np.full(len(days), -1), facts=facts, cause=closed)
