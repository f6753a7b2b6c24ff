"""Looks into the decrypted pages of a database file, free ones included: what SQL no longer shows may still be there.

A page of SQLCipher 4 is AES-256-CBC ciphertext, 16 bytes of IV and 64 of HMAC; the first one begins with 16 bytes of
salt. With a raw key the key is used as it is (SQLCipher design document, "Raw Key Data").
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

PAGE, SALT, IV, RESERVE = 4096, 16, 16, 80
_MANY = 1024 * PAGE
_NUMBER = re.compile(rb"[0-9]{7}[A-Za-z]{1,2}")
"""PPSNs and employer numbers."""


def found_in_pages(database: Path, key: bytes, numbers: Iterable[str], secrets: Iterable[bytes]) -> int:
    """How many PPSNs or employer numbers, and how many other byte strings, are in a database file or its log.

    They are looked for in the file as it lies there, in its log, and in its decrypted pages, in one pass over each.
    """
    wanted = {number.encode().upper() for number in numbers}
    left = [*secrets]
    seen: set[bytes] = set()
    log = database.with_name(f"{database.name}-wal")
    for piece in chain(_pieces(database), _pieces(log), decrypted_pages(database, key)):
        seen.update(wanted.intersection(one.upper() for one in _NUMBER.findall(piece)))
        seen.update(one for one in left if one in piece)
    return len(seen)


def decrypted_pages(database: Path, key: bytes) -> Iterator[bytes]:
    """The pages of a database file in the clear, without their reserve, some at a time."""
    first = True
    for data in _pieces(database):
        clear = []
        for at in range(0, len(data) - PAGE + 1, PAGE):
            page = data[at + (SALT if first else 0) : at + PAGE]
            first, end = False, len(page) - RESERVE
            decryptor = Cipher(AES(key), CBC(page[end : end + IV])).decryptor()
            clear.append(decryptor.update(page[:end]) + decryptor.finalize())
        yield b"".join(clear)


def _pieces(path: Path) -> Iterator[bytes]:
    if not path.exists():
        return
    with path.open("rb") as file:
        while piece := file.read(_MANY):
            yield piece
