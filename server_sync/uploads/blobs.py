"""Chunks of an office: rows of the database, under its wall, tell which ones are kept; the bytes stand in the row, or
in the storage of the settings under a key of the row's.

Never as large objects: row-level security does not cover those, and deleting a row leaves them behind. A chunk is found
by office and hash: one without the office would tell one office what another keeps. What stands in the storage is under
a random key that is noted before it is written, and forgotten with the row that takes it, so that whatever is cut off
at any moment is cleared away later (`leavings`), and nothing that a row names ever is.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from server_sync.database.engine import Database
from server_sync.storage.interface import Storage, StorageFailed

PUT = sa.text(
    "insert into chunks (office_id, sha256, size, bytes, place) values (:office, :sha256, :size, :bytes, :place) "
    "on conflict do nothing"
)
PROMISE = "insert into leavings (place, due_at) values (%(place)s, now() + interval '1 day') returning 1"
KEPT = sa.text("delete from leavings where place = :place")
MISSING = sa.text(
    "select distinct wanted from unnest(cast(:wanted as bytea[])) wanted "
    "where not exists (select from chunks where office_id = :office and sha256 = wanted)"
)
PLACE = sa.text("select place from chunks where office_id = :office and sha256 = :sha256")
GET = "select bytes, place from chunks where office_id = %s and sha256 = %s"


class Chunks:
    """Sealed chunks, by office and SHA-256 (32 bytes), as the caller's transaction sees them."""

    def __init__(self, db: sa.Connection, database: Database, storage: Storage | None) -> None:
        self._db, self._database, self._storage = db, database, storage

    def put(self, office: UUID, sha256: bytes, chunk: bytes) -> None:
        """Keep a chunk; one whose bytes the storage lost is written again. Raises StorageFailed."""
        row = {"office": office, "sha256": sha256, "size": len(chunk), "bytes": chunk, "place": None}
        if self._storage is None:
            self._db.execute(PUT, row)
            return
        there = self._db.execute(PLACE, {"office": office, "sha256": sha256}).one_or_none()
        if there is not None:
            if there.place is not None and not self._storage.has(there.place):
                self._storage.put(there.place, chunk)
            return
        place = f"{office.hex}/{uuid4().hex}"
        self._database.one(PROMISE, {"place": place})
        self._storage.put(place, chunk)
        if self._db.execute(PUT, {**row, "bytes": None, "place": place}).rowcount:
            self._db.execute(KEPT, {"place": place})

    def get(self, office: UUID, sha256: bytes) -> bytes | None:
        """A chunk, or None. Asked for in binary: as text it would be twice as long. Raises StorageFailed."""
        driver: Any = self._db.connection.driver_connection
        with driver.cursor(binary=True) as cursor:
            row = cursor.execute(GET, (office, sha256)).fetchone()
        if row is None:
            return None
        content, place = row
        if place is None:
            return bytes(content)
        if self._storage is None:
            raise StorageFailed("not-set")
        return self._storage.get(place)

    def missing(self, office: UUID, wanted: Iterable[bytes]) -> set[bytes]:
        """Those of the wanted chunks that no row tells of."""
        rows = self._db.execute(MISSING, {"office": office, "wanted": list(wanted)})
        return {bytes(one) for (one,) in rows}
