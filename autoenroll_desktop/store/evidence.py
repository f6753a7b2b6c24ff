"""The audit trail as a file that can be shown to somebody else: signed, and checkable without the store.

The signature is Ed25519 (RFC 8032), by a key made with the store that never leaves it. It proves that this store wrote
the file and that nothing was changed since; whose store it is, its public key's fingerprint tells to whoever noted it.
"""

import datetime as dt
import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.store import audit
from autoenroll_desktop.store.audit import Stamp, hash_of
from autoenroll_desktop.store.clients import Client
from autoenroll_desktop.store.tables import meta

FORMAT, VERSION = "autoenroll-evidence", 1
_SIGNING_KEY = "signing-key"


def evidence(connection: Connection, store: str, stamp: Stamp, client: Client | None = None) -> bytes:
    """The trail, or a client's entries of it, as signed JSON. The connection must be one that writes."""
    chain = audit.entries(connection, client.id if client else None)
    said = {
        "format": FORMAT,
        "version": VERSION,
        "store": store,
        "made_at": stamp.at.astimezone(dt.UTC).isoformat(),
        "of": "client" if client else "store",
        "client": client.id if client else None,
        "employer": client.employer if client else None,
        "entries": [{**entry, "at": entry["at"].isoformat(timespec="microseconds")} for entry in chain],
    }
    key = _signing_key(connection)
    public = key.public_key().public_bytes_raw()
    said["public_key"] = b64encode(public).decode()
    signed = {**said, "signature": b64encode(key.sign(_canonical(said))).decode()}
    return json.dumps(signed, ensure_ascii=False, indent=1).encode()


def check_evidence(data: bytes) -> tuple[dict[str, Any], list[str]]:
    """What an evidence file says, and what is wrong with it; an empty list means that it is as it was signed.

    Raises:
        AppError: it is no evidence file, or a later version's.
    """
    try:
        said = json.loads(data)
        right = said["format"] == FORMAT and said["version"] <= VERSION and isinstance(said["entries"], list)
    except (ValueError, KeyError, TypeError):
        right = False
    if not right:
        raise AppError("This is not an evidence file", "or it is one of a newer version", "")
    try:
        return said, [*_faults(said)]
    except (ValueError, KeyError, TypeError, AttributeError):
        return said, ["an entry is not whole"]


def _faults(said: dict[str, Any]) -> Iterator[str]:
    unsigned = {name: value for name, value in said.items() if name != "signature"}
    try:
        key = Ed25519PublicKey.from_public_bytes(b64decode(said["public_key"]))
        key.verify(b64decode(said["signature"]), _canonical(unsigned))
    except (InvalidSignature, ValueError, KeyError, TypeError):
        yield "the signature does not fit: it was changed after it was signed"
    chain = [{**entry, "at": dt.datetime.fromisoformat(entry["at"])} for entry in said["entries"]]
    if said["of"] == "store":
        yield from audit.faults(chain)
    else:
        yield from (f"entry {one['number']} was changed" for one in chain if one["hash"] != hash_of(one))


def _canonical(said: dict[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _signing_key(connection: Connection) -> Ed25519PrivateKey:
    found = connection.execute(select(meta.c.value).where(meta.c.name == _SIGNING_KEY)).scalar_one_or_none()
    if found is not None:
        return Ed25519PrivateKey.from_private_bytes(bytes(found))
    made = Ed25519PrivateKey.generate()
    connection.execute(insert(meta).values(name=_SIGNING_KEY, value=made.private_bytes_raw()))
    return made
