"""What moved against the last period, and why: one row, one reason."""

from typing import Any

import pytest

from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.period_diff import Reason, period_diff
from tests.making import aepn, case, line, ppsn

OTHER = ppsn(1000002)
WEEK_BEFORE = "2026-11-19"
LAST = {"pay_date": WEEK_BEFORE, "payroll_run_reference": "R0", "line_item_id": "L0"}


def reasons(made: Case) -> list[tuple[str, str]]:
    told = period_diff(made)
    return list(zip(told["pay"], told["share"], strict=True))


@pytest.mark.parametrize(
    ("why", "now", "was", "pay", "share"),
    [
        ("as last week", {}, {}, Reason.SAME, Reason.SAME),
        ("new here", {}, {"ppsn": OTHER, "works_number": "9"}, Reason.STARTER, Reason.STARTER),
        ("under 50 euro", {"gross_pay": 204_999, "ae_employee": 3075}, {}, Reason.SMALL, Reason.FOLLOWS_PAY),
        ("50 euro of a small wage", {"gross_pay": 25_000, "ae_employee": 375}, {"gross_pay": 20_000, "ae_employee": 300}, Reason.NONE, Reason.FOLLOWS_PAY),
        ("a cent less", {"gross_pay": 24_999, "ae_employee": 375}, {"gross_pay": 20_000, "ae_employee": 300}, Reason.SMALL, Reason.FOLLOWS_PAY),
        ("just under a fifth", {"gross_pay": 239_999, "ae_employee": 3600}, {}, Reason.SMALL, Reason.FOLLOWS_PAY),
        ("a fifth", {"gross_pay": 240_000, "ae_employee": 3600}, {}, Reason.NONE, Reason.FOLLOWS_PAY),
        ("a fifth less", {"gross_pay": 160_000, "ae_employee": 2400}, {}, Reason.NONE, Reason.FOLLOWS_PAY),
        ("paid monthly now", {"gross_pay": 800_000, "ae_employee": 12_000, "pay_frequency": "MONTHLY"}, {}, Reason.FREQUENCY, Reason.FOLLOWS_PAY),
        ("started two weeks ago", {"gross_pay": 300_000, "ae_employee": 4500, "start_date": "2026-11-13"}, {}, Reason.PART_PERIOD, Reason.FOLLOWS_PAY),
        ("started two weeks and a day ago", {"gross_pay": 300_000, "ae_employee": 4500, "start_date": "2026-11-12"}, {}, Reason.NONE, Reason.FOLLOWS_PAY),
        ("leaves", {"gross_pay": 300_000, "ae_employee": 4500, "leave_date": "2026-11-26"}, {}, Reason.PART_PERIOD, Reason.FOLLOWS_PAY),
        ("the 53rd week", {"gross_pay": 300_000, "ae_employee": 4500, "pay_period": 53}, {}, Reason.EXTRA_PERIOD, Reason.FOLLOWS_PAY),
        ("the 52nd is none", {"gross_pay": 300_000, "ae_employee": 4500, "pay_period": 52}, {}, Reason.NONE, Reason.FOLLOWS_PAY),
        ("overtime", {"gross_pay": 300_000, "ae_employee": 4500, "basic_pay": 200_000}, {"basic_pay": 200_000}, Reason.HOURS, Reason.FOLLOWS_PAY),
        ("basic pay is all there is", {"gross_pay": 300_000, "ae_employee": 4500, "basic_pay": 300_000}, {"basic_pay": 300_000}, Reason.NONE, Reason.FOLLOWS_PAY),
        ("the AEPN has begun", {}, {"ae_employee": 0}, Reason.SAME, Reason.AEPN),
        ("the first contribution is wrong", {"ae_employee": 2000}, {"ae_employee": 0}, Reason.SAME, Reason.NONE),
        ("the annual limit", {"ytd_gross": 8_150_000, "ae_employee": 750}, {}, Reason.SAME, Reason.LIMIT),
        ("put right this week", {}, {"ae_employee": 2000}, Reason.SAME, Reason.AEPN),
        ("wrong this week", {"ae_employee": 2000}, {}, Reason.SAME, Reason.NONE),
    ],
)  # fmt: skip
def test_one_line(why: str, now: dict[str, Any], was: dict[str, Any], pay: Reason, share: Reason) -> None:
    assert reasons(case([line(**now)], None, [line(**{**LAST, **was})]))[0] == (pay, share), why


def test_the_rate_rises() -> None:
    now = line(pay_date="2029-01-04", tax_year=2029, ae_employee=6000, ae_employer=6000)
    made = case([now], [aepn(employee_rate=300, employer_rate=300)], [line(**{**LAST, "pay_date": "2028-12-28"})])
    assert reasons(made) == [(Reason.SAME, Reason.RATE)]
    same_year = case(
        [{**now, "pay_date": "2029-01-11"}],
        [aepn(employee_rate=300, employer_rate=300)],
        [line(**{**LAST, "pay_date": "2029-01-04"})],
    )
    assert reasons(same_year) == [(Reason.SAME, Reason.AEPN)]


def test_opted_out_since() -> None:
    made = case([line(ae_employee=0, ae_employer=0)], [aepn(status="Opted out")], [line(**LAST)])
    assert reasons(made) == [(Reason.SAME, Reason.AEPN)]


def test_paid_twice_this_week() -> None:
    lines = [line(gross_pay=400_000, ae_employee=6000), line(gross_pay=900_000, ae_employee=13_500, line_item_id="L2")]
    assert [pay for pay, _ in reasons(case(lines, None, [line(**LAST)]))] == [Reason.SEVERAL, Reason.SEVERAL]


@pytest.mark.parametrize(
    ("why", "earlier", "expected"),
    [
        ("not here any more", {"ppsn": OTHER}, [Reason.GONE]),
        ("left", {"ppsn": OTHER, "leave_date": "2026-11-20"}, [Reason.LEAVER]),
        ("paid in another rhythm", {"ppsn": OTHER, "pay_frequency": "MONTHLY"}, []),
        ("of another employer", {"ppsn": OTHER, "employer_registration_number": "3390617EH"}, []),
        ("without a PPSN", {"ppsn": None}, []),
        ("not in the last period but the one before", {"ppsn": OTHER, "pay_date": "2026-11-12"}, []),
        ("on the day of this run", {"ppsn": OTHER, "pay_date": "2026-11-26"}, []),
    ],
)
def test_who_is_not_here_any_more(why: str, earlier: dict[str, Any], expected: list[Reason]) -> None:
    made = case([line()], None, [line(**LAST), line(**{**LAST, "works_number": "9", **earlier})])
    told = period_diff(made)
    gone = told[told["line"] < 0]
    assert gone["pay"].tolist() == gone["share"].tolist() == expected, why
    if expected:
        row = gone.iloc[0]
        assert (row["past"], row["gross_was"], row["contribution_was"]) == (1, 200_000, 3000)
        assert gone[["gross", "contribution"]].isna().all(axis=None)


def test_what_was_and_is() -> None:
    made = case([line(gross_pay=300_000, ae_employee=4500)], None, [line(**LAST)])
    row = period_diff(made).iloc[0]
    assert (row["line"], row["past"], row["gross_was"], row["gross"], row["contribution_was"], row["contribution"]) == (
        0, 0, 200_000, 300_000, 3000, 4500,
    )  # fmt: skip


def test_a_slip_is_followed_under_the_number_the_aepn_has() -> None:
    """A PPSN or an ID that is a slip away is nobody new, and nobody is gone."""
    wrong = ppsn(1000001)[:7] + "WA"
    for changes in ({"ppsn": wrong}, {"employment_id": "01"}, {"employment_id": "7"}):
        assert reasons(case([line(**changes)], [aepn()], [line(**LAST)])) == [(Reason.SAME, Reason.SAME)], changes
    kept = case([line(employment_id="01")], [aepn()], [line(**{**LAST, "employment_id": "01"})])
    assert reasons(kept) == [(Reason.SAME, Reason.SAME)]


def test_nothing_without_earlier_periods() -> None:
    told = period_diff(case([line()]))
    assert len(told) == 0
    assert list(told.columns) == [
        "line",
        "past",
        "gross_was",
        "gross",
        "contribution_was",
        "contribution",
        "pay",
        "share",
    ]
