"""Sealing a thing for the office: AES-256-GCM under a key of its own, made by HKDF from the office key.

Sealed bytes are `FORMAT` (1 byte), the office key's generation (4), a salt (32), then ciphertext with its tag, in
pieces as long as the wire's chunks. Each piece is numbered and the last one says so, so that none can be left out,
moved or cut off. Everything is bound to the office, kind, id and version of the thing (`signing.associated_data`).

The salt is a keyed hash of what is sealed and of what it is bound to, as in SIV modes. So the same content for the same
thing gives the same bytes: a send that was cut off is made again from the store and goes on where it was, and no
sealed copy has to be kept meanwhile; other content has another key, so a nonce is never used twice under one. What a
random salt would hide and this shows is only that a thing was sent twice unchanged, which its id says anyway.

Lengths are padded as in PADMÉ (Nikitin et al. 2019): at most 12 % more, and a size tells one of a few dozen steps.
"""

import hashlib
import hmac
import os
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from autoenroll_desktop.sync.vault.refusals import KeyUnknown, NotSealed, Tampered
from server_sync.contract.fields import CHUNK_SIZE

FORMAT = 1
KEY = 32
SMALLEST = 256
"""Bytes any content is padded to at least."""
_HEAD = struct.Struct(">BI32s")
_LENGTH = struct.Struct(">Q")
_TAG = 16


@dataclass(frozen=True)
class OfficeKeys:
    """Every generation of the office key this PC has, by number. The newest seals; the others open what is older."""

    by_generation: Mapping[int, bytes]

    def __repr__(self) -> str:
        """Never the keys."""
        return f"OfficeKeys(generations={sorted(self.by_generation)})"

    @property
    def newest(self) -> int:
        """The number of the newest generation."""
        return max(self.by_generation)

    @property
    def naming(self) -> bytes:
        """The key ids are made with. It stays when the office key is changed, so that things keep their ids."""
        return _derived(self.by_generation[min(self.by_generation)], b"autoenroll/names/1")

    def with_key(self, generation: int, key: bytes) -> "OfficeKeys":
        """The same with one more generation."""
        return OfficeKeys({**self.by_generation, generation: key})


def new_office_key() -> bytes:
    """32 random bytes from the operating system."""
    return os.urandom(KEY)


def seal(keys: OfficeKeys, bound_to: bytes, content: bytes) -> bytes:
    """One sealed piece, for what travels whole.

    Args:
        bound_to: `signing.associated_data` of the thing.
    """
    return b"".join(_sealed(keys, bound_to, content, _HEAD.size + len(content) * 2 + 2 * SMALLEST))


def seal_in_chunks(keys: OfficeKeys, bound_to: bytes, content: bytes) -> list[bytes]:
    """The sealed bytes as the wire's chunks: each of CHUNK_SIZE bytes but the last."""
    return _sealed(keys, bound_to, content, CHUNK_SIZE)


def unseal(keys: OfficeKeys, bound_to: bytes, sealed: bytes) -> bytes:
    """What `seal` was given. Raises NotSealed, KeyUnknown, Tampered."""
    return unseal_chunks(keys, bound_to, [sealed])


def unseal_chunks(keys: OfficeKeys, bound_to: bytes, chunks: Iterable[bytes]) -> bytes:
    """What `seal_in_chunks` was given. Raises NotSealed, KeyUnknown, Tampered."""
    pieces = [*chunks]
    if not pieces or len(pieces[0]) < _HEAD.size + _TAG or pieces[0][0] != FORMAT:
        raise NotSealed
    head = pieces[0][: _HEAD.size]
    _, generation, salt = _HEAD.unpack(head)
    if generation not in keys.by_generation:
        raise KeyUnknown
    office_key = keys.by_generation[generation]
    cipher = AESGCM(_item_key(office_key, salt, bound_to))
    pieces[0] = pieces[0][_HEAD.size :]
    try:
        opened = [
            cipher.decrypt(_nonce(at, last=at == len(pieces) - 1), piece, head + bound_to)
            for at, piece in enumerate(pieces)
        ]
    except (InvalidTag, ValueError):
        raise Tampered from None
    framed = b"".join(opened)
    if not hmac.compare_digest(salt, _salt(office_key, bound_to, framed)):
        raise Tampered
    size = _LENGTH.unpack_from(framed)[0]
    return framed[_LENGTH.size : _LENGTH.size + size]


def padded_size(size: int) -> int:
    """To how many bytes a content of `size` bytes is padded."""
    if size <= SMALLEST:
        return SMALLEST
    exponent = size.bit_length() - 1
    step = 1 << max(0, exponent - exponent.bit_length())
    return -(-size // step) * step


def _sealed(keys: OfficeKeys, bound_to: bytes, content: bytes, chunk: int) -> list[bytes]:
    framed = _LENGTH.pack(len(content)) + content
    framed = framed.ljust(padded_size(len(framed)), b"\0")
    generation = keys.newest
    office_key = keys.by_generation[generation]
    salt = _salt(office_key, bound_to, framed)
    head = _HEAD.pack(FORMAT, generation, salt)
    cipher = AESGCM(_item_key(office_key, salt, bound_to))
    first = chunk - _HEAD.size - _TAG
    cuts = [0, *range(first, len(framed), chunk - _TAG)]
    parts = [framed[start:end] for start, end in zip(cuts, [*cuts[1:], len(framed)], strict=True)]
    sealed = [
        cipher.encrypt(_nonce(at, last=at == len(parts) - 1), part, head + bound_to) for at, part in enumerate(parts)
    ]
    return [head + sealed[0], *sealed[1:]]


def _nonce(at: int, *, last: bool) -> bytes:
    return struct.pack(">QxxxB", at, int(last))


def _salt(office_key: bytes, bound_to: bytes, framed: bytes) -> bytes:
    said = len(bound_to).to_bytes(4, "big") + bound_to + hashlib.sha256(framed).digest()
    return hmac.digest(_derived(office_key, b"autoenroll/salt/1"), said, "sha256")


def _item_key(office_key: bytes, salt: bytes, bound_to: bytes) -> bytes:
    return HKDF(SHA256(), KEY, salt, b"autoenroll/item/1\0" + bound_to).derive(office_key)


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY, None, purpose).derive(key)
