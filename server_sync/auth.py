"""Proofs of who calls: challenges, tokens, signatures. Pure but for the clock and randomness, which are arguments or
the OS's.

A token says only which device of which office; what the device and its person may do is read from the database with
every request, so a revocation or a new role counts at once however long the token still runs.
"""

import base64
import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from uuid import UUID

import jwt
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from server_sync.contract.problems import Refused

LIFE = dt.timedelta(minutes=10)
CHALLENGE_LIFE = dt.timedelta(minutes=2)
ISSUER = "autoenroll-service"
CLAIMS = ("exp", "iat", "nbf", "aud", "iss", "sub", "jti", "ofc")
REMEMBERED = 20_000


@dataclass(frozen=True)
class Bearer:
    """Whose token it is."""

    office: UUID
    device: UUID
    expires_at: float


class Tokens:
    """Issues and checks tokens. `seeds`: Ed25519 private keys, the first signs, all are accepted."""

    def __init__(self, seeds: tuple[bytes, ...], audience: str) -> None:
        pairs = [Ed25519PrivateKey.from_private_bytes(seed) for seed in seeds]
        self._audience = audience
        self._signer = pairs[0]
        self._public = {_key_id(pair.public_key()): pair.public_key() for pair in pairs}
        self._signer_id = next(iter(self._public))
        self._known: dict[str, Bearer] = {}

    def issue(self, office: UUID, device: UUID, now: dt.datetime) -> tuple[str, dt.datetime]:
        """A token and when it lapses."""
        expires = now.replace(microsecond=0) + LIFE
        claims = {
            "iss": ISSUER, "aud": self._audience, "sub": str(device), "ofc": str(office),
            "jti": secrets.token_urlsafe(9), "iat": now, "nbf": now - dt.timedelta(seconds=5), "exp": expires,
        }  # fmt: skip
        return jwt.encode(claims, self._signer, algorithm="EdDSA", headers={"kid": self._signer_id}), expires

    def check(self, token: str, now: dt.datetime) -> Bearer:
        """Whose token this is. The signature is checked once and then remembered until the token lapses.

        Raises:
            Refused: unauthenticated.
        """
        bearer = self._known.get(token)
        if bearer is None:
            bearer = self._verify(token)
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[token] = bearer
        if bearer.expires_at <= now.timestamp():
            self._known.pop(token, None)
            raise Refused("unauthenticated", "the token has lapsed")
        return bearer

    def _verify(self, token: str) -> Bearer:
        try:
            key = self._public[str(jwt.get_unverified_header(token)["kid"])]
            # Times are compared by `check`, against the clock it is given.
            options = {"require": list(CLAIMS), "verify_exp": False, "verify_nbf": False, "verify_iat": False}
            claims = jwt.decode(
                token, key, algorithms=["EdDSA"], audience=self._audience, issuer=ISSUER, options=options  # type: ignore[arg-type]
            )  # fmt: skip
            return Bearer(UUID(claims["ofc"]), UUID(claims["sub"]), float(claims["exp"]))
        except (jwt.PyJWTError, KeyError, ValueError, TypeError) as error:
            raise Refused("unauthenticated", "the token is not one of ours") from error


class Challenges:
    """Challenges that carry their own proof, so that nothing is kept until one is answered. `secret`: 32 bytes."""

    def __init__(self, secret: bytes) -> None:
        self._secret = hmac.digest(secret, b"challenge", "sha256")

    def make(self, device: UUID, now: dt.datetime) -> tuple[str, dt.datetime]:
        """A challenge for a device and when it lapses."""
        expires = now.replace(microsecond=0) + CHALLENGE_LIFE
        start = f"{int(expires.timestamp())}.{secrets.token_urlsafe(16)}"
        return f"{start}.{self._proof(device, start)}", expires

    def check(self, device: UUID, challenge: str, now: dt.datetime) -> bytes:
        """The hash to mark this challenge as used by.

        Raises:
            Refused: unauthenticated; it is not ours, for another device, or has lapsed.
        """
        start, _, proof = challenge.rpartition(".")
        if not hmac.compare_digest(proof.encode(), self._proof(device, start).encode()):
            raise Refused("unauthenticated", "the challenge is not one of ours")
        if int(start.partition(".")[0]) <= now.timestamp():
            raise Refused("unauthenticated", "the challenge has lapsed")
        return hashlib.sha256(challenge.encode()).digest()

    def _proof(self, device: UUID, start: str) -> str:
        return _text(hmac.digest(self._secret, device.bytes + start.encode(), "sha256"))


def require_signature(key: bytes, signature: bytes, message: bytes, detail: str) -> None:
    """Check an Ed25519 signature.

    Raises:
        Refused: bad-signature, with `detail` saying which.
    """
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise Refused("bad-signature", detail) from error


def _key_id(key: Ed25519PublicKey) -> str:
    return _text(hashlib.sha256(key.public_bytes_raw()).digest()[:9])


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
