"""What the reader of workbooks does not tell of Excel's old binary ones (.xls): error cells and hidden rows.

The file is a compound file, whose stream "Workbook" is a row of records, each with its kind and length in front.
Sources: Microsoft, [MS-CFB] and [MS-XLS]. Only five kinds of record are looked at; a file that is not whole tells
nothing, because its reader has said already what it makes of it. A library that reads all of the format (xlrd) would
make every cell a second time.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from autoenroll_desktop.errors import FileTooLarge

Place = tuple[int, int]
"""Row and column of a cell, from 0."""
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_BEGIN, _END, _SHEET, _ROW, _FORMULA, _TRUE_OR_ERROR = 0x0809, 0x000A, 0x0085, 0x0208, 0x0006, 0x0205
_NO_NUMBER, _ERROR_RESULT = b"\xff\xff", 2
_SEVERAL = (0x00BD, 0x00BE)
"""Records of several cells side by side; they end with the last one's column."""
_CELLS = frozenset({*_SEVERAL, _FORMULA, _TRUE_OR_ERROR, 0x0201, 0x0203, 0x0204, 0x00D6, 0x00FD, 0x027E})
_SPARSE = 4_000_000
"""Cells that a sheet may have room for whatever it holds."""
_HIDDEN = 0x20
_LAST_SECTOR = 0xFFFFFFFA
"""Sector numbers from here on are marks: the end of a chain, a free sector."""


@dataclass
class XlsLook:
    """What was found in one sheet. `errors`: error cells ("#N/A"); `hidden`: hidden rows."""

    errors: dict[Place, str] = field(default_factory=dict)
    hidden: int = 0


def look_into_xls(data: bytes, sheet: str) -> XlsLook:
    """The error cells and hidden rows of a sheet; nothing where the file or the sheet cannot be followed."""
    look = XlsLook()
    try:
        book = _CompoundFile(data).stream("Workbook", "Book")
        for kind, at, size in _records(book, _start_of(book, sheet)):
            if kind == _TRUE_OR_ERROR and size >= 8 and book[at + 7]:
                look.errors[_place(book, at)] = _error(book[at + 6])
            elif kind == _FORMULA and size >= 14 and book[at + 12 : at + 14] == _NO_NUMBER:
                if book[at + 6] == _ERROR_RESULT:
                    look.errors[_place(book, at)] = _error(book[at + 8])
            elif kind == _ROW and size >= 14:
                look.hidden += bool(book[at + 12] & _HIDDEN)
    except (struct.error, LookupError, ValueError):
        return look
    return look


def refuse_far_cells(name: str, data: bytes) -> None:
    """Refuse a workbook with a cell so far out that its reader would take gigabytes to make room up to it.

    Raises:
        FileTooLarge: a cell stands far beyond what the file can hold cells for.
    """
    try:
        book = _CompoundFile(data).stream("Workbook", "Book")
    except (struct.error, LookupError, ValueError):
        return
    rows = columns = at = 0
    header = struct.Struct("<HH").unpack_from
    while at + 8 <= len(book):
        kind, size = header(book, at)
        at += 4
        if kind == _BEGIN:
            rows = columns = 0
        elif kind in _CELLS and size >= 4:
            row, column = header(book, at)
            if kind in _SEVERAL and at + size <= len(book):
                column = max(column, int.from_bytes(book[at + size - 2 : at + size], "little"))
            rows, columns = max(rows, row + 1), max(columns, column + 1)
            if rows * columns > max(_SPARSE, len(book)):
                raise FileTooLarge(
                    f"{name} has a sheet that is too large",
                    f"it reaches down to row {rows:,} and {columns:,} columns to the right",
                    "Delete the empty rows and columns beyond the table and save again",
                )
        at += size


def _place(book: bytes, at: int) -> Place:
    row, column = struct.unpack_from("<HH", book, at)
    return row, column


def _error(code: int) -> str:
    return _ERRORS.get(code, "#ERROR")


def _records(book: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place and size of the records of the part that begins at `at`, without those of parts inside it."""
    depth = 0
    header = struct.Struct("<HH").unpack_from
    while at + 4 <= len(book):
        kind, size = header(book, at)
        at += 4
        if kind == _BEGIN:
            depth += 1
        elif kind == _END:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, at, size
        at += size


def _start_of(book: bytes, sheet: str) -> int:
    """Where the records of a sheet begin. Raises KeyError where there is no such sheet."""
    for kind, at, size in _records(book, 0):
        if kind == _SHEET and size >= 8:
            (start,) = struct.unpack_from("<I", book, at)
            if sheet in _names(book[at + 6 : at + size]):
                return int(start)
    raise KeyError(sheet)


def _names(written: bytes) -> tuple[str, str]:
    """A sheet's name as Excel 97 and as Excel 95 wrote it; which it was is told by which fits."""
    count, wide, text = written[0], written[1] & 1, written[2:]
    new = text[: 2 * count].decode("utf-16-le", "replace") if wide else text[:count].decode("latin-1")
    return new, written[1 : 1 + count].decode("cp1252", "replace")


class _CompoundFile:
    """A file of sectors that holds streams. Raises struct.error, LookupError or ValueError where it is not whole."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._size = 1 << struct.unpack_from("<H", data, 30)[0]
        if self._size not in (512, 4096):
            raise ValueError(self._size)
        self._sectors = len(data) // self._size + 1
        count, self._folder, _, self._least, short_start, _, more, _ = struct.unpack_from("<8I", data, 44)
        listed = np.frombuffer(data, "<u4", 109, 76)
        seen: set[int] = set()
        while more < _LAST_SECTOR and more not in seen:
            seen.add(more)
            part = np.frombuffer(self._sector(more), "<u4")
            listed, more = np.concatenate([listed, part[:-1]]), int(part[-1])
        most = self._sectors // (self._size // 4) + 1  # sectors that the numbers of all sectors fill
        table = b"".join(self._sector(int(one)) for one in listed[: min(count, most)] if one < _LAST_SECTOR)
        self._next = np.frombuffer(table, "<u4")
        self._short_next = np.frombuffer(self._chain(short_start), "<u4")

    def stream(self, *names: str) -> bytes:
        """The first of these streams that there is. Raises KeyError where there is none."""
        entries = self._chain(self._folder)
        found: dict[str, tuple[int, int]] = {}
        for at in range(0, len(entries) - 127, 128):
            length, start, size = (
                *struct.unpack_from("<H", entries, at + 64),
                *struct.unpack_from("<II", entries, at + 116),
            )
            name = entries[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            found.setdefault("" if at == 0 else name, (start, size))
        start, size = found[next((name for name in names if name in found), names[0])]
        if size >= self._least:
            return self._chain(start)[:size]
        short = self._chain(found[""][0])
        parts = [short[64 * one : 64 * one + 64] for one in _followed(self._short_next, start, len(short) // 64)]
        return b"".join(parts)[:size]

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self._size
        return self._data[at : at + self._size].ljust(self._size, b"\0")

    def _chain(self, start: int) -> bytes:
        return b"".join(map(self._sector, _followed(self._next, start, self._sectors)))


def _followed(following: npt.NDArray[np.uint32], start: int, most: int) -> list[int]:
    """The sectors of a chain in order. Raises ValueError where it is longer than `most`, or leaves the file."""
    chain: list[int] = []
    while start < _LAST_SECTOR:
        if start >= len(following) or len(chain) >= most:
            raise ValueError(start)
        chain.append(start)
        start = int(following[start])
    return chain
