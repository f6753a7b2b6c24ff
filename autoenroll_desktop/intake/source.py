"""Opening a file that a stranger may have sent: what it is, how big it may be, how its text is encoded.

Files are recognised by content, never by extension. Sizes are checked before anything is read, unpacked sizes before
anything is unpacked for good.
"""

import hashlib
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from autoenroll_desktop.domain.progress import Progress
from autoenroll_desktop.errors import EmptyFile, FileTooLarge, UnreadableFile

MIB = 1024 * 1024
CHUNK = 4 * MIB


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read: bytes on disk, bytes once unpacked, pay lines, cells of one sheet."""

    size: int = 200 * MIB
    unpacked: int = 1024 * MIB
    lines: int = 2_000_000
    cells: int = 60_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """A file in memory. `form` is what its content is: xlsx, xml, json or text."""

    path: Path
    data: bytes
    sha256: str
    form: str


SAVE_AS = "Save it as CSV or as an Excel workbook (.xlsx) and try again"
_FOREIGN = (
    (b"%PDF", "This is a PDF"),
    (b"\x7fELF", "This is a program, not a payroll file"),
    (b"MZ", "This is a program, not a payroll file"),
    (b"\x89PNG", "This is a picture"),
    (b"\xff\xd8\xff", "This is a picture"),
    (b"GIF8", "This is a picture"),
    (b"\x1f\x8b", "This is a compressed archive"),
    (b"Rar!", "This is a compressed archive"),
    (b"7z\xbc\xaf", "This is a compressed archive"),
    (b"SQLite format 3", "This is a database"),
    (b"{\\rtf", "This is a text document"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(rb"<(!doctype\s+html|html|table|head|body)\b", re.IGNORECASE)


def open_source(path: Path, limits: Limits, progress: Progress) -> Source:
    """Read a file whole, after making sure that it is one, may be read and is not too big.

    Raises:
        UnreadableFile: a folder, a device, no permission, not there, or plainly no payroll file.
        EmptyFile: nothing in it. FileTooLarge: over `limits`.
    """
    try:
        about = path.stat()
        if stat.S_ISDIR(about.st_mode):
            raise UnreadableFile(f"{path.name} is a folder", "a file was expected", "Choose the files inside it")
        if not stat.S_ISREG(about.st_mode):
            raise UnreadableFile(f"{path.name} is not a file on disk", "it is a pipe or a device", "Save it as a file")
        if about.st_size > limits.size:
            raise FileTooLarge(
                f"{path.name} is too large",
                f"{about.st_size / MIB:,.0f} MB; up to {limits.size // MIB} MB can be checked",
                "Export one pay run at a time",
            )
        digest, parts = hashlib.sha256(), []
        with path.open("rb") as file:
            while part := file.read(CHUNK):
                digest.update(part)
                parts.append(part)
                progress.step("reading", sum(map(len, parts)), about.st_size)
    except FileNotFoundError as error:
        raise UnreadableFile(
            f"{path.name} is not there", f"no such file: {path}", "Check the name and folder"
        ) from error
    except PermissionError as error:
        raise UnreadableFile(
            f"{path.name} may not be read", "you have no permission to open it", "Ask whoever owns the file, or copy it"
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableFile(f"{path.name} cannot be opened", reason, "Close other programs that use it") from error
    data = b"".join(parts)
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise EmptyFile(f"{path.name} is empty", "there is nothing in the file", "Export it again")
    return Source(path, data, digest.hexdigest(), _form(path, data))


def _form(path: Path, data: bytes) -> str:
    if data.startswith(b"PK\x03\x04"):
        return "xlsx"
    if data.startswith(_OLE):
        raise UnreadableFile(
            f"{path.name} is an old or password-protected workbook", "it cannot be read as it stands", SAVE_AS
        )
    for start, what in _FOREIGN:
        if data.startswith(start):
            raise UnreadableFile(f"{path.name} cannot be read: {what[0].lower()}{what[1:]}", "", SAVE_AS)
    text = data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00")
    if _HTML.match(text):
        raise UnreadableFile(f"{path.name} is a web page", "a table saved as HTML", SAVE_AS)
    if (text.startswith(b"<") and text[1:2].strip(b"\x00")[:1].isalpha()) or text.startswith((b"<?xml", b"<!", b"<?")):
        return "xml"
    if text[:1] in (b"{", b"["):
        return "json"
    return "text"


def decode(source: Source) -> tuple[str, str, bool]:
    """The file's text, its encoding, and whether that encoding was guessed.

    UTF-8 (with or without a mark) and UTF-16 with a mark are certain; anything else that is text is read as
    Windows-1252, which is what Excel writes here.

    Raises:
        UnreadableFile: the bytes are no text.
    """
    data = source.data
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return _no_nul(source, data.decode(encoding)), encoding, False
            except UnicodeDecodeError as error:
                raise _no_text(source, error.start) from error
    for encoding in _unmarked(data):
        try:
            return _no_nul(source, data.decode(encoding)), encoding, encoding != "utf-8"
        except UnicodeDecodeError:
            continue
    raise _no_text(source, 0)


def _unmarked(data: bytes) -> tuple[str, ...]:
    sample = data[:2000]
    if len(sample) > 3 and sample.count(0) > len(sample) // 4:
        return ("utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be",)
    return ("utf-8", "cp1252")


def _no_nul(source: Source, text: str) -> str:
    at = text.find("\x00")
    if at >= 0:
        raise _no_text(source, at)
    odd = sum(1 for character in text[:4000] if character < " " and character not in "\t\r\n\f\x0b\x1a")
    if odd > 4:
        raise _no_text(source, 0)
    return text.rstrip("\x1a")


def _no_text(source: Source, at: int) -> UnreadableFile:
    return UnreadableFile(
        f"{source.path.name} is not a text file",
        f"byte {at + 1:,} belongs to no text; the file may be damaged or of another kind",
        SAVE_AS,
    )


_FAR_COLUMN = re.compile(rb'r="([A-Z]{3}|[B-Z][A-Z])[0-9]')
_NEAR = 52
"""Columns A to AZ: sheets no wider than this are not measured column by column."""
_LAST_ROW = re.compile(rb'<row[^>]*? r="([0-9]{1,9})"')


def check_archive(source: Source, limits: Limits, progress: Progress) -> None:
    """Refuse a workbook that would grow past the limits: each part is really unpacked, piece by piece, and counted.

    The reader of workbooks lays a sheet out as a full rectangle, so one cell far out costs as much as a full sheet;
    the rectangle is measured here first. Sizes a file states about itself are not believed.
    """
    try:
        with zipfile.ZipFile(source.path) as archive:
            names = archive.namelist()
            if "xl/workbook.xml" not in names:
                raise UnreadableFile(f"{source.path.name} is an archive, but no Excel workbook", "", SAVE_AS)
            total = 0
            for part in archive.infolist():
                total = _unpack(source, archive, part, total, limits, progress)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise UnreadableFile(
            f"{source.path.name} is damaged", f"the workbook cannot be unpacked ({error})", "Open and save it in Excel"
        ) from error


def _unpack(
    source: Source, archive: zipfile.ZipFile, part: zipfile.ZipInfo, total: int, limits: Limits, progress: Progress
) -> int:
    """Unpack one part in pieces; returns the running total of bytes."""
    if total + part.file_size > limits.unpacked:
        raise _grows(source, limits)
    sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
    rows, columns, tail = 0, _NEAR, b""
    with archive.open(part) as file:
        while piece := file.read(CHUNK):
            total += len(piece)
            progress.step("unpacking")
            if total > limits.unpacked:
                raise _grows(source, limits)
            if sheet:
                window = tail + piece
                columns = max([columns, *map(_column_number, set(_FAR_COLUMN.findall(window)))])
                last = window.rfind(b"<row")
                found = _LAST_ROW.match(window, last) if last >= 0 else None
                rows = max(rows, int(found[1])) if found else rows
                tail = window[-256:]
    if rows > limits.lines or (columns > _NEAR and rows * columns > limits.cells):
        raise FileTooLarge(
            f"{source.path.name} has a sheet that is too large",
            f"it reaches down to row {rows:,} and {columns:,} columns to the right",
            "Delete the empty rows and columns beyond the table and save again",
        )
    return total


def _column_number(letters: bytes) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _grows(source: Source, limits: Limits) -> FileTooLarge:
    return FileTooLarge(
        f"{source.path.name} is too large once unpacked",
        f"it grows beyond {limits.unpacked // MIB:,} MB",
        "Export one pay run at a time",
    )
