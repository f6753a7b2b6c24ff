"""Rows of delimited text without quotation marks, found by their marks instead of one by one.

Nothing is guessed and nothing shifted: a block in which any row has another number of cells is left to the reader
that goes row by row.
"""

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
    end = len(data.rstrip(b"\r\n"))
    if end <= start:
        return None
    whole = data if data[end : end + 1] == b"\n" or data[end : end + 2] == b"\r\n" else data + b"\n"
    line_end = 2 if whole[end : end + 2] == b"\r\n" else 1
    ends = _ends(whole, start, end + line_end, ord(delimiter), width, progress)
    if ends is None:
        return None
    starts = np.empty_like(ends)
    starts[1:] = ends[:-1] + 1
    starts[0, 0] = start
    starts[0, 1:] = ends[-1, :-1] + 1
    last = ends[-1]
    buffer = np.frombuffer(whole, dtype=np.uint8)
    returns = (buffer[last - 1] == ord("\r")) & (last > starts[-1])
    if whole.count(b"\r", start, end + line_end) != np.count_nonzero(returns):
        return None
    ends[-1] -= returns
    page = Page(whole, odd=holds_odd_marks(data, delimiter))
    return [SpanCells(page, starts[at], ends[at]) for at in range(width)]


def _ends(
    data: bytes, start: int, stop: int, delimiter: int, width: int, progress: Progress
) -> npt.NDArray[np.int32] | None:
    """Where each cell ends (int32, width × rows), or None where a row has another number of cells."""
    buffer = np.frombuffer(data, dtype=np.uint8)
    blocks = []
    while start < stop:
        edge = stop if stop - start <= _BLOCK else data.rfind(b"\n", start, start + _BLOCK) + 1
        if edge <= start:
            return None
        block = buffer[start:edge]
        newline = block == _NEWLINE
        marks = np.flatnonzero(newline | (block == delimiter))
        if len(marks) % width or np.count_nonzero(newline) * width != len(marks):
            return None
        by_row = marks.reshape(-1, width)
        if not newline[by_row[:, -1]].all():
            return None
        blocks.append(np.ascontiguousarray((by_row + start).astype(np.int32).T))
        progress.step("reading", edge, stop)
        start = edge
    return blocks[0] if len(blocks) == 1 else np.concatenate(blocks, axis=1)
