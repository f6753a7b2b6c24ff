"""Measuring a workbook before it is read: bombs are refused, and what its reader does not tell is noted.

Parts are really unpacked, piece by piece, and counted; nothing is kept of them.
"""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

import numpy as np

from autoenroll_desktop.domain.progress import Progress
from autoenroll_desktop.errors import FileTooLarge, UnreadableFile
from autoenroll_desktop.intake.archive import grows, refuse_bomb
from autoenroll_desktop.intake.limits import MIB, SPARSE, Limits, reaches_too_far
from autoenroll_desktop.intake.sheet_attributes import look_at

_WRONG_PLACE = re.compile(rb'\sr\s*=\s*(?!"[A-Z]{0,3}[0-9]{1,7}")["\']?([^"\']{0,20})')
"""A row or cell that says it stands where no sheet has one; the reader would make room up to there."""
_DEEP_ROW = re.compile(rb' r="[A-Z]{0,3}([1-9][0-9]{5,6})"')
_FAR_COLUMN = re.compile(rb'r="([A-Z]{3}|[B-Z][A-Z])[0-9]')
_NEAR = 52
"""Columns A to AZ: sheets no wider than this are not measured column by column."""
_LAST_ROW = re.compile(rb'<row[^>]*? r="([0-9]{1,9})"')
_HIDDEN_ROW = re.compile(rb'<row[^>]*?\shidden="(?:1|true)"')
_REPEATED = re.compile(rb'<table:table-row\b|<table:table-cell[^>]*number-columns-repeated="[0-9]+"[^>]*>')
_NO_RESULT = re.compile(rb"<table:table-cell(?=[^>]*\stable:formula=)(?![^>]*\soffice:value-type=)")
_TIMES = re.compile(rb'number-(?:rows|columns)-repeated="([0-9]{1,10})"')
_MANY = 20_000
"""Repeats that only empty space or a bomb has."""
_LONG_TEXT = 20_000
"""Bytes from which on a text is long."""
_FEW = 1024 * 1024
"""Bytes of sheets that may hold long texts; the reader copies a text for each cell that shares it."""
_PIECE = MIB // 2
"""Bytes looked at at a time; few enough to stay near the processor while they are looked at several times."""
_OVERLAP = 256
"""Bytes of one piece that are looked at again with the next, so that nothing is cut in two."""


@dataclass
class Workbook:
    """What unpacking a workbook showed: by part name, whether it holds odd cells, and how many rows are hidden."""

    odd_cells: set[str] = field(default_factory=set)
    hidden_rows: dict[str, int] = field(default_factory=dict)
    mac_dates: bool = False
    long_texts: bool = False
    sheet_bytes: int = 0


def measure_workbook(name: str, data: bytes, limits: Limits, progress: Progress) -> Workbook:
    """Refuse a workbook that would grow past the limits, and note what its reader does not tell.

    The reader of workbooks lays a sheet out as a full rectangle, so one cell far out costs as much as a full sheet;
    the rectangle is measured here first.

    Raises:
        UnreadableFile: damaged. FileTooLarge: over the limits.
    """
    seen = Workbook()
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for part in archive.infolist():
                if total + part.file_size > limits.unpacked:
                    raise grows(name, limits.unpacked)
                refuse_bomb(name, part)
                with archive.open(part) as file:
                    total = _measure(name, part.filename, file, total, seen, limits, progress)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise UnreadableFile(
            f"{name} is damaged", f"the workbook cannot be unpacked ({error})", "Open and save it in Excel"
        ) from error
    if seen.long_texts and seen.sheet_bytes > _FEW:
        raise FileTooLarge(
            f"{name} is refused", "it holds texts of over 20,000 letters", "Export it again from the payroll package"
        )
    return seen


def _measure(
    name: str, part: str, file: IO[bytes], total: int, seen: Workbook, limits: Limits, progress: Progress
) -> int:
    """Unpack one part in pieces; returns the running total of bytes."""
    gauge = _gauge(name, part, seen, limits)
    tail = b""
    while piece := file.read(_PIECE):
        total += len(piece)
        progress.step("unpacking")
        if total > limits.unpacked:
            raise grows(name, limits.unpacked)
        if gauge:
            window = tail + piece
            gauge.take(window, piece)
            tail = window[-_OVERLAP:]
            gauge.again(tail)
    if gauge:
        gauge.end()
    return total


def _gauge(name: str, part: str, seen: Workbook, limits: Limits) -> "_Gauge | None":
    if part.startswith("xl/worksheets/") and part.endswith(".xml"):
        return _Sheet(name, part, seen, limits)
    kinds: dict[str, type[_Gauge]] = {
        "content.xml": _LibreOffice,
        "xl/workbook.xml": _Book,
        "xl/sharedStrings.xml": _Texts,
    }
    return kinds[part](name, part, seen, limits) if part in kinds else None


class _Gauge:
    """Looks at one kind of part, piece by piece."""

    def __init__(self, name: str, part: str, seen: Workbook, limits: Limits) -> None:
        self.name = name
        self.part = part
        self.seen = seen
        self.limits = limits

    def take(self, window: bytes, piece: bytes) -> None:
        """Look at the next piece; `window` is the same with the end of the one before in front."""

    def again(self, tail: bytes) -> None:
        """Told which bytes will be looked at again."""

    def end(self) -> None:
        """The part is through."""


class _Book(_Gauge):
    """The list of sheets, with the epoch of its dates."""

    def take(self, window: bytes, piece: bytes) -> None:  # noqa: ARG002 - what stands across two pieces is in one window
        self.seen.mac_dates |= b'date1904="1"' in window or b'date1904="true"' in window


class _Texts(_Gauge):
    """The texts that cells share."""

    def __init__(self, name: str, part: str, seen: Workbook, limits: Limits) -> None:
        super().__init__(name, part, seen, limits)
        self._length = 0
        self._last = 0

    def take(self, window: bytes, piece: bytes) -> None:  # noqa: ARG002 - gaps are counted across pieces
        self._length += len(piece)
        tags = np.flatnonzero(np.frombuffer(piece, dtype=np.uint8) == ord("<")) + self._length - len(piece)
        places = np.concatenate([[self._last], tags, [self._length]])
        self.seen.long_texts |= bool((np.diff(places) > _LONG_TEXT).any())
        self._last = int(tags[-1]) if len(tags) else self._last


class _Sheet(_Gauge):
    """A sheet of Excel."""

    def __init__(self, name: str, part: str, seen: Workbook, limits: Limits) -> None:
        super().__init__(name, part, seen, limits)
        self._rows = 0
        self._columns = _NEAR
        self._hidden = 0
        self._in_tail = 0
        self._bytes = 0

    def take(self, window: bytes, piece: bytes) -> None:
        self.seen.sheet_bytes += len(piece)
        self._bytes += len(piece)
        said = look_at(window)
        if said.far or _unusually_written(window):
            wrong = _WRONG_PLACE.search(window)
            if wrong and wrong.end() < len(window):
                raise self._misplaced(wrong[1].decode(errors="replace"))
            self._rows = max([self._rows, *map(int, set(_DEEP_ROW.findall(window)))])
        if said.wide:
            self._columns = max([self._columns, *map(_column_number, set(_FAR_COLUMN.findall(window)))])
        last = window.rfind(b"<row")
        found = _LAST_ROW.match(window, last) if last >= 0 else None
        self._rows = max(self._rows, int(found[1])) if found else self._rows
        if said.errors or (_holds(window, b"<f") and _unresolved(window)):
            self.seen.odd_cells.add(self.part)
        self._hidden += (len(_HIDDEN_ROW.findall(window)) if said.hidden else 0) - self._in_tail

    def again(self, tail: bytes) -> None:
        self._in_tail = len(_HIDDEN_ROW.findall(tail)) if b"hidden" in tail else 0

    def end(self) -> None:
        if self._hidden:
            self.seen.hidden_rows[self.part] = self._hidden
        cells = self._rows * self._columns
        room = max(SPARSE, self._bytes)  # a cell that is really there takes ten bytes or more
        if self._rows > self.limits.lines or cells > min(room, self.limits.cells):
            raise reaches_too_far(self.name, self._rows, self._columns)

    def _misplaced(self, place: str) -> UnreadableFile:
        return UnreadableFile(
            f"{self.name} is damaged", f"a cell of it says that it stands at “{place}”", "Open and save it in Excel"
        )


class _LibreOffice(_Gauge):
    """The sheets of LibreOffice, in which one row or cell may stand for many alike."""

    def __init__(self, name: str, part: str, seen: Workbook, limits: Limits) -> None:
        super().__init__(name, part, seen, limits)
        self._row_times = 1
        self._cells = 0
        self._parser = expat.ParserCreate()

    def take(self, window: bytes, piece: bytes) -> None:
        self._parse(piece)
        if b'value-type="error"' in window or b'visibility="' in window or _NO_RESULT.search(window):
            self.seen.odd_cells.add(self.part)
        for found in _REPEATED.finditer(window):
            tag = found[0] if found[0].endswith(b">") else window[found.start() : window.find(b">", found.start()) + 1]
            times = int(stated[1]) if (stated := _TIMES.search(tag)) else 1
            if tag.startswith(b"<table:table-row"):
                self._row_times = times
                following = window[found.end() : found.end() + 400].split(b"<table:table-row", 1)[0]
                self._refuse(times, filled=b"office:value" in following)
            else:
                filled = b"office:value" in tag
                self._refuse(times, filled=filled)
                self._cells += self._row_times * times if filled else 0
                self._refuse(self._cells // self.limits.cells * self._cells, filled=True)

    def end(self) -> None:
        self._parse(b"", last=True)

    def _parse(self, piece: bytes, *, last: bool = False) -> None:
        """Make sure that the sheets are whole: in broken ones the reader would search for an end for ever."""
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as error:
            place = f"line {error.lineno}, column {error.offset + 1}: {expat.errors.messages[error.code]}"
            raise UnreadableFile(f"{self.name} is damaged", place, "Open and save it in LibreOffice") from error
        except (LookupError, ValueError) as error:
            raise UnreadableFile(f"{self.name} is damaged", str(error), "Open and save it in LibreOffice") from error

    def _refuse(self, times: int, *, filled: bool) -> None:
        if times > _MANY and (filled or times > max(self.limits.lines, 1_048_576)):
            raise FileTooLarge(
                f"{self.name} has a sheet that is too large",
                f"one part of it is repeated {times:,} times",
                "Save it again",
            )


def _unusually_written(window: bytes) -> bool:
    """Whether a piece may hold attributes written in a way no program does: r='A1', or over several lines."""
    if b"'" in window or b"\t" in window:
        return True
    return max(window.rfind(b"\n"), window.rfind(b"\r")) > _OVERLAP  # beyond the declaration of the file


def _holds(window: bytes, text: bytes) -> bool:
    """Whether a few bytes stand anywhere in a piece; some three times as fast as searching for them."""
    marks = np.frombuffer(window, dtype=np.uint8)
    size = len(marks) - len(text) + 1
    found = marks[:size] == text[0]
    for at in range(1, len(text)):
        found &= marks[at : at + size] == text[at]
    return bool(found.any())


def _unresolved(window: bytes) -> bool:
    """Whether a piece of a sheet holds a formula whose result is not stored."""
    return any(mark in window for mark in (b"</f></c>", b"/></c>", b"<v></v>"))


def _column_number(letters: bytes) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
