"""What the reader of workbooks does not tell of Excel's old binary ones (.xls): error cells and hidden rows.

The file is a compound file, whose stream "Workbook" is a row of records, each with its kind and length in front.
Source: Microsoft, [MS-XLS]. Only five kinds of record are looked at; a file that is not whole tells
nothing, because its reader has said already what it makes of it. A library that reads all of the format (xlrd) would
make every cell a second time.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from autoenroll_desktop.errors import UnreadableFile
from autoenroll_desktop.intake.compound_file import CompoundFile
from autoenroll_desktop.intake.limits import SPARSE, reaches_too_far

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
_HIDDEN = 0x20


@dataclass
class XlsLook:
    """What was found in one sheet. `errors`: error cells ("#N/A"); `hidden`: hidden rows."""

    errors: dict[Place, str] = field(default_factory=dict)
    hidden: int = 0


def look_into_xls(data: bytes, sheet: str) -> XlsLook:
    """The error cells and hidden rows of a sheet; nothing where the file or the sheet cannot be followed."""
    look = XlsLook()
    try:
        book = CompoundFile(data).stream("Workbook", "Book")
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
    """Refuse a workbook that its reader would take gigabytes for: a cell far out, sectors in a ring or far out.

    Raises:
        FileTooLarge: a cell stands far beyond what the file can hold cells for. UnreadableFile: it is damaged.
    """
    try:
        file = CompoundFile(data)
        file.check()
        book = file.stream("Workbook", "Book")
    except (struct.error, LookupError, ValueError) as error:
        raise UnreadableFile(
            f"{name} is damaged", "its parts do not hang together", "Open and save it in Excel"
        ) from error
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
            if rows * columns > max(SPARSE, len(book)):
                raise reaches_too_far(name, rows, columns)
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
