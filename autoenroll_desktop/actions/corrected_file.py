"""The corrected file in the layout the original has: made, written beside it, read again and compared.

What was asked for and what reads back have to be the same to the cell, or nothing is written.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from autoenroll_desktop.actions.check_pay_run import DUBLIN
from autoenroll_desktop.actions.fix_pay_run import Workbench
from autoenroll_desktop.actions.gather import Reading
from autoenroll_desktop.actions.how_to_read import HowToRead
from autoenroll_desktop.actions.keep_totals import Sheet, kept_totals
from autoenroll_desktop.actions.plan_edits import Plan, plan
from autoenroll_desktop.actions.read_files import read_files
from autoenroll_desktop.domain.pay_run import FIELDS
from autoenroll_desktop.domain.progress import SILENT, Progress
from autoenroll_desktop.domain.sent import HEADER, fingerprint
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.fixes.numbering import LONGEST_ITEM, numbered
from autoenroll_desktop.intake.raw_rows import as_text, raw_rows
from autoenroll_desktop.intake.read_table import LIMITS
from autoenroll_desktop.intake.source import Source, open_source
from autoenroll_desktop.rewrite.edit import CellEdit
from autoenroll_desktop.rewrite.new_workbook import as_workbook
from autoenroll_desktop.rewrite.rewrite import keeps_layout, rewrite


class Submission(StrEnum):
    """What a corrected payroll submission (PSR) is. Other files are always `AS_IT_IS`."""

    AS_IT_IS = "as-it-is"
    """The submission with its values corrected: it was not sent yet."""
    CORRECTION = "correction"
    """Only what changed, each line replacing the one it corrects (`previousLineItemID`): it was sent and accepted."""
    FRESH = "fresh"
    """Everything under a submission ID of its own: it was sent and refused."""


@dataclass(frozen=True, eq=False)
class Made:
    """A file ready to be written: its bytes, the plan behind them, and how they are read again.

    Attributes:
        converted: the original's kind is never written; these are the bytes of an Excel workbook.
    """

    content: bytes
    plan: Plan
    converted: bool


def make_corrected(
    bench: Workbench, file: int, form: Submission = Submission.AS_IT_IS, progress: Progress = SILENT
) -> Made:
    """The corrected file.

    Args:
        file: its place among `bench.prepared.gathered.readings`.

    Raises:
        AppError: it was changed since it was read, cannot hold an edit, or there is nothing to correct in it.
    """
    planned = plan(bench, file)
    if planned.unplaced and not planned:
        raise AppError(
            f"Nothing that was changed has a cell in {planned.reading.file.name}",
            "it would be written as it is",
            "Change it in payroll, or hand over the annotated workbook",
        )
    deletes: dict[int, str] = {}
    if planned.reading.file.kind.startswith("psr-") and form is not Submission.AS_IT_IS:
        planned, deletes = _as_submission(bench, planned, form)
    return made(planned, progress, deletes=deletes)


def made(
    planned: Plan, progress: Progress = SILENT, *, deletes: dict[int, str] | None = None, close_up: bool = False
) -> Made:
    """The bytes of a plan."""
    file = planned.reading.file
    source = open_original(planned.reading, progress)
    cells = planned.cells
    mark = next((dict(seen.facts)["mark"] for seen in file.seen if seen.what == "delimiter"), "")
    keeps = keeps_layout(source, file.kind)
    needs_rows = not keeps or any(row.reason in ("totals", "preamble") for row in file.rows_skipped)
    raw = raw_rows(source, delimiter=str(mark), sheet=file.sheet) if needs_rows and planned else []
    if raw and not close_up:
        cells = (*cells, *_kept(planned, [as_text(row) for row in raw]))
    edits = replace(planned.edits(), cells=cells, deletes=deletes or {})
    if not keeps:
        raw = raw or raw_rows(source, delimiter=str(mark), sheet=file.sheet)
        return Made(as_workbook(raw, edits, file.sheet or "Pay"), planned, converted=True)
    content = rewrite(source, file.kind, edits, delimiter=str(mark), sheet=file.sheet, close_up=close_up)
    return Made(content, planned, converted=False)


def open_original(reading: Reading, progress: Progress) -> Source:
    """The file as it was checked. Raises AppError where it is another one by now."""
    source = open_source(Path(reading.file.path), LIMITS, progress)
    if source.sha256 != reading.file.sha256:
        raise AppError(
            f"{reading.file.name} was changed since it was checked", "its content is another now", "Check it again"
        )
    return source


def _kept(planned: Plan, rows: Sequence[Sequence[str]]) -> Iterator[CellEdit]:
    file = planned.reading.file
    return kept_totals(
        Sheet(
            rows,
            lines=planned.reading.rows["row"].tolist(),
            totals=[one.row for one in file.rows_skipped if one.reason == "totals"],
            above=[one.row for one in file.rows_skipped if one.reason == "preamble"],
            edits=planned.edits(),
            comma=planned.reading.choices.decimal == "comma",
        )
    )


def verify(written: Path, asked: Made, now: dt.datetime, progress: Progress = SILENT) -> Reading:
    """Read what was written and compare it with what was asked for.

    Raises:
        AppError: it cannot be read, or a value is another one; the words say where.
    """
    reading = asked.plan.reading
    choices = replace(reading.choices, sheet=None) if asked.converted else reading.choices
    how = HowToRead(today=now.astimezone(DUBLIN).date(), everywhere=choices)
    again = read_files([(reading.file.role, written)], how, progress)[0]
    wanted = asked.plan.rows
    if not len(wanted) and again.error is not None:
        return again  # every line was left out
    if again.error is not None:
        raise _not_as_asked(reading, str(again.error))
    if len(again.rows) != len(wanted):
        raise _not_as_asked(reading, f"{len(again.rows):,} lines instead of {len(wanted):,}")
    for name in FIELDS:
        if not again.rows[name].equals(wanted[name]):
            rows = wanted["row"].to_numpy(np.int64)[_differing(again.rows[name], wanted[name])]
            raise _not_as_asked(reading, f"{name.replace('_', ' ')} in row {', '.join(map(str, rows[:5].tolist()))}")
    return again


def _differing(one: "pd.Series[Any]", other: "pd.Series[Any]") -> Any:
    same = (one == other).fillna(value=False).to_numpy(bool) | (one.isna() & other.isna()).to_numpy()
    return np.flatnonzero(~same)


def _not_as_asked(reading: Reading, why: str) -> AppError:
    return AppError(
        f"The corrected {reading.file.name} was not written", f"it does not read back as it should: {why}", ""
    )


def _as_submission(bench: Workbench, planned: Plan, form: Submission) -> tuple[Plan, dict[int, str]]:
    """The plan of a correction or a fresh submission, and which payslips' line items are to be deleted."""
    rows, original = planned.rows.copy(), planned.reading.rows
    ids = dict(zip(original["row"].tolist(), original["line_item_id"], strict=True))
    header = [original[name].iloc[0] if len(original) else None for name in HEADER]
    sent = bench.prepared.sent
    cells, dropped, deletes = list(planned.cells), planned.dropped, {}
    if form is Submission.CORRECTION:
        if not planned:
            raise AppError("There is nothing to correct", "no line was changed", "Choose another way to write it")
        changed = {cell.row for cell in cells}
        used = _Used({*original["line_item_id"].dropna(), *rows["line_item_id"].dropna()}, sent.items, header)
        deletes = {row: str(ids[row]) for row in dropped if isinstance(ids[row], str)}
        dropped |= {row for row in ids if row not in changed}
        rows = rows[rows["row"].isin(changed)].reset_index(drop=True)
        for at, row in enumerate(rows["row"].tolist()):
            if not isinstance(ids[row], str):
                continue
            if rows["line_item_id"].iloc[at] == ids[row]:
                used.known.add(new := numbered(ids[row], LONGEST_ITEM, used))
                cells.append(CellEdit(row, "line_item_id", new))
                rows.loc[at, "line_item_id"] = new
            cells.append(CellEdit(row, "previous_line_item_id", ids[row]))
            rows.loc[at, "previous_line_item_id"] = ids[row]
    old = original["submission_id"].dropna().unique().tolist()
    if not any(cell.column == "submission_id" for cell in cells):
        used = _Used(set(old), sent.submissions, header)
        for text in old:
            used.known.add(new := numbered(text, LONGEST_ITEM, used))
            mine = rows["submission_id"] == text
            cells += [CellEdit(row, "submission_id", new) for row in rows.loc[mine, "row"].tolist()]
            rows.loc[mine, "submission_id"] = new
    return replace(planned, cells=tuple(cells), dropped=dropped, rows=rows), deletes


class _Used:
    """Identifiers that are taken: those at hand, and those sent before, of which only fingerprints are kept."""

    def __init__(self, known: set[str], sent: frozenset[str], header: Sequence[object]) -> None:
        self.known, self._sent, self._header = known, sent, header

    def __contains__(self, text: object) -> bool:
        return text in self.known or fingerprint(*self._header, text) in self._sent
