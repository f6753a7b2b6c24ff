"""Every write is done once: its key is taken in the same transaction as the work, and its answer kept there too.

A second request with the key waits until the first is decided; then it gets the same answer, or does the work itself
where
the first was refused or cut off. Only successes are kept.
"""

from uuid import UUID

import sqlalchemy as sa

from server_sync.contract.problems import Refused
from server_sync.database.engine import TENANT
from server_sync.web.call import Call

TAKE = sa.text(
    "insert into idempotency (office_id, key, route, fingerprint) values (:office, :key, :route, :fingerprint) "
    "on conflict do nothing"
)
LOOK = sa.text("select fingerprint, status, answer from idempotency where office_id = :office and key = :key")
KEEP = sa.text("update idempotency set status = :status, answer = :answer where office_id = :office and key = :key")


class Replay(Exception):
    """This was done before; here is the answer it got."""

    def __init__(self, status: int, answer: bytes) -> None:
        super().__init__(status)
        self.status = status
        self.answer = answer


def claim(call: Call, office: UUID) -> None:
    """Take the key for an office; handlers of routes open to anyone call this once they know which.

    Raises:
        Replay: the same request was answered before.
        Refused: idempotency-key-reused.
    """
    call.db.execute(TENANT, {"office": office})
    call.office = office
    about = {"office": office, "key": call.key}
    taken = call.db.execute(TAKE, {**about, "route": call.route.name, "fingerprint": call.fingerprint}).rowcount
    if not taken:
        kept = call.db.execute(LOOK, about).one()
        if bytes(kept.fingerprint) != call.fingerprint:
            raise Refused("idempotency-key-reused")
        raise Replay(kept.status, bytes(kept.answer))
    call.claimed = office


def keep(call: Call, status: int, answer: bytes) -> None:
    """Keep the answer for whoever asks again."""
    call.db.execute(KEEP, {"office": call.claimed, "key": call.key, "status": status, "answer": answer})
