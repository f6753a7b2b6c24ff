"""Backs the store up to one sealed file, and puts one back."""

import datetime as dt
import platform
from collections.abc import Callable
from pathlib import Path

from autoenroll_desktop.store.audit import Stamp
from autoenroll_desktop.store.backup import Made, back_up
from autoenroll_desktop.store.keys import Ask, KeyFile, unlock, unlock_with_code
from autoenroll_desktop.store.restoring import Restored, restore
from autoenroll_desktop.store.store import Store

EVERY = dt.timedelta(days=30)
"""How old the last backup on another disk may be before a person is reminded."""


def back_up_store(store: Store, target: Path, stamp: Stamp) -> Made:
    """Write the whole store to one file and look it over; a folder as target gets a name with the day.

    Raises:
        AppError: it cannot be written, or is not whole.
    """
    if target.is_dir():
        target = target / f"autoenroll-{stamp.at.astimezone():%Y-%m-%d-%H%M}.backup"
    return back_up(store, target, stamp)


def restore_store(
    source: Path, folder: Path, stamp: Stamp, *, passphrase: Ask, code: str | None = None, replace: bool = False
) -> Restored:
    """Put a backup in place of the store of a folder, opened by the keyring, a passphrase or a recovery code.

    Raises:
        AppError: it is no backup, not whole, cannot be opened, or a store is there and `replace` is False.
    """
    way: Callable[[KeyFile], bytes] = (
        (lambda file: unlock_with_code(file, code)) if code else (lambda file: unlock(file, passphrase))
    )
    return restore(source, folder, way, passphrase, stamp, replace=replace, computer=platform.node())
