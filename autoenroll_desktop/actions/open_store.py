"""Opens this user's store, or the one in another folder."""

import datetime as dt
import getpass
import os
import platform
from pathlib import Path

from autoenroll_desktop.actions.take_over_written import take_over_written
from autoenroll_desktop.domain.memory import Memory
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.store.audit import Stamp
from autoenroll_desktop.store.keys import Ask, read_key_file, unlock_with_code
from autoenroll_desktop.store.keys import adopt as adopt_key
from autoenroll_desktop.store.memory import StoreMemory
from autoenroll_desktop.store.opening import NoStore, nobody
from autoenroll_desktop.store.opening import open_store as open_in
from autoenroll_desktop.store.os_keyring import NoKeyring
from autoenroll_desktop.store.refusals import translated
from autoenroll_desktop.store.store import Store

__all__ = [
    "PASSPHRASE", "Locked", "NoKeyring", "NoStore", "Stamp", "Store", "is_made", "memory_of", "open_store",
    "opens_by_passphrase", "recover", "stamp", "told_passphrase",
]  # fmt: skip
PASSPHRASE = "AUTOENROLL_PASSPHRASE"  # noqa: S105 - the name of a variable


class Locked(AppError):
    """The store was locked here, and waits for its passphrase."""

    def __init__(self) -> None:
        super().__init__("The store is locked", "it opens with its passphrase", "Unlock it")


def is_made(folder: Path) -> bool:
    """Whether there is a store in a folder. Raises AppError where what is there cannot be read."""
    with translated():
        return read_key_file(folder) is not None


def opens_by_passphrase(folder: Path) -> bool:
    """Whether a passphrase opens the store in a folder, and the keyring does not; False where that cannot be told."""
    try:
        with translated():
            file = read_key_file(folder)
    except AppError:
        return False
    return file is not None and file.passphrase is not None and not file.keyring


def open_store(folder: Path, now: dt.datetime, *, passphrase: Ask = nobody, make: bool = True) -> Store:
    """Open the store in a folder; made where there is none and `make` says so.

    Raises:
        AppError: it says why nothing can be kept or read, and what to do.
    """
    store = open_in(folder, stamp(now), computer=platform.node(), passphrase=passphrase, make=make)
    take_over_written(store, stamp(now))
    return store


def recover(folder: Path, code: str, now: dt.datetime, *, passphrase: Ask = nobody) -> Store:
    """Open a store by its recovery code, and let this computer's keyring (or a new passphrase) open it from now on.

    Raises:
        AppError: there is no store, the code is not its code, or there is neither keyring nor passphrase.
    """
    with translated():
        file = read_key_file(folder)
        if file is None:
            raise NoStore(folder)
        key = unlock_with_code(file, code)
        adopt_key(folder, file, key, passphrase)
    return open_store(folder, now, passphrase=passphrase, make=False)


def told_passphrase() -> str | None:
    """The passphrase from the environment: for making a store nobody is asked, so that a check does not stop to ask."""
    return os.environ.get(PASSPHRASE) or None


def stamp(now: dt.datetime) -> Stamp:
    """This user, now."""
    try:
        who = getpass.getuser()
    except (OSError, KeyError, ImportError):
        who = "unknown"
    return Stamp(who, now)


def memory_of(store: Store) -> Memory:
    """What a check may ask of a store."""
    return StoreMemory(store)
