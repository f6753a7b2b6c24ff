"""Clearing away what stands in the storage and no row names: chunks that were deleted, and those that were cut off."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from uuid import UUID

import sqlalchemy as sa

from server_sync.database.engine import Database
from server_sync.database.queue import enqueue
from server_sync.storage.interface import Storage

JOB = "clear-leavings"
EVERY = 600
"""Seconds between two rounds."""
BATCH = 100
DUE = sa.text("select place from leavings where due_at <= :now order by due_at limit :batch")
CLEARED = sa.text("delete from leavings where place = any(:places)")


def storage_acts(storage: Storage | None) -> dict[str, Callable[[Database, UUID | None, dt.datetime], None]]:
    """The worker's job by its kind; none where nothing stands outside the database."""
    return {} if storage is None else {JOB: partial(_clear, storage)}


def plan_clearing(database: Database, now: dt.datetime) -> None:
    """Have the next round due, once over all workers."""
    due = dt.datetime.fromtimestamp((now.timestamp() // EVERY + 1) * EVERY, dt.UTC)
    with database.transaction() as db:
        enqueue(db, JOB, dedupe=f"{JOB}/{due:%Y%m%d%H%M}", run_at=due)


def _clear(storage: Storage, database: Database, _office: UUID | None, now: dt.datetime) -> None:
    clear_leavings(database, storage, now)


def clear_leavings(database: Database, storage: Storage, now: dt.datetime) -> int:
    """Delete what is due; cut off in between, the same is deleted again. Returns how many. Raises StorageFailed."""
    count = 0
    while True:
        with database.transaction() as db:
            places = [place for (place,) in db.execute(DUE, {"now": now, "batch": BATCH})]
        if not places:
            return count
        for place in places:
            storage.delete(place)
        with database.transaction() as db:
            db.execute(CLEARED, {"places": places})
        count += len(places)
