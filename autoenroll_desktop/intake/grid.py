"""From rows of cells, as a spreadsheet or CSV has them, to a table: find the heading row, sort out the rest.

What is kept is pay lines; everything else (titles above the headings, blank rows, repeated headings, totals, rows that
hold nothing) is listed with its row number and reason.
"""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import numpy as np

from autoenroll_desktop.domain.pay_run import SkippedRow
from autoenroll_desktop.domain.progress import Progress
from autoenroll_desktop.errors import EmptyFile, FileTooLarge, UnreadableFile
from autoenroll_desktop.intake.headings import known_headings, plain_heading
from autoenroll_desktop.intake.money_text import read_money
from autoenroll_desktop.intake.source import Limits, Source
from autoenroll_desktop.intake.table import HARMLESS, Table, about_file, about_skipped

LOOK_AHEAD = 25
"""Rows searched for the heading row."""
_CHUNK = 4096
_TOTAL_WORDS = ("total", "totals", "grand total", "sum", "report total", "overall total")

Row = Sequence[str]


def table_from_rows(source: Source, rows: Iterable[Row], kind: str, limits: Limits, progress: Progress) -> Table:
    """Build the table from rows of text cells, the first being spreadsheet row 1.

    Rows are transposed in chunks so that a file of 100,000 rows never stands in memory as rows.

    Raises:
        EmptyFile: headings but no row below them. UnreadableFile: no heading row we know.
    """
    numbered = enumerate(rows, 1)
    first = list(islice(numbered, LOOK_AHEAD))
    at = _heading_row(source, first)
    header_row, headers = first[at][0], [cell.strip() for cell in first[at][1]]
    while headers and not headers[-1]:
        headers.pop()
    skipped = [SkippedRow(row, "preamble" if any(cells) else "blank") for row, cells in first[:at]]
    body = _Body(headers, limits)
    with _collector_paused():
        for chunk in _chunks([*first[at + 1 :]], numbered):
            progress.step("reading")
            body.add(chunk)
    if not body.rows:
        raise EmptyFile(f"{source.path.name} holds no pay line", "there are headings but no rows below", "Export again")
    skipped += body.skipped
    table = Table(
        path=source.path,
        kind=kind,
        sha256=source.sha256,
        headers=headers,
        columns=body.columns,
        rows=np.array(body.rows, dtype=np.int64),
        header_row=header_row,
        skipped=skipped,
    )
    if preamble := [row.row for row in skipped if row.reason == "preamble"]:
        table.notes.append(about_file("file-preamble-skipped", {"times": len(preamble)}))
    if lost := [row for row in skipped if row.reason not in HARMLESS]:
        table.notes.append(
            about_skipped("file-rows-skipped", [row.row for row in lost], {"reason": [row.reason for row in lost]})
        )
    return table


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Rows come and go by the thousand and never form cycles; looking for some costs a third of the reading time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _chunks(first: list[tuple[int, Row]], rest: Iterator[tuple[int, Row]]) -> Iterator[list[tuple[int, Row]]]:
    if first:
        yield first
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


def _heading_row(source: Source, rows: list[tuple[int, Row]]) -> int:
    """The position of the row with the most headings we know. Raises UnreadableFile where no row has two."""
    scores = [known_headings(cells) for _, cells in rows]
    best = max(range(len(rows)), key=lambda at: (scores[at], -at), default=None)
    if best is None or scores[best] < 2:
        seen = next((cells for _, cells in rows if sum(map(bool, cells)) > 1), rows[0][1] if rows else ())
        shown = ", ".join(cell.strip()[:30] for cell in list(seen)[:8] if cell.strip())
        raise UnreadableFile(
            f"No headings we know in {source.path.name}",
            f"row 1 starts: {shown}" if shown else "",
            "Export it with a heading row that names at least PPSN and gross pay",
        )
    return best


class _Body:
    """The rows below the headings, collected column by column."""

    def __init__(self, headers: list[str], limits: Limits) -> None:
        self.width = len(headers)
        self.columns: list[list[str]] = [[] for _ in headers]
        self.rows: list[int] = []
        self.skipped: list[SkippedRow] = []
        self._headings = [plain_heading(header) for header in headers]
        self._first = headers[0].casefold() if headers else ""
        self._blank: list[int] = []
        self._limits = limits

    def add(self, chunk: list[tuple[int, Row]]) -> None:
        """Take a chunk of (spreadsheet row, cells); ragged rows are judged one by one."""
        kept_rows, kept = [], []
        width = self.width
        for row, cells in chunk:
            if len(cells) != width:
                fitted = self._fit(row, cells)
                if fitted is None:
                    continue
                cells = fitted  # noqa: PLW2901 - the same row, made to fit
            elif not cells[0] and not any(map(str.strip, cells)):
                self._blank.append(row)
                continue
            if cells[0].strip().casefold() == self._first and self._is_heading(cells):
                self.skipped.append(SkippedRow(row, "repeated-header"))
                continue
            kept_rows.append(row)
            kept.append(cells)
        if not kept:
            return
        self.skipped += [SkippedRow(row, "blank") for row in self._blank]
        self._blank.clear()
        self.rows += kept_rows
        if len(self.rows) > self._limits.lines:
            raise FileTooLarge(
                "This file holds too many lines", f"over {self._limits.lines:,}", "Export one pay run at a time"
            )
        for column, cells in zip(self.columns, zip(*kept, strict=True), strict=True):
            column.extend(cells)

    def _fit(self, row: int, cells: Row) -> Row | None:
        """A ragged row made to fit, or None when it is skipped."""
        if not any(cell.strip() for cell in cells):
            self._blank.append(row)
            return None
        if len(cells) < self.width:
            if sum(1 for cell in cells if cell.strip()) < 2:
                self.skipped.append(SkippedRow(row, "too-few-cells"))
                return None
            return [*cells, *[""] * (self.width - len(cells))]
        if any(cell.strip() for cell in cells[self.width :]):
            self.skipped.append(SkippedRow(row, "too-many-cells"))
            return None
        return cells[: self.width]

    def _is_heading(self, cells: Row) -> bool:
        return [plain_heading(cell) for cell in cells] == self._headings


def drop_totals(table: Table, identity: Sequence[int], amounts: Sequence[tuple[str, int]]) -> None:
    """Take totals rows out of a table, in place, once it is known which columns say who and which how much.

    A row without any identity that says "total" or has amounts is a totals row where its amounts equal the sums
    above it; where one differs the file contradicts itself and says so. A row with neither is no pay line.
    """
    nobody = list(range(len(table.rows)))
    for column in (table.columns[at] for at in identity):
        nobody = [at for at in nobody if not column[at] or column[at].isspace()]
    tail = range(max(0, len(table.rows) - 50), len(table.rows))
    said = [
        at
        for at in tail
        if _says_total(table, at) and sum(bool(table.columns[column][at].strip()) for column in identity) < 2
    ]
    candidates = sorted({*nobody, *said})
    if not candidates:
        return
    drop: set[int] = set(candidates)
    lost, totals = [], []
    for at in candidates:
        stated = [(field, _amount(table.columns[column][at])) for field, column in amounts]
        if any(value for _, value in stated):
            totals.append(at)
        elif _says_total(table, at):
            table.skipped.append(SkippedRow(int(table.rows[at]), "totals"))
        else:
            lost.append(int(table.rows[at]))
    _compare_totals(table, amounts, totals, drop)
    if lost:
        table.skipped += [SkippedRow(row, "not-a-pay-line") for row in lost]
        table.notes.append(about_skipped("file-rows-skipped", lost, {"reason": ["not-a-pay-line"] * len(lost)}))
    keep = [at for at in range(len(table.rows)) if at not in drop]
    table.columns = [[column[at] for at in keep] for column in table.columns]
    table.rows = table.rows[keep]
    table.skipped.sort(key=lambda row: row.row)


def _says_total(table: Table, at: int) -> bool:
    for column in table.columns:
        cell = column[at].strip().lower().rstrip(":")
        if cell:
            return cell in _TOTAL_WORDS or cell.startswith(("total ", "totals ", "grand total"))
    return False


def _compare_totals(table: Table, amounts: Sequence[tuple[str, int]], totals: list[int], drop: set[int]) -> None:
    for at in totals:
        row = int(table.rows[at])
        table.skipped.append(SkippedRow(row, "totals"))
        wrong = False
        for field, column in amounts:
            stated = _amount(table.columns[column][at])
            summed = sum(_amount(table.columns[column][line]) for line in range(at) if line not in drop)
            if stated and stated != summed:
                wrong = True
                facts: dict[str, Sequence[Any]] = {"name": [field], "stated": [stated], "summed": [summed]}
                table.notes.append(about_skipped("control-total-mismatch", [row], facts))
        if not wrong:
            table.notes.append(about_skipped("file-totals-row-skipped", [row]))


def _amount(cell: str) -> int:
    """Cents of a cell in a totals row, 0 where it is none."""
    read = read_money(cell)
    return read.cents if read else 0
