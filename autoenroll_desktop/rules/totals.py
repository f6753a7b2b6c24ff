"""Sums over a checked run, by payroll run."""

from typing import Any

import pandas as pd

from autoenroll_desktop.domain.checked_run import RunTotals
from autoenroll_desktop.rules.case import Case

_RUN = ["employer_registration_number", "tax_year", "payroll_run_reference"]


def run_totals(case: Case) -> tuple[RunTotals, ...]:
    """One entry a payroll run (employer, tax year, run reference), in file order. Money is cents."""
    totals = []
    codes = case.run.lines.groupby(_RUN, dropna=False, sort=False).ngroup().to_numpy()
    for code in range(codes.max(initial=-1) + 1):
        lines = case.run.lines[codes == code]
        wanted = case.expected[codes == code]
        first = lines.iloc[0]
        totals.append(
            RunTotals(
                _value(first[_RUN[0]]),
                None if pd.isna(first[_RUN[1]]) else int(first[_RUN[1]]),
                _value(first[_RUN[2]]),
                tuple(f"{day:%Y-%m-%d}" for day in sorted(lines["pay_date"].dropna().unique())),
                len(lines),
                *(int(column.fillna(0).sum()) for column in _sums(lines, wanted)),
            )
        )
    return tuple(totals)


def _sums(lines: pd.DataFrame, wanted: pd.DataFrame) -> tuple[Any, ...]:
    return (lines["gross_pay"], wanted["employee"], wanted["employer"], wanted["state"])


def _value(cell: Any) -> str | None:
    return None if pd.isna(cell) else str(cell)
