"""The whole store in one sealed file, for another disk; and back.

A backup holds the database, every sealed file and the key file, packed as a tar archive and sealed in chunks. The key
it is sealed with is made from the data key, so whoever can open the store (keyring, passphrase, recovery code) can
open the backup, and nobody else. It counts as made when it has been opened and looked over.
"""

import datetime as dt
import os
import shutil
import struct
import tarfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec
from sqlalchemy import select

from autoenroll_desktop import __version__
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.store import audit
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.engine import copy_database, opened_alone
from autoenroll_desktop.store.keys import NAME, KeyFile, key_file_from, read_key_file
from autoenroll_desktop.store.local_copies import faults_of, store_in
from autoenroll_desktop.store.refusals import StoreDamaged, disk_refusal, translated
from autoenroll_desktop.store.sealing import SealBroken, Sealer, Unsealer, derived
from autoenroll_desktop.store.store import DATABASE, Store
from autoenroll_desktop.store.tables import kept_file

MAGIC = b"AutoEnroll backup\n"
_PURPOSE = "backup"


class Header(msgspec.Struct):
    """What stands in the clear: which store, when, and the (wrapped) ways to its key."""

    format: int
    store: str
    made_at: dt.datetime
    program: str
    salt: bytes
    keys: KeyFile


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made and looked over; `opens_elsewhere`: a passphrase or recovery code opens it."""

    path: Path
    size: int
    files: int
    opens_elsewhere: bool


def back_up(store: Store, target: Path, stamp: Stamp) -> Made:
    """Write the whole store to one file, open it, and note it in the trail.

    Raises:
        AppError: it cannot be written, or is not whole; a file that stood there before is then still there.
    """
    with translated():
        keys = read_key_file(store.folder)
        assert keys is not None
    if target.resolve().is_relative_to(store.folder.resolve()):
        raise AppError("A backup does not belong into the store's own folder", "", "Choose another disk")
    header = Header(1, store.id, stamp.at.astimezone(dt.UTC), __version__, os.urandom(16), keys)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with translated(), _folder_for(store.folder, "packing") as work:
            copy = work / DATABASE
            copy_database(store.engine, copy)
            names = _names(copy, store.key)
            with unfinished.open("wb") as file:
                _write(file, header, store, copy, names)
                file.flush()
                os.fsync(file.fileno())
        with translated(), _folder_for(store.folder, "looking") as work, unfinished.open("rb") as file:
            unpack_backup(file, work, lambda _: store.key)
        size = unfinished.stat().st_size
        with translated():
            unfinished.replace(target)
    except OSError as error:
        raise disk_refusal(error) from None
    finally:
        unfinished.unlink(missing_ok=True)
    with store.writing() as connection:
        audit.add(connection, stamp, Event("backup-made", facts={"bytes": size, "files": len(names)}))
    return Made(target, size, len(names), bool(keys.passphrase or keys.recovery))


def read_header(file: IO[bytes]) -> Header:
    """The header of a backup, leaving the file where its sealed part begins. Raises AppError."""
    start = file.read(len(MAGIC) + 4)
    length = struct.unpack(">I", start[-4:])[0] if start.startswith(MAGIC) and len(start) == len(MAGIC) + 4 else 0
    if not 0 < length < 1 << 20:
        raise AppError("This is not a backup of a store", "", "Choose a file made by 'autoenroll store backup'")
    try:
        return msgspec.json.decode(file.read(length), type=Header)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise SealBroken("The backup") from None


def unpack_backup(file: IO[bytes], folder: Path, unlock: Callable[[KeyFile], bytes]) -> tuple[Header, bytes]:
    """Unpack a backup into an empty folder and look its database over; returns its header and the data key.

    Raises:
        AppError: it is no backup, its key is not at hand, or it is not whole.
    """
    header = read_header(file)
    key = unlock(header.keys)
    stream = Unsealer(derived(key, _PURPOSE, header.salt), file, f"{_PURPOSE} {header.store}")
    try:
        with tarfile.open(fileobj=stream, mode="r|") as archive:  # type: ignore[call-overload]
            for member in archive:
                _unpack(archive, member, folder)
        stream.read()
    except tarfile.TarError:
        raise SealBroken("The backup") from None
    for name in (NAME, DATABASE):
        if not (folder / name).exists():
            raise SealBroken("The backup")
    key_file_from((folder / NAME).read_bytes())
    missing = [name for name in _names(folder / DATABASE, key) if not (folder / "kept" / name[:2] / name).exists()]
    right = store_in(folder / DATABASE, key) == header.store
    if not right or missing or faults_of(folder / DATABASE, key):
        raise StoreDamaged("The backup is damaged", "what is in it is not whole", "Use another backup")
    return header, key


def _write(file: IO[bytes], header: Header, store: Store, copy: Path, names: list[str]) -> None:
    plain = msgspec.json.encode(header)
    file.write(MAGIC + struct.pack(">I", len(plain)) + plain)
    sealer = Sealer(derived(store.key, _PURPOSE, header.salt), file, f"{_PURPOSE} {header.store}")
    with tarfile.open(fileobj=sealer, mode="w|") as archive:  # type: ignore[call-overload]
        archive.add(store.folder / NAME, NAME)
        archive.add(copy, DATABASE)
        for name in names:
            archive.add(store.kept / name[:2] / name, f"kept/{name[:2]}/{name}")
    sealer.finish()


def _unpack(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    parts = Path(member.name).parts
    if not member.isfile() or ".." in parts or Path(member.name).is_absolute():
        raise SealBroken("The backup")
    target = folder / member.name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    source = archive.extractfile(member)
    assert source is not None
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        shutil.copyfileobj(source, file)
        file.flush()
        os.fsync(file.fileno())


def _names(database: Path, key: bytes) -> list[str]:
    engine = opened_alone(database, key)
    try:
        with engine.connect() as connection:
            return sorted(connection.execute(select(kept_file.c.id)).scalars())
    finally:
        engine.dispose()


@contextmanager
def _folder_for(folder: Path, what: str) -> Iterator[Path]:
    """A folder inside the store's, for encrypted things only, gone afterwards."""
    work = folder / f".{what}-{uuid.uuid4().hex}"
    work.mkdir(mode=0o700)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)
