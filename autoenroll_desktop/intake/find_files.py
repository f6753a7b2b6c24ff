"""Folders and archives as the files in them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autoenroll_desktop.errors import FileTooLarge, UnreadableFile
from autoenroll_desktop.intake.archive import member_of, members
from autoenroll_desktop.intake.limits import Limits
from autoenroll_desktop.intake.source import packed_form

_LEFT_BEHIND = ("thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Found:
    """A file to read. `chosen`: named by the person, not found in a folder or archive. `error`: nothing to read."""

    path: Path
    chosen: bool = True
    error: UnreadableFile | None = None


def find_files(paths: Iterable[Path], limits: Limits) -> Iterator[Found]:
    """Every file that a person's choice stands for: a folder is all files in it, a ZIP archive all files in that.

    Folders are gone through to the bottom, archives inside archives are not opened. Hidden files and the locks that
    open workbooks leave behind are left out.
    """
    for path in paths:
        try:
            yield from _in_folder(path, limits) if path.is_dir() else _file_or_archive(path, limits, chosen=True)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            yield Found(path, error=UnreadableFile(f"{path.name} cannot be opened", reason, "Choose another file"))
        except UnreadableFile as error:
            yield Found(path, error=error)


def _in_folder(folder: Path, limits: Limits) -> Iterator[Found]:
    files = []
    for file in folder.rglob("*"):
        parts = file.relative_to(folder).parts
        if any(part.startswith((".", "~$")) for part in parts) or file.name.lower() in _LEFT_BEHIND:
            continue
        if file.is_file():
            files.append(file)
        if len(files) > limits.files:
            raise FileTooLarge(f"{folder.name} holds too many files", f"over {limits.files:,}", "Take one pay run")
    if not files:
        raise UnreadableFile(f"The folder {folder.name} is empty", "no file is in it", "Choose the files themselves")
    for file in sorted(files):
        yield from _file_or_archive(file, limits, chosen=False)


def _file_or_archive(path: Path, limits: Limits, *, chosen: bool) -> Iterator[Found]:
    if member_of(path) or not path.is_file() or not _packs_files(path):
        yield Found(path, chosen)
        return
    try:
        for member in members(path, limits):
            yield Found(member, chosen=False)
    except UnreadableFile as error:
        yield Found(path, chosen, error)


def _packs_files(path: Path) -> bool:
    """Whether a file is a ZIP archive and no workbook."""
    with path.open("rb") as file:
        if file.read(4) not in (b"PK\x03\x04", b"PK\x05\x06"):
            return False
    try:
        return packed_form(path, path) == "zip"
    except UnreadableFile:
        return False
