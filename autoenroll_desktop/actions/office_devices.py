"""The devices of the office: seeing them, letting one in by its six words, revoking one, changing the office key."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import msgspec

from autoenroll_desktop.actions.office_people import add_device, name_of, roster
from autoenroll_desktop.actions.office_service import (
    OfficeTrouble,
    Service,
    calling,
    put_log,
    put_membership,
    sync_log,
    told,
)
from autoenroll_desktop.actions.office_service import require as require_member
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.audit import add as note
from autoenroll_desktop.store.recovery_code import new_code, secret_of
from autoenroll_desktop.store.store import Store
from autoenroll_desktop.sync import joining
from autoenroll_desktop.sync.membership import Membership


@dataclass(frozen=True)
class DeviceShown:
    """A device of the office.

    Attributes:
        name: as its person called it, "" where it did not say. mine: this PC itself.
        words: the six words to compare, "" unless it waits.
        release: the version it last came with, "" where it never said. seen_on: the day.
    """

    id: UUID
    name: str
    person: UUID
    state: Literal["waiting", "active", "revoked"]
    since: dt.datetime
    mine: bool
    words: str
    release: str = ""
    seen_on: dt.date | None = None


def devices(store: Store, service: Service, words: Words) -> list[DeviceShown]:
    """Every device of the office: first those that wait, last the revoked. Raises OfficeTrouble."""
    me = require_member(store, service, words)
    with told(words), calling(store, service, me) as caller:
        found = joining.devices(caller)
    order = {"waiting": 0, "active": 1, "revoked": 2}
    shown = [
        DeviceShown(
            id=one.id,
            name=name_of(store, one.id),
            person=one.person,
            state=one.state,
            since=one.created_at,
            mine=one.id == me.device,
            words=joining.words_for(me.office, me.public[0], one) if one.state == "waiting" else "",
            release=one.release or "",
            seen_on=one.seen_on or None,
        )
        for one in found
    ]
    return sorted(shown, key=lambda one: (order[one.state], one.since))


def approve(store: Store, service: Service, words: Words, device: UUID, said: str, stamp: Stamp) -> None:
    """Let a device in whose own screen shows the six words `said`.

    Raises:
        OfficeTrouble: words-differ (nobody was let in), not-found, forbidden …
    """
    me = _require_active(store, service, words)
    with told(words), calling(store, service, me) as caller:
        waiting = {one.id: one for one in joining.devices(caller)}
        if device not in waiting:
            raise OfficeTrouble("not-found", words)
        let_in = joining.approve(caller, waiting[device], said)
    add_device(store, let_in.id, (waiting[device].signing_key, waiting[device].sealing_key))
    with store.writing() as connection:
        note(connection, stamp, Event("device-approved", subject=str(device)))


def revoke(store: Store, service: Service, words: Words, device: UUID, stamp: Stamp) -> None:
    """Revoke a device: it gets nothing more from now on. Change the office key after it. Raises OfficeTrouble."""
    me = require_member(store, service, words)
    with told(words), calling(store, service, me) as caller:
        joining.revoke(caller, device)
    if device != me.device:
        put_log(store, msgspec.structs.replace(sync_log(store), revoked_since=True))
    with store.writing() as connection:
        note(connection, stamp, Event("device-revoked", subject=str(device)))


def change_key(store: Store, service: Service, words: Words, stamp: Stamp) -> str:
    """Give the office a new key that revoked devices do not have; its new recovery code, to be printed now.

    What was shared before stays readable with the earlier keys, which are kept. Raises OfficeTrouble.
    """
    me = _require_active(store, service, words)
    code = new_code()
    with told(words), calling(store, service, me) as caller:
        after = joining.rotate(caller, secret_of(code), roster(store))
    put_membership(store, after)
    put_log(store, msgspec.structs.replace(sync_log(store), revoked_since=False))
    with store.writing() as connection:
        note(connection, stamp, Event("office-key-changed", facts={"generation": after.office_keys.newest}))
    return code


def _require_active(store: Store, service: Service, words: Words) -> Membership:
    me = require_member(store, service, words)
    if me.state != "active":
        raise OfficeTrouble("device-waiting", words)
    return me
