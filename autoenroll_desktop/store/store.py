"""An open store: the folder, the database in it, and its key. Made by `store.opening`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine

from autoenroll_desktop.store.engine import WRITE
from autoenroll_desktop.store.refusals import translated

DATABASE = "store.db"


@dataclass(frozen=True, eq=False)
class Store:
    """An open store.

    Attributes:
        id: random, made with the store. key: the data key. computer: a name for this computer, for the trail.
    """

    folder: Path
    id: str
    key: bytes
    engine: Engine
    computer: str = ""

    @property
    def database(self) -> Path:
        return self.folder / DATABASE

    @property
    def kept(self) -> Path:
        """The folder of sealed files."""
        return self.folder / "kept"

    @property
    def backups(self) -> Path:
        """The folder of local copies."""
        return self.folder / "backups"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees the store as it is now and changes nothing. Raises AppError."""
        with translated(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that holds the write lock; all of it is on the disk at the end, or none. Raises AppError."""
        with (
            translated(),
            self.engine.connect().execution_options(**{WRITE: True}) as connection,
            connection.begin(),
        ):
            yield connection

    def tidy(self) -> None:
        """Put the write-ahead log into the database and cut it to nothing. Raises AppError."""
        with translated(), self.engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()
