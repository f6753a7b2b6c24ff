"""People of an office: listing, roles, removal, passwords and one-time codes."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server_sync.accounts.audit import record
from server_sync.accounts.secrets import step_of
from server_sync.changes.feed import note
from server_sync.contract.identity import NewPerson, People, Person
from server_sync.contract.problems import Refused
from server_sync.contract.things import Deleted
from server_sync.web.call import Call
from server_sync.web.limits import PASSWORDS, SIGN_IN

FIND_EMAIL = sa.text("select office_id, person_id from person_directory where email_hash = :hash")
TAKE_EMAIL = sa.text(
    "insert into person_directory (email_hash, office_id, person_id) values (:hash, :office, :id) on "
    "conflict do nothing"
)
ADD = sa.text(
    "insert into people (office_id, id, role, email_hash, password) values (:office, :id, :role, :hash, :password) "
    "on conflict do nothing"
)
COLUMNS = "id, role, codes_sealed is not null as one_time_codes, joined_at"
LIST = sa.text(
    f"select {COLUMNS} from people where office_id = :office and (cast(:after as uuid) is null or id > :after) "  # noqa: S608 - our own words
    "order by office_id, id limit :limit"
)
LOOK = sa.text(f"select {COLUMNS} from people where office_id = :office and id = :id")  # noqa: S608
SECRETS = sa.text(
    "select password, codes_sealed, codes_step from people where office_id = :office and id = :id for update"
)
STEP = sa.text("update people set codes_step = :step where office_id = :office and id = :id")
PASSWORD = sa.text("update people set password = :password where office_id = :office and id = :id")
CODES = sa.text("update people set codes_sealed = :sealed, codes_step = :step where office_id = :office and id = :id")
OWNERS = sa.text("select id from people where office_id = :office and role = 'owner' order by id for update")
ROLE = sa.text(f"update people set role = :role where office_id = :office and id = :id returning {COLUMNS}")  # noqa: S608
REVOKE = sa.text(
    "update devices set state = 'revoked', revoked_at = now() where office_id = :office and person_id = :id "
    "and state <> 'revoked' returning id"
)
FORGET_KEYS = sa.text("delete from device_keys where office_id = :office and device_id = any(:devices)")
REMOVE = sa.text("delete from people where office_id = :office and id = :id")
FREE_EMAIL = sa.text("delete from person_directory where office_id = :office and person_id = :id")


def add_person(call: Call, new: NewPerson, role: str) -> None:
    """Add a person to the call's office. Raises Refused: email-taken, exists."""
    secrets = call.service.secrets
    call.service.limits.count(PASSWORDS, b"", call.now.timestamp())
    row = {"office": call.office, "id": new.id, "hash": secrets.email_hash(new.email), "role": role}
    if not call.db.execute(TAKE_EMAIL, row).rowcount:
        raise Refused("email-taken")
    if not call.db.execute(ADD, {**row, "password": secrets.hash_password(new.password)}).rowcount:
        raise Refused("exists", "at $.person.id")


def check_password(call: Call, person: UUID | None, password: str, code: str | None) -> None:
    """Check a person's password, and their one-time code where they have them. None: nobody; it takes as long.

    Raises:
        Refused: sign-in-failed, without saying what was wrong.
    """
    _count_guess(call, person)
    about = {"office": call.office, "id": person}
    row = call.db.execute(SECRETS, about).one_or_none() if person else None
    if not call.service.secrets.password_fits(password, row.password if row else None) or row is None or person is None:
        raise Refused("sign-in-failed")
    if row.codes_sealed is None:
        return
    step = call.service.secrets.code_step(
        bytes(row.codes_sealed), person.bytes, code or "", call.now.timestamp(), row.codes_step
    )
    if step is None:
        raise Refused("sign-in-failed")
    call.db.execute(STEP, {**about, "step": step})


def people(call: Call) -> People:
    """A page of the people, by id."""
    asked = call.query
    rows = call.db.execute(LIST, {"office": call.caller.office, "after": asked.after, "limit": asked.limit})
    items = [_person(row) for row in rows]
    return People(items=items, next=items[-1].id if len(items) == asked.limit else None)


def set_role(call: Call) -> Person:
    """Give a person another role; it counts with their next request."""
    which, role = call.parts["person"], call.body.role
    if role != "owner":
        _keep_an_owner(call, which)
    row = call.db.execute(ROLE, {"office": call.caller.office, "id": which, "role": role}).one_or_none()
    if row is None:
        raise Refused("not-found")
    record(call, "role-set", which)
    note(call, "person", which)
    return _person(row)


def remove_person(call: Call) -> Deleted:
    """Remove a person: their devices are revoked at once, their sealed keys and e-mail hash forgotten."""
    which = call.parts["person"]
    about = {"office": call.caller.office, "id": which}
    _keep_an_owner(call, which)
    devices = [one for (one,) in call.db.execute(REVOKE, about)]
    if not call.db.execute(REMOVE, about).rowcount:
        raise Refused("not-found")
    call.db.execute(FREE_EMAIL, about)
    call.db.execute(FORGET_KEYS, {**about, "devices": devices})
    record(call, "person-removed", which)
    for device in devices:
        note(call, "device", device)
    return Deleted(id=which, sequence=note(call, "person", which, gone=True))


def set_password(call: Call) -> Person:
    """Change one's own password."""
    me = call.caller.person
    check_password(call, me, call.body.password, call.body.code)
    fresh = call.service.secrets.hash_password(call.body.new_password)
    call.db.execute(PASSWORD, {"office": call.caller.office, "id": me, "password": fresh})
    record(call, "password-changed", me)
    return _me(call)


def set_codes(call: Call) -> Person:
    """Turn one-time codes on, with a first code of the new secret, or off, with one of the old."""
    me, asked = call.caller.person, call.body
    about = {"office": call.caller.office, "id": me}
    if asked.secret is None:
        check_password(call, me, asked.password, asked.code)
        call.db.execute(CODES, {**about, "sealed": None, "step": 0})
        record(call, "codes-off", me)
        return _me(call)
    _count_guess(call, me)
    row = call.db.execute(SECRETS, about).one()
    step = step_of(asked.secret, asked.code, call.now.timestamp(), 0)
    if (
        not call.service.secrets.password_fits(asked.password, row.password)
        or step is None
        or row.codes_sealed is not None
    ):
        raise Refused("sign-in-failed")  # a new secret beside an old one: turn the old one off first
    call.db.execute(CODES, {**about, "sealed": call.service.secrets.seal_codes(asked.secret, me.bytes), "step": step})
    record(call, "codes-on", me)
    return _me(call)


def _count_guess(call: Call, person: UUID | None) -> None:
    """Count a password about to be checked: over everybody, and for the person. Raises Refused: too-many-requests."""
    call.service.limits.count(PASSWORDS, b"", call.now.timestamp())
    if person is not None:
        call.service.limits.count(SIGN_IN, person.bytes, call.now.timestamp(), strict=True)


def _keep_an_owner(call: Call, leaving: UUID) -> None:
    owners = [one for (one,) in call.db.execute(OWNERS, {"office": call.caller.office})]
    if owners == [leaving]:
        raise Refused("last-owner")


def _me(call: Call) -> Person:
    return _person(call.db.execute(LOOK, {"office": call.caller.office, "id": call.caller.person}).one())


def _person(row: Any) -> Person:
    return Person(id=row.id, role=row.role, one_time_codes=row.one_time_codes, joined_at=row.joined_at)
