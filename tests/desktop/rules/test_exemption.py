"""Own pension schemes against S.I. 668/2025: both limbs, three months, gross pay. One row one case."""

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.rules.exemption import exemption, minimum
from tests.making import BOOK, aepn, case, found, line, ppsn

DAY = dt.date(2026, 11, 26)


@pytest.mark.parametrize(
    ("why", "gross", "months", "employer", "total"),
    [
        ("T11: basic 50,000 and bonus 10,000", 6_000_000, 12, 90_000, 210_000),
        ("T12: the limits beat the shares", 10_000_000, 12, 120_000, 280_000),
        ("just at the limit of the employer's share", 8_000_000, 12, 120_000, 280_000),
        ("a quarter of the limits in three months", 2_500_000, 3, 30_000, 70_000),
        ("nothing paid", 0, 3, 0, 0),
    ],
)
def test_minimum(why: str, gross: int, months: int, employer: int, total: int) -> None:
    needed = minimum(np.array([gross]), months, BOOK, DAY)
    assert (needed[0][0], needed[1][0]) == (employer, total), why


@given(st.integers(0, 10**9), st.integers(1, 12))
def test_the_employers_part_is_never_the_greater(gross: int, months: int) -> None:
    employer, total = minimum(np.array([gross]), months, BOOK, DAY)
    assert 0 <= employer[0] <= total[0]


EXEMPT = [aepn(status="Exempt", employee_rate=0, employer_rate=0)]
NOTHING = {"ae_employee": 0, "ae_employer": 0}


def months(**pension: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Three monthly payments of 4,000.00 with these pension amounts in each."""
    paid = [
        line(**NOTHING, **pension, gross_pay=400_000, pay_frequency="MONTHLY", pay_date=day)
        for day in ("2026-11-26", "2026-10-28", "2026-09-28")
    ]
    return paid[:1], paid[1:]


@pytest.mark.parametrize(
    ("why", "pension", "expected"),
    [
        ("employer 1.5 %, both 3.5 %", {"employer_rbs": 6000, "employee_rbs": 8000}, set()),
        ("employer a cent short each month", {"employer_rbs": 5999, "employee_rbs": 8100}, {"employer-part"}),
        ("both a cent short each month", {"employer_rbs": 6000, "employee_rbs": 7999}, {"both-together"}),
        ("employer alone 3.5 %", {"employer_prsa": 14000}, set()),
        ("employee alone, however much", {"employee_prsa": 40000}, {"employer-part"}),
        ("both limbs", {"employer_rbs": 5999, "employee_rbs": 5000}, {""}),
        (
            "additional contributions count to the total",
            {"employer_rbs": 6000, "employee_rbs": 1000, "employee_avc": 7000},
            set(),
        ),
        ("a RAC: the test has not been seen", {"employee_rac": 1000}, {"open"}),
        ("a PEPP: neither", {"employee_pepp": 1000, "employer_pepp": 1000}, {"open"}),
    ],
)
def test_three_months(why: str, pension: dict[str, int], expected: set[str]) -> None:
    lines, history = months(**pension)
    told = [one for one in found(case(lines, EXEMPT, history)) if one.code == "exemption-below-minimum"]
    assert {one.cause for one in told} == expected, why


def test_the_shortfall_in_euro() -> None:
    """12,000.00 in three months need 180.00 and 420.00; 50.00 and 60.00 a month leave 30.00 and 90.00."""
    lines, history = months(employer_rbs=5000, employee_rbs=6000)
    told = exemption(case(lines, EXEMPT, history))
    assert told is not None
    row = told.iloc[0]
    assert (row["gross"], row["employer_short"], row["total_short"]) == (1_200_000, 3000, 9000)
    assert (row["employer_short_year"], row["total_short_year"]) == (12000, 36000)


def test_never_from_one_payslip() -> None:
    lines, _ = months(employer_rbs=1)
    assert not [one for one in found(case(lines, EXEMPT)) if one.code == "exemption-below-minimum"]


def test_an_enrolled_employment_is_not_assessed() -> None:
    lines, history = months(employer_rbs=1)
    assert not [one for one in found(case(lines, [aepn()], history)) if one.code == "exemption-below-minimum"]


def test_employments_are_assessed_each_by_itself() -> None:
    """s.51 is about an employment: the second job's pension does not help the first."""
    lines, history = months(employer_rbs=5000, employee_rbs=6000)
    other = ppsn(1000002)
    good = [{**one, "ppsn": other, "employer_rbs": 6000, "employee_rbs": 8000} for one in (*lines, *history)]
    told = exemption(case([*lines, good[0]], EXEMPT, [*history, *good[1:]]))
    assert told is not None
    assert told["employer_short"].tolist() == [3000, 0]


def test_a_scheme_whose_contributions_are_not_seen_is_open_from_the_first_cent() -> None:
    lines, history = months()
    told = exemption(case([{**lines[0], "employee_rac": 1}], EXEMPT, history))
    assert told is not None
    assert (told["open"].tolist(), told["total"].tolist()) == ([True], [1])


def test_only_who_is_assessed_has_a_row() -> None:
    """Of three employments the first has no pension and the second a single payslip."""
    lines, history = months(employer_rbs=5000, employee_rbs=6000)
    without = [{**one, "ppsn": ppsn(1000002), "employer_rbs": None, "employee_rbs": None} for one in (*lines, *history)]
    single = {**lines[0], "ppsn": ppsn(1000003)}
    told = exemption(case([without[0], single, *lines], EXEMPT, [*without[1:], *history]))
    assert told is not None
    assert (told.index.tolist(), told["line"].tolist(), told["payments"].tolist()) == ([0], [2], [3])
    nobody = exemption(case([without[0], single], EXEMPT, without[1:]))
    assert nobody is not None
    assert (list(nobody.columns), len(nobody)) == (["line"], 0)
