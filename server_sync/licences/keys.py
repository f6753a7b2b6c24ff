"""The keys licences are signed with: their own, apart from those of tokens, for what they sign lives much longer.

`AUTOENROLL_LICENCE_KEY` holds 32-byte seeds in base64, separated by commas: the first signs, the next is ready to
follow it. Beside an embedded database a pair is made once and kept in a file only we can read. No key is ever in the
database.
"""

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server_sync.contract.licence import key_id
from server_sync.errors import ServiceError

VARIABLE = "AUTOENROLL_LICENCE_KEY"
FILE = "licence-keys"
HOW = "Make a pair with: autoenroll-server admin keys new"


class Signer:
    """The private keys. The first signs."""

    def __init__(self, seeds: tuple[bytes, ...]) -> None:
        self._keys = tuple(Ed25519PrivateKey.from_private_bytes(seed) for seed in seeds)

    def __repr__(self) -> str:
        return f"Signer({', '.join(self.names)})"

    @property
    def private(self) -> Ed25519PrivateKey:
        """The key that signs."""
        return self._keys[0]

    @property
    def names(self) -> tuple[str, ...]:
        """The ids of all keys, the signing one first."""
        return tuple(key_id(key.public_key().public_bytes_raw()) for key in self._keys)

    def shipped(self) -> str:
        """The public halves as they stand in the desktop's `resources/keys/licence.toml`."""
        publics = [key.public_key().public_bytes_raw() for key in self._keys]
        return "\n".join(
            f'[[key]]\nid = "{key_id(one)}"\npublic = "{base64.b64encode(one).decode()}"\n' for one in publics
        )


def new_pair() -> str:
    """Two fresh seeds, as the variable takes them."""
    return f"{_seed()},{_seed()}"


def rotated(value: str) -> str:
    """The variable after a rotation: the first key is dropped, the second signs, a fresh one follows.

    Raises:
        ServiceError: there is no second key to go over to; desktops would not know a fresh one.
    """
    seeds = [one.strip() for one in value.split(",") if one.strip()]
    read_seeds(value)
    if len(seeds) < 2:
        raise ServiceError("There is no second licence key to go over to", HOW)
    return ",".join((*seeds[1:], _seed()))


def read_seeds(value: str) -> tuple[bytes, ...]:
    """The seeds in the variable's value. Raises ServiceError."""
    try:
        texts = [one.strip().translate(str.maketrans("-_", "+/")) for one in value.split(",") if one.strip()]
        seeds = tuple(base64.b64decode(text, validate=True) for text in texts)
    except (binascii.Error, ValueError):
        seeds = ()
    if not seeds or any(len(seed) != 32 for seed in seeds):
        raise ServiceError(f"{VARIABLE} does not hold keys of 32 bytes in base64", HOW)
    return seeds


def load_seeds(env: Mapping[str, str], folder: Path, *, embedded: bool) -> str:
    """The variable's value, or the pair kept in `folder`; "" where a service beside its operator's database has none.

    Raises:
        ServiceError: they cannot be read, or not be kept.
    """
    value = env.get(VARIABLE, "") or (_kept(folder) if embedded else "")
    if value:
        read_seeds(value)
    return value


def _kept(folder: Path) -> str:
    """The pair made at first start. The public halves lie beside it, for a desktop run from source."""
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o711)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text(encoding="ascii").strip()
        value = new_pair()
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(value + "\n")
            file.flush()
            os.fsync(file.fileno())
        path.with_suffix(".toml").write_text(Signer(read_seeds(value)).shipped(), encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ServiceError(f"The licence keys in {path} cannot be used", "Give --data a folder we may write") from error
    return value


def _seed() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
