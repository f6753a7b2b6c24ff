"""A new device: proving its keys, signing in on it, and the rows every way in makes."""

from uuid import UUID

import sqlalchemy as sa

from server_sync.accounts.audit import record
from server_sync.accounts.people import FIND_EMAIL, check_password
from server_sync.auth import require_signature
from server_sync.changes.feed import note
from server_sync.contract import signing
from server_sync.contract.identity import NewDevice, Registered
from server_sync.contract.problems import Refused
from server_sync.web.call import Call
from server_sync.web.idempotency import claim
from server_sync.web.limits import SIGN_IN

DIRECTORY = sa.text("insert into device_directory (device_id, office_id) values (:id, :office) on conflict do nothing")
ADD = sa.text(
    "insert into devices (office_id, id, person_id, state, signing_key, sealing_key, approved_at) "
    "values (:office, :id, :person, :state, :signing, :sealing, case when :state = 'active' then now() end)"
)
GIVE = sa.text(
    "insert into device_keys (office_id, device_id, generation, sealed_key, sealed_by, signature) "
    "values (:office, :device, :generation, :sealed, :by, :signature)"
)
ROLE = sa.text("select role from people where office_id = :office and id = :id")


def check_device(new: NewDevice) -> None:
    """Check that whoever registers a device holds its signing key. Raises Refused: bad-signature."""
    message = signing.registration(new.id, new.signing_key, new.sealing_key)
    require_signature(new.signing_key, new.proof, message, "at $.device.proof")


def add_device(call: Call, new: NewDevice, person: UUID, state: str) -> None:
    """Add a device to the call's office. Raises Refused: exists."""
    row = {
        "office": call.office, "id": new.id, "person": person, "state": state, "signing": new.signing_key,
        "sealing": new.sealing_key,
    }  # fmt: skip
    if not call.db.execute(DIRECTORY, row).rowcount:
        raise Refused("exists", "at $.device.id")
    call.db.execute(ADD, row)


def give_key(
    call: Call, device: UUID, generation: int, sealed: bytes, *, sealed_by: UUID | None, signature: bytes | None
) -> None:
    """Keep an office key that was sealed to a device."""
    row = {
        "office": call.office, "device": device, "generation": generation, "sealed": sealed, "by": sealed_by,
        "signature": signature,
    }  # fmt: skip
    call.db.execute(GIVE, row)


def sign_in(call: Call) -> Registered:
    """Sign in on a new device. Whether the e-mail address is known shows neither in the answer nor in the time it
    takes.
    """
    new = call.body
    hashed = call.service.secrets.email_hash(new.email)
    call.service.limits.count(SIGN_IN, hashed, call.now.timestamp(), strict=True)
    check_device(new.device)
    found = call.db.execute(FIND_EMAIL, {"hash": hashed}).one_or_none()
    if found is None:
        check_password(call, None, new.password, None)
        raise Refused("sign-in-failed")
    claim(call, found.office_id)
    check_password(call, found.person_id, new.password, new.code)
    call.device = new.device.id
    add_device(call, new.device, found.person_id, "waiting")
    record(call, "signed-in", new.device.id, person=found.person_id)
    note(call, "device", new.device.id)
    role = call.db.execute(ROLE, {"office": found.office_id, "id": found.person_id}).scalar_one()
    return Registered(office=found.office_id, person=found.person_id, device=new.device.id, state="waiting", role=role)
