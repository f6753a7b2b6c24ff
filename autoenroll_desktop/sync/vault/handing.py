"""Handing the office key over: HPKE (RFC 9180) to a new device's sealing key, or to the key of the recovery code.

Base mode with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and ChaCha20-Poly1305, as `cryptography` does it: the 32 bytes of
the encapsulated key, then the ciphertext. HPKE says nothing about who sealed; that is what the approver's signature is
for (`signing.approval`). All generations travel together, so that a new device reads what is older than it.
"""

from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from autoenroll_desktop.sync.vault.refusals import ApprovalForged, CodeWrong, Tampered
from autoenroll_desktop.sync.vault.sealing import KEY, OfficeKeys
from server_sync.contract import signing

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
MOST = 80
"""Generations that travel together: 4,096 bytes hold some more. The first and the newest ones do."""


def hand_over(keys: OfficeKeys, office: UUID, sealing_key: bytes) -> bytes:
    """The office keys sealed to a public X25519 key of 32 bytes."""
    chosen = sorted(keys.by_generation)
    chosen = chosen if len(chosen) <= MOST else [chosen[0], *chosen[1 - MOST :]]
    packed = msgspec.msgpack.encode({number: keys.by_generation[number] for number in chosen})
    return SUITE.encrypt(packed, X25519PublicKey.from_public_bytes(sealing_key), _info(office, sealing_key))


def take_over(private: X25519PrivateKey, office: UUID, sealed: bytes) -> OfficeKeys:
    """The office keys that were sealed to this key. Raises Tampered."""
    mine = private.public_key().public_bytes_raw()
    try:
        packed = SUITE.decrypt(sealed, private, _info(office, mine))
        found = msgspec.msgpack.decode(packed, type=dict[int, bytes])
    except (InvalidTag, ValueError, msgspec.MsgspecError):
        raise Tampered from None
    if not found or any(len(key) != KEY for key in found.values()):
        raise Tampered
    return OfficeKeys(found)


def recovery_keys(secret: bytes) -> tuple[Ed25519PrivateKey, X25519PrivateKey]:
    """The two key pairs behind a recovery code's secret: one signs, one opens."""
    sign, open_ = (HKDF(SHA256(), KEY, None, b"autoenroll/recovery/1/" + part).derive(secret) for part in _PARTS)
    return Ed25519PrivateKey.from_private_bytes(sign), X25519PrivateKey.from_private_bytes(open_)


_PARTS = (b"sign", b"open")


def take_over_by_code(secret: bytes, office: UUID, signing_key: bytes, sealed: bytes) -> OfficeKeys:
    """The office keys by the recovery code. Raises CodeWrong, Tampered.

    Args:
        signing_key: the public half the service has of the code that counts now.
    """
    signer, opener = recovery_keys(secret)
    if signer.public_key().public_bytes_raw() != signing_key:
        raise CodeWrong
    return take_over(opener, office, sealed)


def check_approval(
    approver_key: bytes, office: UUID, device: UUID, own_keys: tuple[bytes, bytes], handed: tuple[int, bytes, bytes]
) -> None:
    """Check that the device whose words were compared let this device in. Raises ApprovalForged.

    Args:
        approver_key: the approver's public signing key, as it was compared and not as the service tells it.
        own_keys: this device's public signing and sealing keys.
        handed: generation, sealed key and signature as they came.
    """
    generation, sealed, signature = handed
    said = signing.approval(office, device, *own_keys, generation, sealed)
    try:
        Ed25519PublicKey.from_public_bytes(approver_key).verify(signature, said)
    except (InvalidSignature, ValueError):
        raise ApprovalForged from None


def _info(office: UUID, sealing_key: bytes) -> bytes:
    return b"autoenroll/office-key/1\0" + office.bytes + sealing_key
