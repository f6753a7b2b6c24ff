"""The audit chain of an office: each entry carries the hash of the one before, and nobody can change or remove one.

It holds random ids and action words only, and is what stays of an office after it was erased.
"""

from uuid import UUID

import sqlalchemy as sa

from server_sync.contract.identity import AuditEntry, AuditPage
from server_sync.web.call import Call

ADD = sa.text(
    "insert into audit (office_id, person_id, device_id, action, subject) values (:office, :person, :device, "
    ":action, :subject)"
)
READ = sa.text(
    "select seq, at, person_id, device_id, action, subject, hex(prev_hash) as prev_hash, hex(hash) as hash "
    "from audit where office_id = :office and seq > :after order by office_id, seq limit :limit"
)


def record(call: Call, action: str, subject: UUID | None = None, *, person: UUID | None = None) -> None:
    """Add an entry for what the call does, in its transaction."""
    who = call.caller_.person if call.caller_ else person
    row = {"office": call.office, "person": who, "device": call.device, "action": action, "subject": subject}
    call.db.execute(ADD, row)


def audit(call: Call) -> AuditPage:
    """A page of the chain, oldest first."""
    asked = call.query
    rows = call.db.execute(READ, {"office": call.caller.office, "after": asked.after, "limit": asked.limit})
    items = [
        AuditEntry(
            sequence=row.seq, at=row.at, person=row.person_id, device=row.device_id, action=row.action,
            subject=row.subject,
            previous=row.prev_hash, hash=row.hash,
        )
        for row in rows
    ]  # fmt: skip
    return AuditPage(items=items, next=items[-1].sequence if len(items) == asked.limit else None)
