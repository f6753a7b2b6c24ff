"""Totals a file states about itself, kept true when its lines change.

Only a total that was right is changed: the sum of all lines above it or of its group, a stated count of lines, a stated
sum above the headings. One that contradicted the lines before goes on contradicting them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from autoenroll_desktop.domain.money import plain
from autoenroll_desktop.intake.money_text import read_money
from autoenroll_desktop.rewrite.edit import CellEdit, Edits

_COUNTS = re.compile(r"\b(employees?|records?|rows?|lines?|payslips?|staff|payees?)\b")


@dataclass(frozen=True)
class Sheet:
    """A table as it stands in its file, with what is to be changed in it.

    Attributes:
        rows: its cells as text. lines: spreadsheet rows of its pay lines, ascending.
        totals: rows skipped as totals. above: rows above the headings.
        comma: amounts have a decimal comma.
    """

    rows: Sequence[Sequence[str]]
    lines: Sequence[int]
    totals: Sequence[int]
    above: Sequence[int]
    edits: Edits
    comma: bool = False

    @cached_property
    def _changed(self) -> dict[tuple[int, int | str], str]:
        return {(cell.row, cell.column): cell.text for cell in self.edits.cells}

    def columns(self) -> list[int]:
        """Columns whose sums may change: those edited, or all of them where lines are left out."""
        all_of_them = self.edits.dropped or self.edits.added
        width = max(map(len, self.rows), default=0) if all_of_them else 0
        return sorted({*range(width), *(column for _, column in self._changed if isinstance(column, int))})

    def amount(self, row: int, column: int) -> int | None:
        """Cents of a cell, None where it holds no amount."""
        cells = self.rows[row - 1]
        read = read_money(cells[column], comma=self.comma) if column < len(cells) else None
        return read.cents if read else None

    def summed(self, column: int, first: int, last: int) -> tuple[int, int]:
        """Cents of the lines from row `first` to before row `last`, before and after what is to be changed."""
        before = after = 0
        for row in self.lines:
            if first <= row < last:
                was = self.amount(row, column) or 0
                text = self._changed.get((row, column))
                read = read_money(text, comma=self.comma) if text is not None else None
                before += was
                if row not in self.edits.dropped:
                    after += was if text is None else read.cents if read else 0
        if first <= self.edits.below < last:
            for cell in (cell for cells in self.edits.added for cell in cells if cell.column == column):
                read = read_money(cell.text, comma=self.comma)
                after += read.cents if read else 0
        return before, after

    def words(self, row: int) -> str:
        """What a row and the one above it say, in small letters."""
        return " ".join([*(self.rows[row - 2] if row > 1 else ()), *self.rows[row - 1]]).lower()

    def put(self, row: int, column: int, cents: int) -> CellEdit:
        """The edit that states another total."""
        text = plain(cents).replace(".", ",") if self.comma else plain(cents)
        return CellEdit(row, column, text, number=True, keep_formula=True)


def kept_totals(sheet: Sheet) -> Iterator[CellEdit]:
    """The edits that keep totals true."""
    for row in sheet.totals:
        group = max((one + 1 for one in sheet.totals if one < row), default=0)
        for column in sheet.columns():
            yield from _restated(sheet, row, column, ((column, 0, row), (column, group, row)))
    for row in sheet.above:
        if "total" in sheet.words(row):
            sums = [(column, 0, len(sheet.rows) + 1) for column in sheet.columns()]
            for column in range(len(sheet.rows[row - 1])):
                yield from _restated(sheet, row, column, sums)
    if sheet.edits.dropped or sheet.edits.added:
        yield from _counts(sheet)


def _restated(sheet: Sheet, row: int, column: int, sums: Iterable[tuple[int, int, int]]) -> Iterator[CellEdit]:
    """The edit of one cell that stated one of the sums (column, first row, row after the last)."""
    stated = sheet.amount(row, column)
    if not stated and row in sheet.above:
        return
    for sum_of in sums:
        before, after = sheet.summed(*sum_of)
        if stated == before:
            if after != before:
                yield sheet.put(row, column, after)
            return


def _counts(sheet: Sheet) -> Iterator[CellEdit]:
    size = len(sheet.lines)
    left = size - sum(row in sheet.edits.dropped for row in sheet.lines) + len(sheet.edits.added)
    for row in (*sheet.totals, *sheet.above):
        for column, cell in enumerate(sheet.rows[row - 1]):
            if cell.strip() == str(size) and _COUNTS.search(sheet.words(row)):
                yield CellEdit(row, column, str(left), number=True, keep_formula=True)
