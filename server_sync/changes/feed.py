"""Taking numbers of the feed, and reading it.

The trap: ids, clocks and sequences are handed out before the commit, so a reader that remembers the highest one seen
loses
what commits later with a lower one. Here the number comes from the office's head row, which stays locked to commit.
"""

from uuid import UUID

import sqlalchemy as sa

from server_sync.contract.things import Deleted
from server_sync.web.call import Call, Json
from server_sync.web.single import single

NOTE = sa.text("select note_change(:office, :what, :id, :kind, :version, :device, :gone, :more, :bytes)")
READ = (
    "select state, role, problem, body from list_changes(%(office)s, %(device)s, %(roles)s::text[], %(after)s, "
    "%(limit)s, %(sealed)s)"
)
GONE = sa.text("select gone from changes where office_id = :office and what = :what and id = :id")


def note(
    call: Call,
    what: str,
    thing: UUID,
    *,
    kind: str | None = None,
    version: int = 0,
    gone: bool = False,
    more: int = 0,
    size: int = 0,
) -> int:
    """Take the next number for a thing of the call's office; whatever follows in the transaction holds others up.

    `more`: how many more things of this sort there are now (1, 0, -1); `size`: how many more sealed bytes.
    """
    row = {
        "office": call.office, "what": what, "id": thing, "kind": kind, "version": version, "device": call.device,
        "gone": gone, "more": more, "bytes": size,
    }  # fmt: skip
    return int(call.db.execute(NOTE, row).scalar_one())


def note_gone(call: Call, what: str, thing: UUID, kind: str, size: int) -> Deleted:
    """Note that a thing was deleted, so that its id is never used again."""
    return Deleted(id=thing, sequence=note(call, what, thing, kind=kind, gone=True, more=-1, size=-size))


def was_deleted(call: Call, what: str, thing: UUID) -> bool:
    """Whether a thing of this id was deleted before."""
    return bool(call.db.execute(GONE, {"office": call.office, "what": what, "id": thing}).scalar())


def changes(call: Call) -> Json:
    """A page of the feed."""
    asked = call.query
    return single(call, READ, after=asked.after, limit=asked.limit, sealed=bool(asked.sealed))
