"""Licences for tests: two signing keys made from fixed seeds (so that frozen files stay good), and a plain licence."""

import datetime as dt
import hashlib
from base64 import b64encode
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server_sync.contract.licence import GRACE, SNAPSHOT, Licence, key_id

START = dt.datetime(2026, 11, 25, 9, 0, tzinfo=dt.UTC)
OFFICE = "0197f3a2-6c1e-7b5a-9d40-5f2b8c3e1a70"


def private(name: str) -> Ed25519PrivateKey:
    """The signing key of a name: "one" and "two" are trusted, any other is not."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"a key for tests: {name}".encode()).digest())


def public(name: str) -> bytes:
    return private(name).public_key().public_bytes_raw()


KEYS = {key_id(public(name)): public(name) for name in ("one", "two")}


def write_keys(path: Path, *names: str) -> Path:
    """A file of public keys as it is shipped."""
    entries = (f'[[key]]\npublic = "{b64encode(public(name)).decode()}"\n' for name in names or ("one", "two"))
    path.write_text("".join(entries))
    return path


def licence(issued: dt.datetime = START, **other: Any) -> Licence:
    """A year's licence for an office, good for 30 days without the network."""
    plain: dict[str, Any] = {
        "serial": 7, "office": OFFICE, "holder": "Cara Payroll Bureau", "plan": "bureau", "seats": 5, "clients": 60,
        "employees": 5000, "features": ("sync",), "issued_at": issued, "valid_until": issued + dt.timedelta(days=365),
        "snapshot_until": issued + SNAPSHOT,
    }  # fmt: skip
    return Licence(**(plain | other))


def file_licence(issued: dt.datetime = START, **other: Any) -> Licence:
    """A licence for a PC that never has a network: good for as long as it is paid, and a grace."""
    until = issued + dt.timedelta(days=365)
    return licence(issued, **({"snapshot_until": until + GRACE} | other))
