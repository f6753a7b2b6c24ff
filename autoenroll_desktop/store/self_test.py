"""Whether an encrypted database can be kept here at all: the libraries are there and do what they promise."""

import secrets
import tempfile
from pathlib import Path

WORD = "found-in-the-open"


def encrypted_database() -> str:
    """What is wrong with encrypted databases here, or "": one opens with its key, with no other, and shows nothing."""
    from sqlalchemy.exc import DatabaseError

    key = secrets.token_hex(32)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        if _written_and_read(path, key) != WORD:
            return "not read back"
        if WORD.encode() in path.read_bytes() or path.read_bytes().startswith(b"SQLite"):
            return "not encrypted"
        try:
            _written_and_read(path, "0" * 64)
        except DatabaseError:
            return ""
        return "opens with a wrong key"


def migrations() -> str:
    """What is wrong with the part that brings an older database up to date, or ""."""
    from alembic.migration import MigrationContext
    from sqlalchemy import create_engine

    with create_engine("sqlite://").connect() as connection:
        return "" if MigrationContext.configure(connection).get_current_revision() is None else "unexpected"


def _written_and_read(path: Path, raw_key: str) -> str:
    from sqlalchemy import create_engine, event, text
    from sqlcipher3 import dbapi2

    engine = create_engine(f"sqlite:///{path}", module=dbapi2)

    @event.listens_for(engine, "connect")
    def unlock(connection: "dbapi2.Connection", _record: object) -> None:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key=\"x'{raw_key}'\"")

    try:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE IF NOT EXISTS kept (word TEXT)"))
            connection.execute(text("INSERT INTO kept VALUES (:word)"), {"word": WORD})
            return str(connection.execute(text("SELECT word FROM kept")).scalar())
    finally:
        engine.dispose()
