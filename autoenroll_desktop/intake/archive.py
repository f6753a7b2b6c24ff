"""ZIP archives: files packed together, and the workbooks that are ZIPs themselves.

Sizes an archive states about itself are not believed: parts are really unpacked, piece by piece, and counted.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

import numpy as np
import numpy.typing as npt

from autoenroll_desktop.domain.progress import Progress
from autoenroll_desktop.errors import FileTooLarge, UnreadableFile
from autoenroll_desktop.intake.limits import CHUNK, MIB, Limits

_HIDDEN = ("__MACOSX/", ".", "~$")


def member_of(path: Path) -> tuple[Path, str] | None:
    """The archive and the member that a path such as `payroll.zip/week 48.csv` names; None for a plain path."""
    for parent in path.parents:
        if parent.is_file():
            return (parent, path.relative_to(parent).as_posix()) if zipfile.is_zipfile(parent) else None
        if parent.is_dir():
            return None
    return None


def members(path: Path, limit: int) -> list[Path]:
    """The files in an archive, as paths below it, sorted; folders and hidden files are left out.

    Raises:
        UnreadableFile: damaged, or none in it. FileTooLarge: more than `limit`.
    """
    with _opened(path) as archive:
        names = [one.filename for one in archive.infolist() if not one.is_dir()]
    names = [name for name in names if not PurePosixPath(name).name.startswith(_HIDDEN) and "__MACOSX/" not in name]
    if not names:
        raise UnreadableFile(f"{path.name} is empty", "no file is packed in it", "Choose another file")
    if len(names) > limit:
        raise FileTooLarge(f"{path.name} holds too many files", f"{len(names):,}", "Take one pay run at a time")
    return [path / name for name in sorted(names)]


def read_member(path: Path, name: str, limit: int, progress: Progress) -> bytes:
    """Unpack one file of an archive in memory.

    Raises:
        UnreadableFile: damaged, encrypted, or not there. FileTooLarge: it grows over `limit` bytes.
    """
    with _opened(path) as archive:
        try:
            about = archive.getinfo(name)
        except KeyError as error:
            raise UnreadableFile(f"{name} is not in {path.name}", "", "Check the name") from error
        if about.flag_bits & 1:
            raise UnreadableFile(f"{path.name} is protected by a password", "", "Unpack it and choose the files in it")
        parts, size = [], 0
        with archive.open(about) as file:
            while part := file.read(CHUNK):
                size += len(part)
                progress.step("unpacking")
                if size > limit:
                    raise _grows(name, limit)
                parts.append(part)
    return b"".join(parts)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise UnreadableFile(f"{path.name} is damaged", f"it cannot be unpacked ({error})", "Pack it again") from error


_FAR_COLUMN = re.compile(rb'r="([A-Z]{3}|[B-Z][A-Z])[0-9]')
_NEAR = 52
"""Columns A to AZ: sheets no wider than this are not measured column by column."""
_LAST_ROW = re.compile(rb'<row[^>]*? r="([0-9]{1,9})"')
_HIDDEN_ROW = re.compile(rb'<row[^>]*?\shidden="(?:1|true)"')
_REPEATED = re.compile(rb'number-(rows|columns)-repeated="([0-9]+)"')
_MANY = 20_000
"""Repeats that only empty space or a bomb has."""


@dataclass
class Workbook:
    """What unpacking a workbook showed: by part name, whether it holds odd cells, and how many rows are hidden."""

    odd_cells: set[str] = field(default_factory=set)
    hidden_rows: dict[str, int] = field(default_factory=dict)
    mac_dates: bool = False


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
                    raise _grows(name, limits.unpacked)
                with archive.open(part) as file:
                    total = _measure(name, part.filename, file, total, seen, limits, progress)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise UnreadableFile(
            f"{name} is damaged", f"the workbook cannot be unpacked ({error})", "Open and save it in Excel"
        ) from error
    return seen


def _measure(
    name: str, part: str, file: IO[bytes], total: int, seen: Workbook, limits: Limits, progress: Progress
) -> int:
    """Unpack one part in pieces; returns the running total of bytes."""
    sheet = part.startswith("xl/worksheets/") and part.endswith(".xml")
    rows, columns, tail, hidden = 0, _NEAR, b"", 0
    while piece := file.read(CHUNK):
        total += len(piece)
        progress.step("unpacking")
        if total > limits.unpacked:
            raise _grows(name, limits.unpacked)
        window = tail + piece
        if sheet:
            marks = np.frombuffer(window, dtype=np.uint8)
            if _far_column(marks):
                columns = max([columns, *map(_column_number, set(_FAR_COLUMN.findall(window)))])
            last = window.rfind(b"<row")
            found = _LAST_ROW.match(window, last) if last >= 0 else None
            rows = max(rows, int(found[1])) if found else rows
            if part not in seen.odd_cells and (_holds(marks, b'"e"') or (_holds(marks, b"<f") and _unresolved(window))):
                seen.odd_cells.add(part)
            hidden += len(_HIDDEN_ROW.findall(window)) if _holds(marks, b" hi") else 0
            tail = window[-256:]
            hidden -= len(_HIDDEN_ROW.findall(tail)) if b"hidden" in tail else 0
        elif part == "content.xml":
            _check_repeats(name, window, limits)
            tail = window[-256:]
        elif part == "xl/workbook.xml":
            seen.mac_dates |= b'date1904="1"' in window or b'date1904="true"' in window
    hidden += len(_HIDDEN_ROW.findall(tail)) if sheet else 0
    if hidden:
        seen.hidden_rows[part] = hidden
    if rows > limits.lines or (columns > _NEAR and rows * columns > limits.cells):
        raise FileTooLarge(
            f"{name} has a sheet that is too large",
            f"it reaches down to row {rows:,} and {columns:,} columns to the right",
            "Delete the empty rows and columns beyond the table and save again",
        )
    return total


def _far_column(marks: npt.NDArray[np.uint8]) -> bool:
    """Whether a piece of a sheet may name a cell beyond column Z: a quotation mark and two capital letters."""
    capital = (marks - ord("A")) < 26
    return bool(((marks[:-2] == ord('"')) & capital[1:-1] & capital[2:]).any())


def _holds(marks: npt.NDArray[np.uint8], text: bytes) -> bool:
    """Whether a few bytes stand anywhere in a piece; some three times as fast as searching for them."""
    size = len(marks) - len(text) + 1
    found = marks[:size] == text[0]
    for at in range(1, len(text)):
        found &= marks[at : at + size] == text[at]
    return bool(found.any())


def _unresolved(window: bytes) -> bool:
    """Whether a piece of a sheet holds a formula whose result is not stored."""
    return b"</f></c>" in window or b"/></c>" in window


def _check_repeats(name: str, window: bytes, limits: Limits) -> None:
    """Refuse a sheet of LibreOffice that repeats filled rows or cells without end."""
    for found in _REPEATED.finditer(window):
        times = int(found[2])
        filled = b"office:value" in window[found.end() : found.end() + 300].split(b"<table:table-row", 1)[0]
        if times > _MANY and (filled or times > max(limits.lines, 1_048_576)):
            raise FileTooLarge(
                f"{name} has a sheet that is too large", f"one part of it is repeated {times:,} times", "Save it again"
            )


def _column_number(letters: bytes) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _grows(name: str, limit: int) -> FileTooLarge:
    return FileTooLarge(
        f"{name} is too large once unpacked", f"it grows beyond {limit // MIB:,} MB", "Export one pay run at a time"
    )
