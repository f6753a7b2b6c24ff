"""The licence token: what an office may do and until when, signed by the service and checked without it.

A token is one line of text, `AEL1.KEY.BODY.SIGNATURE`: the eight hex digits that name the signing key, the `Licence`
as JSON and an Ed25519 signature over everything before it, each in base64url without padding. `AEL1` stands under the
signature, so that nothing else we ever sign can be passed off as a licence. `check_token` is a pure function of the
bytes, the public keys, the moment and the last serial seen; it answers with a named outcome and never raises.

Two dates run on their own. `valid_until` is how far the licence is paid for. `snapshot_until` is how long this copy
may be believed without asking the service again, so that a change reaches a PC that was away. Whichever comes first
starts the clock: `quiet_until`, then 30 days in amber until `amber_until`, then no new checks. A PyJWT token would do
the same, but would put another package into the desktop for two calls of `cryptography`.
"""

import binascii
import datetime as dt
import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import msgspec

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FORMAT = "AEL1"
GRACE = dt.timedelta(days=30)
"""How long an unpaid licence goes on in silence, and then how long in amber."""
SNAPSHOT = dt.timedelta(days=30)
"""How long a copy is believed without asking again."""
LONGEST = 4096
"""The most characters a token may have."""

Moment = Annotated[dt.datetime, msgspec.Meta(tz=True)]
Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Text = Annotated[str, msgspec.Meta(max_length=200)]


class Licence(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What an office bought.

    Attributes:
        serial: rises with every token of the office; a lower one than the last seen is an old copy.
        office: the office's id. device: the one device this copy is for, "" for any of the office.
        holder: the name on the invoice, "" where none was given.
        plan: the plan's code. seats: devices at once. clients, employees: the most of each, None without a limit.
        features: codes of what the plan holds beyond checking.
        issued_at, valid_until, snapshot_until: moments (see the module).
        ended: why it was taken back ("refund", "dispute", "operator"), "" while it stands. Such a licence holds to
            its `snapshot_until` and then ends without a grace.
    """

    serial: Annotated[int, msgspec.Meta(ge=1)]
    office: Text
    device: Text = ""
    holder: Text = ""
    plan: Text
    seats: Count
    clients: Count | None = None
    employees: Count | None = None
    features: tuple[Text, ...] = ()
    issued_at: Moment
    valid_until: Moment
    snapshot_until: Moment
    ended: Text = ""

    @property
    def quiet_until(self) -> dt.datetime:
        """Until when everything works and nothing is said."""
        if self.ended:
            return self.snapshot_until
        return min(self.snapshot_until, self.valid_until + GRACE)

    @property
    def amber_until(self) -> dt.datetime:
        """Until when new checks start; what was checked can be read and exported for ever."""
        return self.quiet_until if self.ended else self.quiet_until + GRACE


class Outcome(StrEnum):
    """What became of a token."""

    GOOD = "good"
    EXPIRED = "expired"  # every grace is over; the licence is still told
    ROLLED_BACK = "rolled-back"  # an older copy than the last one seen
    WRONG_OFFICE = "wrong-office"
    WRONG_DEVICE = "wrong-device"
    TAMPERED = "tampered"  # the signature does not fit the content
    UNKNOWN_KEY = "unknown-key"  # signed with a key this release does not know, or no longer trusts
    NOT_A_LICENCE = "not-a-licence"
    TOO_NEW = "too-new"  # a format of a later release


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome, and the licence wherever its signature was good."""

    outcome: Outcome
    licence: Licence | None = None


def key_id(public: bytes) -> str:
    """The name of a public key (32 raw bytes): the first eight hex digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:8]


def sign_licence(licence: Licence, private: "Ed25519PrivateKey") -> str:
    """The token of a licence."""
    name = key_id(private.public_key().public_bytes_raw())
    signed = f"{FORMAT}.{name}.{_text(msgspec.json.encode(licence))}"
    return f"{signed}.{_text(private.sign(signed.encode()))}"


def check_token(
    token: bytes,
    keys: Mapping[str, bytes],
    now: dt.datetime,
    last_serial: int = 0,
    *,
    office: str = "",
    device: str = "",
) -> Checked:
    """Judge a token.

    Args:
        token: the token's bytes, white space around it allowed.
        keys: the public keys to trust (32 raw bytes each) by their id.
        now: the moment to judge at.
        last_serial: the highest serial seen of this office; the same one again is good.
        office: the office this PC belongs to; "" where it belongs to none yet, then any will do.
        device: this PC's id; "" where it has none, then a copy for one device is refused.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    parts = token.strip().split(b".")
    if len(token) > LONGEST or len(parts) < 2 or not parts[0].startswith(b"AEL"):
        return Checked(Outcome.NOT_A_LICENCE)
    if parts[0] != FORMAT.encode():
        return Checked(Outcome.TOO_NEW if parts[0][3:].isdigit() else Outcome.NOT_A_LICENCE)
    if len(parts) != 4:
        return Checked(Outcome.NOT_A_LICENCE)
    public = keys.get(parts[1].decode("ascii", "replace"))
    if public is None:
        return Checked(Outcome.UNKNOWN_KEY)
    body, signature = _bytes(parts[2]), _bytes(parts[3])
    if body is None or signature is None:
        return Checked(Outcome.TAMPERED)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, b".".join(parts[:3]))
        licence = msgspec.json.decode(body, type=Licence)
    except InvalidSignature:
        return Checked(Outcome.TAMPERED)
    except (msgspec.MsgspecError, UnicodeDecodeError):  # signed by us, so a later release's idea of a licence
        return Checked(Outcome.TOO_NEW)
    return Checked(_judge(licence, now, last_serial, office, device), licence)


def _judge(licence: Licence, now: dt.datetime, last_serial: int, office: str, device: str) -> Outcome:
    if office and licence.office != office:
        return Outcome.WRONG_OFFICE
    if licence.device and licence.device != device:
        return Outcome.WRONG_DEVICE
    if licence.serial < last_serial:
        return Outcome.ROLLED_BACK
    return Outcome.EXPIRED if now >= licence.amber_until else Outcome.GOOD


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: bytes) -> bytes | None:
    """The bytes of base64url text; None where it is not the one way to write them."""
    try:
        raw = urlsafe_b64decode(text + b"=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    return raw if urlsafe_b64encode(raw).rstrip(b"=") == text else None
