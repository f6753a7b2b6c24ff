"""Inviting people: a code is made on a desktop and handed over by hand; only its hash comes here, until it is used."""

import datetime as dt
import hashlib
from typing import Any

import sqlalchemy as sa

from server_sync.accounts.audit import record
from server_sync.accounts.people import add_person
from server_sync.changes.feed import note
from server_sync.contract.identity import Invitation, Invitations, Registered
from server_sync.contract.problems import Refused
from server_sync.devices.registering import add_device, check_device
from server_sync.web.call import Call
from server_sync.web.idempotency import claim

LIFE = dt.timedelta(days=7)
COLUMNS = "id, role, created_by, created_at, expires_at, used_by"
DIRECTORY = sa.text(
    "insert into invitation_directory (code_hash, office_id, invitation_id) values (:hash, :office, :id) on "
    "conflict do nothing"
)
ADD = sa.text(
    "insert into invitations (office_id, id, role, created_by, expires_at) "  # noqa: S608 - our own words
    f"values (:office, :id, :role, :by, :expires) on conflict do nothing returning {COLUMNS}"
)
LIST = sa.text(
    f"select {COLUMNS} from invitations where office_id = :office and not withdrawn "  # noqa: S608 - our own words
    "and (cast(:after as uuid) is null or id > :after) order by office_id, id limit :limit"
)
FIND = sa.text("select office_id, invitation_id from invitation_directory where code_hash = :hash")
LOCK = sa.text(f"select {COLUMNS}, withdrawn from invitations where office_id = :office and id = :id for update")  # noqa: S608
USE = sa.text("update invitations set used_by = :person where office_id = :office and id = :id")
WITHDRAW = sa.text("update invitations set withdrawn = true where office_id = :office and id = :id")
FORGET = sa.text("delete from invitation_directory where office_id = :office and invitation_id = :id")


def invite(call: Call) -> Invitation:
    """Open an invitation for a week. Only owners invite owners and managers."""
    new = call.body
    if call.caller.role != "owner" and new.role in ("owner", "manager"):
        raise Refused("forbidden", "only an owner invites owners and managers")
    about = {"office": call.caller.office, "id": new.id, "hash": bytes.fromhex(new.code_sha256)}
    if not call.db.execute(DIRECTORY, about).rowcount:
        raise Refused("exists", "at $.code_sha256")
    row = call.db.execute(
        ADD, {**about, "role": new.role, "by": call.caller.person, "expires": call.now + LIFE}
    ).one_or_none()
    if row is None:
        raise Refused("exists", "at $.id")
    record(call, "invited", new.id)
    return _invitation(row)


def invitations(call: Call) -> Invitations:
    """A page of invitations that were not withdrawn, by id."""
    asked = call.query
    rows = call.db.execute(LIST, {"office": call.caller.office, "after": asked.after, "limit": asked.limit})
    items = [_invitation(row) for row in rows]
    return Invitations(items=items, next=items[-1].id if len(items) == asked.limit else None)


def withdraw(call: Call) -> Invitation:
    """Withdraw an invitation nobody has taken up."""
    about = {"office": call.caller.office, "id": call.parts["invitation"]}
    row = call.db.execute(LOCK, about).one_or_none()
    if row is None or row.withdrawn:
        raise Refused("not-found")
    if row.used_by is not None:
        raise Refused("wrong-state", "the invitation was taken up")
    call.db.execute(WITHDRAW, about)
    call.db.execute(FORGET, about)
    record(call, "invitation-withdrawn", row.id)
    return _invitation(row)


def join(call: Call) -> Registered:
    """Take up an invitation: the person is added with its role, and their device waits for approval."""
    new = call.body
    check_device(new.device)
    found = call.db.execute(FIND, {"hash": hashlib.sha256(new.code.encode()).digest()}).one_or_none()
    if found is None:
        raise Refused("invitation-unusable")
    claim(call, found.office_id)
    about = {"office": found.office_id, "id": found.invitation_id}
    row = call.db.execute(LOCK, about).one()
    if row.used_by is not None or row.withdrawn or row.expires_at <= call.now:
        raise Refused("invitation-unusable")
    call.device = new.device.id
    add_person(call, new.person, row.role)
    add_device(call, new.device, new.person.id, "waiting")
    call.db.execute(USE, {**about, "person": new.person.id})
    record(call, "joined", new.person.id, person=new.person.id)
    note(call, "person", new.person.id)
    note(call, "device", new.device.id)
    return Registered(
        office=found.office_id, person=new.person.id, device=new.device.id, state="waiting", role=row.role
    )


def _invitation(row: Any) -> Invitation:
    return Invitation(
        id=row.id, role=row.role, created_by=row.created_by, created_at=row.created_at, expires_at=row.expires_at,
        used_by=row.used_by,
    )  # fmt: skip
