"""Every rule: a case where it holds, and the right case, which none of them may touch."""

import datetime as dt
from pathlib import Path

import pytest

from autoenroll_desktop.rules.catalogue import TESTS
from tests.desktop.rules.tables import Situation, situations
from tests.making import NOW, aepn, case, codes, line

EVERY = situations()


@pytest.mark.parametrize("told", EVERY, ids=[one.name for one in EVERY])
def test_one_situation(told: Situation) -> None:
    """Just what the table says, and nothing else."""
    assert codes(case(told.lines, told.aepns, told.history, told.now)) == told.expected


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


def test_an_empty_run_has_no_finding_and_no_error() -> None:
    assert codes(case([], [aepn()])) == set()
    assert codes(case([], [])) == set()


ELSEWHERE = {
    "cut-off-near": "test_cut_off",
    "employer-number-missing": "test_employer_number_missing",
    "duplicate-file": "test_sent",
    "notice-overdue": "test_notices",
}
"""Rules about something no table holds, with the tests that do."""


def test_every_rule_has_a_case() -> None:
    told = {key.split("/")[0] for one in EVERY for key in one.expected}
    assert set(TESTS) - told == set(ELSEWHERE)
    for test in ELSEWHERE.values():
        assert test in globals() or Path(__file__).with_name(f"{test}.py").exists()


def test_employer_number_missing() -> None:
    rows = [aepn(employer_registration_number=None)]
    assert codes(case([line(employer_registration_number=None)], rows)) == {"employer-number-missing"}


def test_now_is_an_argument() -> None:
    assert case([line()]).now == NOW
