"""Putting a backup, or a local copy of the database, in place of the store: checked first, and nothing thrown away.

What was there is moved aside under a name with the day and stays until a person removes it. Clients erased since the
backup was made are erased again.
"""

import datetime as dt
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.on_disk import sync_folder
from autoenroll_desktop.store import audit
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.backup import MAGIC, unpack_backup
from autoenroll_desktop.store.engine import copy_database, opened_alone
from autoenroll_desktop.store.erasing import erase_again
from autoenroll_desktop.store.keys import Ask, KeyFile, adopt, read_key_file, write_key_file
from autoenroll_desktop.store.local_copies import faults_of, store_in
from autoenroll_desktop.store.opening import open_with_key
from autoenroll_desktop.store.refusals import StoreDamaged, translated
from autoenroll_desktop.store.store import DATABASE, Store

Unlock = Callable[[KeyFile], bytes]


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did; `aside` is where the store before it stands now."""

    made_at: dt.datetime | None
    aside: Path | None
    erased_again: int


def restore(
    source: Path, folder: Path, unlock: Unlock, passphrase: Ask, stamp: Stamp, *, replace: bool, computer: str = ""
) -> Restored:
    """Make a backup (or a copy out of `backups`) the store of a folder.

    Args:
        unlock: gives the data key for a key file. passphrase: asked for where this computer has no keyring.
        replace: put it in place of a store that is there, which is moved aside.

    Raises:
        AppError: it is no backup, not whole, its key is not at hand, or there is a store and `replace` is False.
    """
    with translated():
        try:
            with source.open("rb") as file:
                whole = file.read(len(MAGIC)) == MAGIC
        except FileNotFoundError:
            raise AppError(f"{source.name} is not there", "no such file", "Check the name and folder") from None
        there = folder.exists() and any(folder.iterdir())
        if there and not replace:
            raise AppError(
                "There is a store already", "it would be moved aside, not removed", "Add --replace if that is meant"
            )
        if whole:
            return _whole(source, folder, unlock, passphrase, stamp, computer)
        return _database_alone(source, folder, unlock, stamp, computer)


def _whole(source: Path, folder: Path, unlock: Unlock, passphrase: Ask, stamp: Stamp, computer: str) -> Restored:
    fresh = folder.with_name(f"{folder.name}.restoring-{os.getpid()}")
    fresh.mkdir(parents=True, mode=0o700)
    try:
        with source.open("rb") as file:
            header, key = unpack_backup(file, fresh, unlock)
        restored = read_key_file(fresh)
        assert restored is not None
        restored = msgspec.structs.replace(restored, erased=_erased(folder, restored))
        write_key_file(fresh, restored)
        adopt(fresh, restored, key, passphrase)
        aside = _move_aside(folder, stamp)
        fresh.rename(folder)
        sync_folder(folder.parent)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    store = open_with_key(folder, restored, key, stamp, computer=computer)
    return Restored(header.made_at, aside, _after(store, restored, stamp))


def _database_alone(source: Path, folder: Path, unlock: Unlock, stamp: Stamp, computer: str) -> Restored:
    keys = read_key_file(folder)
    if keys is None:
        raise AppError("This is not a backup of a store", "", "Choose a file made by 'autoenroll store backup'")
    key = unlock(keys)
    if store_in(source, key) != keys.store or faults_of(source, key):
        raise StoreDamaged("This copy is damaged, or another store's", "nothing was changed", "Use another one")
    fresh = folder / f".{DATABASE}.restoring"
    engine = opened_alone(source, key)
    try:
        copy_database(engine, fresh)
    finally:
        engine.dispose()
    aside = folder / f"replaced-{stamp.at.astimezone(dt.UTC):%Y%m%dT%H%M%S}"
    aside.mkdir(mode=0o700)
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
        if (folder / name).exists():
            (folder / name).rename(aside / name)
    fresh.replace(folder / DATABASE)
    sync_folder(folder)
    store = open_with_key(folder, keys, key, stamp, computer=computer)
    return Restored(None, aside, _after(store, keys, stamp))


def _after(store: Store, keys: KeyFile, stamp: Stamp) -> int:
    try:
        again = erase_again(store, keys.erased, stamp)
        with store.writing() as connection:
            audit.add(connection, stamp, Event("store-restored", facts={"erased-again": again}))
        return again
    finally:
        store.close()


def _erased(folder: Path, restored: KeyFile) -> tuple[str, ...]:
    """Who was erased, by the backup's key file and by the one that is there now, as far as it can be read."""
    try:
        now = read_key_file(folder)
    except AppError:
        now = None
    return tuple(dict.fromkeys((*restored.erased, *(now.erased if now else ()))))


def _move_aside(folder: Path, stamp: Stamp) -> Path | None:
    if not folder.exists():
        return None
    if not any(folder.iterdir()):
        folder.rmdir()
        return None
    aside = folder.with_name(f"{folder.name}.replaced-{stamp.at.astimezone(dt.UTC):%Y%m%dT%H%M%S}")
    folder.rename(aside)
    return aside
