"""Work for later, in a table: enqueued in the transaction it follows from, taken by whoever is free, given back if
they die.

`FOR UPDATE SKIP LOCKED` hands each job to one worker; a lease gives it back when that worker was killed; a job that
fails
is tried again later and later, and is kept with its error's name after the last try.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

LEASE = dt.timedelta(minutes=5)
TRIES = 8

ADD = sa.text(
    "insert into jobs (kind, office_id, dedupe, run_at) values (:kind, :office, :dedupe, coalesce(:run_at, now())) "
    "on conflict (dedupe) where failed_at is null do nothing"
)
TAKE = sa.text(
    "update jobs set leased_until = :until, attempts = attempts + 1 where id = ("
    "select id from jobs where failed_at is null and run_at <= :now and (leased_until is null or leased_until < :now) "
    "order by run_at, id limit 1 for update skip locked) returning id, kind, office_id, attempts"
)
DONE = sa.text("delete from jobs where id = :id and attempts = :attempts")
LATER = sa.text(
    "update jobs set leased_until = null, run_at = :run_at, error = :error where id = :id and attempts = :attempts"
)
GIVE_UP = sa.text("update jobs set failed_at = :now, leased_until = null, error = :error where id = :id")


@dataclass(frozen=True)
class Job:
    """One piece of work, leased to us. `attempts` counts this one."""

    id: int
    kind: str
    office: UUID | None
    attempts: int


def enqueue(
    db: sa.Connection,
    kind: str,
    *,
    office: UUID | None = None,
    dedupe: str | None = None,
    run_at: dt.datetime | None = None,
) -> None:
    """Add a job in the present transaction; one of the same `dedupe` that still waits is enough."""
    db.execute(ADD, {"kind": kind, "office": office, "dedupe": dedupe, "run_at": run_at})


def take(db: sa.Connection, now: dt.datetime) -> Job | None:
    """Lease the job that is due longest, or None. Commit before working on it."""
    row = db.execute(TAKE, {"now": now, "until": now + LEASE}).one_or_none()
    return None if row is None else Job(row.id, row.kind, row.office_id, row.attempts)


def done(db: sa.Connection, job: Job) -> None:
    """The work is done; in the same transaction where it can be."""
    db.execute(DONE, {"id": job.id, "attempts": job.attempts})


def failed(db: sa.Connection, job: Job, error: str, now: dt.datetime) -> None:
    """Try again later, or keep it as failed after the last try. `error`: a name, never a message."""
    if job.attempts >= TRIES:
        db.execute(GIVE_UP, {"id": job.id, "error": error, "now": now})
        return
    wait = dt.timedelta(seconds=2 ** min(job.attempts, 10))
    db.execute(LATER, {"id": job.id, "attempts": job.attempts, "error": error, "run_at": now + wait})
