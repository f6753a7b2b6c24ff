"""Messages about offices, people, devices, keys and tokens."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from server_sync.contract.fields import (
    Answer,
    Code,
    Count,
    DeviceState,
    Email,
    Key,
    Password,
    Positive,
    Request,
    Role,
    SealedKey,
    Sha256,
    Signature,
    Text,
)  # fmt: skip


class NewDevice(Request, frozen=True, kw_only=True):
    """A device's own id and public keys. `proof` signs `signing.registration`."""

    id: UUID
    signing_key: Key
    sealing_key: Key
    proof: Signature


class NewPerson(Request, frozen=True, kw_only=True):
    """A person's own id and how they will sign in."""

    id: UUID
    email: Email
    password: Password


class Recovery(Request, frozen=True, kw_only=True):
    """The way back in when every device is lost: a key pair derived from the printed code, and the office key sealed
    to it.
    """

    signing_key: Key
    sealed_key: SealedKey


class NewOffice(Request, frozen=True, kw_only=True):
    """The first device of an office makes it; its person becomes the owner and the device is active at once."""

    office: UUID
    person: NewPerson
    device: NewDevice
    sealed_key: SealedKey
    recovery: Recovery


class SignIn(Request, frozen=True, kw_only=True):
    """A person signs in on a new device, which then waits for approval. `code` where they set up one-time codes."""

    email: Email
    password: Password
    code: Code | None = None
    device: NewDevice


class Joining(Request, frozen=True, kw_only=True):
    """An invited person takes up the invitation on their first device. `code` is the text they were handed."""

    code: Annotated[str, Meta(pattern="^[A-Z2-7]{26}$", min_length=26, max_length=26)]
    person: NewPerson
    device: NewDevice


class Registered(Answer, frozen=True, kw_only=True):
    """Where a device belongs now."""

    office: UUID
    person: UUID
    device: UUID
    state: DeviceState
    role: Role


class ChallengeFor(Request, frozen=True, kw_only=True):
    """Which device wants a token."""

    device: UUID


class Challenge(Answer, frozen=True, kw_only=True):
    """Text to sign (`signing.token_request`), once, before it lapses. Made for any id, known or not."""

    challenge: Text
    expires_at: dt.datetime


class TokenRequest(Request, frozen=True, kw_only=True):
    """The signed challenge."""

    device: UUID
    challenge: Text
    signature: Signature


class Token(Answer, frozen=True, kw_only=True):
    """A bearer token. It stops working when it lapses or the moment the device is revoked."""

    token: Annotated[str, Meta(max_length=2048)]
    expires_at: dt.datetime
    office: UUID
    state: DeviceState
    role: Role


class Device(Answer, frozen=True, kw_only=True):
    """A device as the office sees it. `approval` signs `signing.approval` under the approver's key.

    `release` is the version it last got a token with, `seen_on` the day; absent where it never said.
    """

    id: UUID
    person: UUID
    state: DeviceState
    signing_key: Key
    sealing_key: Key
    created_at: dt.datetime
    approved_by: UUID | None
    approved_at: dt.datetime | None
    approval: Signature | None
    revoked_at: dt.datetime | None
    release: str | UnsetType = UNSET
    seen_on: dt.date | UnsetType = UNSET


class Devices(Answer, frozen=True, kw_only=True):
    """A page of devices, oldest id first."""

    items: list[Device]
    next: UUID | None


class Approval(Request, frozen=True, kw_only=True):
    """An active device lets a waiting one in, after its person compared six words. `signature` signs
    `signing.approval`.
    """

    key_generation: Positive
    sealed_key: SealedKey
    signature: Signature


class OfficeKey(Answer, frozen=True, kw_only=True):
    """One generation of the office key, sealed to the device that asks. `sealed_by` None: by the recovery code."""

    generation: Positive
    sealed_key: SealedKey
    sealed_by: UUID | None
    signature: Signature | None


class OfficeKeys(Answer, frozen=True, kw_only=True):
    """Every generation the device may open, oldest first."""

    items: list[OfficeKey]


class KeyFor(Request, frozen=True, kw_only=True):
    """A new office key sealed to one device."""

    device: UUID
    sealed_key: SealedKey
    signature: Signature


class Rotation(Request, frozen=True, kw_only=True):
    """The next office key, sealed to every active device and to a new recovery code."""

    generation: Positive
    keys: Annotated[list[KeyFor], Meta(min_length=1, max_length=500)]
    recovery: Recovery


class RecoverySealed(Answer, frozen=True, kw_only=True):
    """The office key sealed to the printed code."""

    generation: Positive
    signing_key: Key
    sealed_key: SealedKey


class Recovered(Request, frozen=True, kw_only=True):
    """A waiting device lets itself in with the printed code. `signature` signs `signing.approval` under the code's
    key.
    """

    key_generation: Positive
    sealed_key: SealedKey
    signature: Signature


class NewInvitation(Request, frozen=True, kw_only=True):
    """An invitation. The code itself never comes here: `code_sha256` is the hash of its text."""

    id: UUID
    role: Role
    code_sha256: Sha256


class Invitation(Answer, frozen=True, kw_only=True):
    """An invitation that is open, used or lapsed."""

    id: UUID
    role: Role
    created_by: UUID
    created_at: dt.datetime
    expires_at: dt.datetime
    used_by: UUID | None


class Invitations(Answer, frozen=True, kw_only=True):
    """A page of invitations, oldest id first."""

    items: list[Invitation]
    next: UUID | None


class Person(Answer, frozen=True, kw_only=True):
    """A person as the office sees them; their name lives in a sealed document."""

    id: UUID
    role: Role
    one_time_codes: bool
    joined_at: dt.datetime


class People(Answer, frozen=True, kw_only=True):
    """A page of people, oldest id first."""

    items: list[Person]
    next: UUID | None


class NewRole(Request, frozen=True, kw_only=True):
    """What a person may do from now on."""

    role: Role


class NewPassword(Request, frozen=True, kw_only=True):
    """A person changes their password; the code is needed where they set up one-time codes."""

    password: Password
    code: Code | None = None
    new_password: Password


class OneTimeCodes(Request, frozen=True, kw_only=True):
    """A person turns one-time codes on with a secret made on their device (20 bytes) and its first code, or off
    (None).
    """

    password: Password
    secret: (
        Annotated[
            bytes,
            Meta(min_length=20, max_length=20, extra_json_schema={"pattern": "^[A-Za-z0-9+/]{26}[AEIMQUYcgkosw048]=$"}),
        ]
        | None
    )
    code: Code


class Office(Answer, frozen=True, kw_only=True):
    """An office in counts and sizes."""

    id: UUID
    created_at: dt.datetime
    key_generation: Positive
    people: Count
    devices: Count
    reports: Count
    documents: Count
    uploads: Count
    stored_bytes: Count
    change: Count


class Erasure(Request, frozen=True, kw_only=True):
    """The owner erases the office: `office` repeated on purpose, and their password."""

    office: UUID
    password: Password
    code: Code | None = None


class Erased(Answer, frozen=True, kw_only=True):
    """The office is closed and its keys are gone; its bytes follow soon. `audit_hash` ends its audit chain."""

    office: UUID
    audit_sequence: Count
    audit_hash: Sha256


class AuditEntry(Answer, frozen=True, kw_only=True):
    """One link of the audit chain: `hash` is `signing.audit_link` of the others and the hash before it."""

    sequence: Count
    at: dt.datetime
    person: UUID | None
    device: UUID | None
    action: Annotated[str, Meta(max_length=40)]
    subject: UUID | None
    previous: Sha256
    hash: Sha256


class AuditPage(Answer, frozen=True, kw_only=True):
    """A page of the audit chain, oldest first. `next` is the `after` of the next page."""

    items: list[AuditEntry]
    next: Count | None
