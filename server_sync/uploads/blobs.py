"""Where chunks are kept: behind one interface, in PostgreSQL rows by default.

Never as large objects: row-level security does not cover those, and deleting a row leaves them behind. The key is the
office and the hash: a key without the office would tell one office what another keeps.
"""

from collections.abc import Iterable
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa

PUT = sa.text(
    "insert into chunks (office_id, sha256, size, bytes) values (:office, :sha256, :size, :bytes) on "
    "conflict do nothing"
)
MISSING = sa.text(
    "select distinct wanted from unnest(cast(:wanted as bytea[])) wanted "
    "where not exists (select from chunks where office_id = :office and sha256 = wanted)"
)
GET = "select bytes from chunks where office_id = %s and sha256 = %s"


class Blobs(Protocol):
    """A store of sealed chunks, by office and SHA-256 (32 bytes)."""

    def put(self, office: UUID, sha256: bytes, chunk: bytes) -> None:
        """Keep a chunk; nothing happens where it is kept already."""

    def get(self, office: UUID, sha256: bytes) -> bytes | None:
        """A chunk, or None."""

    def missing(self, office: UUID, wanted: Iterable[bytes]) -> set[bytes]:
        """Those of the wanted chunks that are not kept."""


class RowBlobs:
    """Chunks as rows, in the caller's transaction."""

    def __init__(self, db: sa.Connection) -> None:
        self._db = db

    def put(self, office: UUID, sha256: bytes, chunk: bytes) -> None:
        """Keep a chunk; nothing happens where it is kept already."""
        self._db.execute(PUT, {"office": office, "sha256": sha256, "size": len(chunk), "bytes": chunk})

    def get(self, office: UUID, sha256: bytes) -> bytes | None:
        """A chunk, or None. Asked for in binary: as text it would be twice as long."""
        driver = self._db.connection.driver_connection
        assert driver is not None
        with driver.cursor(binary=True) as cursor:
            row = cursor.execute(GET, (office, sha256)).fetchone()
        return None if row is None else bytes(row[0])

    def missing(self, office: UUID, wanted: Iterable[bytes]) -> set[bytes]:
        """Those of the wanted chunks that are not kept."""
        rows = self._db.execute(MISSING, {"office": office, "wanted": list(wanted)})
        return {bytes(one) for (one,) in rows}
