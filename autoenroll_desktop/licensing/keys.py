"""The public keys licences are signed with. Two are shipped, so that one can be retired without a stranded office."""

import binascii
import tomllib
from base64 import b64decode
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from autoenroll_desktop.errors import AppError
from server_sync.contract.licence import key_id


def load_keys(path: Path) -> dict[str, bytes]:
    """The keys of a TOML file (`[[key]] public = "base64"`): 32 raw bytes each by their id.

    Raises:
        AppError: the file is missing or damaged; the installation is not whole.
    """
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["key"]
        publics = [b64decode(entry["public"], validate=True) for entry in entries]
        keys = {key_id(public): public for public in publics if Ed25519PublicKey.from_public_bytes(public)}
    except (OSError, ValueError, KeyError, TypeError, binascii.Error) as error:
        raise AppError(
            "The keys that licences are checked with cannot be read",
            path.name,
            "Install the program again; your data stays",
        ) from error
    return keys
