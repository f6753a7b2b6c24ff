"""What was deducted against what the AEPN and the Act ask for (s.57-s.61)."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from autoenroll_desktop.domain.aepn import Status
from autoenroll_desktop.domain.finding import Ints
from autoenroll_desktop.domain.money_columns import shares
from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.columns import Columns
from autoenroll_desktop.rules.expected import Why, draws_state_pension
from autoenroll_desktop.rules.rule import ACT, ERROR, NAERSA_ERRORS, WARNING, Where, rule
from autoenroll_desktop.rules.taken import SHARES, Taken
from autoenroll_desktop.rules.wrong_base import explain_amounts


def _marked(amounts: Taken, lines: Any, cause: str = "", **more: Any) -> Where:
    return Where(lines, "ae_employee", {**amounts.facts(), **more}, cause)


@rule("contribution-missing", severity=ERROR, topic="contributions", law="s.59(1)", link=ACT, fix="auto")
def contribution_missing(case: Case) -> Where:
    """Enrolled, paid, and nothing was taken (right, by one reading, where the annual limit is crossed).

    Silent about files that say nothing about contributions at all.
    """
    amounts = case.taken
    return _marked(
        amounts,
        case.deducted & amounts.due & ~amounts.any & ~amounts.crossing,
        gross=case["gross_pay"],
        rate=case.expected["employee_rate"],
    )


@rule(
    "contribution-without-aepn", severity=ERROR, topic="contributions", law="s.50, s.59; AEPN key", link=ACT, fix="auto"
)
def contribution_without_aepn(case: Case) -> Where:
    """Something was taken though NAERSA has sent no AEPN for this employer, PPSN and employment ID."""
    amounts = case.taken
    return _marked(amounts, amounts.any & case.because(Why.NO_AEPN))


@rule("contribution-not-due", severity=ERROR, topic="contributions", law="s.54, s.57, s.62", link=ACT, fix="auto")
def contribution_not_due(case: Case) -> Iterator[Where]:
    """Something was taken though the AEPN says that nothing is due, or the scheme had not begun."""
    amounts = case.taken
    stopped = np.flatnonzero(amounts.any & case.because(Why.NOT_ENROLLED))
    status = case.expected["status"].to_numpy(object)[stopped]
    for state in (Status.OPTED_OUT, Status.SUSPENDED, Status.EXEMPT, Status.CEASED, Status.DE_ENROLLED, Status.LEFT):
        yield _marked(amounts, stopped[status == state], f"aepn-{state}".replace("_", "-"))
    yield _marked(amounts, amounts.any & case.because(Why.ENDED), "aepn-ended")
    yield _marked(amounts, amounts.any & case.because(Why.ZERO_RATE), "aepn-zero-rate")
    yield _marked(amounts, amounts.any & case.because(Why.BEFORE_SCHEME), "before-scheme")


@rule(
    "contribution-before-effective-date",
    severity=ERROR,
    topic="contributions",
    law="s.50(1); AEPN",
    link=ACT,
    fix="auto",
)
def contribution_before_effective_date(case: Case) -> Where:
    """Something was taken from a payment dated before the AEPN takes effect."""
    amounts = case.taken
    early = amounts.any & case.because(Why.NOT_YET)
    return _marked(amounts, early, starts=case.aepn("effective_date"), pay_date=case["pay_date"])


@rule("contribution-after-66", severity=ERROR, topic="contributions", law="s.57(1)", link=ACT, fix="auto")
def contribution_after_66(case: Case) -> Iterator[Where]:
    """Something was taken from a payment on or after the 66th birthday, or from somebody on the State pension."""
    amounts = case.taken
    taken = amounts.any & case.because(Why.PENSIONABLE_AGE)
    told = draws_state_pension(case.columns)
    yield _marked(amounts, taken & ~told, born=case["date_of_birth"])
    yield _marked(amounts, taken & told, "state-pension")


def _off_by(case: Case) -> dict[str, Ints]:
    """By share: cents away from the expected amount on lines that are due and were taken; 0 elsewhere."""
    amounts = case.taken
    judged = amounts.due & amounts.any & ~amounts.crossing
    return {
        share: np.where(judged & amounts.known[share], np.abs(amounts.amount[share] - amounts.expected[share]), 0)
        for share in SHARES
    }


@rule(
    "contribution-amount",
    severity=ERROR,
    topic="contributions",
    law="s.47(2), s.58(1), s.61; MFFERR044",
    link=NAERSA_ERRORS,
    fix="auto",
)
def contribution_amount(case: Case) -> Iterator[Where]:
    """Amounts off by more than the tolerance, told apart by the wrong base or rate that explains them."""
    amounts = case.taken
    off = _off_by(case)
    tolerance = case.law("rounding-tolerance")
    wrong = np.flatnonzero((off["employee"] > tolerance) | (off["employer"] > tolerance))
    if len(wrong):
        day = case["pay_date"].iloc[wrong].max().date()
        explained = explain_amounts(case.run.lines.iloc[wrong], case.expected.iloc[wrong], case.book, day)
        for cause, at in explained.items():
            yield _marked(amounts, wrong[at], cause)


@rule(
    "contribution-rounding",
    severity=WARNING,
    topic="contributions",
    law="MFFERR044; rounding is not published",
    link=NAERSA_ERRORS,
    fix="auto",
)
def contribution_rounding(case: Case) -> Where:
    """Amounts off by no more than the tolerance of one cent."""
    off = _off_by(case)
    tolerance = case.law("rounding-tolerance")
    worst = np.maximum(off["employee"], off["employer"])
    return _marked(case.taken, (worst > 0) & (worst <= tolerance))


@rule("contribution-shares-differ", severity=ERROR, topic="contributions", law="s.61(1)", link=ACT, fix="auto")
def contribution_shares_differ(case: Case) -> Where:
    """Employee and employer amounts that differ although AEPN gives both the same rate."""
    amounts = case.taken
    rates = Columns(case.expected)
    same = rates.there("employee_rate") & rates.there("employer_rate")
    same &= rates.cents("employee_rate") == rates.cents("employer_rate")
    both = amounts.known["employee"] & amounts.known["employer"]
    differ = amounts.amount["employee"] != amounts.amount["employer"]
    return _marked(amounts, same & both & differ & amounts.any & (amounts.due | amounts.crossing))


@rule("contribution-over-cap", severity=WARNING, topic="contributions", law="s.58(3)", link=ACT, fix="choose")
def contribution_over_cap(case: Case) -> Iterator[Where]:
    """Payments that cross the annual limit or lie above it: both readings' figures.

    An amount that fits neither reading, nor the AEPN's rate on the whole payment, is told apart.
    """
    amounts = case.taken
    tolerance = case.law("rounding-tolerance")
    if not amounts.crossing.any():
        return
    full = shares(case.cents("gross_pay"), Columns(case.expected).cents("employee_rate"))
    readings = (amounts.expected["employee"], amounts.statute["employee"], full)
    fits = np.logical_or.reduce([np.abs(amounts.amount["employee"] - reading) <= tolerance for reading in readings])
    facts = {
        **amounts.facts(),
        "before": case.gross_before,
        "limit": case.law("annual-limit"),
        "statute_employee": amounts.statute["employee"],
        "statute_employer": amounts.statute["employer"],
        "suggestion": amounts.statute["employee"],
    }
    odd = amounts.crossing & amounts.known["employee"] & ~fits
    yield Where(amounts.crossing & ~odd, field="ae_employee", facts=facts)
    yield Where(odd, field="ae_employee", facts=facts, cause="fits-no-reading")


@rule(
    "contribution-lowers-tax",
    severity=ERROR,
    topic="contributions",
    law="Finance Act 2025: no relief",
    link="http://www.irishstatutebook.ie/eli/2025/act/18",
)
def contribution_lowers_tax(case: Case) -> Iterator[Where]:
    """Pay for income tax, USC or PRSI that is lower by just the employee's contribution, which has no tax relief."""
    employee, gross = case.taken.amount["employee"], case.cents("gross_pay")
    own = np.sum([case.cents(field) for field in _RELIEVED], axis=0)
    for field, relief in (("pay_for_income_tax", own), ("pay_for_usc", 0), ("pay_for_employee_prsi", 0)):
        told = case.there("gross_pay") & case.there(field) & (employee > 0)
        facts = {"employee": employee, "gross": case["gross_pay"], "value": case[field]}
        lowered = told & (case.cents(field) == gross - relief - employee)
        yield Where(lowered, field=field, facts=facts, cause=field.replace("_", "-"))


_RELIEVED = ("employee_rbs", "employee_prsa", "employee_rac", "employee_avc", "employee_pepp", "employee_asc")
"""Pension contributions that come off pay for income tax."""
