"""Rows that are no pay lines although they stand among them: totals, page headings; and totals stated elsewhere."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autoenroll_desktop.domain.money import euro
from autoenroll_desktop.domain.pay_run import Seen, SkippedRow
from autoenroll_desktop.intake.cells import Bools
from autoenroll_desktop.intake.headings import plain_heading
from autoenroll_desktop.intake.money_text import read_money
from autoenroll_desktop.intake.number_cells import NumberCells
from autoenroll_desktop.intake.table import Table, about_file, about_skipped

_TOTAL_WORDS = (
    "total",
    "totals",
    "grand total",
    "sum",
    "report total",
    "overall total",
    "sub total",
    "subtotal",
    "iomlán",
)
_PAGE = re.compile(r"page:?\s*[0-9]+(\s*(of|/)\s*[0-9]+)?|leathanach\s*[0-9]+", re.IGNORECASE)
_PRINTED = re.compile(r"(printed|run|report|produced)\b.{0,40}[0-9]|end of report$", re.IGNORECASE)
_REMARK = re.compile(r"[*†(].*|(?=.*[^\W\d_]{3})\S+(\s+\S+){2,}")
"""A sentence, or what a star points to."""
_RULE = re.compile(r"[-=_*·\s]{3,}")
_RULES = [ord(mark) for mark in "-=_*"]
_COUNT = re.compile(
    r"(total )?((number|no|count) of )?(employees?|records?|rows?|lines?|payslips?|rpns?|payees?|staff)( ?count| paid)?"
)
_TAIL = 50
"""How many of the last rows are looked at for the word "total"."""


def drop_totals(table: Table, identity: Sequence[int], amounts: Sequence[tuple[str, int]]) -> None:
    """Take rows that are no pay lines out of a table, in place, once it is known which columns say who and how much.

    A row without any identity that says "total" or has amounts is a totals row where its amounts equal the sums
    above it; where one differs the file contradicts itself and says so. A row with neither is no pay line.
    """
    nobody: Bools = np.full(len(table.rows), bool(identity))
    for at in identity:
        nobody &= table.columns[at].blank()
    tail = range(max(0, len(table.rows) - _TAIL), len(table.rows))
    said = [at for at in tail if _says_total(table, at) and _named_by(table, identity, at) < 2]
    asides = [at for at in _without_amounts(table, amounts) if _is_aside(table, at)]
    candidates = sorted({*np.flatnonzero(nobody).tolist(), *said, *asides})
    drop = np.zeros(len(table.rows), dtype=np.bool_)
    drop[candidates] = True
    lost, totals = [], []
    for at in candidates:
        row = int(table.rows[at])
        if any(_amount(table.columns[column][at]) for _, column in amounts):
            totals.append(at)
        elif reason := _harmless(table, at):
            table.skipped.append(SkippedRow(row, reason))
        else:
            lost.append(row)
    _compare_totals(table, amounts, totals, drop)
    if lost:
        table.skipped += [SkippedRow(row, "not-a-pay-line") for row in lost]
        table.notes.append(about_skipped("file-rows-skipped", lost, {"reason": ["not-a-pay-line"] * len(lost)}))
    if candidates:
        keep = np.flatnonzero(~drop)
        table.columns = [column.take(keep) for column in table.columns]
        table.rows = table.rows[keep]
        table.skipped.sort(key=lambda row: row.row)
    _compare_stated(table, amounts)


def _without_amounts(table: Table, amounts: Sequence[tuple[str, int]]) -> list[int]:
    """Rows whose first column of amounts is blank or no amount; of a table without amounts the last ones."""
    column = next((column for field, column in amounts if field == "gross_pay"), amounts[0][1] if amounts else None)
    if column is None:
        return [*range(max(0, len(table.rows) - _TAIL), len(table.rows))]
    cells = table.columns[column]
    blank = cells.blank()
    if not isinstance(cells, NumberCells):
        first = cells.chars(1).matrix[0]
        blank |= np.isin(first, _RULES)
        maybe = np.flatnonzero(blank)
        return [at for at in maybe.tolist() if not _amount(cells[at])]
    return [*np.flatnonzero(blank).tolist()]


def _is_aside(table: Table, at: int) -> bool:
    """Whether a row is a ruled line, a page heading or a remark that stands where names do, and surely nobody."""
    cells: list[str] = []
    ruled = False
    for column in table.columns:
        if text := column[at].strip():
            ruled |= bool(_RULE.fullmatch(text))
            cells += [] if _RULE.fullmatch(text) else [text]
            if len(cells) > 2:
                return False
    if not cells:
        return ruled
    told = _PAGE.fullmatch(cells[0]) or _PRINTED.match(cells[0])
    remark = len(cells) == 1 and _REMARK.fullmatch(cells[0])
    return bool(told or remark or _counts(cells)) and len(table.columns) > 3


def _counts(cells: list[str]) -> bool:
    return len(cells) == 2 and bool(_COUNT.fullmatch(plain_heading(cells[0]))) and cells[1].isdigit()


def _harmless(table: Table, at: int) -> str:
    """Why a row without a name and without an amount needs no look, or ""."""
    cells = [text for column in table.columns if (text := column[at].strip())]
    stated = [text for text in cells if not _RULE.fullmatch(text)]
    if not stated:
        return "rule-line" if cells else "blank"
    if _says_total(table, at):
        return "totals"
    if any(_PAGE.fullmatch(text) or _PRINTED.match(text) for text in stated) and len(stated) < 4:
        return "page-heading"
    if _counts(stated):
        table.stated[stated[0]] = stated[1]
        return "totals"
    return ""


def _named_by(table: Table, identity: Sequence[int], at: int) -> int:
    return sum(bool(table.columns[column][at].strip()) for column in identity)


def _says_total(table: Table, at: int) -> bool:
    for column in table.columns:
        cell = column[at].strip().lower().rstrip(":")
        if cell:
            return cell in _TOTAL_WORDS or cell.startswith(
                ("total ", "totals ", "grand total", "sub-total", "subtotal")
            )
    return False


def _compare_totals(table: Table, amounts: Sequence[tuple[str, int]], totals: list[int], drop: Bools) -> None:
    agreed = 0
    for at in totals:
        row = int(table.rows[at])
        table.skipped.append(SkippedRow(row, "totals"))
        stated = {field: _amount(table.columns[column][at]) for field, column in amounts}
        above = {field: _sum(table, column, 0, at, drop) for field, column in amounts if stated[field]}
        if any(stated[field] != above[field] for field in above):
            start = max((before for before in totals if before < at), default=-1) + 1
            group = {field: _sum(table, column, start, at, drop) for field, column in amounts if stated[field]}
            above = group if all(stated[field] == group[field] for field in group) else above
        wrong = [field for field in above if stated[field] != above[field]]
        for field in wrong:
            facts: dict[str, Sequence[Any]] = {
                "name": [field],
                "stated": [euro(stated[field])],
                "summed": [euro(above[field])],
            }
            table.notes.append(about_skipped("control-total-mismatch", [row], facts))
        if not wrong:
            agreed += 1
            table.notes.append(about_skipped("file-totals-row-skipped", [row]))
    if agreed:
        table.seen.append(Seen.of("totals-agree", times=agreed))


def _sum(table: Table, column: int, start: int, end: int, drop: Bools) -> int:
    """Cents of a column between two rows, without the rows that are no pay lines."""
    lines = np.flatnonzero(~drop[start:end]) + start
    return sum(_amount(cell) for cell in table.columns[column].take(lines).texts())


def _compare_stated(table: Table, amounts: Sequence[tuple[str, int]]) -> None:
    """Compare counts and totals stated above or below the rows with the rows themselves."""
    for label, text in table.stated.items():
        words = plain_heading(label)
        if _COUNT.fullmatch(words) and text.isdigit():
            _compare(table, "control-count", label, int(text), len(table.rows), str)
        elif words.startswith("total ") and (at := dict(amounts).get(f"{words.removeprefix('total ').split()[0]}_pay")):
            stated = _amount(text)
            nothing = np.zeros(len(table.rows), dtype=np.bool_)
            _compare(table, "control-total", label, stated, _sum(table, at, 0, len(table.rows), nothing), euro)


def _compare(table: Table, what: str, label: str, stated: int, found: int, printed: Callable[[int], str]) -> None:
    if stated == found:
        table.seen.append(Seen.of(what, label=label))
    else:
        facts = {"name": label, "stated": printed(stated), "summed": printed(found)}
        table.notes.append(about_file("control-total-mismatch", facts))


def _amount(cell: str) -> int:
    """Cents of a cell in a totals row, 0 where it is none."""
    read = read_money(cell)
    return read.cents if read else 0
