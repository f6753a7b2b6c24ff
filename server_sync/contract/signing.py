"""The exact bytes that are signed or hashed, so that both ends build the same. Pure functions; no key is ever seen
here.

Every message starts with its own name and version and holds fields of fixed length only, so that no signature made for
one purpose can be passed off as another's.
"""

import datetime as dt
import hashlib
from uuid import UUID


def registration(device: UUID, signing_key: bytes, sealing_key: bytes) -> bytes:
    """What a new device signs with its own key: that both keys and the id belong together."""
    return b"autoenroll/registration/1\0" + device.bytes + signing_key + sealing_key


def token_request(device: UUID, challenge: str) -> bytes:
    """What a device signs to get a token."""
    return b"autoenroll/token/1\0" + device.bytes + challenge.encode("ascii")


def approval(
    office: UUID, device: UUID, signing_key: bytes, sealing_key: bytes, generation: int, sealed_key: bytes
) -> bytes:
    """What an approving device (or the recovery code's key) signs: this device, these keys, this sealed office key."""
    fixed = office.bytes + device.bytes + signing_key + sealing_key + generation.to_bytes(4, "big")
    return b"autoenroll/approval/1\0" + fixed + hashlib.sha256(sealed_key).digest()


def pairing(office: UUID, approver_key: bytes, signing_key: bytes, sealing_key: bytes) -> bytes:
    """32 bytes both screens turn into six words, or a QR code, for a person to compare before an approval."""
    return hashlib.sha256(b"autoenroll/pairing/1\0" + office.bytes + approver_key + signing_key + sealing_key).digest()


def associated_data(office: UUID, what: str, kind: str, thing: UUID, version: int) -> bytes:
    """What a sealed thing is bound to, so that the service cannot pass one off as another. `version` 0 for a report."""
    return f"autoenroll/sealed/1|{office}|{what}|{kind}|{thing}|{version}".encode("ascii")


def audit_link(
    previous: bytes, office: UUID, sequence: int, at_us: int, person: UUID | None, device: UUID | None, action: str,
    subject: UUID | None,
) -> bytes:  # fmt: skip
    """The hash of one audit entry, 32 bytes. `previous` is 32 zero bytes for the first; `at_us` microseconds since
    1970 UTC.
    """
    fields = (office, sequence, at_us, person or "", device or "", action, subject or "")
    return hashlib.sha256(previous + "|".join(map(str, fields)).encode("ascii")).digest()


def microseconds(at: str) -> int:
    """Microseconds since 1970 UTC of a time as it travels in an audit entry ("2026-11-26T09:00:00.123456Z")."""
    moment = dt.datetime.fromisoformat(at)
    return (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)
