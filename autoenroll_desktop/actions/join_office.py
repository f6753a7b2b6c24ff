"""Making an office, and bringing this PC into one: a few words to compare, and nothing the service could read.

What a try has made is kept before it is sent, so that one whose answer was lost is made again with the same ids.
"""

import platform
from dataclasses import dataclass
from uuid import uuid4

import msgspec

from autoenroll_desktop.actions.office_people import add_device, name_device, roster
from autoenroll_desktop.actions.office_service import Service, calling, membership, put_membership, require, told
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.store import sharing
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.audit import add as note
from autoenroll_desktop.store.recovery_code import new_code, secret_of
from autoenroll_desktop.store.store import Store
from autoenroll_desktop.sync import joining
from autoenroll_desktop.sync.caller import Caller
from autoenroll_desktop.sync.joining import Account
from autoenroll_desktop.sync.membership import Membership, new_membership
from autoenroll_desktop.sync.trouble import Distrusted, Refused
from autoenroll_desktop.sync.vault.sealing import new_office_key
from autoenroll_desktop.sync.vault.ticket import read_ticket, write_ticket
from server_sync.contract.fields import Role

__all__ = ["Account", "Made", "create_office", "invite", "join", "leave", "look_whether_approved", "recover", "ticket"]
_DRAFT = "membership-draft"
_MAYBE_DONE = ("exists", "email-taken", "invitation-unusable")
"""What is also said to somebody whose first try went through and lost its answer."""


class _Draft(msgspec.Struct):
    """A try that may have gone through. `code`: the recovery code of a new office; `ticket`: of one to join."""

    me: Membership
    email: str
    code: str = ""
    ticket: str = ""


@dataclass(frozen=True)
class Made:
    """A new office: its recovery code, to be printed now and shown never again."""

    recovery_code: str


def create_office(
    store: Store, service: Service, words: Words, account: Account, stamp: Stamp, *, name: str = ""
) -> Made:
    """Make an office with this PC as its first device.

    Args:
        name: what the others see this PC as; the computer's own name when empty.

    Raises:
        OfficeTrouble: nothing was made; or it may have been and the answer was lost: the same again finishes it.
    """
    with told(words):
        _require_none(store, service)
        draft = _draft(store)
        if draft is None or not draft.code or draft.me.address != service.for_new or draft.email != account.email:
            fresh = msgspec.structs.replace(new_membership(service.for_new, uuid4()), keys={1: new_office_key()})
            draft = _keep(store, _Draft(fresh, account.email, code=new_code()))
        with calling(store, service, draft.me) as caller:
            try:
                made = joining.make_office(caller, account, secret_of(draft.code))
            except Refused as refused:
                made = _done_before(store, caller, refused)
        _become(store, msgspec.structs.replace(made, role="owner", state="active"), stamp, "office-made")
        add_device(store, made.device, made.public)
        name_device(store, made.device, name or platform.node())
    return Made(draft.code)


def invite(store: Store, service: Service, words: Words, role: Role = "clerk") -> str:
    """The text another person begins with on their PC; good for a week, once. Raises OfficeTrouble."""
    me = require(store, service, words)
    with told(words), calling(store, service, me) as caller:
        return write_ticket(joining.invite(caller, role))


def ticket(store: Store, service: Service, words: Words) -> str:
    """The text a further PC of this person begins with. Raises OfficeTrouble."""
    return write_ticket(joining.ticket_for_my_devices(require(store, service, words)))


def join(
    store: Store, service: Service, words: Words, account: Account, text: str, stamp: Stamp, *, name: str = ""
) -> str:
    """Bring this PC into the office of a ticket; the six words its screen has to show until it is approved.

    Without a ticket ("") it comes into the office of its person, where only `recover` lets it in.

    Raises:
        OfficeTrouble: not-a-ticket, sign-in-failed, invitation-unusable …; the same again finishes a lost answer.
    """
    with told(words):
        _require_none(store, service)
        told_ticket = read_ticket(text) if text.strip() else None
        draft = _draft(store)
        if (
            draft is None
            or not told_ticket
            or draft.ticket != text
            or draft.me.address != service.for_new
            or draft.email != account.email
        ):
            office, approver = (told_ticket.office, told_ticket.approver_key) if told_ticket else (uuid4(), b"")
            fresh = msgspec.structs.replace(new_membership(service.for_new, office), approver=approver)
            draft = _keep(store, _Draft(fresh, account.email, ticket=text))
        with calling(store, service, draft.me) as caller:
            try:
                joined = joining.join(caller, account, told_ticket)
            except Refused as refused:
                joined = _done_before(store, caller, refused)
        _become(store, joined, stamp, "office-joined")
        name_device(store, joined.device, name or platform.node())
        return joining.words_for(joined.office, joined.approver, joined) if joined.approver else ""


def look_whether_approved(store: Store, service: Service, words: Words) -> bool:
    """Whether this PC was let in since; takes the office keys then. Raises OfficeTrouble (approval-forged …)."""
    me = require(store, service, words)
    with told(words), calling(store, service, me) as caller:
        after = joining.look_whether_approved(caller, roster(store))
        if after != me:
            put_membership(store, after)
    return after.state == "active"


def recover(store: Store, service: Service, words: Words, code: str) -> None:
    """Let this waiting PC in by the office's recovery code, when every other device is lost.

    Raises:
        OfficeTrouble. AppError: the code has a slip in it.
    """
    me = require(store, service, words)
    secret = secret_of(code)
    with told(words), calling(store, service, me) as caller:
        after = joining.recover(caller, secret)
    put_membership(store, after)
    add_device(store, after.device, after.public)


def leave(store: Store, service: Service, words: Words, stamp: Stamp) -> None:
    """Take this PC out of its office: revoked there where it can be reached, forgotten here. Runs stay where they are.

    Raises:
        OfficeTrouble: it could not be revoked; nothing was forgotten.
    """
    me = membership(store)
    if me is None:
        return
    if me.state != "revoked":
        with told(words), calling(store, service, me) as caller:
            try:
                joining.revoke(caller, me.device)
            except Refused as refused:
                if refused.slug not in ("device-revoked", "unauthenticated", "wrong-state", "bad-signature"):
                    raise
    with store.writing() as connection:
        sharing.leave(connection)
        sharing.put_value(connection, _DRAFT, None)
        note(connection, stamp, Event("office-left", subject=str(me.office)))


def _require_none(store: Store, service: Service) -> None:
    if not service.allowed:
        raise Distrusted("forbidden-here")
    if not service.for_new:
        raise Distrusted("no-address")
    if membership(store) is not None:
        raise Distrusted("in-an-office")


def _draft(store: Store) -> _Draft | None:
    with store.reading() as connection:
        found = sharing.value(connection, _DRAFT)
    return None if found is None else msgspec.msgpack.decode(found, type=_Draft)


def _keep(store: Store, draft: _Draft) -> _Draft:
    with store.writing() as connection:
        sharing.put_value(connection, _DRAFT, msgspec.msgpack.encode(draft))
    return draft


def _done_before(store: Store, caller: Caller, refused: Refused) -> Membership:
    """This device, where the try before went through after all; else the refusal, and the try is forgotten."""
    if refused.slug in _MAYBE_DONE:
        try:
            there = caller.ask("this_device")
            if there.id == caller.me.device:
                return msgspec.structs.replace(caller.me, person=there.person, state=there.state)
        except Refused:
            pass
    with store.writing() as connection:
        sharing.put_value(connection, _DRAFT, None)
    raise refused


def _become(store: Store, me: Membership, stamp: Stamp, what: str) -> None:
    with store.writing() as connection:
        sharing.put_value(connection, sharing.MEMBERSHIP, msgspec.msgpack.encode(me))
        sharing.put_value(connection, _DRAFT, None)
        note(connection, stamp, Event(what, subject=str(me.office)))
