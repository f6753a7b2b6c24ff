"""Builds pay runs and AEPNs for tests: one right line, changed where a case says so."""

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from autoenroll_desktop.domain.aepn import AEPN_FIELDS
from autoenroll_desktop.domain.finding import Finding
from autoenroll_desktop.domain.identifiers import LETTERS
from autoenroll_desktop.domain.pay_run import FIELDS, FileRead, Kind, PayRun, Role
from autoenroll_desktop.rules.book import Book, load_book
from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.engine import apply_rules
from autoenroll_desktop.rules.register import build_register

NOW = dt.datetime(2026, 11, 26, 15, 12, tzinfo=dt.UTC)
ERN = "8000074DH"
BOOK: Book = load_book()


def ppsn(digits: int, second: str = "A") -> str:
    """A PPSN that passes its check."""
    text = f"{digits:07d}"
    total = sum(int(digit) * weight for digit, weight in zip(text, range(8, 1, -1), strict=True))
    total += 9 * (ord(second) - 64) if second and second not in "WTX" else 0
    return f"{text}{LETTERS[total % 23]}{second}"


def line(**changes: Any) -> dict[str, Any]:
    """A pay line with nothing wrong; money is cents, dates are ISO text."""
    right = {
        "employer_registration_number": ERN,
        "tax_year": 2026,
        "payroll_run_reference": "R1",
        "line_item_id": "L1",
        "ppsn": ppsn(1000001),
        "employment_id": "1",
        "works_number": "101",
        "first_name": "Séamus",
        "family_name": "Ó Briain",
        "date_of_birth": "1990-05-05",
        "pay_date": "2026-11-26",
        "pay_frequency": "WEEKLY",
        "gross_pay": 200000,
        "ae_employee": 3000,
        "ae_employer": 3000,
    }
    return {**right, **changes}


def aepn(**changes: Any) -> dict[str, Any]:
    """The AEPN that governs `line()`."""
    right = {
        "employer_registration_number": ERN,
        "ppsn": ppsn(1000001),
        "employment_id": "1",
        "first_name": "Séamus",
        "family_name": "Ó Briain",
        "status": "Enrolled",
        "issue_date": "2026-01-01",
        "effective_date": "2026-01-01",
        "employee_rate": 150,
        "employer_rate": 150,
        "downloaded_at": NOW - dt.timedelta(hours=5),
    }
    return {**right, **changes}


def frame(fields: dict[str, Kind], rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows as typed columns, as intake makes them; row numbers begin at 2."""
    unknown = {name for row in rows for name in row} - fields.keys() - {"file"}
    assert not unknown, unknown
    columns: dict[str, Any] = {}
    for name, kind in fields.items():
        values = [row.get(name) for row in rows]
        if kind in (Kind.TEXT, Kind.MOMENT):
            columns[name] = pd.Series(values, dtype=object)
        elif kind is Kind.DATE:
            columns[name] = pd.Series(pd.to_datetime(values), dtype="datetime64[s]")
        else:
            columns[name] = pd.Series(values, dtype="Int64")
    columns["file"] = pd.Series([row.get("file", 0) for row in rows], dtype="int64")
    columns["row"] = pd.Series(np.arange(2, len(rows) + 2), dtype="int64")
    return pd.DataFrame(columns)


def case(
    lines: list[dict[str, Any]],
    aepns: list[dict[str, Any]] | None = None,
    history: list[dict[str, Any]] | None = None,
    now: dt.datetime = NOW,
) -> Case:
    """Everything a rule may look at."""
    files = (FileRead("pay.csv", "pay.csv", Role.PAY),)
    rows = [aepn()] if aepns is None else aepns
    register = build_register(frame(AEPN_FIELDS, rows), now)
    return Case(PayRun(frame(FIELDS, lines)), PayRun(frame(FIELDS, history or [])), register, files, BOOK, now)


def found(made: Case) -> list[Finding]:
    """Every finding of a case."""
    return apply_rules(made)


def codes(made: Case, *, without: tuple[str, ...] = ("cut-off-near",)) -> set[str]:
    """The keys (code/cause) found, without those every case has."""
    return {one.key for one in found(made)} - set(without)
