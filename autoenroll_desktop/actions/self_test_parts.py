"""The parts of the self-test that need none of our files: what a frozen build loses most easily.

Each returns what is wrong, or "". A part that the machine simply has not (a vault for secrets on a bare server) is
not wrong: the program says so where it matters and goes on.
"""

import ssl
import tempfile
from collections.abc import Callable
from pathlib import Path

from autoenroll_desktop.store.self_test import vault


def written_workbooks() -> str:
    """New workbooks are written and read back, by both libraries that do it."""
    import openpyxl
    import xlsxwriter

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "one.xlsx"
        with xlsxwriter.Workbook(str(path)) as book:
            book.add_worksheet("Pay").write(0, 0, "Séamus €")
        again = openpyxl.load_workbook(path)
        again.save(path)
        return "" if openpyxl.load_workbook(path)["Pay"]["A1"].value == "Séamus €" else "not read back as written"


def keys() -> str:
    """Signatures, sealed boxes and keys from a passphrase."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    pen = Ed25519PrivateKey.generate()
    pen.public_key().verify(pen.sign(b"a"), b"a")
    one, other = X25519PrivateKey.generate(), X25519PrivateKey.generate()
    if one.exchange(other.public_key()) != other.exchange(one.public_key()):
        return "no shared secret"
    for cipher in (AESGCM(bytes(32)), ChaCha20Poly1305(bytes(32))):
        if cipher.decrypt(bytes(12), cipher.encrypt(bytes(12), b"a", None), None) != b"a":
            return "not opened again"
    made = Argon2id(salt=bytes(16), length=32, iterations=1, lanes=1, memory_cost=64).derive(b"a")
    return "" if len(made) == 32 else "no key"


def tls() -> str:
    """TLS with the system's own certificates."""
    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return "" if context.verify_mode is ssl.CERT_REQUIRED and ssl.HAS_TLSv1_3 else "certificates would not be checked"


def updates() -> str:
    """What verifies updates."""
    from tuf.ngclient import Updater

    from autoenroll_desktop.sync.connection import session

    session().close()
    return "" if hasattr(Updater, "refresh") else "not the library we know"


INSTALLATION: tuple[tuple[str, Callable[[], str]], ...] = (
    ("Excel, written", written_workbooks),
    ("keys and ciphers", keys),
    ("vault of the system", vault),
    ("TLS", tls),
    ("updates", updates),
)
"""What is tried, in order."""
