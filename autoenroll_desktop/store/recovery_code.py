"""The recovery code: 160 random bits that a person can print, keep in a drawer and type in again.

32 letters of Crockford's base 32 (no I, L, O, U) in groups of four, and three more that tell a slip of the pen.
"""

import os

from autoenroll_desktop.errors import AppError

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BYTES, _BODY, _CHECK = 20, 32, 3
_PRIME = 32_749
"""The largest prime three letters can tell: no single wrong letter leaves the rest of a division the same."""
_READ_AS = str.maketrans("OIL", "011", " -–\t\n\r")


def new_code() -> str:
    """A fresh code, such as "8F2K-…-Q7M"."""
    return _spelled(os.urandom(_BYTES))


def secret_of(code: str) -> bytes:
    """The 20 bytes behind a code, however it was typed.

    Raises:
        AppError: it is not a code; which letters are wrong cannot be told.
    """
    letters = code.upper().translate(_READ_AS)
    if len(letters) != _BODY + _CHECK or any(letter not in _LETTERS for letter in letters):
        raise AppError(
            "This is not a recovery code", f"it has {_BODY + _CHECK} letters and digits", "Look at the print"
        )
    number = 0
    for letter in letters[:_BODY]:
        number = number << 5 | _LETTERS.index(letter)
    secret = number.to_bytes(_BYTES, "big")
    if _check(secret) != letters[_BODY:]:
        raise AppError("The recovery code has a slip in it", "its last letters do not fit", "Compare it with the print")
    return secret


def _spelled(secret: bytes) -> str:
    number = int.from_bytes(secret, "big")
    body = "".join(_LETTERS[number >> (5 * at) & 31] for at in reversed(range(_BODY))) + _check(secret)
    return "-".join(body[at : at + 4] for at in range(0, len(body), 4))


def _check(secret: bytes) -> str:
    rest = int.from_bytes(secret, "big") % _PRIME
    return "".join(_LETTERS[rest >> (5 * at) & 31] for at in reversed(range(_CHECK)))
