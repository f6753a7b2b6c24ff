"""Connections for the service: one pool for transactions, one for single statements that commit by themselves.

Both are as large as there are places to work in, so that nobody waits for a connection: a waiting queue in the pool
lets
the newest in first and ruins the slowest requests.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
import sqlalchemy as sa

from server_sync.errors import ServiceError

LIMITS = {
    "statement_timeout": "15s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "20s",
    "jit": "off",
    "timezone": "UTC",
}
DEAD = {None, "57P01", "57P02", "57P03"}
"""What a connection says that the other end closed."""
ENTER = sa.text("select state, role, person from enter(:office, :device)")
TENANT = sa.text("select set_config('app.office_id', cast(:office as text), true)")


class Database:
    """The pools. Nothing connects before the first use."""

    def __init__(self, url: str, places: int, *, pooler: bool = False) -> None:
        arguments: dict[str, Any] = {"connect_timeout": 5, "application_name": "autoenroll"}
        if pooler:
            arguments["prepare_threshold"] = None  # prepared statements do not survive a transaction pooler
        else:
            arguments["options"] = " ".join(f"-c {name}={value}" for name, value in LIMITS.items())
        options: dict[str, Any] = {
            "hide_parameters": True, "pool_size": places, "max_overflow": 2, "pool_timeout": 5,
            "connect_args": arguments,
        }  # fmt: skip
        address = url.replace("postgresql://", "postgresql+psycopg://", 1)
        self._transactions = sa.create_engine(address, **options)
        self._statements = sa.create_engine(address, isolation_level="AUTOCOMMIT", pool_reset_on_return=None, **options)

    @contextmanager
    def transaction(self, office: UUID | None = None) -> Iterator[sa.Connection]:
        """A transaction that commits when the block ends; with `office` it sees that office's rows, else none."""
        with self._transactions.begin() as connection:
            if office is not None:
                connection.execute(TENANT, {"office": office})
            yield connection

    def one(self, statement: str, values: dict[str, Any]) -> tuple[Any, ...]:
        """The one row of a statement that is a transaction of its own."""
        return self.rows(statement, values)[0]

    def rows(self, statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        """The rows of a statement that is a transaction of its own; past SQLAlchemy, which would double its cost.

        A connection that died while it was idle is replaced once: what is asked this way can be asked twice.
        """
        try:
            return self._rows(statement, values)
        except psycopg.OperationalError as error:
            if error.sqlstate not in DEAD:
                raise
        self._statements.dispose()
        return self._rows(statement, values)

    def _rows(self, statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        pooled = self._statements.raw_connection()
        driver: Any = pooled.driver_connection
        try:
            rows: list[tuple[Any, ...]] = driver.execute(statement, values).fetchall()
        except psycopg.Error:
            if driver.closed:
                pooled.invalidate()
            raise
        finally:
            pooled.close()
        return rows

    def close(self) -> None:
        """Close every idle connection."""
        self._transactions.dispose()
        self._statements.dispose()


def first_connection(url: str) -> None:
    """Connect once, so that a wrong address is told plainly.

    Raises:
        ServiceError: the database does not answer, or not to us.
    """
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=sa.NullPool)
    try:
        with engine.connect():
            return
    except sa.exc.DBAPIError as error:
        raise ServiceError("The database does not answer, or refuses us", "Check DATABASE_URL and its log") from error


def sqlstate(error: BaseException) -> str:
    """PostgreSQL's own code of an error, "" where it is not the server's. Its text is never used: it may repeat a
    row.
    """
    return getattr(getattr(error, "orig", error), "sqlstate", None) or ""


def constraint(error: BaseException) -> str:
    """The name of the constraint an error is about, or ""."""
    return getattr(getattr(getattr(error, "orig", error), "diag", None), "constraint_name", None) or ""
