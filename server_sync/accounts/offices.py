"""Making an office, looking at it in counts, erasing it."""

from typing import Any

import sqlalchemy as sa

from server_sync.accounts.audit import record
from server_sync.accounts.people import add_person, check_password
from server_sync.changes.feed import note
from server_sync.contract.identity import Erased, Office, Registered
from server_sync.contract.problems import Refused
from server_sync.database.queue import enqueue
from server_sync.devices.registering import add_device, check_device, give_key
from server_sync.web.call import Call
from server_sync.web.idempotency import claim

DIRECTORY = sa.text("insert into office_directory (office_id) values (:office) on conflict do nothing")
HEAD = sa.text("insert into heads (office_id) values (:office)")
MAKE = sa.text("insert into offices (office_id, recovery_key, recovery_sealed) values (:office, :key, :sealed)")
LOOK = sa.text(
    "select o.created_at, o.key_generation, h.change_seq, h.reports, h.documents, h.uploads, h.stored_bytes, "
    "(select count(*) from people where office_id = :office) as people, "
    "(select count(*) from devices where office_id = :office and state = 'active') as devices "
    "from offices o join heads h using (office_id) where o.office_id = :office"
)
AUDIT_HEAD = sa.text("select audit_seq, hex(audit_hash) as hash from heads where office_id = :office")
CLOSE = tuple(
    sa.text(statement)
    for statement in (
        "delete from device_directory where office_id = :office",
        "delete from person_directory where office_id = :office",
        "delete from invitation_directory where office_id = :office",
        "delete from device_keys where office_id = :office",
        "delete from offices where office_id = :office",  # and people, devices and invitations with it
        "delete from idempotency where office_id = :office",
        "update office_directory set erased = true where office_id = :office",
    )
)


def make_office(call: Call) -> Registered:
    """Make an office with its first person, who owns it, and their device, which is let in at once."""
    new = call.body
    check_device(new.device)
    claim(call, new.office)
    call.device = new.device.id
    if not call.db.execute(DIRECTORY, {"office": new.office}).rowcount:
        raise Refused("exists", "at $.office")
    call.db.execute(HEAD, {"office": new.office})
    recovery = {"office": new.office, "key": new.recovery.signing_key, "sealed": new.recovery.sealed_key}
    call.db.execute(MAKE, recovery)
    add_person(call, new.person, "owner")
    add_device(call, new.device, new.person.id, "active")
    give_key(call, new.device.id, 1, new.sealed_key, sealed_by=new.device.id, signature=None)
    record(call, "office-made", new.office, person=new.person.id)
    note(call, "office", new.office)
    note(call, "person", new.person.id)
    note(call, "device", new.device.id)
    return Registered(office=new.office, person=new.person.id, device=new.device.id, state="active", role="owner")


def office(call: Call) -> Office:
    """The office in counts and sizes; the cost does not grow with what it keeps."""
    row: Any = call.db.execute(LOOK, {"office": call.caller.office}).one()
    return Office(
        id=call.caller.office, created_at=row.created_at, key_generation=row.key_generation, people=row.people,
        devices=row.devices, reports=row.reports, documents=row.documents, uploads=row.uploads,
        stored_bytes=row.stored_bytes, change=row.change_seq,
    )  # fmt: skip


def erase_office(call: Call) -> Erased:
    """Close the office for good: sealed keys, people and devices go now, sealed bytes by a job, the audit chain
    stays.
    """
    which = call.caller.office
    if call.body.office != which:
        raise Refused("not-found", "at $.office")
    check_password(call, call.caller.person, call.body.password, call.body.code)
    record(call, "office-erased", which)
    head = call.db.execute(AUDIT_HEAD, {"office": which}).one()
    for statement in CLOSE:
        call.db.execute(statement, {"office": which})
    if call.service.shop.gateway is not None:
        enqueue(call.db, "end-billing", office=which)
    enqueue(call.db, "erase-office", office=which, dedupe=f"erase-office/{which}")
    return Erased(office=which, audit_sequence=head.audit_seq, audit_hash=head.hash)
