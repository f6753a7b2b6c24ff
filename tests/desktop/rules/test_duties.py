"""Notices, opt-out windows, pauses and interest: the vectors of the scheme rules, one row one case."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.domain.duty_dates import Span
from autoenroll_desktop.domain.money import interest, millionths
from autoenroll_desktop.rules.duties import (
    add_months,
    anniversary,
    enrolment_dates,
    first_suspension,
    late_interest,
    notice,
    re_enrolment,
    refund,
    suspension,
    window_after_enrolment,
    windows_after_rate_rises,
)
from tests.making import BOOK

D = dt.date
IN_SCHEME = st.dates(D(2026, 1, 1), D(2090, 12, 31))


# T21: s.50(7), 14 days
@pytest.mark.parametrize(
    ("received", "given_on", "today", "deadline", "late"),
    [
        (D(2026, 3, 2), None, D(2026, 3, 16), D(2026, 3, 16), 0),
        (D(2026, 3, 2), None, D(2026, 3, 17), D(2026, 3, 16), 1),
        (D(2026, 3, 2), D(2026, 3, 16), D(2026, 6, 1), D(2026, 3, 16), 0),
        (D(2026, 3, 2), D(2026, 3, 20), D(2026, 6, 1), D(2026, 3, 16), 4),
        (D(2026, 12, 24), None, D(2026, 12, 24), D(2027, 1, 7), 0),
    ],
)
def test_notice(received: D, given_on: D | None, today: D, deadline: D, late: int) -> None:
    told = notice(received, given_on, today, BOOK)
    assert (told.deadline, told.late) == (deadline, late)


# T22: s.50(1), at most 31 days after the period
def test_enrolment_date() -> None:
    assert enrolment_dates(D(2026, 3, 29), BOOK) == Span(D(2026, 3, 29), D(2026, 4, 29))


# T15 and s.54(2)(a): months 7 and 8 after enrolment beside the Act's count from the notice
@pytest.mark.parametrize(
    ("enrolled", "told", "operation", "statute"),
    [
        (D(2026, 1, 1), D(2026, 1, 1), (D(2026, 7, 1), D(2026, 8, 31)), (D(2026, 7, 2), D(2026, 9, 1))),
        (D(2026, 1, 1), D(2026, 1, 15), (D(2026, 7, 1), D(2026, 8, 31)), (D(2026, 7, 16), D(2026, 9, 15))),
        (D(2026, 3, 29), D(2026, 4, 10), (D(2026, 9, 29), D(2026, 11, 28)), (D(2026, 10, 11), D(2026, 12, 10))),
        (D(2026, 8, 31), D(2026, 8, 31), (D(2027, 2, 28), D(2027, 4, 29)), (D(2027, 3, 1), D(2027, 4, 30))),
    ],
)
def test_opt_out_window(enrolled: D, told: D, operation: tuple[D, D], statute: tuple[D, D]) -> None:
    window = window_after_enrolment(enrolled, told, BOOK)
    assert (window.operation, window.statute) == (Span(*operation), Span(*statute))
    assert window.refund_from == enrolled


# s.54(2)(c)-(e): after years 1-3, 4-6 and 7-9; none later
@pytest.mark.parametrize(
    ("enrolled", "years"),
    [
        (D(2026, 1, 1), [2029, 2032, 2035]),
        (D(2028, 12, 31), [2029, 2032, 2035]),
        (D(2029, 1, 1), [2032, 2035]),
        (D(2035, 1, 1), []),
    ],
)
def test_windows_after_rate_rises(enrolled: D, years: list[int]) -> None:
    windows = windows_after_rate_rises(enrolled, BOOK)
    assert [window.statute for window in windows] == [Span(D(year, 7, 1), D(year, 8, 31)) for year in years]
    assert [window.refund_from for window in windows] == [D(year, 1, 1) for year in years]


# T16 (s.63(1), (2)(a)) and T17 (s.63(2)(c), (3), (4)(a))
def test_refunds() -> None:
    assert refund(7 * 6000, window_after_enrolment(D(2026, 1, 1), D(2026, 1, 1), BOOK), BOOK) == 42000
    first, second, third = windows_after_rate_rises(D(2026, 1, 1), BOOK)
    assert refund(7 * 12000, first, BOOK) == 7 * 6000
    assert refund(9000, second, BOOK) == 3000
    assert refund(12000, third, BOOK) == 3000


# T23: s.62
def test_suspension() -> None:
    pause = suspension(D(2026, 7, 2), BOOK)
    assert pause.end == Span(D(2027, 7, 2), D(2028, 7, 2))
    assert pause.again == D(2029, 1, 2)
    assert first_suspension(D(2026, 1, 1), BOOK) == D(2026, 7, 1)
    assert suspension(D(2028, 2, 29), BOOK).end == Span(D(2029, 3, 1), D(2030, 3, 1))


# T24: s.55(2)(a), two years beginning with the opt-out date
@pytest.mark.parametrize(
    ("opted_out", "again"),
    [(D(2026, 7, 20), D(2028, 7, 20)), (D(2028, 2, 29), D(2030, 3, 1)), (D(2026, 3, 1), D(2028, 3, 1))],
)
def test_re_enrolment(opted_out: D, again: D) -> None:
    assert re_enrolment(opted_out, BOOK) == again


# s.138: C x D x 0.0274 %
@pytest.mark.parametrize(
    ("amount", "due", "until", "days", "cents"),
    [
        (10_000, D(2026, 9, 1), D(2026, 10, 1), 30, 82),
        (10_000, D(2026, 9, 1), D(2026, 9, 1), 0, 0),
        (10_000, D(2026, 9, 1), D(2026, 8, 1), 0, 0),
        (10_000, D(2026, 9, 1), D(2027, 9, 1), 365, 1000),
        (6_000, D(2026, 11, 26), D(2026, 12, 3), 7, 12),
        (8_121_235, D(2026, 11, 26), D(2026, 11, 27), 1, 2225),
        (25_000, D(2026, 9, 1), D(2026, 9, 11), 10, 69),  # 68.5 cents, half up
    ],
)
def test_late_interest(amount: int, due: D, until: D, days: int, cents: int) -> None:
    late = late_interest(amount, due, until, BOOK)
    assert (late.days, late.interest) == (days, cents)


def test_reference_amounts() -> None:
    law = BOOK.on(D(2026, 6, 1))
    assert law["participant-fee"] == 2860  # T20
    assert (law["summary-fine"], law["summary-prison"], law["fixed-payment"]) == (500_000, 6, 500_000)
    assert (law["fixed-payment-days"], law["late-interest"]) == (21, 274)


@given(st.integers(0, 10**11), st.integers(0, 4000), st.integers(1, 999))
def test_interest_is_half_up_to_the_cent(amount: int, days: int, rate: int) -> None:
    exact = amount * days * rate
    assert abs(interest(amount, days, rate) * 1_000_000 - exact) <= 500_000
    if exact % 1_000_000 == 500_000:
        assert interest(amount, days, rate) * 1_000_000 > exact


@given(IN_SCHEME)
def test_windows_open_once_and_overlap(day: D) -> None:
    window = window_after_enrolment(day, day, BOOK)
    assert window.operation.first < window.statute.first
    assert window.operation.last < window.statute.last
    assert 57 <= (window.statute.last - window.statute.first).days <= 62
    assert window.statute.first in window.operation


@given(IN_SCHEME, st.integers(0, 40))
def test_months_and_years(day: D, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
    assert anniversary(day, 1) - day in (dt.timedelta(days=365), dt.timedelta(days=366))


@pytest.mark.parametrize(
    ("text", "value"), [("0.0274", 274), ("0.1", 1000), ("0.02745", None), ("1e-4", None), ("٠.٠٢٧٤", None)]
)
def test_small_percentages(text: str, value: int | None) -> None:
    assert millionths(text) == value
