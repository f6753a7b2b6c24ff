"""Opening a file that a stranger may have sent: what it is, how big it may be, how its text is encoded.

Files are recognised by content, never by extension. Sizes are checked before anything is read. A file inside a ZIP has
the path it would have if the ZIP were a folder: `payroll.zip/week 48.csv`.
"""

import codecs
import hashlib
import io
import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autoenroll_desktop.domain.progress import Progress
from autoenroll_desktop.errors import EmptyFile, FileTooLarge, ForeignFile, UnreadableFile
from autoenroll_desktop.intake.archive import member_of, read_member
from autoenroll_desktop.intake.limits import CHUNK, MIB, Limits


@dataclass(frozen=True, slots=True)
class Source:
    """A file in memory. `form` is what its content is: xlsx, xls, ods, zip, html, xml, json or text."""

    path: Path
    data: bytes
    sha256: str
    form: str


SAVE_AS = "Save it as CSV or as an Excel workbook (.xlsx) and try again"
_FOREIGN = (
    (b"%PDF", "it is a PDF"),
    (b"\x7fELF", "it is a program, not a payroll file"),
    (b"MZ", "it is a program, not a payroll file"),
    (b"\x89PNG", "it is a picture"),
    (b"\xff\xd8\xff", "it is a picture"),
    (b"GIF8", "it is a picture"),
    (b"\x1f\x8b", "it is a compressed archive"),
    (b"Rar!", "it is a compressed archive"),
    (b"7z\xbc\xaf", "it is a compressed archive"),
    (b"SQLite format 3", "it is a database"),
    (b"{\\rtf", "it is a text document"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x19\x1b-\x1f]")
_FEW = 4
"""Control characters that a text may still hold."""
_HTML = re.compile(rb"<(!doctype\s+html|html|table|head|body)\b", re.IGNORECASE)


def open_source(path: Path, limits: Limits, progress: Progress, held: bytes | None = None) -> Source:
    """Read a file whole, after making sure that it is one, may be read and is not too big.

    A member of a ZIP is unpacked in memory, within the same limit. With `held`, the content is that, and `path` no
    more than its name: text pasted from the clipboard is on no disk.

    Raises:
        UnreadableFile: a folder, a device, no permission, not there. ForeignFile: plainly no payroll file.
        EmptyFile: nothing in it. FileTooLarge: over `limits`.
    """
    if held is not None:
        if len(held) > limits.size:
            raise _too_large(path, len(held), limits)
        return _source(path, held, hashlib.sha256(held).hexdigest())
    if inside := member_of(path):
        data = read_member(*inside, limits.size, progress)
        return _source(path, data, hashlib.sha256(data).hexdigest())
    return _on_disk(path, limits, progress)


def _on_disk(path: Path, limits: Limits, progress: Progress) -> Source:
    try:
        about = path.stat()
        if stat.S_ISDIR(about.st_mode):
            raise UnreadableFile(f"{path.name} is a folder", "a file was expected", "Choose the files inside it")
        if not stat.S_ISREG(about.st_mode):
            raise UnreadableFile(f"{path.name} is not a file on disk", "it is a pipe or a device", "Save it as a file")
        if about.st_size > limits.size:
            raise _too_large(path, about.st_size, limits)
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
    return _source(path, b"".join(parts), digest.hexdigest())


def _too_large(path: Path, size: int, limits: Limits) -> FileTooLarge:
    why = f"{size / MIB:,.0f} MB; up to {limits.size // MIB} MB can be checked"
    return FileTooLarge(f"{path.name} is too large", why, "Export one pay run at a time")


def _source(path: Path, data: bytes, sha256: str) -> Source:
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise EmptyFile(f"{path.name} is empty", "there is nothing in the file", "Export it again")
    return Source(path, data, sha256, _form(path, data))


def _form(path: Path, data: bytes) -> str:
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return packed_form(path, io.BytesIO(data))
    if data.startswith(_OLE):
        return _ole_form(path, data)
    for start, what in _FOREIGN:
        if data.startswith(start):
            raise ForeignFile(f"{path.name} cannot be read", what, SAVE_AS)
    text = _start_in_utf8(data).lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if _HTML.match(text):
        return "html"
    if (text.startswith(b"<") and text[1:2].isalpha()) or text.startswith((b"<!", b"<?")):
        return "html" if _HTML.search(text[:2000]) else "xml"
    if text[:1] in (b"{", b"["):
        return "json"
    return "text"


def _start_in_utf8(data: bytes) -> bytes:
    """The first bytes of a file as UTF-8 would have them, for telling its form."""
    encoding = _wide_encoding(data)
    return data[:4096].decode(encoding, errors="ignore").encode() if encoding else data[:4096]


def _wide_encoding(data: bytes) -> str:
    """The form of UTF-16 that a file is in, by its mark or by where its zeros are; "" where it is none."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = data[:2000]
    if len(sample) > 3 and sample.count(0) > len(sample) // 4:
        return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
    return ""


def packed_form(path: Path, file: Path | io.BytesIO) -> str:
    """What a ZIP archive is: xlsx, ods, or zip for files packed together.

    Raises:
        UnreadableFile: damaged, or a binary workbook. ForeignFile: a text document or presentation.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise UnreadableFile(
            f"{path.name} is damaged", f"it cannot be unpacked ({error})", "Export it again"
        ) from error
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:  # its reader makes room for whatever place a cell names, and nothing measures it
        raise UnreadableFile(f"{path.name} is a binary workbook (.xlsb)", "its errors would be read as blanks", SAVE_AS)
    if {"content.xml", "mimetype"} <= names:
        return "ods"
    if "word/document.xml" in names or "ppt/presentation.xml" in names:
        raise ForeignFile(f"{path.name} cannot be read", "it is a document or presentation", SAVE_AS)
    return "zip"


def _ole_form(path: Path, data: bytes) -> str:
    """An old Excel workbook; password-protected ones and documents are named as such."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise UnreadableFile(
            f"{path.name} is protected by a password", "it cannot be opened without it", "Save it without a password"
        )
    if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
        return "xls"
    raise ForeignFile(f"{path.name} cannot be read", "it is a document, not a workbook", SAVE_AS)


@dataclass(frozen=True, slots=True)
class Text:
    """A file's text in UTF-8: `data` from byte `start` on, beyond a mark.

    Kept as bytes, because a file of a hundred megabytes need not stand in memory a second time as a text.
    """

    data: bytes
    start: int
    encoding: str
    guessed: bool

    def head(self, size: int) -> str:
        """The first characters of the text, about `size` of them, ending with a whole line where there is one."""
        part = self.data[self.start : self.start + size]
        if len(part) == size and (end := part.rfind(b"\n")) >= 0:
            part = part[: end + 1]
        return part.decode(errors="ignore")

    def whole(self) -> str:
        """All of it."""
        return str(memoryview(self.data)[self.start :], "utf-8")

    def lines(self) -> Iterator[str]:
        """Its lines with their ends, as they stand in the file."""
        file = io.BytesIO(self.data)
        file.seek(self.start)
        return iter(io.TextIOWrapper(file, "utf-8", newline=""))


def decode(source: Source) -> Text:
    """The file's text, its encoding, and whether that encoding was guessed.

    UTF-8 (with or without a mark) and UTF-16 with a mark are certain; anything else that is text is read as
    Windows-1252, which is what Excel writes here.

    Raises:
        UnreadableFile: the bytes are no text.
    """
    data = source.data
    if data.startswith(codecs.BOM_UTF8):
        return _text(source, data, len(codecs.BOM_UTF8), "utf-8-sig", guessed=False)
    if wide := _wide_encoding(data):
        return _text(source, _as_utf8(source, wide), 0, wide, guessed=wide != "utf-16")
    if _fault(data, 0) < 0:
        return _text(source, data, 0, "utf-8", guessed=False)
    return _text(source, _as_utf8(source, "cp1252"), 0, "cp1252", guessed=True)


def _as_utf8(source: Source, encoding: str) -> bytes:
    try:
        return source.data.decode(encoding).encode()
    except UnicodeError as error:
        raise _no_text(source, getattr(error, "start", 0)) from error


def _fault(data: bytes, start: int) -> int:
    """Where bytes stop being UTF-8, -1 where they never do; looked at piece by piece."""
    if data.isascii():
        return -1
    decoder = codecs.getincrementaldecoder("utf-8")()
    for at in range(start, len(data), CHUNK):
        try:
            decoder.decode(data[at : at + CHUNK], final=at + CHUNK >= len(data))
        except UnicodeDecodeError as error:
            return at + error.start
    return -1


def _text(source: Source, data: bytes, start: int, encoding: str, *, guessed: bool) -> Text:
    fault = _fault(data, start) if encoding == "utf-8-sig" else -1
    nul = data.find(0)
    if fault >= 0 or nul >= 0:
        raise _no_text(source, fault if fault >= 0 else nul)
    if len(_CONTROLS.findall(data, start, start + 4000)) > _FEW:
        raise _no_text(source, 0)
    if data.endswith(b"\x1a"):
        data = data.rstrip(b"\x1a")
    return Text(data, start, encoding, guessed)


def _no_text(source: Source, at: int) -> UnreadableFile:
    return UnreadableFile(
        f"{source.path.name} is not a text file",
        f"byte {at + 1:,} belongs to no text; the file may be damaged or of another kind",
        SAVE_AS,
    )
