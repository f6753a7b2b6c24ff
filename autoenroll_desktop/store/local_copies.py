"""Copies of the database beside it, made by themselves: one a day, the last seven, and those from before upgrades.

They guard against a damaged page and a mistake, not against a lost disk; that is what `store.backup` is for. They are
encrypted as the database is. The sealed files are not in them: those never change.
"""

import datetime as dt
from pathlib import Path

from sqlalchemy import select, text

from autoenroll_desktop.store.engine import copy_database, faults, opened_alone
from autoenroll_desktop.store.refusals import StoreDamaged, translated
from autoenroll_desktop.store.store import Store
from autoenroll_desktop.store.tables import meta

KEEP_DAILY, KEEP_UPGRADES = 7, 3
EVERY = dt.timedelta(days=1)


def copy_now(store: Store, now: dt.datetime) -> Path:
    """Make a copy, look it over, and let the oldest ones go.

    Raises:
        StoreDamaged: the copy is not whole, and was removed. AppError: no space, no permission.
    """
    target = store.backups / f"daily-{now.astimezone(dt.UTC):%Y%m%dT%H%M%S}.db"
    unfinished = store.backups / ".daily.part"
    with translated():
        store.backups.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            copy_database(store.engine, unfinished)
            wrong = faults_of(unfinished, store.key)
            if wrong:
                raise StoreDamaged("A copy of the store is not whole", "the store itself may be damaged", "")
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
        rotate(store.backups)
    return target


def faults_of(path: Path, key: bytes) -> list[str]:
    """What is wrong with a database file nobody uses. Foreign errors are the caller's to translate."""
    engine = opened_alone(path, key)
    try:
        with engine.connect() as connection:
            return faults(connection)
    finally:
        engine.dispose()


def store_in(path: Path, key: bytes) -> str:
    """The id of the store a database file belongs to, "" for one without (an empty file is an empty database)."""
    engine = opened_alone(path, key)
    try:
        with engine.connect() as connection:
            there = connection.execute(text("SELECT count(*) FROM sqlite_master WHERE name = 'meta'")).scalar()
            found = connection.execute(select(meta.c.value).where(meta.c.name == "store")).scalar() if there else b""
            return bytes(found or b"").decode()
    finally:
        engine.dispose()


def copies(folder: Path) -> list[Path]:
    """The copies there are, newest first by the time in their names."""
    return sorted(folder.glob("*-*.db"), key=lambda path: path.stem.rpartition("-")[2], reverse=True)


def is_due(folder: Path, now: dt.datetime) -> bool:
    """Whether the last daily copy is a day old; one from the future (a clock set back) counts as none."""
    stamp = f"{now.astimezone(dt.UTC) - EVERY:%Y%m%dT%H%M%S}"
    ahead = f"{now.astimezone(dt.UTC) + EVERY:%Y%m%dT%H%M%S}"
    return not any(stamp < path.stem.rpartition("-")[2] < ahead for path in folder.glob("daily-*.db"))


def rotate(folder: Path) -> None:
    """Keep the newest ones."""
    for kind, number in (("daily", KEEP_DAILY), ("before", KEEP_UPGRADES)):
        for path in [path for path in copies(folder) if path.name.startswith(kind)][number:]:
            path.unlink(missing_ok=True)


def remove_all(folder: Path) -> int:
    """Remove every copy, because somebody who was erased is in them. Returns how many."""
    gone = copies(folder)
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)
