"""The keys releases are signed with: files on a stick in a safe, each closed with its own passphrase.

Ed25519 in PKCS#8, encrypted; a key on a card or in a vault works as well, through the signers of securesystemslib
(`hsm:`, `awskms:`, `azurekms:`, `gcpkms:`), where a role's key file holds such an address instead.
"""

import getpass
import os
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from securesystemslib.signer import CryptoSigner, Signer, SSlibKey

Ask = Callable[[str], str]


def ask_person(name: str) -> str:
    """The passphrase of a key, from the person at the keyboard (or AUTOENROLL_PASSPHRASE where nobody is)."""
    return os.environ.get("AUTOENROLL_PASSPHRASE") or getpass.getpass(f"Passphrase of {name}: ")


def make_key(path: Path, ask: Ask) -> SSlibKey:
    """Make a new key in `path`; its public half comes back. Raises SystemExit rather than overwrite one."""
    if path.exists():
        raise SystemExit(f"{path} is there already; a key is never overwritten")
    passphrase = ask(path.name)
    if len(passphrase) < 12:
        raise SystemExit("A passphrase of a release key has at least twelve characters")
    private = Ed25519PrivateKey.generate()
    path.parent.mkdir(parents=True, exist_ok=True)
    data = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode()))
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    return CryptoSigner(private).public_key


def open_key(path: Path, ask: Ask) -> Signer:
    """The signer of a key file. Raises SystemExit where the passphrase does not fit."""
    try:
        private = load_pem_private_key(path.read_bytes(), ask(path.name).encode())
    except (OSError, ValueError, TypeError) as error:
        raise SystemExit(f"{path} cannot be opened: {error}") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise SystemExit(f"{path} is no Ed25519 key")
    return CryptoSigner(private)
