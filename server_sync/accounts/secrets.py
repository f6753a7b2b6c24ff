"""What the service keeps of people's secrets: keyed hashes of e-mail addresses, Argon2id of passwords, sealed one-
time secrets.
"""

import hmac
import os
import threading

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from server_sync.contract.problems import Refused

MEMORY_KIB, PASSES, LANES = 19_456, 2, 1
"""OWASP's profile for servers: about 40 ms; four times that would let sign-ins take a small service."""
STEP = 30
"""Seconds of one code."""


class Secrets:
    """Hashes and seals under the service's secret key (32 bytes)."""

    def __init__(self, key: bytes) -> None:
        self._email = hmac.digest(key, b"email", "sha256")
        self._request = hmac.digest(key, b"request", "sha256")
        self._codes = hmac.digest(key, b"codes", "sha256")
        self._one_at_a_time = threading.Lock()

    def email_hash(self, email: str) -> bytes:
        """What an address is found by, 32 bytes."""
        return hmac.digest(self._email, email.strip().lower().encode(), "sha256")

    def fingerprint(self, *parts: bytes) -> bytes:
        """What two requests are told apart by, 32 bytes; keyed, for a request may hold a password."""
        mac = hmac.new(self._request, digestmod="sha256")
        for part in parts:
            mac.update(len(part).to_bytes(8, "big") + part)
        return mac.digest()

    def hash_password(self, password: str) -> str:
        """Argon2id in PHC form."""
        with _Turn(self._one_at_a_time):
            made: str = _argon2(os.urandom(16)).derive_phc_encoded(password.encode())
        return made

    def password_fits(self, password: str, kept: str | None) -> bool:
        """Whether a password is the one that was hashed; takes as long where there is none to compare with."""
        with _Turn(self._one_at_a_time):
            if kept is None:
                _argon2(b"\0" * 16).derive(password.encode())
                return False
            try:
                Argon2id.verify_phc_encoded(password.encode(), kept)
            except (InvalidKey, ValueError):
                return False
        return True

    def seal_codes(self, secret: bytes, person: bytes) -> bytes:
        """A one-time secret, sealed for one person."""
        nonce = os.urandom(12)
        return nonce + ChaCha20Poly1305(self._codes).encrypt(nonce, secret, person)

    def code_step(self, sealed: bytes, person: bytes, code: str, now: float, last: int) -> int | None:
        """The step (30 s since 1970) a code is of, one before and one after now allowed, or None. No step counts
        twice.
        """
        secret = ChaCha20Poly1305(self._codes).decrypt(sealed[:12], sealed[12:], person)
        return step_of(secret, code, now, last)


def step_of(secret: bytes, code: str, now: float, last: int) -> int | None:
    """The step after `last` a code is of, or None (RFC 6238 with SHA-1, six digits, 30 s)."""
    generator = TOTP(secret, 6, SHA1(), STEP)  # noqa: S303 - what authenticator apps speak
    here = int(now) // STEP
    for step in (here, here - 1, here + 1):
        if step > last and hmac.compare_digest(generator.generate(step * STEP), code.encode()):
            return step
    return None


def _argon2(salt: bytes) -> Argon2id:
    return Argon2id(salt=salt, length=32, iterations=PASSES, lanes=LANES, memory_cost=MEMORY_KIB)


class _Turn:
    """One password at a time: more would take every core from those who are signed in."""

    def __init__(self, lock: threading.Lock) -> None:
        self._lock = lock

    def __enter__(self) -> None:
        if not self._lock.acquire(timeout=5):
            raise Refused("busy", retry_after=5)

    def __exit__(self, *_: object) -> None:
        self._lock.release()
