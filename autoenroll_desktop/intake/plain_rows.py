"""Rows of delimited text without quotation marks, found by their marks instead of one by one.

Nothing is guessed and nothing shifted: a block in which any row has another number of cells is left to the reader
that goes row by row.
"""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from autoenroll_desktop.domain.progress import Progress
from autoenroll_desktop.intake.cells import Page, SpanCells
from autoenroll_desktop.intake.tidy import holds_odd_marks

_BLOCK = 8 * 1024 * 1024
_NEWLINE = ord("\n")


def plain_rows(data: bytes, start: int, delimiter: str, width: int, progress: Progress) -> list[SpanCells] | None:
    r"""The columns of the rows from byte `start` on, or None where the rows must be read one by one.

    Args:
        data: the text in UTF-8; rows end with \n or \r\n, the last one with or without.
        delimiter: one ASCII character. width: how many cells every row has to have, at least 2.
    """
    if b'"' in data or b"\x00" in data:
        return None
    end = len(data)
    while end > start and data[end - 1] in b"\r\n":
        end -= 1
    ends = _ends(data, start, end, ord(delimiter), width, progress) if end > start else None
    if ends is None:
        return None
    buffer = np.frombuffer(data, dtype=np.uint8)
    last = ends[-1]
    first = np.empty_like(last)
    first[0], first[1:] = start, last[:-1] + 1
    returns = (buffer[last - 1] == ord("\r")) & (last > first)
    if data.count(b"\r", start, end) != np.count_nonzero(returns[:-1]):
        return None
    last -= returns
    page = Page(data, odd=holds_odd_marks(data, delimiter))
    return [SpanCells(page, first, ends[0]), *(SpanCells(page, *pair, gap=1) for pair in pairwise(ends))]


def _ends(
    data: bytes, start: int, stop: int, delimiter: int, width: int, progress: Progress
) -> npt.NDArray[np.int32] | None:
    """Where each cell ends (int32, width × rows), or None where a row has another number of cells.

    The last row ends at `stop`, the others at their line feeds.
    """
    buffer = np.frombuffer(data, dtype=np.uint8)
    ends = np.empty((width, data.count(b"\n", start, stop) + 1), dtype=np.int32)
    row = 0
    while start < stop:
        edge = stop if stop - start <= _BLOCK else data.rfind(b"\n", start, start + _BLOCK) + 1
        if edge <= start:
            return None
        block = buffer[start:edge]
        newline = block == _NEWLINE
        marks = np.flatnonzero(newline | (block == delimiter))
        if edge == stop:
            marks = np.append(marks, stop - start)
        rows = int(np.count_nonzero(newline)) + (edge == stop)
        if rows * width != len(marks):
            return None
        by_row = marks.reshape(-1, width)
        if not newline[by_row[: rows - (edge == stop), -1]].all():
            return None
        np.add(by_row.T, start, out=ends[:, row : row + rows], casting="unsafe")
        progress.step("reading", edge, stop)
        start, row = edge, row + rows
    return ends
