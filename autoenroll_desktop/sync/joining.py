"""Making an office, letting devices in and out, and changing the office key. Returns memberships; keeps nothing itself.

Nothing the service says about who is who is believed: a new device is approved by its six words, and it checks the
approval under the key that its ticket brought.
"""

import hashlib
import secrets
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

import msgspec

from autoenroll_desktop.sync.caller import Caller
from autoenroll_desktop.sync.membership import Membership
from autoenroll_desktop.sync.trouble import Distrusted
from autoenroll_desktop.sync.vault.handing import (
    check_approval,
    hand_over,
    recovery_keys,
    take_over,
    take_over_by_code,
)
from autoenroll_desktop.sync.vault.names import write_key
from autoenroll_desktop.sync.vault.sealing import OfficeKeys, new_office_key
from autoenroll_desktop.sync.vault.ticket import Ticket
from autoenroll_desktop.sync.vault.words import require_same, six_words
from server_sync.contract import signing
from server_sync.contract.fields import Role
from server_sync.contract.identity import (
    Approval,
    Device,
    Joining,
    KeyFor,
    NewInvitation,
    NewOffice,
    NewPerson,
    OfficeKey,
    Recovered,
    Recovery,
    Registered,
    Rotation,
    SignIn,
)

Roster = Mapping[UUID, tuple[bytes, bytes]]
"""Devices whose six words were compared by somebody of the office: id → public signing and sealing key. It travels in a
sealed document, which the service can neither read nor write."""


@dataclass(frozen=True)
class Account:
    """How a person signs in. `code` is the one-time code where they set that up."""

    email: str
    password: str
    code: str | None = None


def make_office(caller: Caller, account: Account, secret: bytes) -> Membership:
    """Make an office with this device as its first; the same membership again makes it once.

    Args:
        secret: of the recovery code. Raises NotReached, Refused (email-taken …).
    """
    me = caller.me
    keys = OfficeKeys(me.keys) if me.keys else OfficeKeys({1: new_office_key()})
    request = NewOffice(
        office=me.office,
        person=NewPerson(id=me.person, email=account.email, password=account.password),
        device=me.as_new_device(),
        sealed_key=hand_over(keys, me.office, me.public[1]),
        recovery=_recovery(keys, me.office, secret),
    )
    caller.ask_as_anyone("make_office", request, key=write_key("make_office", msgspec.json.encode(request)))
    return msgspec.structs.replace(me, role="owner", state="active", keys=dict(keys.by_generation))


def join(caller: Caller, account: Account, ticket: Ticket | None) -> Membership:
    """Register this device in the office of a ticket, where it then waits.

    Without a ticket it is the office of the person's address, and nothing but the recovery code lets it in: whoever
    approved it could not be told from somebody in between.

    Raises:
        NotReached, Refused, Distrusted.
    """
    me = caller.me
    device = me.as_new_device()
    if ticket is not None and ticket.code:
        person = NewPerson(id=me.person, email=account.email, password=account.password)
        joining = Joining(code=ticket.code, person=person, device=device)
        got = caller.ask_as_anyone("join", joining, key=write_key("join", msgspec.json.encode(joining)))
    else:
        sign_in = SignIn(email=account.email, password=account.password, code=account.code, device=device)
        got = caller.ask_as_anyone("sign_in", sign_in, key=write_key("sign_in", msgspec.json.encode(sign_in)))
    return _registered(me, got, ticket)


def words_for(office: UUID, approver_key: bytes, device: Device | Membership) -> str:
    """The six words both screens show for a device that waits."""
    keys = device.public if isinstance(device, Membership) else (device.signing_key, device.sealing_key)
    return six_words(office, approver_key, *keys)


def look_whether_approved(caller: Caller, roster: Roster) -> Membership:
    """This device as it is now: still waiting, or with the office keys it was given and checked.

    Raises:
        NotReached, Refused (device-revoked), Distrusted (approval-forged, foreign-office), Tampered, ApprovalForged.
    """
    me = caller.me
    there = caller.ask("this_device")
    if there.id != me.device or (there.signing_key, there.sealing_key) != me.public:
        raise Distrusted("foreign-office")
    if there.state != "active":
        return me
    keys = dict(me.keys)
    for one in caller.ask("device_keys").items:
        if one.generation not in keys:
            keys |= _checked(me, one, roster).by_generation
    return msgspec.structs.replace(me, state="active", keys=keys) if keys else me


def invite(caller: Caller, role: Role) -> Ticket:
    """Invite a person, for a week. Raises NotReached, Refused."""
    code = b32encode(secrets.token_bytes(17)).decode()[:26]
    request = NewInvitation(id=uuid4(), role=role, code_sha256=hashlib.sha256(code.encode()).hexdigest())
    caller.ask("invite", request, key=write_key("invite", msgspec.json.encode(request)))
    return Ticket(caller.me.office, caller.me.public[0], code)


def ticket_for_my_devices(me: Membership) -> Ticket:
    """The ticket a further device of this person is begun with."""
    return Ticket(me.office, me.public[0])


def devices(caller: Caller) -> list[Device]:
    """Every device of the office. Raises NotReached, Refused."""
    found: list[Device] = []
    after = None
    while True:
        page = caller.ask("devices", query={"limit": 200} | ({"after": str(after)} if after else {}))
        found += page.items
        after = page.next
        if after is None:
            return found


def approve(caller: Caller, device: Device, words: str) -> Device:
    """Let a device in whose screen shows these words. Raises WordsDiffer, NotReached, Refused."""
    me = caller.me
    require_same(words_for(me.office, me.public[0], device), words)
    keys = me.office_keys
    sealed = hand_over(keys, me.office, device.sealing_key)
    said = signing.approval(me.office, device.id, device.signing_key, device.sealing_key, keys.newest, sealed)
    request = Approval(key_generation=keys.newest, sealed_key=sealed, signature=me.signing_key.sign(said))
    key = write_key("approve", str(device.id), msgspec.json.encode(request))
    let_in: Device = caller.ask("approve", request, key=key, device=device.id)
    return let_in


def revoke(caller: Caller, device: UUID) -> None:
    """Revoke a device; its tokens stop at once. Raises NotReached, Refused."""
    caller.ask("revoke", key=uuid4().hex, device=device)


def rotate(caller: Caller, secret: bytes, roster: Roster) -> Membership:
    """Change the office key: sealed anew to every device that is active, and to a new recovery code.

    A device that is active although nobody who holds the office key put it into the roster is refused, so that the
    service cannot slip one in.

    Raises:
        NotReached, Refused (generation-conflict: somebody was quicker), Distrusted (device-unknown).
    """
    me = look_whether_approved(caller, roster)
    generation = me.office_keys.newest + 1
    keys = me.office_keys.with_key(generation, new_office_key())
    handed = []
    for one in (found for found in devices(caller) if found.state == "active"):
        if (one.signing_key, one.sealing_key) != (me.public if one.id == me.device else roster.get(one.id)):
            raise Distrusted("device-unknown")
        sealed = hand_over(keys, me.office, one.sealing_key)
        said = signing.approval(me.office, one.id, one.signing_key, one.sealing_key, generation, sealed)
        handed.append(KeyFor(device=one.id, sealed_key=sealed, signature=me.signing_key.sign(said)))
    request = Rotation(generation=generation, keys=handed, recovery=_recovery(keys, me.office, secret))
    caller.ask("rotate_key", request, key=write_key("rotate_key", msgspec.json.encode(request)))
    return msgspec.structs.replace(me, keys=dict(keys.by_generation))


def recover(caller: Caller, secret: bytes) -> Membership:
    """Let this waiting device in by the recovery code. Raises CodeWrong, Tampered, NotReached, Refused."""
    me = caller.me
    there = caller.ask("recovery")
    keys = take_over_by_code(secret, me.office, there.signing_key, there.sealed_key)
    sealed = hand_over(keys, me.office, me.public[1])
    signer, _ = recovery_keys(secret)
    said = signing.approval(me.office, me.device, *me.public, there.generation, sealed)
    request = Recovered(key_generation=there.generation, sealed_key=sealed, signature=signer.sign(said))
    caller.ask("recover", request, key=write_key("recover", msgspec.json.encode(request)))
    return msgspec.structs.replace(me, state="active", keys=dict(keys.by_generation))


def _registered(me: Membership, got: Registered, ticket: Ticket | None) -> Membership:
    if got.device != me.device or (ticket is not None and got.office != ticket.office):
        raise Distrusted("foreign-office")
    approver = ticket.approver_key if ticket is not None else b""
    return msgspec.structs.replace(
        me, office=got.office, person=got.person, role=got.role, state="waiting", approver=approver
    )


def _checked(me: Membership, one: OfficeKey, roster: Roster) -> OfficeKeys:
    """The keys that came with one generation: the first by the approver, a later one by a device of the roster.

    Whoever sealed a later one must hold every key this device holds, so that one who was revoked before the last change
    cannot offer the next; the roster may be older than who sealed it.
    """
    handed = (one.generation, one.sealed_key, one.signature or b"")
    if not me.keys:
        check_approval(me.approver, me.office, me.device, me.public, handed)
        return take_over(me.sealing_key, me.office, one.sealed_key)
    if one.sealed_by is not None and one.sealed_by in roster:
        check_approval(roster[one.sealed_by][0], me.office, me.device, me.public, handed)
    keys = take_over(me.sealing_key, me.office, one.sealed_key)
    if not me.keys.items() <= keys.by_generation.items():
        raise Distrusted("approval-forged")
    return keys


def _recovery(keys: OfficeKeys, office: UUID, secret: bytes) -> Recovery:
    signer, opener = recovery_keys(secret)
    return Recovery(
        signing_key=signer.public_key().public_bytes_raw(),
        sealed_key=hand_over(keys, office, opener.public_key().public_bytes_raw()),
    )
