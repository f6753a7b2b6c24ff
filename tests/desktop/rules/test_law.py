"""The vectors of the scheme rules, section 7: one row, one case."""

import datetime as dt

import pandas as pd
import pytest

from autoenroll_desktop.actions.work_out_contribution import work_out_contribution
from autoenroll_desktop.rules.ages import birthday_reached
from autoenroll_desktop.rules.book import NotInForce
from autoenroll_desktop.rules.timing import cut_off
from tests.making import BOOK, aepn, case, line, ppsn

D = dt.date


# T1, T3, T18: s.61(1) rates by pay date (EE = ER), State s.61(2)
@pytest.mark.parametrize(
    ("day", "employee", "state"),
    [
        (D(2026, 1, 1), 30000, 10000),
        (D(2028, 12, 31), 30000, 10000),
        (D(2029, 1, 1), 60000, 20000),
        (D(2031, 12, 31), 60000, 20000),
        (D(2032, 1, 1), 90000, 30000),
        (D(2034, 12, 31), 90000, 30000),
        (D(2035, 1, 1), 120000, 40000),
    ],
)
def test_rates_on_20_000(day: dt.date, employee: int, state: int) -> None:
    due = work_out_contribution(2_000_000, day, BOOK)
    assert (due.employee, due.employer, due.state) == (employee, employee, state)


# T2: maximum in a year under s.58(3); T6, T10, T18, T25: single payments
@pytest.mark.parametrize(
    ("gross", "day", "employee", "state"),
    [
        (8_000_000, D(2026, 6, 30), 120000, 40000),
        (400_000, D(2026, 3, 31), 6000, 2000),
        (2_943_200, D(2026, 6, 30), 44148, 14716),
        (100_000, D(2028, 12, 31), 1500, 500),
        (100_000, D(2029, 1, 1), 3000, 1000),
        (150_000, D(2026, 5, 29), 2250, 750),
        (80_000, D(2026, 5, 29), 1200, 400),
    ],
)
def test_single_payments(gross: int, day: dt.date, employee: int, state: int) -> None:
    due = work_out_contribution(gross, day, BOOK)
    assert (due.employee, due.employer, due.state) == (employee, employee, state)


# T7, T8, T9: the payment that crosses EUR 80,000, both readings; above it nothing
@pytest.mark.parametrize(
    ("before", "gross", "operation", "statute"),
    [
        (7_950_000, 200_000, 3000, 750),
        (7_800_000, 400_000, 6000, 3000),
        (8_200_000, 400_000, 0, 0),
        (8_000_000, 400_000, 0, 0),
        (7_999_999, 400_000, 6000, 0),
        (0, 9_000_000, 135000, 120000),
        (7_800_000, 200_000, 3000, 3000),
    ],
)
def test_annual_limit(before: int, gross: int, operation: int, statute: int) -> None:
    due = work_out_contribution(gross, D(2026, 11, 26), BOOK, before=before)
    assert (due.employee, due.statute_employee) == (operation, statute)
    made = case([line(gross_pay=gross, ytd_gross=before + gross)])
    if before:
        assert made.expected["employee"].tolist() == [operation]
        assert made.expected["statute_employee"].tolist() == [statute]


# T27: s.57(1), the 66th birthday itself; 29 February by the stated convention (1 March)
@pytest.mark.parametrize(
    ("born", "day", "due"),
    [
        (D(1960, 6, 15), D(2026, 6, 14), 1500),
        (D(1960, 6, 15), D(2026, 6, 15), 0),
        (D(1960, 2, 29), D(2026, 2, 28), 1500),
        (D(1960, 2, 29), D(2026, 3, 1), 0),
        (D(1960, 12, 31), D(2026, 12, 31), 0),
        (D(1961, 1, 1), D(2026, 12, 31), 1500),
    ],
)
def test_pensionable_age(born: dt.date, day: dt.date, due: int) -> None:
    assert work_out_contribution(100_000, day, BOOK, born=born).employee == due


# T13, T14: completed years at 23 and 60
@pytest.mark.parametrize(
    ("born", "day", "years", "reached"),
    [
        ("2003-06-15", "2026-06-14", 23, False),
        ("2003-06-15", "2026-06-15", 23, True),
        ("1966-06-15", "2026-06-14", 60, False),
        ("1966-06-15", "2026-06-15", 60, True),
    ],
)
def test_birthdays(born: str, day: str, years: int, reached: bool) -> None:
    columns = [pd.Series(pd.to_datetime([text])) for text in (born, day)]
    assert birthday_reached(*columns, years).tolist() == [reached]


# T4, T5 thresholds stand in the book as 20,000 a year and 13 weeks: 5,000 in the window
def test_thresholds_of_the_book() -> None:
    law = BOOK.on(D(2026, 6, 1))
    assert law["earnings-threshold"] * law["look-back-weeks"] // 52 == 500_000
    assert (law["enrolment-age"], law["enrolment-age-end"], law["opt-in-age"]) == (23, 60, 18)


# T26: only non-exempt employments count to the limit (s.58(3))
def test_exempt_job_does_not_count_to_the_limit() -> None:
    one, two = ppsn(1000001), "2"
    lines = [line(gross_pay=6_000_000), line(employment_id=two, gross_pay=3_000_000, pay_date="2026-11-27")]
    rows = [aepn(status="Exempt"), aepn(employment_id=two)]
    assert case(lines, rows).gross_before.tolist() == [0, 0]
    assert case(lines, [aepn(), aepn(employment_id=two)]).gross_before.tolist() == [0, 6_000_000]
    assert one == lines[0]["ppsn"]


def test_two_payments_on_one_day_are_tested_against_the_days_before() -> None:
    lines = [line(pay_date="2026-11-19"), line(line_item_id="L2"), line(line_item_id="L3", gross_pay=100)]
    assert case(lines).gross_before.tolist() == [0, 200000, 200000]


def test_the_limit_begins_again_on_1_january() -> None:
    history = [line(pay_date="2026-12-30", gross_pay=8_000_000)]
    made = case([line(pay_date="2027-01-07", tax_year=2027)], history=history)
    assert made.gross_before.tolist() == [0]


def test_earlier_periods_are_added_up() -> None:
    history = [line(pay_date="2026-11-12", gross_pay=100), line(pay_date="2026-11-19", gross_pay=200)]
    assert case([line()], history=history).gross_before.tolist() == [300]


# Section 3.3: 18:30 Dublin on the pay date, across clock changes
@pytest.mark.parametrize(
    ("day", "utc_hour"), [(D(2026, 11, 26), 18), (D(2026, 6, 25), 17), (D(2026, 3, 29), 17), (D(2026, 10, 25), 18)]
)
def test_cut_off_in_dublin(day: dt.date, utc_hour: int) -> None:
    assert cut_off(day, BOOK) == dt.datetime(day.year, day.month, day.day, utc_hour, 30, tzinfo=dt.UTC)


def test_no_law_before_the_scheme() -> None:
    with pytest.raises(NotInForce):
        work_out_contribution(100_000, D(2025, 12, 31), BOOK)
