"""A downloaded archive becomes a version: only files its signed list names, each with the size and hash listed.

An archive may hold every file, or only those that differ from the version that runs; the rest is then taken from
there, and verified just the same. The folder gets its name at the very end, so a half-made version is never started.
"""

import hashlib
import os
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import IO

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.on_disk import sync_folder
from autoenroll_desktop.updates.refusals import Attack, UpdateRefused
from autoenroll_desktop.updates.versions import Versions
from server_sync.contract.release import Build, File

PIECE = 1 << 20


def unpack(
    archive: Path,
    build: Build,
    versions: Versions,
    present: Path | None,
    progress: Callable[[int], None] = lambda _more: None,
) -> Path:
    """Make the version `build` from `archive` and, where given, from the files of `present`; its folder comes back.

    Raises `UpdateRefused` (`ALTERED`) for any file that is not as listed, AppError where there is no room.
    """
    making, done = versions.making(build.version), versions.folder(build.version)
    wanted = {file.place: file for file in build.files}
    for place in wanted:
        _inside(place)
    shutil.rmtree(making, ignore_errors=True)
    shutil.rmtree(done, ignore_errors=True)
    try:
        making.mkdir(parents=True)
        got = _from_archive(archive, wanted, making, progress)
        for place in sorted(wanted.keys() - got):
            _from_present(wanted[place], present, making, progress)
        for folder in {making, *(parent for place in wanted for parent in (making / place).parents)}:
            if folder.is_relative_to(making):
                sync_folder(folder)
        making.rename(done)
        sync_folder(done.parent)
    except (tarfile.TarError, EOFError) as error:
        raise UpdateRefused(Attack.ALTERED, archive.name) from error
    except OSError as error:
        action = "Make room on the disk and try again; the program that runs is untouched"
        raise AppError(
            "The update could not be put in place", error.strerror or type(error).__name__, action
        ) from error
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return done


def verify(folder: Path, build: Build) -> str:
    """The place of the first file of a folder that is not as listed, or "" when all are."""
    for file in build.files:
        path = folder / file.place
        if file.link:
            good = path.is_symlink() and os.readlink(path) == file.link  # noqa: PTH115 - as text, not as a place
        else:
            good = path.is_file() and not path.is_symlink() and path.stat().st_size == file.size
            good = good and hashlib.sha256(path.read_bytes()).hexdigest() == file.sha256
        if not good:
            return file.place
    return ""


def _from_archive(archive: Path, wanted: dict[str, File], making: Path, progress: Callable[[int], None]) -> set[str]:
    got: set[str] = set()
    with tarfile.open(archive, "r|xz") as tar:
        for member in tar:
            file = wanted.get(member.name)
            if file is None or member.name in got or not (member.isreg() or member.issym()):
                raise UpdateRefused(Attack.ALTERED, member.name)
            if file.link:
                if not member.issym() or member.linkname != file.link:
                    raise UpdateRefused(Attack.ALTERED, member.name)
                _link(file, making)
            else:
                stream = tar.extractfile(member)
                if stream is None or member.size != file.size:
                    raise UpdateRefused(Attack.ALTERED, member.name)
                _write(stream, file, making, progress)
            got.add(member.name)
    return got


def _from_present(file: File, present: Path | None, making: Path, progress: Callable[[int], None]) -> None:
    if file.link:
        _link(file, making)
        return
    path = None if present is None else present / file.place
    if path is None or not path.is_file():
        raise UpdateRefused(Attack.ALTERED, file.place)
    with path.open("rb") as stream:
        _write(stream, file, making, progress)


def _write(stream: IO[bytes], file: File, making: Path, progress: Callable[[int], None]) -> None:
    path = making / file.place
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    size = 0
    with path.open("xb") as out:
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > file.size:
                raise UpdateRefused(Attack.ENDLESS_DATA, file.place)
            digest.update(piece)
            out.write(piece)
            progress(len(piece))
        out.flush()
        os.fsync(out.fileno())
    if size != file.size or digest.hexdigest() != file.sha256:
        raise UpdateRefused(Attack.ALTERED, file.place)
    path.chmod(0o755 if file.run else 0o644)


def _link(file: File, making: Path) -> None:
    pieces = PurePosixPath(file.place).parent / file.link
    _inside(os.path.normpath(pieces).replace("\\", "/"))
    path = making / file.place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(file.link)


def _inside(place: str) -> None:
    path = PurePosixPath(place)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise UpdateRefused(Attack.ALTERED, place)
