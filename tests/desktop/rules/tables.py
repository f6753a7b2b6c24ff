"""What the rules must find, as tables: one row, one situation, by what differs from a line with nothing wrong.

The same rows are checked one at a time (`test_rules`), all together as the employers of one office, and word for word
against `told.txt` (`test_together`).
"""

import datetime as dt
from typing import Any, NamedTuple

from tests.making import NOW, aepn, line, ppsn

Rows = list[dict[str, Any]]
OTHER = ppsn(1000002)
NOTHING = {"ae_employee": 0, "ae_employer": 0}
NOBODY = [aepn(ppsn=ppsn(7654321), status="Left")]
"""AEPNs were fetched, and none is about the people on the lines."""

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
    ("employer check", {"employer_registration_number": "8000074EH"}, {"employer-number-check", "aepn-not-loaded"}),
    ("employer shape", {"employer_registration_number": "80"}, {"employer-number-format", "aepn-not-loaded"}),
    # pay run
    ("no pay date", {"pay_date": None}, {"pay-date-missing"}),
    ("other year", {"tax_year": 2025}, {"pay-date-outside-tax-year"}),
    ("before the scheme", {"pay_date": "2025-12-31", "tax_year": 2025, "ae_employee": 0, "ae_employer": 0}, {"pay-date-before-scheme"}),
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
    ("a cent of pension beside the contribution", {"employee_rbs": 1}, {"pension-and-contribution"}),
    # contributions (s.57-s.61)
    ("nothing taken", {"ae_employee": 0, "ae_employer": 0}, {"contribution-missing"}),
    ("a cent off", {"ae_employee": 2999, "ae_employer": 2999}, {"contribution-rounding"}),
    ("two cents off", {"ae_employee": 2998, "ae_employer": 2998}, {"contribution-amount/unexplained"}),
    ("basic only", {"basic_pay": 150000, "ae_employee": 2250, "ae_employer": 2250}, {"contribution-amount/base-basic"}),
    ("basic only, a cent over", {"basic_pay": 150000, "ae_employee": 2251, "ae_employer": 2251}, {"contribution-amount/base-basic"}),
    ("basic only, two cents over", {"basic_pay": 150000, "ae_employee": 2252, "ae_employer": 2252}, {"contribution-amount/unexplained"}),
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


AEPN_CASES: list[tuple[str, Rows, set[str]]] = [
    ("no snapshot", [], {"aepn-not-loaded"}),
    ("other employer's", [aepn(employer_registration_number="3390617EH")], {"aepn-not-loaded"}),
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


HISTORY_CASES: list[tuple[str, dict[str, Any], Rows, Rows | None, set[str]]] = [
    ("same as last period", {}, [line(pay_date="2026-11-19")], None, set()),
    ("other PPSN last period", {}, [line(pay_date="2026-11-19", ppsn=OTHER)], None, {"ppsn-changed"}),
    ("other ID last period", {}, [line(pay_date="2026-11-19", employment_id="9")], None, {"employment-id-changed"}),
    ("two weeks later", {}, [line(pay_date="2026-11-12")], None, {"period-gap"}),
    ("a month later, in a rhythm nobody named", {"pay_frequency": None}, [line(pay_date="2026-10-26", pay_frequency=None)], None, set()),
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


class Situation(NamedTuple):
    """Pay lines, AEPNs and earlier periods of one employer, and the keys (code/cause) they must lead to."""

    name: str
    lines: Rows
    aepns: Rows
    history: Rows
    expected: set[str]
    now: dt.datetime = NOW


def _suffix(number: str) -> tuple[Rows, Rows, Rows]:
    return [line(ppsn=number)], [aepn(ppsn=number)], []


def _weekly(count: int, **changes: Any) -> Rows:
    """Weekly payments before 26 November 2026, the latest a week before."""
    last = dt.date(2026, 11, 26)
    return [line(**{**changes, "pay_date": f"{last - dt.timedelta(weeks=at)}"}) for at in range(1, count + 1)]


def _months(**pension: int) -> tuple[Rows, Rows, Rows]:
    """Three monthly payments of 4,000.00 with these pension amounts in each, exempt."""
    paid = [
        line(**NOTHING, **pension, gross_pay=400_000, pay_frequency="MONTHLY", pay_date=day)
        for day in ("2026-11-26", "2026-10-28", "2026-09-28")
    ]
    return paid[:1], [aepn(status="Exempt", employee_rate=0, employer_rate=0)], paid[1:]


def _two(**second: Any) -> Rows:
    """The right line, and another one of the same person."""
    return [line(), line(**{"line_item_id": "L2", **second})]


LAST_WEEK = dt.datetime(2026, 11, 19, 8, tzinfo=dt.UTC)
SMALL = {"gross_pay": 100_000, "ae_employee": 1500, "ae_employer": 1500}
UNPAID = {**NOTHING, "gross_pay": 500_000}

SITUATIONS: list[Situation] = [
    Situation("nothing wrong", [line()], [aepn()], [], set()),
    # identity: suffixes (scheme rules 5.1)
    Situation("suffix W", *_suffix("1234567TW"), {"ppsn-old-suffix"}),
    Situation("suffix T", *_suffix("6433435FT"), {"ppsn-old-suffix"}),
    Situation("suffix X", *_suffix("6433435FX"), {"ppsn-old-suffix"}),
    Situation("suffix Z, passes with B", *_suffix("6433435AZ"), {"ppsn-old-suffix"}),
    Situation("suffix Z, passes with neither", *_suffix("6433435FZ"), {"ppsn-check-letter"}),
    Situation("suffix A", *_suffix("6433435OA"), set()),
    Situation("suffix B", *_suffix("6433435AB"), set()),
    Situation("no suffix", *_suffix("6433435F"), set()),
    Situation("suffix H", *_suffix("6433435IH"), {"ppsn-second-letter/not-a-person"}),
    Situation("suffix C", *_suffix(ppsn(1000001, "C")), {"ppsn-second-letter"}),
    Situation("suffix I", *_suffix(ppsn(1000001, "I")), {"ppsn-second-letter"}),
    Situation("masked", [line(ppsn="•••••01S")], [aepn()], [], {"ppsn-masked", "aepn-not-on-payroll", "payroll-without-aepn", "contribution-without-aepn", "threshold-ahead"}),
    Situation("one PPSN, two people", _two(employment_id="2", first_name="Ann", family_name="Walsh"), [aepn(), aepn(employment_id="2")], [],
              {"ppsn-shared"}),
    Situation("one PPSN, married name", _two(employment_id="2", family_name="Walsh"), [aepn(), aepn(employment_id="2")], [], set()),
    Situation("one PPSN, two dates of birth", _two(employment_id="2", date_of_birth="1991-05-05"), [aepn(), aepn(employment_id="2")], [], {"ppsn-shared"}),
    Situation("one PPSN, one birth not known", _two(employment_id="2", date_of_birth=None), [aepn(), aepn(employment_id="2")], [], {"date-of-birth-missing"}),
    Situation("wrong letter, nobody near", [line(ppsn="7000000AA", **NOTHING)], NOBODY, [],
              {"ppsn-check-letter", "payroll-without-aepn", "threshold-ahead"}),
    Situation("two digits exchanged", [line(ppsn=ppsn(1234567)[:3] + "54" + ppsn(1234567)[5:])], [aepn(ppsn=ppsn(1234567))], [], {"ppsn-check-letter"}),
    Situation("two digits exchanged, other name", [line(ppsn=ppsn(1234567)[:3] + "54" + ppsn(1234567)[5:])], [aepn(ppsn=ppsn(1234567), first_name="Ann")], [],
              {"ppsn-check-letter", "aepn-not-on-payroll", "payroll-without-aepn", "contribution-without-aepn", "threshold-ahead"}),
    Situation("PPSN changed, told by birth", [line(works_number=None)], [aepn()], [line(works_number=None, ppsn=OTHER, pay_date="2026-11-19")], {"ppsn-changed"}),
    Situation("PPSN of a namesake", [line(works_number="9", date_of_birth=None)], [aepn()], [line(ppsn=OTHER, pay_date="2026-11-19")], {"date-of-birth-missing"}),
    # identity: employment IDs (scheme rules 5.3)
    Situation("ID of 20 characters", [line(employment_id="a" * 20)], [aepn(employment_id="a" * 20)], [], set()),
    Situation("ID of 21 characters", [line(employment_id="a" * 21)], [aepn(employment_id="a" * 21)], [], {"employment-id-format"}),
    Situation("ID in small letters", [line(employment_id="e1")], [aepn(employment_id="E1")], [], {"employment-id-case"}),
    Situation("ID missing, two AEPNs", [line(employment_id=None)], [aepn(), aepn(employment_id="2")], [], {"employment-id-missing"}),
    Situation("ID missing, no PPSN either", [line(employment_id=None, ppsn=None, **NOTHING)], NOBODY, [], {"ppsn-missing", "payroll-without-aepn"}),
    Situation("two spellings on two lines", [line(**NOTHING), line(**{**SMALL, **NOTHING}, employment_id="01", line_item_id="L2")], NOBODY, [],
              {"employment-id-case/other-line", "payroll-without-aepn", "threshold-ahead"}),
    Situation("unclear which employment", [line(employment_id="3")], [aepn(), aepn(employment_id="2")], [], {"aepn-employment-id-mismatch/several"}),
    Situation("new ID after a leave date", [line(employment_id="2")], [aepn(employment_id="2")], [line(pay_date="2026-11-19", leave_date="2026-11-19")], set()),
    Situation("new ID after a new start", [line(employment_id="2", start_date="2026-11-20")], [aepn(employment_id="2")], [line(pay_date="2026-11-19")], set()),
    Situation("new ID, started before", [line(employment_id="2", start_date="2026-11-19")], [aepn(employment_id="2")], [line(pay_date="2026-11-19")], {"employment-id-changed"}),
    Situation("new ID beside the old one", _two(employment_id="2"), [aepn(), aepn(employment_id="2")], [line(pay_date="2026-11-19")], set()),
    Situation("back on the old ID next year", [line(pay_date="2027-01-07", tax_year=2027, start_date="2027-01-04")], [aepn()],
              [line(pay_date="2026-12-31", leave_date="2026-12-31")], set()),
    # identity: names and births
    Situation("51 letters in the first name", [line(first_name="O" * 51)], [aepn()], [], {"name-too-long/first-name"}),
    Situation("no family name", [line(family_name=None)], [aepn()], [], {"name-missing/family-name"}),
    Situation("130 years old today", [line(date_of_birth="1896-11-26", **NOTHING)], [aepn()], [], {"date-of-birth-implausible"}),
    Situation("130 tomorrow", [line(date_of_birth="1896-11-27", **NOTHING)], [aepn()], [], set()),
    Situation("born on 29 February, 14 on 1 March", [line(date_of_birth="2012-02-29", pay_date="2026-02-26", **NOTHING)], [aepn(effective_date="2026-03-01")], [], {"date-of-birth-implausible", "cut-off-passed"}),
    Situation("starter of 62 days without PPSN", [line(ppsn=None, start_date="2026-09-25", **NOTHING)], NOBODY, [], {"ppsn-missing/new-starter", "payroll-without-aepn"}),
    Situation("starter of 63 days without PPSN", [line(ppsn=None, start_date="2026-09-24", **NOTHING)], NOBODY, [], {"ppsn-missing", "payroll-without-aepn"}),
    # pay run
    Situation("two lines with one line item ID", [line(), line(**SMALL)], [aepn()], [], {"line-item-duplicate"}),
    Situation("one line item ID in two runs", [line(), line(**SMALL, payroll_run_reference="R2")], [aepn()], [], set()),
    Situation("the same payment twice", _two(), [aepn()], [], {"payment-duplicate"}),
    Situation("the same amount a day later", _two(pay_date="2026-11-27"), [aepn()], [], set()),
    Situation("the same payment of nothing", [line(**NOTHING | {"gross_pay": 0}), line(**NOTHING | {"gross_pay": 0}, line_item_id="L2")], [aepn()], [], {"gross-zero"}),
    Situation("sent before", [line(submission_id="S1")], [aepn()], [line(pay_date="2026-11-19", submission_id="S1", payroll_run_reference="R1", line_item_id="L1")],
              {"submission-duplicate", "line-item-duplicate/used-before"}),
    Situation("last day of the tax year", [line(pay_date="2026-12-31")], [aepn()], [], set()),
    Situation("first day of the next", [line(pay_date="2027-01-01")], [aepn()], [], {"pay-date-outside-tax-year", "pay-date-not-a-banking-day/public-holiday"}),
    Situation("second day of the scheme", [line(pay_date="2026-01-02")], [aepn()], [], {"cut-off-passed"}),
    Situation("day before the scheme, deducted", [line(pay_date="2025-12-31", tax_year=2025)], [aepn()], [], {"pay-date-before-scheme", "contribution-not-due/before-scheme"}),
    Situation("usual pay, three times", [line(gross_pay=600_000, ae_employee=9000, ae_employer=9000)], [aepn()], _weekly(4), {"change-unexplained/pay-changed"}),
    Situation("usual pay, a cent over three times", [line(gross_pay=600_001, ae_employee=9000, ae_employer=9000)], [aepn()], _weekly(4),
              {"gross-implausible/unusual", "change-unexplained/pay-changed"}),
    Situation("a third of usual pay", [line(gross_pay=66_667, ae_employee=1000, ae_employer=1000)], [aepn()], _weekly(4), {"change-unexplained/pay-changed"}),
    Situation("a cent under a third", [line(gross_pay=66_666, ae_employee=1000, ae_employer=1000)], [aepn()], _weekly(4),
              {"gross-implausible/unusual", "change-unexplained/pay-changed"}),
    Situation("pay that always varies", [line(gross_pay=620_000, ae_employee=9300, ae_employer=9300)], [aepn()],
              [line(pay_date=day, gross_pay=gross, ae_employee=gross * 3 // 200) for day, gross in (("2026-10-29", 100_000), ("2026-11-05", 160_000), ("2026-11-12", 220_000), ("2026-11-19", 280_000))],
              {"change-unexplained/pay-changed"}),
    Situation("net pay falls by more than a tenth, pension changed", [line(net_pay=140_000, employee_rbs=5000)], [aepn()], [line(pay_date="2026-11-19", net_pay=160_000)], {"pension-and-contribution"}),
    Situation("four-weekly 15", [line(pay_frequency="FOUR_WEEKLY", pay_period=15)], [aepn()], [], {"pay-period-out-of-range"}),
    Situation("week-based monthly 14", [line(pay_frequency="WK_BASED_MONTHLY", pay_period=14)], [aepn()], [], {"extra-pay-period"}),
    Situation("twice monthly 24", [line(pay_frequency="TWICE_MONTHLY", pay_period=24)], [aepn()], [], set()),
    Situation("twice monthly 25", [line(pay_frequency="TWICE_MONTHLY", pay_period=25)], [aepn()], [], {"pay-period-out-of-range"}),
    Situation("quarterly 5", [line(pay_frequency="QUARTERLY", pay_period=5)], [aepn()], [], {"pay-period-out-of-range"}),
    Situation("half-yearly 3", [line(pay_frequency="BI_ANNUAL", pay_period=3)], [aepn()], [], {"pay-period-out-of-range"}),
    Situation("annual 2", [line(pay_frequency="ANNUAL", pay_period=2)], [aepn()], [], {"pay-period-out-of-range"}),
    Situation("other 53", [line(pay_frequency="OTHER", pay_period=53)], [aepn()], [], {"pay-period-out-of-range"}),
    Situation("class in small letters", [line(prsi_class="a1")], [aepn()], [], set()),
    Situation("S1 without a contribution", [line(prsi_class="S1", **NOTHING)], [aepn(status="Exempt")], [], set()),
    # AEPN (scheme rules 3.1-3.4)
    Situation("AEPN for later, nobody on payroll", [line()], [aepn(), aepn(ppsn=OTHER, effective_date="2026-11-27")], [], set()),
    Situation("AEPN from today, nobody on payroll", [line()], [aepn(), aepn(ppsn=OTHER, effective_date="2026-11-26")], [], {"aepn-not-on-payroll"}),
    Situation("AEPN ended before, nobody on payroll", [line()], [aepn(), aepn(ppsn=OTHER, end_date="2026-11-25")], [], set()),
    Situation("AEPN ends today, nobody on payroll", [line()], [aepn(), aepn(ppsn=OTHER, end_date="2026-11-26")], [], {"aepn-not-on-payroll"}),
    Situation("ceased, nobody on payroll", [line()], [aepn(), aepn(ppsn=OTHER, status="Ceased")], [], set()),
    Situation("opted out, nobody on payroll", [line()], [aepn(), aepn(ppsn=OTHER, status="Opted out")], [], {"aepn-not-on-payroll"}),
    Situation("paid monthly last month", [line()], [aepn(), aepn(ppsn=OTHER)],
              [line(pay_date="2026-10-30", ppsn=OTHER, pay_frequency="MONTHLY", works_number="9", line_item_id="M1")], set()),
    Situation("changed, new and gone", [line()],
              [aepn(status="Opted out", employee_rate=0, employer_rate=0), aepn(ppsn=ppsn(1000003), effective_date="2026-12-01", first_name="Ann", family_name="Walsh"),
               aepn(file=1, downloaded_at=LAST_WEEK), aepn(file=1, downloaded_at=LAST_WEEK, ppsn=OTHER)], [],
              {"contribution-not-due/aepn-opted-out", "aepn-changed/changed", "aepn-changed/new", "aepn-changed/gone"}),
    Situation("only the download is new", [line()], [aepn(), aepn(file=1, downloaded_at=LAST_WEEK)], [], set()),
    Situation("two fetches of one day", [line()], [aepn(status="Opted out", downloaded_at=NOW - dt.timedelta(hours=9), file=1), aepn()], [], set()),
    Situation("fetched after the check", [line()], [aepn(status="Opted out", downloaded_at=NOW + dt.timedelta(hours=1), file=1), aepn(downloaded_at=NOW - dt.timedelta(hours=1))], [], set()),
    Situation("no pay date, no AEPN", [line(pay_date=None, **NOTHING)], NOBODY, [], {"pay-date-missing"}),
    Situation("issued the same day, other start", [line()], [aepn(effective_date="2026-02-01"), aepn(status="Opted out")], [], set()),
    Situation("the rate of the Act in 2029", [line(pay_date="2029-01-04", tax_year=2029, ae_employee=6000, ae_employer=6000)], [aepn(employee_rate=300, employer_rate=300)], [], set()),
    Situation("the rate of 2026 in 2029", [line(pay_date="2029-01-04", tax_year=2029)], [aepn()], [], {"aepn-rate-not-statutory"}),
    Situation("the rate of 2029 on the last day of 2028", [line(pay_date="2028-12-29", tax_year=2028, ae_employee=6000, ae_employer=6000)], [aepn(employee_rate=300, employer_rate=300)], [], {"aepn-rate-not-statutory"}),
    Situation("employer's rate alone differs", [line(ae_employer=6000)], [aepn(employer_rate=300)], [], {"aepn-rate-not-statutory"}),
    # contributions: the wrong base or rate (scheme rules 2.10-2.19)
    Situation("on pay for income tax", [line(pay_for_income_tax=190_000, ae_employee=2850, ae_employer=2850)], [aepn()], [], {"contribution-amount/base-taxable"}),
    Situation("on pay for USC", [line(pay_for_usc=195_000, ae_employee=2925, ae_employer=2925)], [aepn()], [], {"contribution-amount/base-usc"}),
    Situation("on pay for PRSI", [line(pay_for_employee_prsi=195_000, ae_employee=2925, ae_employer=2925)], [aepn()], [], {"contribution-amount/base-prsi"}),
    Situation("benefits counted twice", [line(taxable_benefits=20_000, ae_employee=3300, ae_employer=3300)], [aepn()], [], {"contribution-amount/base-benefits-twice"}),
    Situation("rate of 2032", [line(ae_employee=9000, ae_employer=9000)], [aepn()], [], {"contribution-amount/rate-2032"}),
    Situation("rate of 2035", [line(ae_employee=12000, ae_employer=12000)], [aepn()], [], {"contribution-amount/rate-2035"}),
    Situation("ten times too much", [line(ae_employee=30000, ae_employer=30000)], [aepn()], [], {"contribution-amount/decimal-point"}),
    Situation("a hundred times too little", [line(ae_employee=30, ae_employer=30)], [aepn()], [], {"contribution-amount/decimal-point"}),
    Situation("limit by month", [line(gross_pay=800_000, pay_frequency="MONTHLY", ae_employee=10000, ae_employer=10000)], [aepn()], [], {"contribution-amount/base-limit-by-period"}),
    Situation("both shares from the employee", [line(ae_employee=6000, ae_employer=3000)], [aepn()], [], {"contribution-amount/rate-both-shares", "contribution-shares-differ"}),
    Situation("only the employee's share is known and wrong", [line(ae_employee=2250, ae_employer=None, basic_pay=150_000)], [aepn()], [], {"contribution-amount/base-basic"}),
    Situation("the employee's share alone is missing", [line(ae_employee=0)], [aepn()], [], {"contribution-amount/unexplained", "contribution-shares-differ"}),
    Situation("a cent over", [line(ae_employee=3001, ae_employer=3001)], [aepn()], [], {"contribution-rounding"}),
    Situation("a cent over on one side", [line(ae_employer=3001)], [aepn()], [], {"contribution-rounding", "contribution-shares-differ"}),
    Situation("half a cent goes up", [line(gross_pay=100_300, ae_employee=1505, ae_employer=1505)], [aepn()], [], set()),
    Situation("half a cent to even", [line(gross_pay=100_300, ae_employee=1504, ae_employer=1504)], [aepn()], [], {"contribution-rounding"}),
    Situation("33 cents of pay", [line(gross_pay=33, **NOTHING)], [aepn()], [], set()),
    Situation("34 cents of pay, nothing taken", [line(gross_pay=34, **NOTHING)], [aepn()], [], {"contribution-missing"}),
    # contributions: the annual limit (s.58(3))
    Situation("limit reached just before", [line(ytd_gross=8_200_000, **NOTHING)], [aepn()], [], {"contribution-over-cap"}),
    Situation("limit reached just now", [line(ytd_gross=8_000_000)], [aepn()], [], set()),
    Situation("a cent over the limit", [line(ytd_gross=8_000_001)], [aepn()], [], {"contribution-over-cap"}),
    Situation("over before, the whole taken", [line(ytd_gross=8_400_000)], [aepn()], [], {"contribution-over-cap"}),
    Situation("over before, another amount taken", [line(ytd_gross=8_400_000, ae_employee=1234, ae_employer=1234)], [aepn()], [], {"contribution-over-cap/fits-no-reading"}),
    Situation("over by earlier periods", [line()], [aepn()], [line(pay_date="2026-11-19", gross_pay=7_950_000, ae_employee=119_250)],
              {"contribution-over-cap", "change-unexplained/pay-changed"}),
    Situation("earlier periods of the last year", [line(pay_date="2027-01-07", tax_year=2027)], [aepn()], [line(pay_date="2026-12-31", ytd_gross=9_000_000)], set()),
    # contributions: ages and dates (s.57)
    Situation("born on 29 February, 66 on 28 February", [line(date_of_birth="1960-02-29", pay_date="2026-02-27")], [aepn()], [], {"birthday-ahead/pensionable-age", "cut-off-passed"}),
    Situation("born on 29 February, 66 on 1 March", [line(date_of_birth="1960-02-29", pay_date="2026-03-02")], [aepn()], [], {"contribution-after-66", "cut-off-passed"}),
    Situation("66 and nothing taken", [line(date_of_birth="1960-11-26", **NOTHING)], [aepn()], [], set()),
    Situation("no birth, taken", [line(date_of_birth=None)], [aepn()], [], {"date-of-birth-missing"}),
    Situation("ceased and ended", [line()], [aepn(status="Ceased", end_date="2026-06-30")], [], {"contribution-not-due/aepn-ended"}),
    # contributions and tax (scheme rules 2.40)
    Situation("ASC relief is right", [line(pay_for_income_tax=190_000, employee_asc=10_000)], [aepn()], [], {"pension-and-contribution"}),
    Situation("tax lowered by the contribution", [line(pay_for_income_tax=197_000)], [aepn()], [], {"contribution-lowers-tax/pay-for-income-tax"}),
    Situation("tax lowered by a cent less", [line(pay_for_income_tax=197_001)], [aepn()], [], set()),
    Situation("all three lowered", [line(pay_for_income_tax=197_000, pay_for_usc=197_000, pay_for_employee_prsi=197_000)], [aepn()], [],
              {"contribution-lowers-tax/pay-for-income-tax", "contribution-lowers-tax/pay-for-usc", "contribution-lowers-tax/pay-for-employee-prsi"}),
    # own pensions (s.51, S.I. 668/2025)
    *[Situation(f"leak into {field}", [line(**{field: 3000})], [aepn()], [], {f"pension-field-holds-contribution/{field.replace('_', '-')}"})
      for field in ("employee_rbs", "employer_rbs", "employer_prsa", "employee_rac", "employee_avc", "employee_asc", "employee_pepp", "employer_pepp")],
    Situation("pension stopped, nothing paid", [line(**NOTHING | {"gross_pay": 0})], [aepn()], [line(pay_date="2026-11-19", employee_rbs=10000)],
              {"gross-zero", "change-unexplained/pay-changed"}),
    Situation("pension went on", [line(employer_prsa=1, **NOTHING)], [aepn(status="Exempt")], [line(pay_date="2026-11-19", employee_rbs=10000, **NOTHING)], set()),
    Situation("minimum met", *_months(employer_rbs=6000, employee_rbs=8000), set()),
    Situation("employer a cent short", *_months(employer_rbs=5999, employee_rbs=8100), {"exemption-below-minimum/employer-part"}),
    Situation("both a cent short", *_months(employer_rbs=6000, employee_rbs=7999), {"exemption-below-minimum/both-together"}),
    Situation("both limbs short", *_months(employer_rbs=5000, employee_rbs=6000), {"exemption-below-minimum"}),
    Situation("employee alone", *_months(employee_prsa=40000), {"exemption-below-minimum/employer-part"}),
    Situation("a RAC", *_months(employee_rac=1000), {"exemption-below-minimum/open"}),
    # who may be next (s.50)
    Situation("5,000.00 in 13 weeks", [line(**UNPAID)], NOBODY, [], {"looks-eligible", "payroll-without-aepn"}),
    Situation("4,999.99", [line(**UNPAID | {"gross_pay": 499_999})], NOBODY, [], {"threshold-ahead", "payroll-without-aepn"}),
    Situation("23 today", [line(**UNPAID, date_of_birth="2003-11-26")], NOBODY, [], {"looks-eligible", "payroll-without-aepn"}),
    Situation("22 until tomorrow", [line(**UNPAID, date_of_birth="2003-11-27")], NOBODY, [], {"birthday-ahead/enrolment-age", "payroll-without-aepn"}),
    Situation("60 today", [line(**UNPAID, date_of_birth="1966-11-26")], NOBODY, [], {"payroll-without-aepn"}),
    Situation("59 until tomorrow", [line(**UNPAID, date_of_birth="1966-11-27")], NOBODY, [], {"looks-eligible", "birthday-ahead/enrolment-age-end", "payroll-without-aepn"}),
    Situation("13 weeks of 384.62", [line(**UNPAID | {"gross_pay": 38_462})], NOBODY, _weekly(12, **UNPAID | {"gross_pay": 38_462}), {"looks-eligible", "payroll-without-aepn"}),
    Situation("14 weeks of 384.61", [line(**UNPAID | {"gross_pay": 38_461})], NOBODY, _weekly(13, **UNPAID | {"gross_pay": 38_461}), {"payroll-without-aepn"}),
    Situation("own pension, no AEPN", [line(**UNPAID, employee_rbs=10_000)], NOBODY, [], {"payroll-without-aepn"}),
    Situation("66 in 21 days", [line(date_of_birth="1960-12-17")], [aepn()], [], {"birthday-ahead/pensionable-age"}),
    Situation("66 in 22 days", [line(date_of_birth="1960-12-18")], [aepn()], [], set()),
    # dates and duties
    Situation("paid on St Stephen's Day", [line(pay_date="2026-12-26")], [aepn()], [], {"pay-date-not-a-banking-day/weekend"}),
    Situation("paid on Good Friday", [line(pay_date="2026-04-03")], [aepn()], [], {"pay-date-not-a-banking-day/euro-closing-day", "cut-off-passed"}),
    Situation("paid on 28 December", [line(pay_date="2026-12-28")], [aepn()], [], {"pay-date-not-a-banking-day/substitute-day"}),
    Situation("window opens in 14 days", [line()], [aepn(effective_date="2026-06-10")], [], {"opt-out-window/window-opening"}),
    Situation("window opens in 15 days", [line()], [aepn(effective_date="2026-06-11")], [], set()),
    Situation("window closes soon", [line()], [aepn(effective_date="2026-04-01")], [], {"opt-out-window/window-closing"}),
    Situation("window closed", [line()], [aepn(effective_date="2026-03-25")], [], set()),
]  # fmt: skip


def earlier(history: Rows) -> Rows:
    """Earlier periods under a run reference of their own, unless a row is about what was sent before."""
    return [one if "submission_id" in one else {**one, "payroll_run_reference": "R0"} for one in history]


def situations() -> list[Situation]:
    """Every row of every table."""
    made = [Situation(name, [line(**changes)], [aepn()], [], expected) for name, changes, expected in LINE_CASES]
    made += [Situation(name, [line()], rows, [], expected) for name, rows, expected in AEPN_CASES]
    for name, changes, history, rows, expected in HISTORY_CASES:
        made.append(Situation(name, [line(**changes)], [aepn()] if rows is None else rows, history, expected))
    return [one._replace(history=earlier(one.history)) for one in (*made, *SITUATIONS)]
