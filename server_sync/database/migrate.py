"""Bringing a database to the schema this release needs."""

from pathlib import Path

import psycopg
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from server_sync.errors import ServiceError

LOCK = 4_207_718_302  # any number, the same in every release: two migrations never run at once


def migrate(url: str) -> str:
    """Run what is missing, as the role that owns the tables, and return the revision.

    Raises:
        ServiceError: the database cannot be reached, or refuses.
    """
    engine = sa.create_engine(_sqlalchemy(url), hide_parameters=True, poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            connection.execute(sa.text("select pg_advisory_lock(:lock)"), {"lock": LOCK})
            connection.commit()
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
            revision = MigrationContext.configure(connection).get_current_revision()
    except (sa.exc.DBAPIError, psycopg.Error) as error:
        state = getattr(getattr(error, "orig", error), "sqlstate", None)
        raise ServiceError(
            f"The database cannot be migrated ({state or type(error).__name__})", "See its own log"
        ) from error
    return revision or ""


def newest() -> str:
    """The revision this release needs."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current(connection: sa.Connection) -> str:
    """The revision a database is at, "" for an empty one."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    return config


def _sqlalchemy(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)
