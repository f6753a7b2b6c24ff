"""Ten of our checks beside the same ten in pandera and frictionless, on the same lines in one run (`dev.py campaign compare`).

Ours are run as the whole catalogue, which is seven times as many. All three collect every finding, none stops at the first.
"""

import re
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from autoenroll_desktop.domain.identifiers import Check, explain
from autoenroll_desktop.rules.catalogue import TESTS
from autoenroll_desktop.rules.engine import apply_rules
from tests.bench.making_runs import case_of, made

pandera = pytest.importorskip("pandera.pandas", reason="dev.py campaign compare installs it")
frictionless = pytest.importorskip("frictionless", reason="dev.py campaign compare installs it")

LINES = 20_000
WRONG = 6
"""Kinds of mistakes planted, in one line of a hundred each."""
CODES = (
    "ppsn-format", "ppsn-check-letter", "employment-id-format", "name-too-long", "gross-negative",
    "pay-date-outside-tax-year", "pay-frequency-unknown", "pay-period-out-of-range", "contribution-shares-differ",
    "contribution-amount",
)  # fmt: skip
FREQUENCIES = (
    "WEEKLY",
    "FORTNIGHTLY",
    "FOUR_WEEKLY",
    "MONTHLY",
    "TWICE_MONTHLY",
    "WK_BASED_MONTHLY",
    "QUARTERLY",
    "BI_ANNUAL",
    "ANNUAL",
    "OTHER",
)


def planted(lines: pd.DataFrame) -> pd.DataFrame:
    """The lines with six kinds of mistakes in them."""
    wrong = lines.copy()
    every = np.arange(len(lines))
    wrong.loc[every % 100 == 1, "ppsn"] = "123456"
    wrong.loc[every % 100 == 11, "employment_id"] = "a b"
    wrong.loc[every % 100 == 21, "family_name"] = "O" * 51
    wrong.loc[every % 100 == 31, "pay_frequency"] = "WEKLY"
    wrong.loc[every % 100 == 41, "ae_employer"] = 1
    wrong.loc[every % 100 == 51, "tax_year"] = 2025
    wrong["pay_period"] = pd.array(np.full(len(lines), 48), dtype="Int64")
    return wrong


def seconds(what: Callable[[], Any], rounds: int = 3) -> tuple[float, Any]:
    told, best = None, float("inf")
    for _ in range(rounds):
        begun = time.process_time()
        told = what()
        best = min(best, time.process_time() - begun)
    return best, told


def with_pandera(lines: pd.DataFrame) -> int:
    """Places found by a schema of ten checks, lazily."""
    column, check = pandera.Column, pandera.Check
    due = (lines["gross_pay"] * 150 * 2 + 10_000) // 20_000
    schema = pandera.DataFrameSchema(
        {
            "ppsn": column(
                object,
                [
                    check(lambda text: text.str.fullmatch(r"[0-9]{7}[A-W][A-IWTXZ]?")),
                    check(lambda text: explain(text).check is not Check.BAD_LETTER, element_wise=True),
                ],
            ),
            "employment_id": column(object, check(lambda text: text.str.fullmatch(r"[A-Za-z0-9_-]{1,20}"))),
            "family_name": column(object, check(lambda text: text.str.len() <= 50)),
            "gross_pay": column("Int64", check.ge(0)),
            "pay_frequency": column(object, check.isin(FREQUENCIES)),
            "pay_period": column("Int64", check.in_range(1, 53)),
        },
        checks=[
            check(lambda frame: frame["pay_date"].dt.year == frame["tax_year"]),
            check(lambda frame: frame["ae_employee"] == frame["ae_employer"]),
            check(lambda frame: (frame["ae_employee"] - due).abs() <= 1),
        ],
    )
    try:
        schema.validate(lines, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        return int(errors.failure_cases["index"].nunique())
    return 0


def with_frictionless(rows: list[dict[str, Any]]) -> int:
    """Rows found by a schema and checks over the same lines as plain rows."""
    text = {"type": "string"}
    descriptor = {
        "fields": [
            {"name": "ppsn", **text, "constraints": {"pattern": "[0-9]{7}[A-W][A-IWTXZ]?"}},
            {"name": "employment_id", **text, "constraints": {"pattern": "[A-Za-z0-9_-]{1,20}"}},
            {"name": "family_name", **text, "constraints": {"maxLength": 50}},
            {"name": "gross_pay", "type": "integer", "constraints": {"minimum": 0}},
            {"name": "pay_frequency", **text, "constraints": {"enum": list(FREQUENCIES)}},
            {"name": "pay_period", "type": "integer", "constraints": {"minimum": 1, "maximum": 53}},
            *({"name": name, "type": "integer"} for name in ("tax_year", "year", "ae_employee", "ae_employer", "due")),
        ]
    }

    class Letter(frictionless.Check):
        type = "letter"
        Errors = (frictionless.errors.RowError,)

        def validate_row(self, row: Any) -> Any:
            if explain(row["ppsn"] or "").check is Check.BAD_LETTER:
                yield frictionless.errors.RowError.from_row(row, note="letter")

    resource = frictionless.Resource(data=rows, schema=frictionless.Schema.from_descriptor(descriptor))
    formulas = ("tax_year == year", "ae_employee == ae_employer", "ae_employee - due <= 1 and due - ae_employee <= 1")
    checks = [Letter(), *(frictionless.checks.row_constraint(formula=one) for one in formulas)]
    with frictionless.system.use_context(trusted=True):
        report = frictionless.validate(resource, checks=checks, limit_errors=10**6)
    return len({error.row_number for error in report.task.errors if hasattr(error, "row_number")})


def test_ten_checks_side_by_side() -> None:
    run, past, aepns = made(LINES)
    lines = planted(run.lines)
    names = [
        "ppsn",
        "employment_id",
        "family_name",
        "gross_pay",
        "pay_frequency",
        "pay_period",
        "tax_year",
        "ae_employee",
        "ae_employer",
    ]
    rows = lines[names].astype(object).to_dict("records")
    for row in rows:
        row["year"], row["due"] = 2026, (row["gross_pay"] * 300 + 10_000) // 20_000
    run = type(run)(lines)
    ours, findings = seconds(lambda: apply_rules(case_of(run, past, aepns)))
    theirs, places = seconds(lambda: with_pandera(lines))
    slow, bad_rows = seconds(lambda: with_frictionless(rows), rounds=1)
    told = {int(at) for one in findings if one.code in CODES for at in one.lines}
    planted_lines = LINES // 100 * WRONG
    print(f"\n{LINES:,} lines, {planted_lines:,} of them wrong")
    print(f"  ours, all {len(TESTS)} rules        {ours:8.3f} s of the processor, {len(told):,} lines found")
    print(f"  pandera, ten checks, lazy {theirs:8.3f} s of the processor, {places:,} lines found")
    print(f"  frictionless, ten checks  {slow:8.3f} s of the processor, {bad_rows:,} lines found")
    assert len(told) == places == bad_rows == planted_lines
    assert ours < 5 * theirs
    assert ours < slow


def test_the_pattern_is_the_one_both_use() -> None:
    assert re.fullmatch(r"[0-9]{7}[A-W][A-IWTXZ]?", "1234567FA")
