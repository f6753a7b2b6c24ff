"""The connection to the encrypted database: SQLCipher with a raw key, and what SQLite is told first.

The key is 32 random bytes and is given raw: a passphrase would cost 190 ms a connection, and is asked for once where
the key itself is kept (`store.keys`). Every commit is on the disk when it returns (`synchronous=FULL`). What is
deleted is overwritten (`secure_delete`), and temporary data stays in memory.
"""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.pool import NullPool, QueuePool

WAIT = 10.0
"""Seconds a writer waits for another process."""
WRITE = "write"
"""Execution option of a connection that means to write: it takes the lock when it begins, not half-way."""


def make_engine(path: Path, key: bytes, *, network: bool = False, wait: float = WAIT) -> Engine:
    """An engine for a database that need not be there yet; nothing is opened before the first use.

    Args:
        network: hold the file for this process alone and use no shared memory.
        wait: seconds to wait for another process's lock.
    """
    import sqlcipher3.dbapi2

    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        module=sqlcipher3.dbapi2,
        poolclass=QueuePool,
        pool_size=1 if network else 4,
        max_overflow=0 if network else 4,
        connect_args={"timeout": wait, "isolation_level": None, "check_same_thread": False},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _opened(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in pragmas(key, network=network):
            cursor.execute(pragma)
        cursor.close()

    listen_for_begin(engine)
    return engine


def listen_for_begin(engine: Engine) -> None:
    """Begin transactions ourselves: the driver would not put the making of tables into one."""

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITE)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def pragmas(key: bytes, *, network: bool) -> list[str]:
    """What a new connection is told, the key first."""
    return [
        "PRAGMA cipher_log_level = NONE",
        f"PRAGMA key = \"x'{key.hex()}'\"",
        *(["PRAGMA locking_mode = EXCLUSIVE", "PRAGMA journal_mode = TRUNCATE"] if network else []),
        *([] if network else ["PRAGMA journal_mode = WAL"]),
        "PRAGMA synchronous = FULL",
        "PRAGMA secure_delete = ON",
        "PRAGMA foreign_keys = ON",
        "PRAGMA cache_size = -32768",
        "PRAGMA temp_store = MEMORY",
    ]


def copy_database(source: Engine, target: Path) -> None:
    """Copy the database as it stands, encrypted with the same key, while others may go on using it.

    VACUUM INTO rather than the backup interface of the driver: its errors carry SQLite's code, and deleted rows are
    not in the copy. It does not wait for the disk, so that is done after it.
    """
    target.unlink(missing_ok=True)
    with source.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("VACUUM INTO ?", (str(target),))
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def faults(connection: Connection) -> list[str]:
    """What is wrong with the file, page by page and table by table; empty where it is whole."""
    found = [str(row[0]) for row in connection.execute(text("PRAGMA cipher_integrity_check"))]
    if not found:
        found = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check(20)")) if row[0] != "ok"]
    return found


def opened_alone(path: Path, key: bytes) -> Engine:
    """An engine that keeps no connection: for looking at a copy without leaving anything beside it."""
    import sqlcipher3.dbapi2

    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        module=sqlcipher3.dbapi2,
        poolclass=NullPool,
        connect_args={"isolation_level": None, "check_same_thread": False},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _opened(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")

    return engine
