"""The row that is worked out for each line, as a whole: what is due, under both readings, and why. One row, one case."""

from typing import Any

import pytest

from autoenroll_desktop.rules.expected import CALCULATED, Why
from tests.making import aepn, case, found, line, ppsn

OTHER = ppsn(1000002)
NOBODY = [aepn(ppsn=OTHER)]
FIGURES = ("base", "employee", "employer", "state", "statute_base", "statute_employee", "statute_employer")
WHOLE = (200_000, 3000, 3000, 1000, 200_000, 3000, 3000)
NOUGHT = (0,) * 7
UNKNOWN = (None,) * 7


@pytest.mark.parametrize(
    ("changes", "aepns", "status", "how", "why", "figures"),
    [
        ({}, [aepn()], "enrolled", "exact", Why.DUE, WHOLE),
        ({"employment_id": "01"}, [aepn()], "enrolled", "id-variant", Why.DUE, WHOLE),
        ({"employment_id": "2"}, [aepn()], "enrolled", "person", Why.DUE, WHOLE),
        ({"employment_id": None}, [aepn()], "enrolled", "person", Why.DUE, WHOLE),
        ({"ppsn": ppsn(1000001)[:7] + "WA"}, [aepn()], "enrolled", "repaired", Why.DUE, WHOLE),
        ({"employment_id": "9"}, [aepn(), aepn(employment_id="2")], "ambiguous", "ambiguous", Why.UNCLEAR_EMPLOYMENT, UNKNOWN),
        ({}, NOBODY, "none", "none", Why.NO_AEPN, NOUGHT),
        ({}, [], "none", "none", Why.NO_SNAPSHOT, UNKNOWN),
        ({}, [aepn(employer_registration_number="3390617EH")], "none", "none", Why.NO_SNAPSHOT, UNKNOWN),
        ({}, [aepn(employer_registration_number=None)], "enrolled", "exact", Why.DUE, WHOLE),
        ({}, [aepn(employer_registration_number=None, ppsn=OTHER)], "none", "none", Why.NO_AEPN, NOUGHT),
        ({}, [aepn(status="Opted out")], "opted_out", "exact", Why.NOT_ENROLLED, NOUGHT),  # s.54
        ({}, [aepn(status="Suspended")], "suspended", "exact", Why.NOT_ENROLLED, NOUGHT),  # s.62
        ({}, [aepn(status="who knows")], "unknown", "exact", Why.UNCLEAR_STATUS, UNKNOWN),
        ({}, [aepn(employee_rate=None)], "enrolled", "exact", Why.UNCLEAR_STATUS, UNKNOWN),
        ({}, [aepn(employer_rate=None)], "enrolled", "exact", Why.UNCLEAR_STATUS, UNKNOWN),
        ({}, [aepn(employee_rate=0, employer_rate=0)], "enrolled", "exact", Why.ZERO_RATE, NOUGHT),
        ({}, [aepn(employee_rate=0)], "enrolled", "exact", Why.DUE, (200_000, 0, 3000, 0, 200_000, 0, 3000)),
        ({}, [aepn(effective_date="2026-11-26")], "enrolled", "exact", Why.DUE, WHOLE),
        ({}, [aepn(effective_date="2026-11-27")], "enrolled", "exact", Why.NOT_YET, NOUGHT),
        ({}, [aepn(end_date="2026-11-26")], "enrolled", "exact", Why.DUE, WHOLE),
        ({}, [aepn(end_date="2026-11-25")], "enrolled", "exact", Why.ENDED, NOUGHT),
        ({"pay_date": None}, [aepn()], "enrolled", "exact", Why.NO_PAY_DATE, UNKNOWN),
        ({"pay_date": "2025-12-31"}, [aepn()], "enrolled", "exact", Why.BEFORE_SCHEME, NOUGHT),
        ({"gross_pay": None}, [aepn()], "enrolled", "exact", Why.NO_GROSS, UNKNOWN),
        ({"gross_pay": -1}, [aepn()], "enrolled", "exact", Why.NEGATIVE_GROSS, UNKNOWN),
        ({"gross_pay": 0}, [aepn()], "enrolled", "exact", Why.DUE, NOUGHT),
        ({"date_of_birth": "1960-11-26"}, [aepn()], "enrolled", "exact", Why.PENSIONABLE_AGE, NOUGHT),  # s.57(1)
        ({"date_of_birth": "1960-11-27"}, [aepn()], "enrolled", "exact", Why.DUE, WHOLE),
        ({"date_of_birth": None, "state_pension": 1}, [aepn()], "enrolled", "exact", Why.PENSIONABLE_AGE, NOUGHT),
        ({"date_of_birth": None, "state_pension": 0}, [aepn()], "enrolled", "exact", Why.DUE, WHOLE),
        ({"state_pension": 1}, [aepn()], "enrolled", "exact", Why.DUE, WHOLE),  # the birth that is known decides
        ({"ytd_gross": 8_000_000}, [aepn()], "enrolled", "exact", Why.DUE, WHOLE),  # s.58(3): reached, not crossed
        ({"ytd_gross": 8_150_000}, [aepn()], "enrolled", "exact", Why.DUE, (*WHOLE[:4], 50_000, 750, 750)),  # T7
        ({"ytd_gross": 8_200_000}, [aepn()], "enrolled", "exact", Why.OVER_LIMIT, NOUGHT),
    ],
)  # fmt: skip
def test_the_row_of_a_line(
    changes: dict[str, Any],
    aepns: list[dict[str, Any]],
    status: str,
    how: str,
    why: Why,
    figures: tuple[int | None, ...],
) -> None:
    row = case([line(**changes)], aepns).expected.astype(object).where(lambda cells: cells.notna(), None).iloc[0]
    assert (row["status"], row["aepn"], row["why"]) == (status, how, why)
    assert tuple(row[name] for name in FIGURES) == figures
    assert (figures == UNKNOWN) == (why not in CALCULATED)


def test_what_a_payment_over_the_limit_says() -> None:
    """T7: 79,500.00 before and 2,000.00 now: 30.00 as it is done today, 7.50 by s.58(3)."""
    told = next(one for one in found(case([line(ytd_gross=8_150_000)])) if one.code == "contribution-over-cap")
    facts = {name: told.fact(name, 0) for name in told.facts}
    assert facts == {
        "employee": 3000, "employer": 3000, "expected_employee": 3000, "expected_employer": 3000, "suggestion": 750,
        "before": 7_950_000, "limit": 8_000_000, "statute_employee": 750, "statute_employer": 750,
    }  # fmt: skip


# Finance Act 2025: no relief, so the contribution comes off net pay only
@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"pay_for_income_tax": 200_000, "pay_for_usc": 200_000, "pay_for_employee_prsi": 200_000}, set()),
        ({"pay_for_income_tax": 197_000}, {"pay_for_income_tax"}),
        ({"pay_for_usc": 197_000}, {"pay_for_usc"}),
        ({"pay_for_employee_prsi": 197_000}, {"pay_for_employee_prsi"}),
        ({"pay_for_income_tax": 196_999}, set()),
        ({"pay_for_income_tax": 187_000, "employee_rbs": 10_000}, {"pay_for_income_tax"}),
        ({"pay_for_income_tax": 187_000, "employee_asc": 10_000}, {"pay_for_income_tax"}),
        ({"pay_for_income_tax": 190_000, "employee_rbs": 10_000}, set()),
        ({"pay_for_usc": 187_000, "employee_rbs": 10_000}, set()),  # a pension does not come off pay for USC
        ({"pay_for_usc": None}, set()),
        ({"pay_for_income_tax": 200_000, "ae_employee": 0}, set()),
        ({"pay_for_income_tax": None, "gross_pay": None}, set()),
        ({"pay_for_income_tax": -3000, "gross_pay": None}, set()),
    ],
)
def test_what_lowers_tax(changes: dict[str, Any], fields: set[str]) -> None:
    told = [one for one in found(case([line(**changes)])) if one.code == "contribution-lowers-tax"]
    assert {one.field for one in told} == fields
    for one in told:
        assert one.cause == f"{one.field}".replace("_", "-")
        assert (one.fact("employee", 0), one.fact("gross", 0), one.fact("value", 0)) == (
            3000,
            200_000,
            changes[one.field or ""],
        )
