"""ZIP archives: files packed together.

A member never gives more bytes than the archive states for it: what it holds beyond them fails its checksum. Bombs are
therefore told before anything is unpacked, by what is stated: too much in all, or too much for so few bytes.
"""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath

from autoenroll_desktop.domain.progress import Progress
from autoenroll_desktop.errors import FileTooLarge, UnreadableFile
from autoenroll_desktop.intake.limits import CHUNK, MIB, Limits

_HARMLESS = 16 * MIB
"""Bytes that anything may grow to."""
_FOLD = 250
"""How many times its packed size a part may grow to; payroll files grow ten- to fiftyfold."""
_HIDDEN = ("__MACOSX/", ".", "~$")


def member_of(path: Path) -> tuple[Path, str] | None:
    """The archive and the member that a path such as `payroll.zip/week 48.csv` names; None for a plain path."""
    for parent in path.parents:
        if parent.is_file():
            return (parent, path.relative_to(parent).as_posix()) if zipfile.is_zipfile(parent) else None
        if parent.is_dir():
            return None
    return None


def members(path: Path, limits: Limits) -> list[Path]:
    """The files in an archive, as paths below it, sorted; folders and hidden files are left out.

    Raises:
        UnreadableFile: damaged, or none in it. FileTooLarge: more of them, or of bytes, than `limits`.
    """
    with _opened(path) as archive:
        infos = [one for one in archive.infolist() if one.filename and not one.filename.endswith("/")]
    names = [one.filename for one in infos]
    names = [name for name in names if not PurePosixPath(name).name.startswith(_HIDDEN) and "__MACOSX/" not in name]
    if outside := next((name for name in names if _leads_outside(name)), None):
        raise UnreadableFile(
            f"{path.name} is refused", f"it names a file outside of it: {outside}", "Unpack it yourself"
        )
    if not names:
        raise UnreadableFile(f"{path.name} is empty", "no file is packed in it", "Choose another file")
    if len(names) > limits.files:
        raise FileTooLarge(f"{path.name} holds too many files", f"{len(names):,}", "Take one pay run at a time")
    if sum(one.file_size for one in infos) > limits.unpacked:
        raise grows(path.name, limits.unpacked)
    return [path / name for name in sorted(names)]


def _leads_outside(name: str) -> bool:
    """Whether a member's name is a place of its own, or climbs out of the archive."""
    return PurePosixPath(name).is_absolute() or bool(PureWindowsPath(name).drive) or ".." in PurePosixPath(name).parts


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
        refuse_bomb(name, about)
        parts, size = [], 0
        with archive.open(about) as file:
            while part := file.read(CHUNK):
                size += len(part)
                progress.step("unpacking")
                if size > limit:
                    raise grows(name, limit)
                parts.append(part)
    return b"".join(parts)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise UnreadableFile(f"{path.name} is damaged", f"it cannot be unpacked ({error})", "Pack it again") from error


def refuse_bomb(name: str, part: zipfile.ZipInfo) -> None:
    """Refuse a packed part that would grow as no payroll file does. Raises FileTooLarge."""
    if part.file_size > _HARMLESS and part.file_size > part.compress_size * _FOLD:
        raise FileTooLarge(
            f"{name} is refused",
            f"{part.compress_size:,} packed bytes would grow to {part.file_size // MIB:,} MB",
            "Export it again from the payroll package",
        )


def grows(name: str, limit: int) -> FileTooLarge:
    return FileTooLarge(
        f"{name} is too large once unpacked", f"it grows beyond {limit // MIB:,} MB", "Export one pay run at a time"
    )
