"""The service's own release keys: channels, snapshot, timestamp. Whoever has them can hold a build back or offer one.

They lie beside the generated keys of the service, readable by it alone: it has to sign at night without anybody. They
cannot sign a build, nor replace themselves; the root keys, which are never here, replace them.
"""

import json
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from securesystemslib.signer import CryptoSigner

from server_sync.errors import ServiceError

ONLINE = ("channels", "snapshot", "timestamp")


def make_keys(folder: Path) -> list[Path]:
    """Make the three keys in `folder`; the public halves, for the ceremony, come back.

    Raises ServiceError where one is there already: programs in the field trust it.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    public = []
    for name in ONLINE:
        private = Ed25519PrivateKey.generate()
        data = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        try:
            handle = os.open(folder / f"{name}.pem", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise ServiceError(f"The key {name} is there already", "A key is replaced by the ceremony") from error
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        key = CryptoSigner(private).public_key
        path = folder / f"{name}.pub"
        path.write_text(json.dumps({"keyid": key.keyid, **key.to_dict()}, indent=1) + "\n", encoding="utf-8")
        public.append(path)
    return public


def signer(folder: Path, name: str) -> CryptoSigner:
    """The signer of one of the keys. Raises ServiceError where it is not there."""
    try:
        private = load_pem_private_key((folder / f"{name}.pem").read_bytes(), None)
    except (OSError, ValueError) as error:
        raise ServiceError(
            f"The release key {name} cannot be read", "Run: autoenroll-server admin release new-keys"
        ) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise ServiceError(f"The release key {name} is of another kind")
    return CryptoSigner(private)


def there(folder: Path) -> bool:
    """Whether this service has release keys at all."""
    return all((folder / f"{name}.pem").exists() for name in ONLINE)
