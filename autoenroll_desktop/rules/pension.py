"""An own pension beside the scheme: contributions that leaked into pension fields, overlaps, pensions that stopped.

NAERSA sees the pension fields of the payroll submission (PSR items 40-45, 54, 59 and 60). An amount there makes the
employment look exempt: the AEPN is stopped and does not start again by itself (scheme rules 0.5 and 1.22).
"""

from collections.abc import Iterator

import numpy as np

from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.exemption import exemption
from autoenroll_desktop.rules.past import EMPLOYEE_FIELDS, EMPLOYER_FIELDS, OWN_PENSION
from autoenroll_desktop.rules.rule import ACT, ERROR, WARNING, Where, rule

_LEAK = "https://help-peoplexdpayroll.theaccessgroup.com/en/articles/13618339"


@rule(
    "pension-field-holds-contribution",
    severity=ERROR,
    topic="pension",
    law="s.51; Revenue PSR items 40-45, 54, 59, 60",
    link=_LEAK,
)
def pension_field_holds_contribution(case: Case) -> Iterator[Where]:
    """Pension fields that hold just the contribution to the scheme, as taken or, in a PSR, as the AEPN asks for."""
    for share, fields in (("employee", EMPLOYEE_FIELDS), ("employer", EMPLOYER_FIELDS)):
        known = case.taken.known[share]
        amount = np.where(known, case.taken.amount[share], np.where(case.taken.due, case.taken.expected[share], 0))
        for field in fields:
            if case.there(field).any():
                leaked = (case.cents(field) == amount) & (amount > 0)
                yield Where(leaked, field=field, facts={"amount": amount}, cause=field.replace("_", "-"))


@rule(
    "pension-and-contribution",
    severity=WARNING,
    topic="pension",
    law="s.51(1)-(3); overlap refunds",
    link=ACT,
)
def pension_and_contribution(case: Case) -> Where | None:
    """An own pension and a contribution to the scheme in one payment."""
    own = own_pension(case)
    if not own.any():
        return None
    taken = case.taken.amount["employee"]
    leaked = np.zeros(len(own), dtype=np.bool_)
    for field in (*EMPLOYEE_FIELDS, *EMPLOYER_FIELDS):
        leaked |= (case.cents(field) == taken) & (taken > 0)
    facts = {"pension": own, "employee": taken}
    return Where((own > 0) & case.taken.any & ~leaked, field="ae_employee", facts=facts)


@rule("pension-gone-to-zero", severity=WARNING, topic="pension", law="s.51(1)-(3)", link=ACT)
def pension_gone_to_zero(case: Case) -> Where | None:
    """An own pension in the employment's last payment and none in this one, although something is paid."""
    if not len(case.past):
        return None
    was = np.where(case.last >= 0, case.past.own_pension[case.last], 0)
    stopped = (was > 0) & (own_pension(case) == 0) & (case.cents("gross_pay") > 0)
    return Where(stopped, field="employee_rbs", facts={"was": was, "day": case.was("pay_date")})


def own_pension(case: Case) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Cents of own pension contributions of each line, both sides together."""
    return case.columns.total(*OWN_PENSION)


@rule(
    "exemption-below-minimum",
    severity=WARNING,
    topic="pension",
    law="S.I. 668/2025; s.51, s.52",
    link="http://www.legislation.ie/2025/en/si/0668.html",
)
def exemption_below_minimum(case: Case) -> Iterator[Where]:
    """Own schemes under the minimum over three months; those whose rule is not known are told apart.

    One line an employment, its last. A defined benefit scheme has no percentage test, and a payroll file does not say
    which kind a scheme is; the words say so.
    """
    told = exemption(case)
    if told is None or not len(told):
        return
    employer, total, known = told["employer_short"] > 0, told["total_short"] > 0, ~told["open"]
    for cause, short in (
        ("", known & employer & total),
        ("employer-part", known & employer & ~total),
        ("both-together", known & total & ~employer),
        ("open", ~known & (employer | total)),
    ):
        some = told[short]
        if len(some):
            facts = {name: _spread(case, some["line"], some[name]) for name in _FACTS}
            yield Where(some["line"].to_numpy(np.int64), field="employer_rbs", facts=facts, cause=cause)


_FACTS = (
    "gross",
    "employer",
    "total",
    "employer_short",
    "total_short",
    "employer_short_year",
    "total_short_year",
    "since",
)


def _spread(case: Case, lines: object, values: object) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Facts of some lines as a column as long as the run."""
    column = np.full(len(case.run), None, dtype=object)
    column[np.asarray(lines)] = np.asarray(values, dtype=object)
    return column
