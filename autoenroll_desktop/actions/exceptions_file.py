"""Only the failing rows of a file, in the layout they came in, with what was corrected so far; to be put right by hand.

Whoever it is sent to opens it in Excel: texts that look like formulas are made harmless in it, and recognised when the
file comes back (`merge_back`).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from autoenroll_desktop.actions.corrected_file import Made, made, open_original
from autoenroll_desktop.actions.fix_pay_run import Workbench
from autoenroll_desktop.actions.plan_edits import Plan, plan
from autoenroll_desktop.domain.finding import NOWHERE, Severity
from autoenroll_desktop.domain.pay_run import FIELDS, Kind
from autoenroll_desktop.domain.progress import SILENT, Progress
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.intake.raw_rows import raw_rows
from autoenroll_desktop.reports.defuse import defused
from autoenroll_desktop.rewrite.edit import CellEdit


def failing_rows(bench: Workbench, file: int) -> frozenset[int]:
    """Spreadsheet rows (or payslips) of a file with an error as the run stands now."""
    failing = np.zeros(len(bench.checked.run), dtype=np.bool_)
    for finding in bench.checked.findings:
        if finding.severity is Severity.ERROR:
            failing[finding.lines[finding.lines != NOWHERE]] = True
    lines = bench.checked.run.lines
    return frozenset(lines.loc[failing & (lines["file"] == file).to_numpy(), "row"].tolist())


def make_exceptions(bench: Workbench, file: int, progress: Progress = SILENT) -> Made:
    """The file with nothing but its failing rows. Raises AppError where none fails."""
    failing = failing_rows(bench, file)
    planned = plan(bench, file)
    if not failing or planned.reading.choices.add_up:
        raise AppError(
            f"No row of {planned.reading.file.name} can be taken out as failing", "", "Use the annotated workbook"
        )
    rows = planned.rows[planned.rows["row"].isin(failing)].reset_index(drop=True)
    totals = {row.row for row in planned.reading.file.rows_skipped if row.reason == "totals"}
    dropped = frozenset(planned.reading.rows["row"].tolist()) - failing | totals
    cells = tuple(cell for cell in planned.cells if cell.row in failing)
    only = replace(planned, cells=cells, dropped=dropped, rows=rows)
    return made(_harmless(only, progress), progress, close_up=True)


def _harmless(planned: Plan, progress: Progress) -> Plan:
    """The plan of delimited text without cells that a spreadsheet would take for formulas."""
    file = planned.reading.file
    mark = next((dict(seen.facts)["mark"] for seen in file.seen if seen.what == "delimiter"), None)
    if mark is None:
        return planned
    raw = raw_rows(open_original(planned.reading, progress), delimiter=str(mark))
    edited = {(cell.row, cell.column): cell for cell in planned.cells}
    rows = planned.rows.copy()
    for at, row in enumerate(rows["row"].tolist()):
        for column, text in enumerate(raw[row - 1]):
            own = edited.get((row, column))
            safe = defused(own.text if own else text)
            if safe != (own.text if own else text):
                edited[row, column] = replace(own, text=safe) if own else CellEdit(row, column, safe)
                _expect(rows, at, file.columns[column].field if column < len(file.columns) else "")
    return replace(planned, cells=tuple(edited.values()), rows=rows)


def _expect(rows: pd.DataFrame, at: int, field: str) -> None:
    if FIELDS.get(field) is Kind.TEXT and isinstance(rows[field].iloc[at], str):
        column = rows[field].copy()
        column.iloc[at] = defused(column.iloc[at])
        rows[field] = column


def any_failing(bench: Workbench, files: Sequence[int]) -> list[int]:
    """Those of some files whose failing rows can be taken out; not where a line is several rows added up."""
    readings = bench.prepared.gathered.readings
    return [file for file in files if not readings[file].choices.add_up and failing_rows(bench, file)]
