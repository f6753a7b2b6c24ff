"""PPSNs as people write them, put into one piece, capitals and seven digits; nothing that would make up a number."""

import re

from autoenroll_desktop.domain.identifiers import Check, explain
from autoenroll_desktop.intake.cells import Bools, Chars

_SHORT_PPSN = re.compile(r"[0-9]{5,6}[A-Wa-w][A-Ia-iWwTtXxZz]?", re.ASCII)
_SMALL_PPSN = re.compile(r"[0-9]{5,8}[A-Za-z]{1,2}", re.ASCII)
_SPACED_PPSN = re.compile(r"[0-9][0-9 .-]{5,12}[A-Za-z][A-Za-z ]{0,3}", re.ASCII)


def looks_plain(cells: Chars) -> Bools:
    """Which cells are seven digits and one or two capital letters."""
    chars, lengths = cells
    digits = ((chars[:7] >= 48) & (chars[:7] <= 57)).all(axis=0)
    letters = (chars[7:9] >= 65) & (chars[7:9] <= 90)
    plain: Bools = digits & letters[0] & ((lengths == 8) | ((lengths == 9) & letters[1]))
    return plain


def _capital(cell: str) -> str:
    return cell.upper() if _SMALL_PPSN.fullmatch(cell) else cell


def _unspaced(cell: str) -> str | None:
    """A PPSN written in groups, as on a card ("1234567 T"), in one piece."""
    return re.sub(r"[ .-]", "", cell) if _SPACED_PPSN.fullmatch(cell) and re.search(r"[ .-]", cell) else None


def _restored_zero(cell: str) -> str | None:
    """A PPSN whose leading zeros a spreadsheet dropped, if putting them back makes it pass."""
    if len(cell) > 8 or not _SHORT_PPSN.fullmatch(cell):
        return None
    letters = cell.lstrip("0123456789")
    padded = cell[: len(cell) - len(letters)].zfill(7) + letters
    return padded if explain(padded).check is Check.GOOD else None


MENDS = (("ppsn-spacing", _unspaced), ("ppsn-case", _capital), ("lost-zero", _restored_zero))
"""What is put right, in this order: the cause, and a function giving the better text, or None or the same for none."""
