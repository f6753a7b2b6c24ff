"""PPSN, employer registration number and employment ID: their shape, and the check letter the first two share.

A PPSN is seven digits, a check letter A-W and sometimes a second letter. The check letter is the weighted sum of the
digits (weights 8 to 2) plus nine times the value of the second letter (A=1 … I=9; the old suffixes W, T and X count
nothing), modulo 23: 0 is W, 1 is A … 22 is V. The old suffix Z stands in the place of a real second letter, so its
check cannot be recomputed and both A and B are tried. An employer registration number follows the same check.
Source: Revenue, Employment ID Guide and REST schema; the PPS check as published for 2013.
"""

import re
from enum import IntEnum
from typing import NamedTuple

LETTERS = "WABCDEFGHIJKLMNOPQRSTUV"
OLD_SUFFIXES = "WTXZ"
_PPSN = re.compile(r"[0-9]{7}[A-W][A-IWTXZ]?", re.ASCII)
_EMPLOYMENT_ID = re.compile(r"[A-Za-z0-9_-]{1,20}", re.ASCII)
_MASKED = re.compile(r"[0-9]*[•*·●∙xX?#]{2,}[0-9]*[A-Za-z]{0,2}")


class Check(IntEnum):
    """What is known about an identifier, from best to worst."""

    GOOD = 0
    BAD_LETTER = 1
    BAD_FORMAT = 2
    MISSING = 3


class Explained(NamedTuple):
    """A number's check, told.

    Attributes:
        number: the normalised number (upper case, no spaces, a surplus leading zero dropped).
        check: the outcome. total: the weighted sum. expected: the letter that sum asks for ("" when not computable).
        zero_padded: eight digits came in with a leading zero that had to be dropped.
        masked: bullets, stars or X stand in place of digits.
    """

    number: str
    check: Check
    total: int | None = None
    expected: str = ""
    zero_padded: bool = False
    masked: bool = False


def is_employment_id(text: str) -> bool:
    """Whether `text` has the shape of an employment ID: up to 20 of A-Z a-z 0-9 _ and - (Revenue item employmentID)."""
    return bool(_EMPLOYMENT_ID.fullmatch(text))


def explain(text: str) -> Explained:
    """Check a PPSN or employer registration number and say how the letter comes about.

    Example: "1234567FA" sums to 121, 121 mod 23 = 6, which asks for F: good.
    """
    number = re.sub(r"[\s.-]", "", text).upper()
    if not number:
        return Explained(number, Check.MISSING)
    if _MASKED.fullmatch(re.sub(r"\s", "", text)):
        return Explained(number, Check.BAD_FORMAT, masked=True)
    padded = bool(re.fullmatch(r"0[0-9]{7}[A-W][A-IWTXZ]?", number, re.ASCII))
    if padded:
        number = number[1:]
    if not _PPSN.fullmatch(number):
        return Explained(number, Check.BAD_FORMAT)
    digits = sum(int(digit) * weight for digit, weight in zip(number[:7], range(8, 1, -1), strict=True))
    if number[8:] == "Z":
        totals = [digits + 9, digits + 18]
    else:
        totals = [digits + 9 * (0 if number[8:] in ("", *"WTX") else ord(number[8]) - 64)]
    for total in totals:
        if LETTERS[total % 23] == number[7]:
            return Explained(number, Check.GOOD, total, number[7], padded)
    return Explained(number, Check.BAD_LETTER, totals[0], LETTERS[totals[0] % 23], padded)


HIDDEN = "•"
"""Stands for a character of a masked PPSN."""


def mask_ppsn(text: str) -> str:
    """A PPSN with its first five characters hidden: 1234567T is •••••67T."""
    return HIDDEN * min(5, len(text)) + text[5:]
