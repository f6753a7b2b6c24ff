"""Rules about when and how much: pay periods, unusual amounts, PRSI classes, payments after leaving."""

import re
from collections.abc import Iterator

import numpy as np

from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.history import cents, mapped, pairs
from autoenroll_desktop.rules.rule import ACT, ERROR, INFO, NAERSA_ERRORS, REVENUE, WARNING, Where, rule

_PRACTICE = "https://www.brightpay.ie/docs/bpol/auto-enrolment/auto-enrolment-faq-s"
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
    written = case["pay_frequency"]
    unknown = written.notna() & ~written.isin(list(pairs(case.law("pay-frequencies"))))
    return Where(unknown, field="pay_frequency", facts={"value": written})


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
    period = case["pay_period"]
    last = mapped(case["pay_frequency"], pairs(case.law("pay-frequencies")))
    outside = ((period < 1) | ((period > last) & (last > 0))).fillna(False)
    return Where(
        outside, field="pay_period", facts={"period": period, "last": last, "frequency": case["pay_frequency"]}
    )


@rule("extra-pay-period", severity=INFO, topic="pay-run", law="Revenue PSR data items, Pay Period", link=REVENUE)
def extra_pay_period(case: Case) -> Where:
    """The 53rd weekly, 27th fortnightly or 14th four-weekly payment of a year."""
    extra = mapped(case["pay_frequency"], pairs(case.law("extra-pay-periods")))
    period = case["pay_period"].fillna(0).to_numpy(np.int64)
    return Where((extra > 0) & (period == extra), field="pay_period", facts={"period": case["pay_period"]})


@rule(
    "run-reference-missing",
    severity=WARNING,
    topic="pay-run",
    law="MFFERR020, MFFERR033; Revenue PSR header",
    link=NAERSA_ERRORS,
)
def run_reference_missing(case: Case) -> Where:
    """No payroll run reference: one place for each employer and pay date, its first line."""
    missing = case["payroll_run_reference"].isna().to_numpy()
    again = case.run.lines[["employer_registration_number", "pay_date"]].duplicated().to_numpy()
    return Where(missing & ~again, field="payroll_run_reference", facts={"pay_date": case["pay_date"]})


@rule("gross-implausible", severity=WARNING, topic="pay-run")
def gross_implausible(case: Case) -> Iterator[Where]:
    """Gross pay over a large amount, or far outside what this employment usually pays."""
    gross = case["gross_pay"]
    large = (gross > case.law("gross-large")).fillna(False).to_numpy(bool)
    yield Where(large, field="gross_pay", facts={"gross": gross, "usual": case.law("gross-large")}, cause="large")
    usual = case.past.usual
    there = (case.employment_codes >= 0) & (case.employment_codes < len(usual.middle))
    who = np.flatnonzero(there & gross.notna().to_numpy() & ~large)
    who = who[usual.payments[case.employment_codes[who]] >= case.law("gross-outlier-payments")]
    middle, spread = usual.middle[case.employment_codes[who]], usual.spread[case.employment_codes[who]]
    paid, factor = cents(gross)[who], case.law("gross-outlier-factor")
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
    written = case["prsi_class"]
    sound = {text: all(_sound(one, known) for one in text.split()) for text in written.dropna().unique()}
    return Where(written.map(sound).eq(other=False), field="prsi_class", facts={"value": written})


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
    outside = set(case.law("prsi-classes-outside"))
    written = case["prsi_class"]
    apart = {text: all(one[:1].upper() in outside for one in text.split()) for text in written.dropna().unique()}
    facts = {"value": written, "employee": case.taken.amount["employee"]}
    return Where(written.map(apart).eq(other=True).to_numpy(bool) & case.taken.any, field="prsi_class", facts=facts)


@rule("paid-after-leaving", severity=INFO, topic="pay-run", law="s.59; Sage KB 251120103829540", link=ACT)
def paid_after_leaving(case: Case) -> Where:
    """Payments after the leave date: contributions are due on them all the same."""
    after = (case["pay_date"] > case["leave_date"]).fillna(False)
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
    same = (case["gross_pay"] == case.was("gross_pay")).fillna(False).to_numpy(bool)
    for field in ("pay_for_income_tax", "pay_for_usc", "employee_rbs", "employee_prsa", "employee_avc", "ae_employee"):
        now, was = case[field], case.was(field)
        same = same & ((now == was).fillna(False) | (now.isna() & was.isna())).to_numpy(bool)
    net, net_was = cents(case["net_pay"]), cents(case.was("net_pay"))
    known = (case["net_pay"].notna() & case.was("net_pay").notna()).to_numpy()
    fell = (net_was - net) * 10_000 > case.law("deduction-share") * np.maximum(net_was, 1)
    return Where(
        same & known & fell, field="net_pay", facts={"net": case["net_pay"], "was": net_was, "fall": net_was - net}
    )
