"""Who may be next: the tests of s.50 as far as one employer's files show them. One row one case."""

import datetime as dt
from typing import Any

import pytest

from autoenroll_desktop.rules.expectation import threshold_in_window
from tests.making import aepn, case, found, line, ppsn

SOMEBODY_ELSE = [aepn(ppsn=ppsn(7654321), status="Left")]
"""AEPNs were fetched, and none is about the person on the line."""
NOTHING = {"ae_employee": 0, "ae_employer": 0}
TOPIC = {"looks-eligible", "threshold-ahead", "birthday-ahead"}


def told(lines: list[dict[str, Any]], history: list[dict[str, Any]] | None = None, rows: Any = None) -> set[str]:
    made = case(lines, SOMEBODY_ELSE if rows is None else rows, history)
    return {one.key for one in found(made) if one.code in TOPIC}


def test_t4_the_threshold_is_proportionate() -> None:
    """T4: EUR 20,000 a year is EUR 5,000.00 in 13 weeks (s.50(3))."""
    assert threshold_in_window(2_000_000, 13) == 500_000


@pytest.mark.parametrize(
    ("why", "changes", "expected"),
    [
        ("T4: just 5,000.00", {"gross_pay": 500_000}, {"looks-eligible"}),
        ("T5: 4,999.99", {"gross_pay": 499_999}, {"threshold-ahead"}),
        ("born 2003-11-26, 23 today (T13)", {"gross_pay": 500_000, "date_of_birth": "2003-11-26"}, {"looks-eligible"}),
        (
            "22 until tomorrow (T13)",
            {"gross_pay": 500_000, "date_of_birth": "2003-11-27"},
            {"birthday-ahead/enrolment-age"},
        ),
        (
            "59 until tomorrow (T14)",
            {"gross_pay": 500_000, "date_of_birth": "1966-11-27"},
            {"looks-eligible", "birthday-ahead/enrolment-age-end"},
        ),
        ("60 today (T14)", {"gross_pay": 500_000, "date_of_birth": "1966-11-26"}, set()),
        ("birth not known", {"gross_pay": 500_000, "date_of_birth": None}, set()),
        ("own pension", {"gross_pay": 500_000, "employee_rbs": 1000}, set()),
        ("class S", {"gross_pay": 500_000, "prsi_class": "S1"}, set()),
        ("class A", {"gross_pay": 500_000, "prsi_class": "A1"}, {"looks-eligible"}),
        ("class J and S", {"gross_pay": 500_000, "prsi_class": "J0 S1"}, {"looks-eligible"}),
        ("384.61 a week never gets there", {"gross_pay": 38_461}, set()),
        ("384.62 a week does", {"gross_pay": 38_462}, {"threshold-ahead"}),
        ("no frequency, no pace", {"gross_pay": 400_000, "pay_frequency": None}, set()),
        ("no PPSN", {"gross_pay": 500_000, "ppsn": None}, set()),
    ],
)
def test_one_payment(why: str, changes: dict[str, Any], expected: set[str]) -> None:
    assert told([line(**NOTHING, **changes)]) == expected, why


def weeks(count: int, gross: int) -> list[dict[str, Any]]:
    """Weekly payments before 26 November 2026, the latest a week before."""
    last = dt.date(2026, 11, 26)
    return [line(**NOTHING, gross_pay=gross, pay_date=f"{last - dt.timedelta(weeks=at)}") for at in range(1, count + 1)]


@pytest.mark.parametrize(
    ("why", "count", "gross", "expected"),
    [
        ("13 payments of 384.62", 12, 38_462, {"looks-eligible"}),
        ("12 payments of 384.62", 11, 38_462, {"threshold-ahead"}),
        ("the 14th week back counts no more", 40, 38_461, set()),
    ],
)
def test_look_back_of_thirteen_weeks(why: str, count: int, gross: int, expected: set[str]) -> None:
    assert told([line(**NOTHING, gross_pay=gross)], weeks(count, gross)) == expected, why


def test_the_day_the_threshold_is_reached() -> None:
    """1,000.00 a week, two payments so far: the fifth is three weeks away."""
    made = case([line(**NOTHING, gross_pay=100_000)], SOMEBODY_ELSE, weeks(1, 100_000))
    ahead = next(one for one in found(made) if one.code == "threshold-ahead")
    assert str(ahead.fact("day", 0))[:10] == "2026-12-17"


def test_all_employments_count_together() -> None:
    """Two employments of 2,500.00 each with one employer (s.50(2)(c)); the person is spoken of once."""
    lines = [
        line(**NOTHING, gross_pay=250_000),
        line(**NOTHING, gross_pay=250_000, employment_id="2", line_item_id="L2"),
    ]
    made = case(lines, SOMEBODY_ELSE)
    assert [len(one) for one in found(made) if one.code == "looks-eligible"] == [1]


@pytest.mark.parametrize(
    ("why", "born", "expected"),
    [
        ("66 in 21 days", "1960-12-17", {"birthday-ahead/pensionable-age"}),
        ("66 in 22 days", "1960-12-18", set()),
        ("66 today", "1960-11-26", set()),
        ("23 does not matter to an enrolled person", "2003-12-01", set()),
        ("60 does not either", "1966-12-01", set()),
    ],
)
def test_birthdays_of_an_enrolled_person(why: str, born: str, expected: set[str]) -> None:
    assert told([line(date_of_birth=born)], rows=[aepn()]) == expected, why


def test_a_leap_day_birthday() -> None:
    """Born on 29 February 1968: 66 on 29 February 2034 does not exist, so 1 March (no convention in the Act)."""
    made = case([line(pay_date="2034-02-23", tax_year=2034, date_of_birth="1968-02-29", ae_employee=9000, ae_employer=9000)],
                [aepn(employee_rate=450, employer_rate=450)])  # fmt: skip
    ahead = next(one for one in found(made) if one.code == "birthday-ahead")
    assert str(ahead.fact("day", 0)) == "2034-03-01"


def test_nothing_is_expected_without_aepns() -> None:
    assert told([line(**NOTHING, gross_pay=500_000)], rows=[]) == set()
