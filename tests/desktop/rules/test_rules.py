"""Every rule: a case where it holds, and the right case, which none of them may touch."""

import datetime as dt
from typing import Any

import pytest

from autoenroll_desktop.rules.catalogue import TESTS
from tests.making import NOW, aepn, case, codes, found, line, ppsn

Rows = list[dict[str, Any]]
OTHER = ppsn(1000002)


def test_a_right_line_has_no_finding() -> None:
    assert codes(case([line()])) == set()


LINE_CASES: list[tuple[str, dict[str, Any], set[str]]] = [
    # identity (scheme rules 5.1-5.3)
    ("no PPSN", {"ppsn": None, "ae_employee": 0, "ae_employer": 0}, {"ppsn-missing", "aepn-not-on-payroll", "payroll-without-aepn"}),
    ("new starter", {"ppsn": None, "start_date": "2026-11-10", "ae_employee": 0, "ae_employer": 0},
     {"ppsn-missing/new-starter", "aepn-not-on-payroll", "payroll-without-aepn"}),
    ("wrong letter", {"ppsn": ppsn(1000001)[:7] + "WA"}, {"ppsn-check-letter"}),
    ("digit missing", {"ppsn": ppsn(1000001)[1:]}, {"ppsn-format"}),
    ("zero too many", {"ppsn": "0" + ppsn(1000001)}, {"ppsn-zero-padded"}),
    ("no employment ID", {"employment_id": None}, {"employment-id-missing"}),
    ("ID with a space", {"employment_id": "a b"}, {"employment-id-format", "aepn-employment-id-mismatch"}),
    ("ID 01 for 1", {"employment_id": "01"}, {"employment-id-case"}),
    ("ID 2 for 1", {"employment_id": "2"}, {"aepn-employment-id-mismatch"}),
    ("no first name", {"first_name": None}, {"name-missing/first-name"}),
    ("50 characters", {"family_name": "O" * 50}, set()),
    ("51 characters", {"family_name": "O" * 51}, {"name-too-long/family-name"}),
    ("curly apostrophe", {"family_name": "O’Brien"}, {"name-characters/family-name"}),
    ("plain apostrophe", {"family_name": "O'Brien-Ní Dhálaigh"}, set()),
    ("ö", {"first_name": "Jörg"}, {"name-characters/first-name"}),
    ("born unknown", {"date_of_birth": None}, {"date-of-birth-missing"}),
    ("born today", {"date_of_birth": "2026-11-26"}, {"date-of-birth-implausible"}),
    ("13 years old", {"date_of_birth": "2012-11-27"}, {"date-of-birth-implausible"}),
    ("14 years old", {"date_of_birth": "2012-11-26"}, set()),
    ("over 130", {"date_of_birth": "1896-11-26", "ae_employee": 0, "ae_employer": 0}, {"date-of-birth-implausible"}),
    ("employer check", {"employer_registration_number": "8000074EH"}, {"employer-number-check", "aepn-not-loaded", "contribution-without-aepn", "payroll-without-aepn", "threshold-ahead"}),
    ("employer shape", {"employer_registration_number": "80"}, {"employer-number-format", "aepn-not-loaded", "contribution-without-aepn", "payroll-without-aepn", "threshold-ahead"}),
    # pay run
    ("no pay date", {"pay_date": None}, {"pay-date-missing"}),
    ("other year", {"tax_year": 2025}, {"pay-date-outside-tax-year"}),
    ("before the scheme", {"pay_date": "2025-12-31", "tax_year": 2025}, {"pay-date-before-scheme"}),
    ("no gross", {"gross_pay": None}, {"gross-missing"}),
    ("negative gross", {"gross_pay": -100}, {"gross-negative"}),
    ("zero gross", {"gross_pay": 0, "ae_employee": 0, "ae_employer": 0}, {"gross-zero"}),
    ("paid on a Saturday", {"pay_date": "2026-11-28"}, {"pay-date-not-a-banking-day/weekend"}),
    ("frequency misspelt", {"pay_frequency": "WEKLY"}, {"pay-frequency-unknown"}),
    ("no frequency", {"pay_frequency": None}, set()),
    ("period 0", {"pay_period": 0}, {"pay-period-out-of-range"}),
    ("weekly 1", {"pay_period": 1}, set()),
    ("weekly 52", {"pay_period": 52}, set()),
    ("weekly 53", {"pay_period": 53}, {"extra-pay-period"}),
    ("weekly 54", {"pay_period": 54}, {"pay-period-out-of-range"}),
    ("fortnightly 27", {"pay_frequency": "FORTNIGHTLY", "pay_period": 27}, {"extra-pay-period"}),
    ("fortnightly 28", {"pay_frequency": "FORTNIGHTLY", "pay_period": 28}, {"pay-period-out-of-range"}),
    ("four-weekly 14", {"pay_frequency": "FOUR_WEEKLY", "pay_period": 14}, {"extra-pay-period"}),
    ("monthly 12", {"pay_frequency": "MONTHLY", "pay_period": 12}, set()),
    ("monthly 13", {"pay_frequency": "MONTHLY", "pay_period": 13}, {"pay-period-out-of-range"}),
    ("no run reference", {"payroll_run_reference": None}, {"run-reference-missing"}),
    ("100,000 in one payment", {"gross_pay": 10_000_000, "ae_employee": 150000, "ae_employer": 150000}, {"contribution-over-cap"}),
    ("a cent more", {"gross_pay": 10_000_001, "ae_employee": 150000, "ae_employer": 150000}, {"contribution-over-cap", "gross-implausible/large"}),
    ("class A1", {"prsi_class": "A1"}, set()),
    ("class AX", {"prsi_class": "AX"}, set()),
    ("two classes", {"prsi_class": "A1 J0"}, set()),
    ("class Q1", {"prsi_class": "Q1"}, {"prsi-class-unknown"}),
    ("class A12", {"prsi_class": "A12"}, {"prsi-class-unknown"}),
    ("class S1 with a contribution", {"prsi_class": "S1"}, {"prsi-class-outside-scheme"}),
    ("class M", {"prsi_class": "M"}, {"prsi-class-outside-scheme"}),
    ("class K1", {"prsi_class": "K1"}, {"prsi-class-outside-scheme"}),
    ("partly S", {"prsi_class": "A1 S1"}, set()),
    ("left today", {"leave_date": "2026-11-26"}, set()),
    ("left yesterday", {"leave_date": "2026-11-25"}, {"paid-after-leaving"}),
    # own pension (s.51, PSR items 40-60)
    ("leak, employee", {"employee_prsa": 3000}, {"pension-field-holds-contribution/employee-prsa"}),
    ("leak, employer", {"employer_rbs": 3000}, {"pension-field-holds-contribution/employer-rbs"}),
    ("leak in a PSR", {"ae_employee": None, "ae_employer": None, "employee_rbs": 3000}, {"pension-field-holds-contribution/employee-rbs"}),
    ("a cent off is no leak", {"employee_prsa": 3001}, {"pension-and-contribution"}),
    # contributions (s.57-s.61)
    ("nothing taken", {"ae_employee": 0, "ae_employer": 0}, {"contribution-missing"}),
    ("a cent off", {"ae_employee": 2999, "ae_employer": 2999}, {"contribution-rounding"}),
    ("two cents off", {"ae_employee": 2998, "ae_employer": 2998}, {"contribution-amount/unexplained"}),
    ("basic only", {"basic_pay": 150000, "ae_employee": 2250, "ae_employer": 2250}, {"contribution-amount/base-basic"}),
    ("net pay", {"net_pay": 140000, "ae_employee": 2100, "ae_employer": 2100}, {"contribution-amount/base-net"}),
    ("after pension", {"employee_rbs": 10000, "ae_employee": 2850, "ae_employer": 2850}, {"contribution-amount/base-after-pension", "pension-and-contribution"}),
    ("BIK left out", {"taxable_benefits": 20000, "ae_employee": 2700, "ae_employer": 2700}, {"contribution-amount/base-without-benefits"}),
    ("rate of 2029", {"ae_employee": 6000, "ae_employer": 6000}, {"contribution-amount/rate-2029"}),
    ("state rate", {"ae_employee": 1000, "ae_employer": 1000}, {"contribution-amount/rate-state"}),
    ("all three shares", {"ae_employee": 7000, "ae_employer": 7000}, {"contribution-amount/rate-total"}),
    ("decimal point", {"ae_employee": 300, "ae_employer": 300}, {"contribution-amount/decimal-point"}),
    ("limit by week", {"ae_employee": 2308, "ae_employer": 2308}, {"contribution-amount/base-limit-by-period"}),
    ("above threshold", {"ae_employee": 2423, "ae_employer": 2423}, {"contribution-amount/base-above-threshold"}),
    ("employer doubled", {"ae_employer": 6000}, {"contribution-amount/rate-both-shares", "contribution-shares-differ"}),
    ("66 today", {"date_of_birth": "1960-11-26"}, {"contribution-after-66"}),
    ("66 tomorrow", {"date_of_birth": "1960-11-27"}, {"birthday-ahead/pensionable-age"}),
    ("crosses, operation", {"ytd_gross": 8_150_000}, {"contribution-over-cap"}),
    ("crosses, statute", {"ytd_gross": 8_150_000, "ae_employee": 750, "ae_employer": 750}, {"contribution-over-cap"}),
    ("crosses, neither", {"ytd_gross": 8_150_000, "ae_employee": 1234, "ae_employer": 1234}, {"contribution-over-cap/fits-no-reading"}),
    ("over, nothing taken", {"ytd_gross": 8_400_000, "ae_employee": 0, "ae_employer": 0}, {"contribution-over-cap"}),
    ("USC lowered", {"pay_for_usc": 197000}, {"contribution-lowers-tax/pay-for-usc"}),
    ("PRSI lowered", {"pay_for_employee_prsi": 197000}, {"contribution-lowers-tax/pay-for-employee-prsi"}),
    ("tax lowered", {"pay_for_income_tax": 187000, "employee_rbs": 10000}, {"contribution-lowers-tax/pay-for-income-tax", "pension-and-contribution"}),
    ("pension relief is right", {"pay_for_income_tax": 190000, "employee_rbs": 10000}, {"pension-and-contribution"}),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), [row[1:] for row in LINE_CASES], ids=[row[0] for row in LINE_CASES])
def test_one_line(changes: dict[str, Any], expected: set[str]) -> None:
    assert codes(case([line(**changes)])) == expected


AEPN_CASES: list[tuple[str, Rows, set[str]]] = [
    ("no snapshot", [], {"aepn-not-loaded"}),
    ("other employer's", [aepn(employer_registration_number="3390617EH")], {"aepn-not-loaded", "contribution-without-aepn", "payroll-without-aepn", "threshold-ahead"}),
    ("nobody's AEPN", [aepn(ppsn=OTHER)], {"aepn-not-on-payroll", "contribution-without-aepn", "payroll-without-aepn", "threshold-ahead"}),
    ("opted out", [aepn(status="Opted-out")], {"contribution-not-due/aepn-opted-out"}),
    ("suspended", [aepn(status="SUSPENDED")], {"contribution-not-due/aepn-suspended"}),
    ("exempt", [aepn(status="exempt")], {"contribution-not-due/aepn-exempt"}),
    ("ceased", [aepn(status="Ceased")], {"contribution-not-due/aepn-ceased"}),
    ("left", [aepn(status="Leaver")], {"contribution-not-due/aepn-left"}),
    ("enrolled in error", [aepn(status="De-enrolled")], {"contribution-not-due/aepn-de-enrolled"}),
    ("0 %", [aepn(employee_rate=0, employer_rate=0)], {"contribution-not-due/aepn-zero-rate"}),
    ("ended yesterday", [aepn(end_date="2026-11-25")], {"contribution-not-due/aepn-ended"}),
    ("ends today", [aepn(end_date="2026-11-26")], set()),
    ("starts tomorrow", [aepn(effective_date="2026-11-27")], {"contribution-before-effective-date"}),
    ("starts today", [aepn(effective_date="2026-11-26")], set()),
    ("unknown word", [aepn(status="Pending")], {"aepn-unknown-status"}),
    ("no rates", [aepn(employee_rate=None, employer_rate=None)], {"aepn-unknown-status/no-rates"}),
    ("3 %", [aepn(employee_rate=300, employer_rate=300)], {"aepn-rate-not-statutory", "contribution-amount/rate-2026"}),
    ("two alike", [aepn(), aepn()], {"aepn-duplicate"}),
    ("later issue governs", [aepn(), aepn(issue_date="2026-06-01", status="Opted out", effective_date="2026-06-01")], {"contribution-not-due/aepn-opted-out"}),
    ("future change waits", [aepn(), aepn(issue_date="2026-11-20", status="Opted out", effective_date="2026-12-01")], set()),
    ("fetched last night", [aepn(downloaded_at=dt.datetime(2026, 11, 25, 23, 59, tzinfo=dt.UTC))], {"aepn-stale"}),
    ("fetched after midnight", [aepn(downloaded_at=dt.datetime(2026, 11, 26, 0, 1, tzinfo=dt.UTC))], set()),
    ("somebody left out", [aepn(), aepn(ppsn=OTHER)], {"aepn-not-on-payroll"}),
    ("may opt out now", [aepn(effective_date="2026-05-01")], {"opt-out-window/window-open"}),
    ("leaver not on payroll", [aepn(), aepn(ppsn=OTHER, status="Left")], set()),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), [row[1:] for row in AEPN_CASES], ids=[row[0] for row in AEPN_CASES])
def test_one_aepn(rows: Rows, expected: set[str]) -> None:
    assert codes(case([line()], rows)) == expected


def test_suffix_rules() -> None:
    number = "1234567TW"
    assert codes(case([line(ppsn=number)], [aepn(ppsn=number)])) == {"ppsn-old-suffix"}
    number = "6433435IH"
    assert codes(case([line(ppsn=number)], [aepn(ppsn=number)])) == {"ppsn-second-letter/not-a-person"}
    number = ppsn(1000001, "C")
    assert codes(case([line(ppsn=number)], [aepn(ppsn=number)])) == {"ppsn-second-letter"}


def test_masked_ppsn() -> None:
    assert "ppsn-masked" in codes(case([line(ppsn="•••••01S")]))


def test_shared_ppsn_names_both_people() -> None:
    lines = [line(), line(employment_id="2", family_name="Walsh", first_name="Ann", line_item_id="L2")]
    shared = [one for one in found(case(lines, [aepn(), aepn(employment_id="2")])) if one.code == "ppsn-shared"]
    assert [len(one) for one in shared] == [2]
    married = [line(), line(employment_id="2", family_name="Walsh", line_item_id="L2")]
    assert "ppsn-shared" not in codes(case(married, [aepn(), aepn(employment_id="2")]))


def test_doubles() -> None:
    assert codes(case([line(), line(line_item_id="L2")])) == {"payment-duplicate"}
    assert codes(case([line(), line(gross_pay=100000, ae_employee=1500, ae_employer=1500)])) == {"line-item-duplicate"}


HISTORY_CASES: list[tuple[str, dict[str, Any], Rows, Rows | None, set[str]]] = [
    ("same as last period", {}, [line(pay_date="2026-11-19")], None, set()),
    ("other PPSN last period", {}, [line(pay_date="2026-11-19", ppsn=OTHER)], None, {"ppsn-changed"}),
    ("other ID last period", {}, [line(pay_date="2026-11-19", employment_id="9")], None, {"employment-id-changed"}),
    ("two weeks later", {}, [line(pay_date="2026-11-12")], None, {"period-gap"}),
    ("the next period", {"pay_period": 48}, [line(pay_date="2026-11-19", pay_period=47)], None, set()),
    ("a period left out", {"pay_period": 48}, [line(pay_date="2026-11-19", pay_period=46)], None, {"period-gap"}),
    ("first period of the year", {"pay_date": "2027-01-07", "tax_year": 2027, "pay_period": 1}, [line(pay_date="2026-12-31", pay_period=53)], None, set()),
    ("same period again", {"pay_period": 48}, [line(pay_date="2026-11-24", pay_period=48)], None, {"period-overlap"}),
    ("same pay date again", {}, [line()], None, {"period-overlap"}),
    ("same period last year", {"pay_period": 48}, [line(pay_date="2025-11-27", tax_year=2025, pay_period=48)], None, {"period-gap"}),
    ("19.99 % more", {"gross_pay": 199999, "ae_employee": 3000, "ae_employer": 3000}, [line(pay_date="2026-11-19", gross_pay=166680, ae_employee=2500)], None, set()),
    ("20 % more", {}, [line(pay_date="2026-11-19", gross_pay=166600, ae_employee=2499)], None, {"change-unexplained/pay-changed"}),
    ("hours: basic pay as before", {"basic_pay": 100000}, [line(pay_date="2026-11-19", gross_pay=100000, basic_pay=100000, ae_employee=1500)], None, set()),
    ("under 50 euro", {"gross_pay": 4900, "ae_employee": 74, "ae_employer": 74}, [line(pay_date="2026-11-19", gross_pay=100, ae_employee=2)], None, set()),
    ("other frequency", {"pay_frequency": "MONTHLY"}, [line(pay_date="2026-11-19", gross_pay=50000, ae_employee=750)], None, set()),
    ("started in the last period", {"start_date": "2026-11-16"}, [line(pay_date="2026-11-19", gross_pay=50000, ae_employee=750)], None, set()),
    ("the AEPN has begun", {}, [line(pay_date="2026-11-19", ae_employee=0, ae_employer=0)], None, set()),
    ("usual pay, then ten times", {"gross_pay": 2_000_000, "ae_employee": 30000, "ae_employer": 30000},
     [line(pay_date=f"2026-{month}-{day}") for month, day in (("10", "29"), ("11", "05"), ("11", "12"), ("11", "19"))], None,
     {"gross-implausible/unusual", "change-unexplained/pay-changed"}),
    ("three earlier payments are few", {"gross_pay": 2_000_000, "ae_employee": 30000, "ae_employer": 30000},
     [line(pay_date=f"2026-{month}-{day}") for month, day in (("11", "05"), ("11", "12"), ("11", "19"))], None, {"change-unexplained/pay-changed"}),
    ("pension gone", {}, [line(pay_date="2026-11-19", employee_rbs=10000)], None, {"pension-gone-to-zero"}),
    ("overpayment off net pay", {"net_pay": 140000}, [line(pay_date="2026-11-19", net_pay=160000)], None, {"deduction-not-gross"}),
    ("net pay falls by a tenth", {"net_pay": 144000}, [line(pay_date="2026-11-19", net_pay=160000)], None, set()),
    ("left and came back", {"start_date": "2026-11-20"}, [line(pay_date="2026-11-12", leave_date="2026-11-12")], None, {"employment-id-reused", "period-gap"}),
    ("ID 1 was 01, no AEPN", {"ae_employee": 0, "ae_employer": 0}, [line(pay_date="2026-11-19", employment_id="01")], [aepn(ppsn=OTHER)],
     {"employment-id-case/last-period", "aepn-not-on-payroll", "payroll-without-aepn", "threshold-ahead"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "history", "rows", "expected"),
    [row[1:] for row in HISTORY_CASES],
    ids=[row[0] for row in HISTORY_CASES],
)
def test_against_earlier_periods(changes: dict[str, Any], history: Rows, rows: Rows | None, expected: set[str]) -> None:
    earlier = [{**one, "payroll_run_reference": "R0"} for one in history]
    assert codes(case([line(**changes)], rows, earlier)) == expected


def test_monthly_staff_are_not_missed_in_a_weekly_run() -> None:
    history = [line(pay_date="2026-10-30", ppsn=OTHER, pay_frequency="MONTHLY", works_number="9", line_item_id="M1")]
    assert codes(case([line()], [aepn(), aepn(ppsn=OTHER)], history)) == set()


def test_changes_since_the_last_snapshot() -> None:
    before = dt.datetime(2026, 11, 19, 8, tzinfo=dt.UTC)
    rows = [
        aepn(status="Opted out", employee_rate=0, employer_rate=0),
        aepn(file=1, downloaded_at=before),
        aepn(file=1, downloaded_at=before, ppsn=OTHER),
    ]
    told = {one.key: len(one) for one in found(case([line()], rows)) if one.code == "aepn-changed"}
    assert told == {"aepn-changed/changed": 1, "aepn-changed/gone": 1}


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (dt.datetime(2026, 11, 26, 14, 30, tzinfo=dt.UTC), set()),
        (dt.datetime(2026, 11, 26, 14, 31, tzinfo=dt.UTC), {"cut-off-near"}),
        (dt.datetime(2026, 11, 26, 18, 30, tzinfo=dt.UTC), {"cut-off-near"}),
        (dt.datetime(2026, 11, 26, 18, 31, tzinfo=dt.UTC), {"cut-off-passed"}),
        (dt.datetime(2026, 11, 28, 9, 0, tzinfo=dt.UTC), {"cut-off-passed"}),
    ],
)
def test_cut_off(now: dt.datetime, expected: set[str]) -> None:
    rows = [aepn(downloaded_at=dt.datetime(2026, 11, 26, 8, tzinfo=dt.UTC))]
    assert codes(case([line()], rows, now=now), without=()) == expected


def test_a_psr_without_amounts_is_not_blamed_for_them() -> None:
    assert codes(case([line(ae_employee=None, ae_employer=None)])) == set()


def test_two_jobs_and_an_unclear_id() -> None:
    rows = [aepn(employment_id="1"), aepn(employment_id="2")]
    assert codes(case([line(employment_id="3")], rows)) == {"aepn-employment-id-mismatch/several"}


def test_an_empty_run_has_no_finding_and_no_error() -> None:
    assert codes(case([], [aepn()])) == set()
    assert codes(case([], [])) == set()


def test_every_rule_has_a_case() -> None:
    """Rules whose cases stand in this file, in `test_expectation` and `test_exemption` or in the tests of the check."""
    told = {key for row in LINE_CASES for key in row[2]} | {key for row in AEPN_CASES for key in row[2]}
    told |= {key for row in HISTORY_CASES for key in row[4]}
    told |= {"ppsn-masked", "ppsn-old-suffix", "ppsn-second-letter", "ppsn-shared", "payment-duplicate", "aepn-changed"}
    told |= {"line-item-duplicate", "cut-off-near", "cut-off-passed", "duplicate-file", "employer-number-missing"}
    told |= {
        "notice-overdue",
        "submission-duplicate",
        "looks-eligible",
        "threshold-ahead",
        "birthday-ahead",
        "exemption-below-minimum",
    }
    assert set(TESTS) - {key.split("/")[0] for key in told} == set()


def test_employer_number_missing() -> None:
    rows = [aepn(employer_registration_number=None)]
    assert codes(case([line(employer_registration_number=None)], rows)) == {"employer-number-missing"}


def test_now_is_an_argument() -> None:
    assert case([line()]).now == NOW
