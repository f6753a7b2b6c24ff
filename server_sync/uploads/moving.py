"""Moving chunks that are kept already into the storage of the settings, or back into rows: `admin chunks`.

The service may run meanwhile. Each chunk is moved in a transaction of its own, its bytes are held against its hash on
the way, and what is cut off is cleared away like any other leaving.
"""

import hashlib
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import sqlalchemy as sa

from server_sync.database.engine import Database
from server_sync.storage.interface import Storage
from server_sync.uploads.blobs import KEPT, PROMISE

OFFICES = sa.text(
    "select office_id from office_directory where not erased and (cast(:after as uuid) is null or office_id > :after) "
    "order by office_id limit 200"
)
NEXT = (
    "select sha256, bytes, place from chunks where office_id = :office and {there} is not null "
    "and (cast(:after as bytea) is null or sha256 > :after) order by office_id, sha256 limit 1 for update"
)
ROW, PLACE = sa.text(NEXT.format(there="bytes")), sa.text(NEXT.format(there="place"))
OUT = sa.text("update chunks set bytes = null, place = :place where office_id = :office and sha256 = :sha256")
IN = sa.text("update chunks set bytes = :bytes, place = null where office_id = :office and sha256 = :sha256")
LEFT = sa.text("insert into leavings (place, due_at) values (:place, now() + interval '1 hour') on conflict do nothing")
"""An hour later: somebody may be about to read it."""


def move_out(database: Database, storage: Storage) -> tuple[int, int]:
    """Move every chunk of a row into the storage. Returns how many, and how many did not fit their hash and stayed."""
    return _all(database, lambda office, after: _out(database, storage, office, after))


def move_in(database: Database, storage: Storage) -> tuple[int, int]:
    """Move every chunk of the storage into its row. Returns how many, and how many were lost or spoilt and stayed."""
    return _all(database, lambda office, after: _in(database, storage, office, after))


Step = Callable[[UUID, bytes | None], tuple[bytes, bool] | None]
"""Moves the next chunk of an office after a hash: its hash, and whether it was moved; None where there is none."""


def _all(database: Database, step: Step) -> tuple[int, int]:
    moved = stayed = 0
    for office in _offices(database):
        after: bytes | None = None
        while (done := step(office, after)) is not None:
            after = done[0]
            moved, stayed = moved + done[1], stayed + (not done[1])
    return moved, stayed


def _offices(database: Database) -> Iterator[UUID]:
    after: UUID | None = None
    while True:
        with database.transaction() as db:
            page = [one for (one,) in db.execute(OFFICES, {"after": after})]
        if not page:
            return
        yield from page
        after = page[-1]


def _out(database: Database, storage: Storage, office: UUID, after: bytes | None) -> tuple[bytes, bool] | None:
    with database.transaction(office) as db:
        row = db.execute(ROW, {"office": office, "after": after}).one_or_none()
        if row is None:
            return None
        sha256, content = bytes(row.sha256), bytes(row.bytes)
        if hashlib.sha256(content).digest() != sha256:
            return sha256, False
        place = f"{office.hex}/{uuid4().hex}"
        database.one(PROMISE, {"place": place})
        storage.put(place, content)
        db.execute(OUT, {"office": office, "sha256": sha256, "place": place})
        db.execute(KEPT, {"place": place})
        return sha256, True


def _in(database: Database, storage: Storage, office: UUID, after: bytes | None) -> tuple[bytes, bool] | None:
    with database.transaction(office) as db:
        row = db.execute(PLACE, {"office": office, "after": after}).one_or_none()
        if row is None:
            return None
        sha256, content = bytes(row.sha256), storage.get(row.place)
        if content is None or hashlib.sha256(content).digest() != sha256:
            return sha256, False
        db.execute(IN, {"office": office, "sha256": sha256, "bytes": content})
        db.execute(LEFT, {"place": row.place})
        return sha256, True
