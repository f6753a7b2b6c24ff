"""Opening a store, or making one: the key, the shape of the database, and the places that need a warning.

Nothing is made anew where something old is half there: a database without its key file, or a key file whose database
has gone, is told, because a fresh store in its place would look like an empty office.
"""

import os
from pathlib import Path

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.store import audit
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.core_dumps import no_core_dumps
from autoenroll_desktop.store.engine import WAIT, faults, make_engine
from autoenroll_desktop.store.keys import NAME, Ask, KeyFile, create, read_key_file, unlock
from autoenroll_desktop.store.place import on_network
from autoenroll_desktop.store.refusals import StoreDamaged, disk_refusal, translated
from autoenroll_desktop.store.store import DATABASE, Store
from autoenroll_desktop.store.tables import meta
from autoenroll_desktop.store.upgrade import bring_up


class NoStore(AppError):
    """There is no store yet."""

    def __init__(self, folder: Path) -> None:
        super().__init__("There is no store yet", f"nothing is in {folder}", "Check a pay run, and it is made")


def nobody() -> str | None:
    """Asks nobody for a passphrase."""
    return None


def open_store(
    folder: Path,
    stamp: Stamp,
    *,
    computer: str = "",
    passphrase: Ask = nobody,
    make: bool = True,
    network: bool | None = None,
    wait: float = WAIT,
) -> Store:
    """Open the store in a folder.

    Args:
        computer: a name for this computer. passphrase: asks for it where the store has one.
        make: make a store where there is none. network: whether the folder is on the network; found out when None.
        wait: seconds to wait for another process.

    Raises:
        NoStore, KeyMissing, NoKeyring, NewerStore, StoreDamaged, StoreBusy, AppError: each says what to do.
    """
    try:
        file = read_key_file(folder)
        if file is None:
            _refuse_half_a_store(folder)
            if not make:
                raise NoStore(folder)
            file, key = create(folder, passphrase)
        else:
            key = unlock(file, passphrase)
    except OSError as error:
        raise disk_refusal(error) from None
    return open_with_key(folder, file, key, stamp, computer=computer, network=network, wait=wait)


def open_with_key(
    folder: Path,
    file: KeyFile,
    key: bytes,
    stamp: Stamp,
    *,
    computer: str = "",
    network: bool | None = None,
    wait: float = WAIT,
) -> Store:
    """Open the store in a folder whose key is at hand. Raises as `open_store` does."""
    no_core_dumps()
    with translated():
        if not (folder / DATABASE).exists() and _has_past(folder):
            raise AppError(
                "The store's database is gone",
                f"{DATABASE} is not in {folder}, but copies of it are",
                "Run 'autoenroll store restore' with the newest of them",
            )
        if not os.access(folder, os.W_OK):
            raise PermissionError(13, "read-only")
        remote = on_network(folder) if network is None else network
    store = Store(folder, file.store, key, make_engine(folder / DATABASE, key, network=remote, wait=wait), computer)
    try:
        with translated():
            before = bring_up(store.engine, store.backups, stamp.at)
        _settle(store, stamp, before)
    except BaseException:
        store.close()
        raise
    return store


def _settle(store: Store, stamp: Stamp, upgraded_from: str | None) -> None:
    """Note a new store, an upgrade or another computer; look a database over that another computer wrote last."""
    with store.reading() as connection:
        known, computer = _value(connection, "store"), _value(connection, "computer")
        moved = known is not None and computer != store.computer
        wrong = faults(connection) if moved else []
    if known is not None and known != store.id:
        raise StoreDamaged("The database is another store's", f"{NAME} and {DATABASE} do not belong together", "")
    if wrong:
        raise StoreDamaged(
            "The store was damaged on its way from another computer",
            "a program that copies folders may have taken it while it was in use",
            "Run 'autoenroll store restore' with the newest backup",
        )
    if known is not None and not moved and upgraded_from is None:
        return
    with store.writing() as connection:
        if _value(connection, "store") is None:
            _set(connection, "store", store.id)
            audit.add(connection, stamp, Event("store-made"))
        elif moved:
            audit.add(connection, stamp, Event("store-opened-on-another-computer"))
        if upgraded_from:
            audit.add(connection, stamp, Event("store-upgraded", facts={"from": upgraded_from}))
        _set(connection, "computer", store.computer)


def _value(connection: Connection, name: str) -> str | None:
    found = connection.execute(select(meta.c.value).where(meta.c.name == name)).scalar_one_or_none()
    return None if found is None else bytes(found).decode()


def _set(connection: Connection, name: str, value: str) -> None:
    data = value.encode()
    statement = insert(meta).values(name=name, value=data)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": data}))


def _has_past(folder: Path) -> bool:
    return any((folder / name).is_dir() and any((folder / name).iterdir()) for name in ("kept", "backups"))


def _refuse_half_a_store(folder: Path) -> None:
    if (folder / DATABASE).exists():
        raise AppError(
            "The store's key file is missing",
            f"{NAME} is not beside {DATABASE} in {folder}; without it nothing can be read",
            "Put it back from a backup: 'autoenroll store restore'",
        )
