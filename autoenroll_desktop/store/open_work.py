"""Work on a pay run that is in nothing written yet, kept so that a crash loses none of it.

It is a draft and no evidence: each save replaces the one before, the audit trail does not tell of it, and it goes when
the work is written or let go of, when a client in it is erased, and after a month. It is sealed with the keys of all
clients it is about together, as kept files are.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from autoenroll_desktop.store.audit import Stamp
from autoenroll_desktop.store.clients import keys_of
from autoenroll_desktop.store.sealing import derived, seal, unseal
from autoenroll_desktop.store.tables import open_work, open_work_client, run

KEPT_DAYS = 31
"""A draft of last month's run is of no use for this month's."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Work as it was saved. `content` is what the caller gave."""

    id: str
    saved_at: dt.datetime
    content: bytes


def save_draft(connection: Connection, draft_id: str, runs: Iterable[str], content: bytes, stamp: Stamp) -> bool:
    """Save work on kept runs in place of an earlier save of this id; False where none of the runs is kept."""
    query = select(run.c.client_id).distinct().where(run.c.id.in_([*runs]))
    keys = keys_of(connection, [*connection.execute(query).scalars()])
    forget_drafts(connection, [draft_id])
    if not keys:
        return False
    sealed = seal(_key(keys), content, draft_id)
    connection.execute(insert(open_work), {"id": draft_id, "saved_at": stamp.at, "sealed": sealed})
    connection.execute(insert(open_work_client), [{"work_id": draft_id, "client_id": one} for one in keys])
    return True


def drafts(connection: Connection) -> list[Draft]:
    """What is saved, the latest first. Raises SealBroken."""
    found = []
    for row in connection.execute(select(open_work).order_by(open_work.c.saved_at.desc(), open_work.c.id)):
        owners = select(open_work_client.c.client_id).where(open_work_client.c.work_id == row.id)
        keys = keys_of(connection, [*connection.execute(owners).scalars()])
        found.append(Draft(row.id, row.saved_at, unseal(_key(keys), row.sealed, row.id)))
    return found


def forget_drafts(connection: Connection, ids: Iterable[str]) -> None:
    """Forget drafts by id."""
    chosen = [*ids]
    connection.execute(delete(open_work_client).where(open_work_client.c.work_id.in_(chosen)))
    connection.execute(delete(open_work).where(open_work.c.id.in_(chosen)))


def forget_drafts_of(connection: Connection, client_id: str) -> None:
    """Forget every draft a client is in."""
    mine = select(open_work_client.c.work_id).where(open_work_client.c.client_id == client_id)
    forget_drafts(connection, connection.execute(mine).scalars().all())


def forget_old_drafts(connection: Connection, now: dt.datetime) -> None:
    """Forget drafts that are over their time."""
    old = select(open_work.c.id).where(open_work.c.saved_at < now - dt.timedelta(days=KEPT_DAYS))
    forget_drafts(connection, connection.execute(old).scalars().all())


def _key(owners: Mapping[str, bytes]) -> bytes:
    return derived(b"".join(owners[name] for name in sorted(owners)), "open-work")
