"""The cells of one sheet of a workbook, made as they are asked for: by row, or by column a stretch of rows at a time.

A sheet of 20,000 rows and 25 columns is half a million Python objects. Made a few hundred rows at a time and turned
into columns at once they cost half of what the whole sheet as lists of lists costs.
"""

import datetime as dt
from array import array
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import Any

import numpy as np
from python_calamine import CalamineSheet

from autoenroll_desktop.intake.cells import Cells, ListCells
from autoenroll_desktop.intake.number_cells import Floats, NumberCells, number_text

_STRETCH = 1024
"""Rows made at a time; few enough for their cells to stay near the processor."""
_EXACT = 1e15
"""Whole numbers up to it are the same as fractions."""


class SheetCells:
    """A sheet's cells from its first row and column on, numbers, dates and texts as the reader gives them.

    `mended` are cells the reader got wrong: row → column → text, from 0. Whatever the reader raises comes as it is.
    """

    def __init__(self, sheet: CalamineSheet) -> None:
        self._sheet = sheet
        self._left = [""] * (sheet.start[1] if sheet.start else 0)
        self.mended: dict[int, dict[int, str]] = {}

    def mend(self, texts: Mapping[tuple[int, int], str]) -> None:
        """Put texts where the reader got cells wrong, by row and column from 0."""
        for (row, column), text in texts.items():
            self.mended.setdefault(row, {})[column] = text

    def rows(self) -> Iterator[list[Any]]:
        """Every row, each as long as the longest; mended cells may stand below and beyond those the reader sees."""
        width = max((column + 1 for cells in self.mended.values() for column in cells), default=0)
        at = -1
        for at, row in enumerate(self._sheet.iter_rows()):
            cells = [*self._left, *row] if self._left else row
            if len(cells) < width:
                cells = [*cells, *[""] * (width - len(cells))]
            width = max(width, len(cells))
            if at in self.mended:
                self._mend(at, cells)
            yield cells
        for below in range(at + 1, max(self.mended, default=-1) + 1):
            cells = [""] * width
            if below in self.mended:
                self._mend(below, cells)
            yield cells

    def columns(self, first: int, width: int) -> list[Cells] | None:
        """The first `width` columns of all rows from number `first` on; None where a cell stands further right."""
        rows = self.rows() if self._left or self.mended else self._sheet.iter_rows()
        columns = [_Column() for _ in range(width)]
        rows = islice(rows, first, None)
        while stretch := [*zip(*islice(rows, _STRETCH), strict=True)]:
            if len(stretch) < width or any(values.count("") < len(values) for values in stretch[width:]):
                return None
            for column, values in zip(columns, stretch[:width], strict=True):
                column.add(values)
        return [column.cells() for column in columns]

    def _mend(self, row: int, cells: list[Any]) -> None:
        for column, text in self.mended[row].items():
            cells[column] = text


class _Column:
    """A column in the making: numbers and empty cells for as long as there is nothing else, then texts."""

    __slots__ = ("_numbers", "_some", "_texts")

    def __init__(self) -> None:
        self._numbers: list[Floats] = []
        self._some = False
        self._texts: list[str] | None = None

    def add(self, values: tuple[Any, ...]) -> None:
        if self._texts is None:
            numbers = _numbers(values)
            if numbers is not None:
                self._some |= not np.isnan(numbers[0]) or not np.isnan(numbers).all()
                self._numbers.append(numbers)
                return
            self._texts = self._written()
        self._texts += values if _are_texts(values) else map(cell_text, values)

    def cells(self) -> Cells:
        if self._texts is None and self._some:
            return NumberCells(np.concatenate(self._numbers))
        return ListCells(self._texts if self._texts is not None else self._written())

    def _written(self) -> list[str]:
        return [text for part in self._numbers for text in NumberCells(part).texts()]


def _numbers(values: tuple[Any, ...]) -> Floats | None:
    """Cells that are numbers or empty as numbers, NaN where empty; None where one is anything else."""
    with suppress(TypeError):  # an empty cell or text among them
        numbers = np.frombuffer(array("d", values), dtype=np.float64)
        unsure = (numbers == 0) | (numbers == 1) | (np.abs(numbers) > _EXACT)  # may be FALSE, TRUE or a long integer
        if not unsure.any() or set(map(type, values)) == {float}:
            return numbers
    if set(map(type, values)) <= {float, str} and not any(value and type(value) is str for value in values):
        return np.array([np.nan if value == "" else value for value in values], dtype=np.float64)
    return None


def _are_texts(values: tuple[Any, ...]) -> bool:
    """Whether all are texts; trying to join them tells it four times as fast as asking each."""
    try:
        "".join(values)
    except TypeError:
        return False
    return True


def cell_text(cell: Any) -> str:
    """A cell of any type as the text it is read as: 12.0 is "12", a date is ISO text."""
    match cell:
        case str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            return number_text(cell)
        case dt.datetime():
            return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
        case None:
            return ""
    return str(cell)
