"""How rules become findings, findings an order and a verdict, and lines totals."""

import datetime as dt
from dataclasses import dataclass, replace
from dataclasses import field as of
from typing import Any

import numpy as np
import pandas as pd
import pytest

from autoenroll_desktop.domain.checked_run import RunTotals
from autoenroll_desktop.domain.finding import NOWHERE, Finding, Place, Severity
from autoenroll_desktop.domain.verdict import Answer
from autoenroll_desktop.rules.catalogue import CATALOGUE, TESTS
from autoenroll_desktop.rules.engine import about_file, apply_rules, found_while_reading, in_reading_order
from autoenroll_desktop.rules.rule import declare
from autoenroll_desktop.rules.totals import run_totals
from autoenroll_desktop.rules.verdict import judge
from tests.making import BOOK, aepn, case, line, ppsn

CUT_OFF = dt.datetime(2026, 11, 26, 18, 30, tzinfo=dt.UTC)


def finding(code: str, places: int = 1, cause: str = "") -> Finding:
    columns = [np.arange(places, dtype=np.int64) for _ in range(3)]
    return Finding(CATALOGUE[code], *columns, cause=cause)


def test_reading_order() -> None:
    """Errors, gates, warnings, information; within each by topic; then the commoner cause; then the name."""
    told = [
        finding("gross-zero"),
        finding("ppsn-old-suffix"),
        finding("aepn-not-loaded"),
        finding("contribution-amount", 2, "b"),
        finding("contribution-amount", 2, "a"),
        finding("contribution-amount", 5, "c"),
        finding("ppsn-missing"),
        finding("file-empty"),
    ]
    assert [one.key for one in in_reading_order(told)] == [
        "file-empty", "ppsn-missing", "contribution-amount/c", "contribution-amount/a", "contribution-amount/b",
        "aepn-not-loaded", "ppsn-old-suffix", "gross-zero",
    ]  # fmt: skip


def test_a_finding_about_a_file() -> None:
    told = about_file("file-empty", 3, {"name": ["a.csv"]})
    assert (told.code, len(told), told.place(0), told.fact("name", 0)) == (
        "file-empty",
        1,
        Place(3, -1, -1, None),
        "a.csv",
    )


@dataclass(frozen=True)
class Note:
    code: str = "value-cleaned"
    rows: Any = (5, 9)
    positions: Any = (0, -1)
    field: str | None = "gross_pay"
    facts: Any = of(default_factory=lambda: {"value": ["€1", "€2"]})
    cause: str = "euro-sign"


@pytest.mark.parametrize(("first_line", "lines"), [(7, [7, NOWHERE]), (0, [0, NOWHERE]), (-1, [NOWHERE, NOWHERE])])
def test_what_reading_found(first_line: int, lines: list[int]) -> None:
    told = found_while_reading(CATALOGUE["value-cleaned"], Note(), 2, first_line)
    assert [told.place(at) for at in (0, 1)] == [Place(2, 5, lines[0], "gross_pay"), Place(2, 9, lines[1], "gross_pay")]
    assert (told.key, told.fact("value", 1), told.fact("other", 1)) == ("value-cleaned/euro-sign", "€2", None)


def test_the_place_and_facts_of_a_line() -> None:
    lines = [
        line(),
        line(ppsn=ppsn(1000002), works_number="9", line_item_id="L2", ae_employee=2999, ae_employer=2999, file=0),
    ]
    made = case(lines, [aepn(), aepn(ppsn=ppsn(1000002))])
    told = next(one for one in apply_rules(made) if one.code == "contribution-rounding")
    assert told.place(0) == Place(0, 3, 1, "ae_employee")
    assert (told.fact("employee", 0), told.fact("expected_employee", 0), len(told)) == (2999, 3000, 1)


def test_progress_is_told_rule_by_rule() -> None:
    class Told:
        def __init__(self) -> None:
            self.steps: list[tuple[str, int, int]] = []

        def step(self, what: str, done: int = 0, total: int = 0) -> None:
            self.steps.append((what, done, total))

        def file(self, name: str, number: int, total: int) -> None:
            raise AssertionError(name)

    told = Told()
    apply_rules(case([line()]), told)
    assert told.steps == [("rules", at, len(TESTS)) for at in range(len(TESTS))]


def test_a_code_is_declared_once() -> None:
    with pytest.raises(ValueError, match="gross-zero is declared twice"):
        declare("gross-zero", Severity.INFO, "pay-run")


@pytest.mark.parametrize(
    ("codes", "answer", "missing"),
    [
        ([], Answer.READY, ()),
        (["gross-zero", "gross-negative"], Answer.READY, ()),
        (["gross-missing"], Answer.NOT_READY, ()),
        (["cut-off-passed"], Answer.NOT_READY, ()),
        (["aepn-stale"], Answer.NOT_READY, ()),
        (["aepn-not-loaded"], Answer.INCOMPLETE, ("aepn-not-loaded",)),
        (["aepn-not-loaded", "gross-negative"], Answer.INCOMPLETE, ("aepn-not-loaded",)),
        (["aepn-not-loaded", "gross-missing"], Answer.NOT_READY, ("aepn-not-loaded",)),
    ],
)
def test_the_verdict(codes: list[str], answer: Answer, missing: tuple[str, ...]) -> None:
    verdict = judge([finding(code, 3) for code in codes], CUT_OFF)
    assert (verdict.answer, verdict.missing, verdict.cut_off) == (answer, missing, CUT_OFF)
    counted = {severity.value: 0 for severity in Severity}
    for code in codes:
        counted[CATALOGUE[code].severity.value] += 3
    assert verdict.counts == counted


def test_totals_by_run() -> None:
    lines = [
        line(), line(payroll_run_reference="R2", gross_pay=None, pay_date="2026-11-27", line_item_id="L2"),
        line(pay_date="2026-11-25", gross_pay=100, line_item_id="L3"), line(employer_registration_number=None, tax_year=None, payroll_run_reference=None, pay_date=None),
    ]  # fmt: skip
    assert run_totals(case(lines)) == (
        RunTotals("8000074DH", 2026, "R1", ("2026-11-25", "2026-11-26"), 2, 200_100, 3002, 3002, 1001),
        RunTotals("8000074DH", 2026, "R2", ("2026-11-27",), 1, 0, 0, 0, 0),
        RunTotals(None, None, None, (), 1, 200_000, 0, 0, 0),
    )
    assert run_totals(case([])) == ()


def test_the_law_of_a_run_is_that_of_its_latest_pay_date() -> None:
    made = case([line(pay_date="2028-12-28"), line(pay_date="2029-01-04")])
    assert made.law("employee-rate") == 300
    assert case([line(pay_date="2020-01-01")]).law("employee-rate") == 150
    assert replace(case([line(pay_date=None)]), now=dt.datetime(2032, 5, 1, tzinfo=dt.UTC)).law("employee-rate") == 450
    assert made.book is BOOK


def test_a_column_of_an_aepn_is_missing_where_there_is_none() -> None:
    made = case([line(), line(ppsn=ppsn(1000009))])
    assert made.aepn("ppsn").dropna().to_dict() == {0: ppsn(1000001)}
    assert pd.isna(case([line()], []).aepn("ppsn")).all()
    assert made.was("gross_pay").isna().all()


def test_no_rate_is_told_where_there_is_no_aepn() -> None:
    told = case([line(ppsn=ppsn(1000009)), line(), line(ppsn=ppsn(1000009), employment_id="2")]).expected
    for share in ("employee", "employer"):
        assert told[f"{share}_rate"].isna().tolist() == [True, False, True]
        assert told[f"{share}_rate"].tolist()[1] == 150
    assert told["aepn"].tolist() == ["none", "exact", "none"]
    assert told["status"].tolist() == ["none", "enrolled", "none"]
