"""Rules about when and how much: pay periods, unusual amounts, PRSI classes, payments after leaving."""

import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.history import mapped, pairs
from autoenroll_desktop.rules.rule import ACT, ERROR, INFO, NAERSA_ERRORS, REVENUE, WARNING, Where, rule

_PRACTICE = "https://www.brightpay.ie/docs/bpol/auto-enrolment/auto-enrolment-faq-s"
_STAYED = (
    "gross_pay",
    "pay_for_income_tax",
    "pay_for_usc",
    "employee_rbs",
    "employee_prsa",
    "employee_avc",
    "ae_employee",
)
"""What a deduction of an overpayment leaves as it was."""
_CLASS = re.compile(r"([A-Z])[0-9A-Z]?")


@rule(
    "pay-frequency-unknown",
    severity=ERROR,
    topic="pay-run",
    law="Revenue REST schema, payFrequency",
    link=REVENUE,
    fix="choose",
)
def pay_frequency_unknown(case: Case) -> Where:
    """Pay frequencies that are none of Revenue's ten."""
    known = pairs(case.law("pay-frequencies"))
    unknown = case.coded("pay_frequency").told(lambda written: written not in known)
    return Where(unknown, field="pay_frequency", facts={"value": case["pay_frequency"]})


@rule(
    "pay-period-out-of-range",
    severity=ERROR,
    topic="pay-run",
    law="Revenue REST schema, payPeriod",
    link=REVENUE,
    fix="choose",
)
def pay_period_out_of_range(case: Case) -> Where:
    """Pay periods below 1 or beyond the last one of their frequency."""
    period = case.cents("pay_period")
    last = mapped(case.coded("pay_frequency"), pairs(case.law("pay-frequencies")))
    outside = case.there("pay_period") & ((period < 1) | ((period > last) & (last > 0)))
    facts = {"period": case["pay_period"], "last": last, "frequency": case["pay_frequency"]}
    return Where(outside, field="pay_period", facts=facts)


@rule("extra-pay-period", severity=INFO, topic="pay-run", law="Revenue PSR data items, Pay Period", link=REVENUE)
def extra_pay_period(case: Case) -> Where:
    """The 53rd weekly, 27th fortnightly or 14th four-weekly payment of a year."""
    extra = mapped(case.coded("pay_frequency"), pairs(case.law("extra-pay-periods")))
    return Where(
        (extra > 0) & (case.cents("pay_period") == extra), field="pay_period", facts={"period": case["pay_period"]}
    )


@rule(
    "run-reference-missing",
    severity=WARNING,
    topic="pay-run",
    law="MFFERR020, MFFERR033; Revenue PSR header",
    link=NAERSA_ERRORS,
)
def run_reference_missing(case: Case) -> Where | None:
    """No payroll run reference: one place for each employer and pay date, its first line."""
    missing = ~case.there("payroll_run_reference")
    if not missing.any():
        return None
    again = case.run.lines[["employer_registration_number", "pay_date"]].duplicated().to_numpy()
    return Where(missing & ~again, field="payroll_run_reference", facts={"pay_date": case["pay_date"]})


@rule("gross-implausible", severity=WARNING, topic="pay-run")
def gross_implausible(case: Case) -> Iterator[Where]:
    """Gross pay over a large amount, or far outside what this employment usually pays."""
    gross = case["gross_pay"]
    large = case.cents("gross_pay") > case.law("gross-large")
    yield Where(large, field="gross_pay", facts={"gross": gross, "usual": case.law("gross-large")}, cause="large")
    usual = case.past.usual
    there = (case.employment_codes >= 0) & (case.employment_codes < len(usual.middle))
    who = np.flatnonzero(there & case.there("gross_pay") & ~large)
    who = who[usual.payments[case.employment_codes[who]] >= case.law("gross-outlier-payments")]
    middle, spread = usual.middle[case.employment_codes[who]], usual.spread[case.employment_codes[who]]
    paid, factor = case.cents("gross_pay")[who], case.law("gross-outlier-factor")
    far = np.abs(paid - middle) > case.law("gross-outlier-deviations") * np.maximum(spread, 1)
    far &= (paid > factor * middle) | (paid * factor < middle)
    usually = np.zeros(len(case.run), dtype=np.int64)
    usually[who] = middle
    odd = who[far & (middle > 0) & (paid > 0)]
    yield Where(odd, field="gross_pay", facts={"gross": gross, "usual": usually}, cause="unusual")


@rule("prsi-class-unknown", severity=ERROR, topic="pay-run", law="Revenue REST schema, prsiClass", link=REVENUE)
def prsi_class_unknown(case: Case) -> Where:
    """PRSI classes that are none: the letter is not one of Revenue's, or what follows is no subclass."""
    known = set(case.law("prsi-classes"))
    odd = case.coded("prsi_class").told(lambda text: not all(_sound(one, known) for one in text.split()))
    return Where(odd, field="prsi_class", facts={"value": case["prsi_class"]})


def _sound(text: str, known: set[str]) -> bool:
    found = _CLASS.fullmatch(text.upper())
    return found is not None and found[1] in known


@rule(
    "prsi-class-outside-scheme",
    severity=WARNING,
    topic="pay-run",
    law="NAERSA practice as software houses report it; the Act has no class test",
    link=_PRACTICE,
)
def prsi_class_outside_scheme(case: Case) -> Where:
    """Contributions on pay whose every PRSI class NAERSA does not assess."""
    facts = {"value": case["prsi_class"], "employee": case.taken.amount["employee"]}
    return Where(not_assessed(case) & case.taken.any, field="prsi_class", facts=facts)


def not_assessed(case: Case) -> npt.NDArray[np.bool_]:
    """Lines whose every PRSI class is one that NAERSA does not assess."""
    outside = set(case.law("prsi-classes-outside"))
    return case.coded("prsi_class").told(lambda text: all(one[:1].upper() in outside for one in text.split()))


@rule("paid-after-leaving", severity=INFO, topic="pay-run", law="s.59; Sage KB 251120103829540", link=ACT)
def paid_after_leaving(case: Case) -> Where:
    """Payments after the leave date: contributions are due on them all the same."""
    after = case["pay_date"].to_numpy() > case["leave_date"].to_numpy()
    return Where(after, field="leave_date", facts={"left": case["leave_date"], "pay_date": case["pay_date"]})


@rule(
    "deduction-not-gross",
    severity=WARNING,
    topic="pay-run",
    law="s.47(2), s.58(1); Sage KB 251219103218617",
    link="https://ie-kb.sage.com",
)
def deduction_not_gross(case: Case) -> Where | None:
    """Net pay that fell although gross pay, taxable pay, pension and contribution stayed: an overpayment deducted."""
    if not len(case.past):
        return None
    net, net_was = case.cents("net_pay"), case.cents_were("net_pay")
    fell = (net_was - net) * 10_000 > case.law("deduction-share") * np.maximum(net_was, 1)
    lines = np.flatnonzero(fell & case.there("net_pay") & (case.last >= 0))
    then, past = case.last[lines], case.past.columns
    same = past.there("net_pay")[then] & case.there("gross_pay")[lines] & past.there("gross_pay")[then]
    for field in _STAYED:
        same &= case.cents(field)[lines] == past.cents(field)[then]
        same &= case.there(field)[lines] == past.there(field)[then]
    facts = {"net": case["net_pay"], "was": net_was, "fall": net_was - net}
    return Where(lines[same], field="net_pay", facts=facts)
