"""The office key in its sealed forms: reading one's own, replacing it after a revocation, the form for the recovery
code.
"""

from typing import Any

import sqlalchemy as sa

from server_sync.accounts.audit import record
from server_sync.auth import require_signature
from server_sync.changes.feed import note
from server_sync.contract import signing
from server_sync.contract.identity import OfficeKey, OfficeKeys, RecoverySealed
from server_sync.contract.problems import Refused
from server_sync.devices.registering import give_key
from server_sync.web.call import Call

MINE = sa.text(
    "select generation, sealed_key, sealed_by, signature from device_keys "
    "where office_id = :office and device_id = :device order by generation"
)
OFFICE = sa.text("select key_generation, recovery_key, recovery_sealed from offices where office_id = :office")
LOCK = sa.text("select key_generation from offices where office_id = :office for update")
ACTIVE = sa.text(
    "select id, signing_key, sealing_key from devices where office_id = :office and state = 'active' order "
    "by id for update"
)
NEXT = sa.text(
    "update offices set key_generation = :generation, recovery_key = :key, recovery_sealed = :sealed where "
    "office_id = :office"
)


def device_keys(call: Call) -> OfficeKeys:
    """Every generation sealed to the device that asks."""
    rows = call.db.execute(MINE, {"office": call.caller.office, "device": call.caller.device})
    return OfficeKeys(
        items=[
            OfficeKey(
                generation=row.generation, sealed_key=bytes(row.sealed_key), sealed_by=row.sealed_by,
                signature=None if row.signature is None else bytes(row.signature),
            )
            for row in rows
        ]
    )  # fmt: skip


def recovery(call: Call) -> RecoverySealed:
    """The office key sealed to the printed recovery code, for any device of the office, also one that waits."""
    row = call.db.execute(OFFICE, {"office": call.caller.office}).one()
    return RecoverySealed(
        generation=row.key_generation, signing_key=bytes(row.recovery_key), sealed_key=bytes(row.recovery_sealed)
    )


def rotate_key(call: Call) -> OfficeKeys:
    """Take the next generation, if it is sealed to just the devices that are active."""
    new, office = call.body, call.caller.office
    if call.db.execute(LOCK, {"office": office}).one().key_generation + 1 != new.generation:
        raise Refused("generation-conflict")
    active: dict[Any, Any] = {row.id: row for row in call.db.execute(ACTIVE, {"office": office})}
    if sorted(one.device for one in new.keys) != sorted(active):
        raise Refused("generation-conflict", "at $.keys: not just the active devices")
    mine = bytes(active[call.caller.device].signing_key)
    for place, one in enumerate(new.keys):
        row = active[one.device]
        message = signing.approval(
            office, one.device, bytes(row.signing_key), bytes(row.sealing_key), new.generation, one.sealed_key
        )
        require_signature(mine, one.signature, message, f"at $.keys[{place}].signature")
        give_key(
            call, one.device, new.generation, one.sealed_key, sealed_by=call.caller.device, signature=one.signature
        )
    recovery_row = {"office": office, "generation": new.generation}
    call.db.execute(NEXT, {**recovery_row, "key": new.recovery.signing_key, "sealed": new.recovery.sealed_key})
    record(call, "key-rotated", office)
    note(call, "office", office, version=new.generation)
    return device_keys(call)
