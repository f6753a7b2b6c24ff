"""Brings a database to the shape this version knows: forward only, after a copy was made, all of it or nothing.

A database that a later version has written is refused and left alone: going back would lose what it added.
"""

import datetime as dt
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.store.engine import WRITE, copy_database

STEPS = ("0001", "0002", "0003", "0004", "0005", "0006")
"""Every shape there has been, oldest first; a test compares this with the migrations."""
NEWEST = STEPS[-1]


class NewerStore(AppError):
    """The store was written by a later version of the program."""

    def __init__(self) -> None:
        super().__init__(
            "This store was written by a newer version of AutoEnroll Desktop",
            "this version does not know its form and leaves it alone; nothing was changed",
            "Install the newer version on this computer",
        )


def bring_up(engine: Engine, backups: Path, now: dt.datetime) -> str | None:
    """Make the tables of a new database, or upgrade an older one.

    Args:
        backups: the folder where the copy made before an upgrade is put.

    Returns:
        The version it had, None where nothing had to be upgraded. Raises NewerStore.
    """
    with engine.connect() as connection:
        version = version_of(connection)
    if version == NEWEST:
        return None
    if version and version not in STEPS:
        raise NewerStore
    if version:
        backups.mkdir(parents=True, exist_ok=True)
        unfinished = backups / f".before-{version}.part"
        copy_database(engine, unfinished)
        unfinished.replace(backups / f"before-{version}-{now.astimezone(dt.UTC):%Y%m%dT%H%M%S}.db")
    with engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
        if version_of(connection) != NEWEST:  # another process may have done it while we waited
            upgrade_to(connection, NEWEST)
    return version or None


def version_of(connection: Connection) -> str:
    """The version a database is in, "" for one without tables."""
    there = connection.execute(text("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'")).scalar()
    if not there:
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def upgrade_to(connection: Connection, version: str) -> None:
    """Do the steps up to a version, inside the connection's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    folder = str(Path(__file__).with_name("migrations")).replace("%", "%%")
    config.set_main_option("script_location", folder)
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, version)
