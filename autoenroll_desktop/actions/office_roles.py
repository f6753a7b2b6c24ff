"""The people of the office and their roles: seeing them, giving another role, removing one, and who may be invited.

The service knows people by numbers alone, so they are told by the names their PCs were given, which it cannot read.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import msgspec

from autoenroll_desktop.actions.office_people import name_of
from autoenroll_desktop.actions.office_service import (
    OfficeTrouble,
    Service,
    calling,
    membership,
    put_log,
    put_membership,
    require,
    sync_log,
    told,
)
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.audit import add as note
from autoenroll_desktop.store.store import Store
from autoenroll_desktop.sync import joining
from autoenroll_desktop.sync import people as office
from server_sync.contract.fields import Role
from server_sync.contract.routes import BY_NAME, EVERYBODY, LEADERS

__all__ = ["PersonShown", "Role", "may_invite", "may_set_roles", "people", "remove", "set_role"]


@dataclass(frozen=True)
class PersonShown:
    """A person of the office.

    Attributes:
        pcs: what their PCs are called, but those that were revoked; "" for one without a name.
        since: when they came. mine: the person of this PC.
    """

    id: UUID
    role: Role
    pcs: tuple[str, ...]
    since: dt.datetime
    mine: bool


def may_invite(role: str) -> tuple[Role, ...]:
    """The roles somebody of this role may invite people with; the least powerful of those who check first."""
    if role not in BY_NAME["invite"].roles:
        return ()
    return tuple(one for one in ("clerk", "read-only", "it", *LEADERS) if role == "owner" or one not in LEADERS)


def may_set_roles(role: str) -> tuple[Role, ...]:
    """The roles somebody of this role may give to people, who may then be removed as well; () for none."""
    return EVERYBODY if role in BY_NAME["set_role"].roles else ()


def people(store: Store, service: Service, words: Words) -> list[PersonShown]:
    """Every person of the office, who came first first. Raises OfficeTrouble."""
    me = require(store, service, words)
    with told(words), calling(store, service, me) as caller:
        found, devices = office.people(caller), joining.devices(caller)
    named: dict[UUID, list[str]] = {one.id: [] for one in found}
    for device in devices:
        if device.state != "revoked" and device.person in named:
            named[device.person].append(name_of(store, device.id))
    shown = [
        PersonShown(one.id, one.role, tuple(named[one.id]), one.joined_at, mine=one.id == me.person) for one in found
    ]
    return sorted(shown, key=lambda one: (one.since, one.id))


def set_role(store: Store, service: Service, words: Words, person: UUID, role: Role, stamp: Stamp) -> None:
    """Give a person another role; it counts at once. Raises OfficeTrouble (forbidden, last-owner, not-found …)."""
    me = require(store, service, words)
    with told(words), calling(store, service, me) as caller:
        changed = office.set_role(caller, person, role)
    now = membership(store)
    if now is not None and changed.id == now.person:
        put_membership(store, msgspec.structs.replace(now, role=changed.role))
    with store.writing() as connection:
        note(connection, stamp, Event("role-set", subject=str(person), facts={"role": changed.role}))


def remove(store: Store, service: Service, words: Words, person: UUID, stamp: Stamp) -> None:
    """Remove a person: their PCs get nothing more from now on. Change the office key after it.

    Raises:
        OfficeTrouble: yourself (leave the office instead), forbidden, last-owner, not-found …
    """
    me = require(store, service, words)
    if person == me.person:
        raise OfficeTrouble("yourself", words)
    with told(words), calling(store, service, me) as caller:
        office.remove(caller, person)
    put_log(store, msgspec.structs.replace(sync_log(store), revoked_since=True))
    with store.writing() as connection:
        note(connection, stamp, Event("person-removed", subject=str(person)))
