"""From rows of cells, as a spreadsheet or CSV has them, to a table: find the heading row, sort out the rest.

What is kept is pay lines; everything else (titles above the headings, blank rows, repeated headings, page headings,
rows that hold nothing) is listed with its row number and reason.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import numpy as np

from autoenroll_desktop.domain.pay_run import Seen, SkippedRow
from autoenroll_desktop.domain.progress import Progress
from autoenroll_desktop.errors import EmptyFile, FileTooLarge
from autoenroll_desktop.intake.cells import Cells, Ints, ListCells
from autoenroll_desktop.intake.choices import Choices
from autoenroll_desktop.intake.collector import collector_paused
from autoenroll_desktop.intake.heading_rows import LOOK_AHEAD, Headings, Row, find_headings, stated_above
from autoenroll_desktop.intake.headings import plain_heading
from autoenroll_desktop.intake.limits import Limits
from autoenroll_desktop.intake.number_cells import NumberCells
from autoenroll_desktop.intake.source import Source
from autoenroll_desktop.intake.table import HARMLESS, NoHeadings, Table, about_file, about_skipped

_CHUNK = 4096

Bulk = Callable[[int, int], list[Cells] | None]
"""Columns of every row below spreadsheet row `r`, given how many cells a row has; None where rows must go singly."""


def table_from_rows(
    source: Source,
    rows: Iterable[Row],
    kind: str,
    limits: Limits,
    progress: Progress,
    choices: Choices,
    bulk: Bulk | None = None,
    *,
    positional: bool = False,
) -> Table:
    """Build the table from rows of text cells, the first being spreadsheet row 1.

    Rows are transposed in chunks so that a file of 100,000 rows never stands in memory as rows; where `bulk` can give
    the columns at once they are not looked at singly at all.

    Args:
        positional: a cell's column is certain, as in a workbook, so that a surplus cell moves no other.

    Raises:
        EmptyFile: headings but no row below them. NoHeadings: no heading row we know and no PPSNs either, or no row
            that fits the headings. UnreadableFile: the chosen heading row is not there.
    """
    numbered = enumerate(rows, 1)
    first = list(islice(numbered, LOOK_AHEAD))
    headings = find_headings(source, first, choices)
    above = {tuple(map(str.strip, cells)) for _, cells in headings.above if any(cells)}
    body = _Body(headings.texts, limits, above, positional=positional)
    columns = bulk(headings.last, len(headings.texts)) if bulk else None
    if columns is not None:
        body.take(columns, headings.last + 1)
    else:
        with collector_paused():
            for chunk in _chunks([one for one in first if one[0] > headings.last], numbered):
                progress.step("reading")
                body.add(chunk)
    if not len(body.row_numbers()):
        if lost := [row for row in body.skipped if row.reason not in HARMLESS]:
            error = NoHeadings(
                f"No row of {source.path.name} fits its headings",
                f"row {lost[0].row} and {len(lost) - 1:,} others have more or fewer cells than the headings",
                "Export it again, or choose another heading row",
            )
            error.rows = first
            raise error
        raise EmptyFile(f"{source.path.name} holds no pay line", "there are headings but no rows below", "Export again")
    table = _table(source, kind, headings, body)
    table.top = first
    return table


def _table(source: Source, kind: str, headings: Headings, body: "_Body") -> Table:
    skipped = [SkippedRow(row, "preamble" if any(cells) else "blank") for row, cells in headings.above]
    skipped += [SkippedRow(row, "headings") for row in headings.rows[1:]]
    table = Table(
        path=source.path,
        kind=kind,
        sha256=source.sha256,
        headers=headings.texts,
        columns=body.cells(),
        rows=body.row_numbers(),
        header_row=headings.rows[0] if headings.rows else None,
        skipped=sorted([*skipped, *body.skipped], key=lambda row: row.row),
        stated=stated_above(headings.above),
        headless=not headings.rows,
    )
    if preamble := [row.row for row in skipped if row.reason == "preamble"]:
        table.notes.append(about_file("file-preamble-skipped", {"times": len(preamble)}))
    if len(headings.rows) > 1:
        table.seen.append(Seen.of("two-heading-rows", first=headings.rows[0], second=headings.rows[1]))
    if table.headless:
        table.seen.append(Seen.of("no-headings"))
    if body.beyond:
        table.seen.append(Seen.of("cells-beyond", times=body.beyond))
    for reason in ("repeated-header", "page-heading"):
        if times := sum(row.reason == reason for row in body.skipped):
            table.seen.append(Seen.of(f"{reason}s", times=times))
    if lost := [row for row in table.skipped if row.reason not in HARMLESS]:
        table.notes.append(
            about_skipped("file-rows-skipped", [row.row for row in lost], {"reason": [row.reason for row in lost]})
        )
    return table


def _chunks(first: list[tuple[int, Row]], rest: Iterator[tuple[int, Row]]) -> Iterator[list[tuple[int, Row]]]:
    if first:
        yield first
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


class _Body:
    """The rows below the headings, collected column by column."""

    def __init__(self, headers: list[str], limits: Limits, preamble: set[tuple[str, ...]], *, positional: bool) -> None:
        self.width = len(headers)
        self.skipped: list[SkippedRow] = []
        self.beyond = 0
        self._positional = positional
        self._columns: list[list[str]] = [[] for _ in headers]
        self._rows: list[int] = []
        self._whole: tuple[list[Cells], Ints] | None = None
        self._headings = [plain_heading(header) for header in headers]
        self._first = headers[0].casefold() if headers else ""
        self._preamble = preamble
        self._blank: list[int] = []
        self._limits = limits

    def cells(self) -> list[Cells]:
        """The kept rows by column."""
        return self._whole[0] if self._whole else [ListCells(column) for column in self._columns]

    def row_numbers(self) -> Ints:
        """The spreadsheet row of each kept row."""
        return self._whole[1] if self._whole else np.array(self._rows, dtype=np.int64)

    def take(self, columns: list[Cells], first_row: int) -> None:
        """Take all rows at once; blank rows and repeated headings are taken out."""
        size = len(columns[0])
        self._check_size(size)
        rows = np.arange(first_row, first_row + size, dtype=np.int64)
        drop = np.zeros(size, dtype=np.bool_)
        starts = {self._first, *(cells[0].casefold() for cells in self._preamble if cells)} - {""}
        drop[_empty(columns)] = True
        self._blank += rows[drop].tolist()
        maybe = np.flatnonzero((columns[0].blank() | _same_start(columns[0], starts)) & ~drop)
        for at in maybe.tolist():
            cells = [column[at] for column in columns]
            reason = "repeated-header" if self._is_heading(cells) else self._page_heading(cells)
            drop[at] = bool(reason) or not any(map(str.strip, cells))
            if reason:
                self.skipped.append(SkippedRow(int(rows[at]), reason))
            elif drop[at]:
                self._blank.append(int(rows[at]))
        keep = np.flatnonzero(~drop)
        last = int(rows[keep[-1]]) if len(keep) else 0
        self.skipped += [SkippedRow(row, "blank") for row in self._blank if row < last]
        if drop.any():
            columns, rows = [column.take(keep) for column in columns], rows[keep]
        self._whole = columns, rows

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
        self._rows += kept_rows
        self._check_size(len(self._rows))
        for column, cells in zip(self._columns, zip(*kept, strict=True), strict=True):
            column.extend(cells)

    def _check_size(self, size: int) -> None:
        if size > self._limits.lines:
            raise FileTooLarge(
                "This file holds too many lines", f"over {self._limits.lines:,}", "Export one pay run at a time"
            )

    def _fit(self, row: int, cells: Row) -> Row | None:
        """A ragged row made to fit, or None when it is skipped."""
        if not any(cell.strip() for cell in cells):
            self._blank.append(row)
            return None
        if reason := self._page_heading(cells):
            self.skipped.append(SkippedRow(row, reason))
            return None
        if len(cells) < self.width:
            if sum(1 for cell in cells if cell.strip()) < 2:
                self.skipped.append(SkippedRow(row, "too-few-cells"))
                return None
            return [*cells, *[""] * (self.width - len(cells))]
        if any(cell.strip() for cell in cells[self.width :]):
            self.beyond += self._positional
            if not self._positional or not any(cell.strip() for cell in cells[: self.width]):
                self.skipped.append(SkippedRow(row, "too-many-cells"))
                return None
        return cells[: self.width]

    def _page_heading(self, cells: Row) -> str:
        """Whether a row repeats one of the titles above the headings, as each printed page does."""
        return "page-heading" if tuple(map(str.strip, cells)) in self._preamble else ""

    def _is_heading(self, cells: Row) -> bool:
        return [plain_heading(cell) for cell in cells] == self._headings


def _empty(columns: list[Cells]) -> Ints:
    """Where no cell of a row holds anything, seen without looking at each: a sheet may hold a million such rows."""
    at = np.flatnonzero(columns[0].blank())
    for column in columns:
        if not len(at):
            break
        at = at[column.take(at).chars(1).lengths == 0]
    return at


def _same_start(column: Cells, texts: set[str]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which cells may be one of `texts`, letter case apart; told by length and first letter."""
    maybe = np.zeros(len(column), dtype=np.bool_)
    if isinstance(column, NumberCells):  # a heading or title among them would not have been a number
        return maybe
    chars = column.chars(1)
    for text in texts:
        letters = {text[:1].encode()[0], text[:1].upper().encode()[0]}
        maybe |= np.isin(chars.matrix[0], list(letters)) & (np.abs(chars.lengths - len(text.encode())) <= 4)
    return maybe
