"""Work nobody waits for: erasing what a closed office left, and sweeping out what has had its time."""

import datetime as dt
import threading
from collections.abc import Callable
from uuid import UUID

import sqlalchemy as sa
import structlog

from server_sync.database.engine import Database
from server_sync.database.queue import done, enqueue, failed, take

KEYS = dt.timedelta(days=30)
"""An answer to a repeated write is kept this long; a desktop that was away longer is told by its own ids."""
PARTIAL = dt.timedelta(days=14)
ORPHANS = dt.timedelta(days=1)
TOMBSTONES = dt.timedelta(days=400)
BATCH = 500
CHUNK_BATCH = 50
EVERY = dt.timedelta(hours=1)

log = structlog.get_logger("server_sync")

OFFICES = sa.text(
    "select office_id from office_directory where not erased and (cast(:after as uuid) is null or office_id > :after) "
    "order by office_id limit 200"
)
RATES = sa.text("delete from rates where slot < :slot")
CHALLENGES = sa.text("delete from used_challenges where expires_at < :before")
HEAD = sa.text("select change_seq from heads where office_id = :office for update")
SWEEP_KEYS = sa.text(
    "delete from idempotency where office_id = :office and key in (select key from idempotency "
    "where office_id = :office and created_at < :before order by office_id, created_at limit :batch)"
)
SWEEP_PARTIAL = sa.text("delete from uploads where office_id = :office and not complete and created_at < :before")
SWEEP_CHUNKS = sa.text(
    "delete from chunks where office_id = :office and sha256 in (select sha256 from chunks c where "
    "c.office_id = :office "
    "and c.created_at < :before and not exists (select from uploads u where u.office_id = :office "
    "and u.chunks @> array[c.sha256]) order by c.office_id, c.created_at limit :batch)"
)
SWEEP_TOMBSTONES = sa.text(
    "with old as (delete from changes where office_id = :office and gone and at < :before returning seq) "
    "select max(seq) from old"
)
RAISE_FLOOR = sa.text("update heads set floor_seq = greatest(floor_seq, :floor) where office_id = :office")
ERASE = {
    "chunks": ("sha256", CHUNK_BATCH), "reports": ("id", BATCH), "documents": ("id", BATCH), "uploads": ("id", BATCH),
    "changes": ("seq", BATCH), "idempotency": ("key", BATCH),
}  # fmt: skip


def erase_office(database: Database, office: UUID, now: dt.datetime) -> None:
    """Delete everything a closed office kept but its audit chain, in small transactions."""
    del now
    for table, (key, batch) in ERASE.items():
        statement = sa.text(
            f"delete from {table} where office_id = :office and {key} in "  # noqa: S608 - our own words
            f"(select {key} from {table} where office_id = :office limit {batch})"
        )
        while True:
            with database.transaction(office) as db:
                if not db.execute(statement, {"office": office}).rowcount:
                    break
    with database.transaction(office) as db:
        zero = "update heads set reports = 0, documents = 0, uploads = 0, stored_bytes = 0 where office_id = :office"
        db.execute(sa.text(zero), {"office": office})


def sweep(database: Database, office: UUID | None, now: dt.datetime) -> None:
    """Sweep every office, and the service's own tables."""
    del office
    with database.transaction() as db:
        db.execute(RATES, {"slot": int(now.timestamp()) - 3600})
        db.execute(CHALLENGES, {"before": now - dt.timedelta(minutes=10)})
    after: UUID | None = None
    while True:
        with database.transaction() as db:
            page = [one for (one,) in db.execute(OFFICES, {"after": after})]
        if not page:
            return
        for one in page:
            _sweep_office(database, one, now)
        after = page[-1]


def _sweep_office(database: Database, office: UUID, now: dt.datetime) -> None:
    about = {"office": office}
    _in_batches(database, office, SWEEP_KEYS, {**about, "before": now - KEYS, "batch": BATCH})
    with database.transaction(office) as db:
        db.execute(SWEEP_PARTIAL, {**about, "before": now - PARTIAL})
    chunks = {**about, "before": now - ORPHANS, "batch": CHUNK_BATCH}
    _in_batches(database, office, SWEEP_CHUNKS, chunks, head=True)
    with database.transaction(office) as db:
        db.execute(HEAD, about)
        floor = db.execute(SWEEP_TOMBSTONES, {**about, "before": now - TOMBSTONES}).scalar()
        if floor is not None:
            db.execute(RAISE_FLOOR, {**about, "floor": floor})


def _in_batches(
    database: Database, office: UUID, statement: sa.TextClause, about: dict[str, object], *, head: bool = False
) -> None:
    """Repeat a deletion until it finds nothing. `head`: hold the office's numbers up, so that no upload completes
    meanwhile.
    """
    while True:
        with database.transaction(office) as db:
            if head:
                db.execute(HEAD, {"office": office})
            if not db.execute(statement, about).rowcount:
                return


ACTS: dict[str, Callable[..., None]] = {"erase-office": erase_office, "sweep": sweep}


def run_one(database: Database, now: dt.datetime) -> bool:
    """Do the job that is due longest; False where none is. A job that fails is given back."""
    with database.transaction() as db:
        job = take(db, now)
    if job is None:
        return False
    try:
        ACTS[job.kind](database, job.office, now)
    except Exception as error:  # noqa: BLE001 - whatever a job ran into, the next one must get its turn
        name = getattr(getattr(error, "orig", None), "sqlstate", None) or type(error).__name__
        log.error("job-failed", kind=job.kind, attempts=job.attempts, error=name)  # noqa: TRY400 - a traceback repeats values
        with database.transaction() as db:
            failed(db, job, name, now)
    else:
        with database.transaction() as db:
            done(db, job)
        log.info("job-done", kind=job.kind, attempts=job.attempts)
    return True


def plan_sweep(database: Database, now: dt.datetime) -> None:
    """Have the next sweep due at the next whole hour, once over all workers."""
    start = dt.datetime.fromtimestamp(now.timestamp() // EVERY.total_seconds() * EVERY.total_seconds(), dt.UTC)
    with database.transaction() as db:
        enqueue(db, "sweep", dedupe=f"sweep/{start + EVERY:%Y%m%d%H}", run_at=start + EVERY)


def work(database: Database, clock: Callable[[], dt.datetime], stop: threading.Event, pause: float = 2.0) -> None:
    """Work until told to stop; between jobs look for the next every `pause` seconds."""
    while not stop.is_set():
        try:
            plan_sweep(database, clock())
            while not stop.is_set() and run_one(database, clock()):
                pass
        except sa.exc.DBAPIError as error:
            log.warning("worker-waits", error=type(error).__name__)
        stop.wait(pause)
