"""The 27 vectors and the rounding probes of the scheme rules, section 7, each once and by its number."""

import datetime as dt
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from autoenroll_desktop.actions.work_out_contribution import Contribution, work_out_contribution
from autoenroll_desktop.domain.duty_dates import Span
from autoenroll_desktop.domain.way_out import Mistake, Route, Sent, Wrong
from autoenroll_desktop.rules.after_cut_off import load_practice, way_out
from autoenroll_desktop.rules.ages import birthday_reached
from autoenroll_desktop.rules.book import load_book
from autoenroll_desktop.rules.duties import (
    enrolment_dates,
    notice,
    re_enrolment,
    refund,
    suspension,
    window_after_enrolment,
    windows_after_rate_rises,
)
from autoenroll_desktop.rules.exemption import minimum
from autoenroll_desktop.rules.expectation import threshold_in_window
from tests.making import aepn, case, found, line, ppsn

BOOK = load_book()
D = dt.date
IN_2026 = D(2026, 6, 30)


def shares(gross: int, day: dt.date = IN_2026, *, before: int = 0, born: dt.date | None = None) -> tuple[int, int, int]:
    due = due_on(gross, day, before=before, born=born)
    return due.employee, due.employer, due.state


def due_on(gross: int, day: dt.date = IN_2026, *, before: int = 0, born: dt.date | None = None) -> Contribution:
    return work_out_contribution(gross, day, BOOK, before=before, born=born)


def both_readings(before: int, gross: int) -> tuple[int, int]:
    due = due_on(gross, D(2026, 11, 26), before=before)
    return due.statute_employee, due.employee


def needed(gross: int) -> tuple[int, int]:
    employer, total = minimum(np.array([gross]), 12, BOOK, IN_2026)
    return int(employer[0]), int(total[0])


def turned(born: str, day: str, years: int) -> bool:
    return bool(birthday_reached(pd.Series(pd.to_datetime([born])), pd.Series(pd.to_datetime([day])), years)[0])


def eligible(gross: int) -> bool:
    nothing = line(gross_pay=gross, ae_employee=0, ae_employer=0)
    return "looks-eligible" in {one.code for one in found(case([nothing], [aepn(ppsn=ppsn(7654321))]))}


def overpaid() -> tuple[Route, int]:
    mistake = Mistake(
        Wrong.TOO_MUCH, Sent.YES, "", D(2026, 11, 26), sent_gross=70_000, right_gross=50_000, next_gross=65_000
    )
    way = way_out(mistake, dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC), BOOK, load_practice())
    assert way.next_run is not None
    return way.route, way.next_run.amounts.gross


def first_window() -> tuple[Span, Span]:
    window = window_after_enrolment(D(2026, 1, 1), D(2026, 1, 1), BOOK)
    return window.operation, window.statute


def two_jobs_and_the_limit() -> list[int]:
    lines = [line(gross_pay=6_000_000), line(employment_id="2", gross_pay=3_000_000, pay_date="2026-11-27")]
    return case(lines, [aepn(status="Exempt"), aepn(employment_id="2")]).gross_before.tolist()


VECTORS: dict[str, tuple[Callable[[], object], object]] = {
    "T1": (
        lambda: [shares(2_000_000, D(year, 6, 30)) for year in (2026, 2029, 2032, 2035)],
        [(30_000, 30_000, 10_000), (60_000, 60_000, 20_000), (90_000, 90_000, 30_000), (120_000, 120_000, 40_000)],
    ),
    "T2": (lambda: shares(8_000_000), (120_000, 120_000, 40_000)),
    "T3": (lambda: shares(20_000), (300, 300, 100)),
    "T4": (lambda: (threshold_in_window(2_000_000, 13), eligible(500_000)), (500_000, True)),
    "T5": (lambda: eligible(499_999), False),
    "T6": (lambda: shares(400_000), (6000, 6000, 2000)),
    "T7": (lambda: both_readings(7_950_000, 200_000), (750, 3000)),
    "T8": (lambda: both_readings(7_800_000, 400_000), (3000, 6000)),
    "T9": (lambda: both_readings(8_200_000, 400_000), (0, 0)),
    "T10": (lambda: shares(2_943_200), (44_148, 44_148, 14_716)),
    "T11": (lambda: needed(6_000_000), (90_000, 210_000)),
    "T12": (lambda: needed(10_000_000), (120_000, 280_000)),
    "T13": (lambda: [turned("2003-06-15", day, 23) for day in ("2026-06-14", "2026-06-15")], [False, True]),
    "T14": (lambda: [turned("1966-06-15", day, 60) for day in ("2026-06-14", "2026-06-15")], [False, True]),
    "T15": (
        first_window,
        (Span(D(2026, 7, 1), D(2026, 8, 31)), Span(D(2026, 7, 2), D(2026, 9, 1))),
    ),
    "T16": (lambda: refund(7 * 6000, window_after_enrolment(D(2026, 1, 1), D(2026, 1, 1), BOOK), BOOK), 42_000),
    "T17": (lambda: refund(7 * 12_000, windows_after_rate_rises(D(2026, 1, 1), BOOK)[0], BOOK), 42_000),
    "T18": (lambda: [shares(100_000, day)[0] for day in (D(2028, 12, 31), D(2029, 1, 1))], [1500, 3000]),
    "T19": (overpaid, (Route.NEXT_RUN, 45_000)),
    "T20": (lambda: BOOK.on(IN_2026)["participant-fee"], 2860),
    "T21": (lambda: notice(D(2026, 3, 2), None, D(2026, 3, 2), BOOK).deadline, D(2026, 3, 16)),
    "T22": (lambda: enrolment_dates(D(2026, 3, 29), BOOK), Span(D(2026, 3, 29), D(2026, 4, 29))),
    "T23": (lambda: suspension(D(2026, 7, 2), BOOK).end, Span(D(2027, 7, 2), D(2028, 7, 2))),
    "T24": (lambda: re_enrolment(D(2026, 7, 20), BOOK), D(2028, 7, 20)),
    "T25": (lambda: [shares(150_000)[:2], shares(80_000)[:2]], [(2250, 2250), (1200, 1200)]),
    "T26": (two_jobs_and_the_limit, [0, 0]),
    "T27": (lambda: [shares(100_000, D(2026, 6, day), born=D(1960, 6, 15))[0] for day in (14, 15)], [1500, 0]),
}


@pytest.mark.parametrize("number", VECTORS)
def test_vector(number: str) -> None:
    work_out, expected = VECTORS[number]
    assert work_out() == expected


def test_every_vector_is_there() -> None:
    assert list(VECTORS) == [f"T{number}" for number in range(1, 28)]


# Rounding probes: half up to the cent, in a single amount and in a column
@pytest.mark.parametrize(("gross", "due"), [(33_333, 500), (10_033, 150), (100_100, 1502), (100_300, 1505)])
def test_rounding_probe(gross: int, due: int) -> None:
    assert due_on(gross).employee == due
    made = case([line(gross_pay=gross)])
    assert (made.expected["employee"].tolist(), made.expected["employer"].tolist()) == ([due], [due])
