"""Sealing bytes and streams: AES-256-GCM with a random nonce, bound to what they are for.

A sealed thing opens only with its key and for its own purpose: a file put in another's place is refused like a
changed one. Streams are sealed in numbered chunks with a last one that says so, so that a file cut short is noticed.
"""

import os
import struct
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from autoenroll_desktop.errors import StoreFailed

KEY = 32
"""Bytes of every key."""
CHUNK = 1 << 20
_NONCE = 12
_MORE, _LAST = b"\x00", b"\x01"


class SealBroken(StoreFailed):
    """Something sealed was changed, cut short, or belongs to another key."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} cannot be opened",
            "its seal is broken: it was changed, is not whole, or belongs to another store",
            "Restore the store from a backup",
        )


def new_key() -> bytes:
    """32 random bytes from the operating system."""
    return os.urandom(KEY)


def derived(key: bytes, purpose: str, salt: bytes = b"") -> bytes:
    """Another key of 32 bytes from one: HKDF-SHA256 (RFC 5869)."""
    return HKDF(SHA256(), KEY, salt or None, purpose.encode()).derive(key)


def fingerprint(key: bytes, data: bytes) -> str:
    """A keyed hash in hex: says that two contents are alike only to whoever has the key."""
    made = HMAC(key, SHA256())
    made.update(data)
    return made.finalize().hex()


def seal(key: bytes, data: bytes, purpose: str) -> bytes:
    """Sealed bytes: nonce, then ciphertext with its tag."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, data, purpose.encode())


def unseal(key: bytes, sealed: bytes, purpose: str) -> bytes:
    """The bytes `seal` was given for the same purpose. Raises SealBroken."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], purpose.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken("What was sealed") from error


class Sealer:
    """Seals a stream into a file, in numbered chunks. The key must be used for one stream only."""

    def __init__(self, key: bytes, file: IO[bytes], purpose: str) -> None:
        self._cipher, self._file, self._purpose = AESGCM(key), file, purpose.encode()
        self._number, self._waiting = 0, bytearray()

    def write(self, data: bytes) -> int:
        """Take more bytes."""
        self._waiting += data
        while len(self._waiting) > CHUNK:
            self._put(bytes(self._waiting[:CHUNK]), _MORE)
            del self._waiting[:CHUNK]
        return len(data)

    def finish(self) -> None:
        """Write the last chunk; without it the stream counts as cut short."""
        self._put(bytes(self._waiting), _LAST)
        self._waiting.clear()

    def _put(self, part: bytes, mark: bytes) -> None:
        sealed = self._cipher.encrypt(_nonce_of(self._number), part, self._purpose + mark)
        self._file.write(struct.pack(">I", len(sealed)) + mark + sealed)
        self._number += 1


class Unsealer:
    """Reads what `Sealer` wrote. `read` raises SealBroken where it was changed or cut short."""

    def __init__(self, key: bytes, file: IO[bytes], purpose: str) -> None:
        self._cipher, self._file, self._purpose = AESGCM(key), file, purpose.encode()
        self._number, self._ready, self._ended = 0, bytearray(), False

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes, all that is left for -1; fewer at the end only."""
        while not self._ended and (size < 0 or len(self._ready) < size):
            self._ready += self._chunk()
        end = len(self._ready) if size < 0 else size
        part = bytes(self._ready[:end])
        del self._ready[:end]
        return part

    def _chunk(self) -> bytes:
        head = self._file.read(5)
        length = struct.unpack(">I", head[:4])[0] if len(head) == 5 else 0
        if not 0 < length <= CHUNK + 64:
            raise SealBroken("The sealed file")
        mark = head[4:]
        try:
            part = self._cipher.decrypt(_nonce_of(self._number), self._file.read(length), self._purpose + mark)
        except (InvalidTag, ValueError) as error:
            raise SealBroken("The sealed file") from error
        self._number, self._ended = self._number + 1, mark == _LAST
        if self._ended and self._file.read(1):
            raise SealBroken("The sealed file")
        return part


def _nonce_of(number: int) -> bytes:
    return struct.pack(">4xQ", number)
