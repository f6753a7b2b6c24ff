"""What a store needs now and then, when nobody waits: finish erasures, retention, left-over files, a daily copy."""

from dataclasses import dataclass
from pathlib import Path

from autoenroll_desktop.policy.sources import in_force
from autoenroll_desktop.store import audit, kept_files, local_copies
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.erasing import finish
from autoenroll_desktop.store.retention import Removed, clock_doubted, remove_expired
from autoenroll_desktop.store.store import Store


@dataclass(frozen=True, slots=True)
class LookedAfter:
    """What was done.

    Attributes:
        removed: by client, what was over its time. doubted: nothing was removed, because the clock has jumped.
        swept: sealed files left over from a crash. copy: the local copy made, None where the last is fresh.
    """

    removed: tuple[Removed, ...]
    doubted: bool
    swept: int
    copy: Path | None


def look_after_store(store: Store, stamp: Stamp) -> LookedAfter:
    """Do all of it once. Raises AppError; what was done before that stays done."""
    most_days = in_force().policies.retention_days
    finish(store, stamp)
    with store.writing() as connection:
        doubted = clock_doubted(connection, stamp.at)
        removed = [] if doubted else remove_expired(connection, stamp, most_days)
        if doubted:
            audit.add(connection, stamp, Event("clock-doubted"))
    with store.writing() as connection:
        swept = kept_files.sweep(connection, store.kept)
    if removed:
        store.tidy()
    due = local_copies.is_due(store.backups, stamp.at)
    return LookedAfter(tuple(removed), doubted, swept, local_copies.copy_now(store, stamp.at) if due else None)


def look_after_daily(store: Store, stamp: Stamp) -> LookedAfter | None:
    """The same, once a day: None where today's local copy stands already. Raises AppError."""
    return look_after_store(store, stamp) if local_copies.is_due(store.backups, stamp.at) else None
