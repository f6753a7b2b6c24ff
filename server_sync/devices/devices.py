"""Devices of an office: looking at them, letting one in, revoking one."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import UNSET

from server_sync.accounts.audit import record
from server_sync.auth import require_signature
from server_sync.changes.feed import note
from server_sync.contract import signing
from server_sync.contract.identity import Device, Devices
from server_sync.contract.problems import Refused
from server_sync.contract.routes import KEEPERS
from server_sync.devices.registering import give_key
from server_sync.web.call import Call

COLUMNS = (
    "id, person_id, state, signing_key, sealing_key, created_at, approved_by, approved_at, approval, revoked_at, "
    "release, seen_on"
)
LIST = sa.text(
    f"select {COLUMNS} from devices where office_id = :office and (cast(:after as uuid) is null or id > :after) "  # noqa: S608 - our own words
    "order by office_id, id limit :limit"
)
LOOK = sa.text(f"select {COLUMNS} from devices where office_id = :office and id = :id")  # noqa: S608
LOCK = sa.text(f"select {COLUMNS} from devices where office_id = :office and id = :id for update")  # noqa: S608
LET_IN = sa.text(
    "update devices set state = 'active', approved_by = :by, approved_at = now(), approval = :signature "  # noqa: S608
    f"where office_id = :office and id = :id returning {COLUMNS}"
)
REVOKE = sa.text(
    "update devices set state = 'revoked', revoked_at = now() where office_id = :office and id = :id "  # noqa: S608
    f"returning {COLUMNS}"
)
FORGET_KEYS = sa.text("delete from device_keys where office_id = :office and device_id = :id")
GENERATION = sa.text("select key_generation, recovery_key from offices where office_id = :office for update")


def devices(call: Call) -> Devices:
    """A page of the devices, by id."""
    asked = call.query
    rows = call.db.execute(LIST, {"office": call.caller.office, "after": asked.after, "limit": asked.limit})
    items = [_device(row) for row in rows]
    return Devices(items=items, next=items[-1].id if len(items) == asked.limit else None)


def this_device(call: Call) -> Device:
    """The device that asks; while it waits this is how it learns that it was let in."""
    return _device(_find(call, LOOK, call.caller.device))


def approve(call: Call) -> Device:
    """Let a waiting device in, by an active one whose person compared six words."""
    approver = _find(call, LOOK, call.caller.device)
    return _let_in(call, call.parts["device"], bytes(approver.signing_key), call.caller.device)


def recover(call: Call) -> Device:
    """Let the waiting device that asks in, by the key of the printed recovery code."""
    office = call.db.execute(GENERATION, {"office": call.caller.office}).one()
    return _let_in(call, call.caller.device, bytes(office.recovery_key), None)


def revoke(call: Call) -> Device:
    """Revoke a device: one's own, or any for those who keep devices. Its sealed keys are forgotten."""
    which, caller = call.parts["device"], call.caller
    if which != caller.device and (caller.role not in KEEPERS or caller.state != "active"):
        raise Refused("forbidden")
    about = {"office": caller.office, "id": which}
    if _find(call, LOCK, which).state == "revoked":
        raise Refused("wrong-state", "the device is revoked already")
    row = call.db.execute(REVOKE, about).one()
    call.db.execute(FORGET_KEYS, about)
    record(call, "device-revoked", which)
    note(call, "device", which)
    return _device(row)


def _let_in(call: Call, which: UUID, key: bytes, by: UUID | None) -> Device:
    new, office = call.body, call.caller.office
    row = _find(call, LOCK, which)
    if row.state != "waiting":
        raise Refused("wrong-state", f"the device is {row.state}")
    if call.db.execute(GENERATION, {"office": office}).one().key_generation != new.key_generation:
        raise Refused("generation-conflict")
    message = signing.approval(
        office, which, bytes(row.signing_key), bytes(row.sealing_key), new.key_generation, new.sealed_key
    )
    require_signature(key, new.signature, message, "at $.signature")
    let_in = call.db.execute(LET_IN, {"office": office, "id": which, "by": by, "signature": new.signature}).one()
    give_key(call, which, new.key_generation, new.sealed_key, sealed_by=by, signature=new.signature)
    record(call, "device-recovered" if by is None else "device-approved", which)
    note(call, "device", which)
    return _device(let_in)


def _find(call: Call, statement: sa.TextClause, which: UUID) -> Any:
    row = call.db.execute(statement, {"office": call.caller.office, "id": which}).one_or_none()
    if row is None:
        raise Refused("not-found")
    return row


def _device(row: Any) -> Device:
    return Device(
        id=row.id, person=row.person_id, state=row.state, signing_key=bytes(row.signing_key),
        sealing_key=bytes(row.sealing_key), created_at=row.created_at, approved_by=row.approved_by,
        approved_at=row.approved_at, approval=None if row.approval is None else bytes(row.approval),
        revoked_at=row.revoked_at, release=UNSET if row.release is None else row.release,
        seen_on=UNSET if row.seen_on is None else row.seen_on,
    )  # fmt: skip
