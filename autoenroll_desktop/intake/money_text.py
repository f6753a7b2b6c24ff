"""Amounts as people and reports write them, turned into cents; and whole columns of them at once.

Accepted, and noted as cleaned: a euro sign, thousands commas, brackets or a trailing minus for negatives, spaces, and
the noise a spreadsheet's floating point leaves behind (30.000000000000004). Refused: NaN, Infinity, exponents,
fractions of a cent, and decimal commas (1.234,56) unless a person chose them for the file.
"""

import re
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from autoenroll_desktop.domain.money import LARGEST
from autoenroll_desktop.intake.cells import Cells, Chars
from autoenroll_desktop.intake.number_cells import NumberCells
from autoenroll_desktop.intake.tidy import tidy

_SIMPLE = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,2})0*)?", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?", re.ASCII)
_CONTINENTAL = re.compile(r"(?:[0-9]{1,3}(?:[. ][0-9]{3})+|[0-9]{1,12})(?:,[0-9]{1,2})?", re.ASCII)
_NOISY = re.compile(r"[0-9]{1,9}\.[0-9]{7,17}", re.ASCII)
_WIDTH = 16


class Money(NamedTuple):
    """Cents, and what had to be cleaned to read them ("" for nothing)."""

    cents: int
    cleaned: str


def read_money(cell: str, *, comma: bool = False) -> Money | None:  # noqa: C901, PLR0912 - a branch a habit
    """One amount, or None where it cannot be read as one. `comma`: the decimal mark is a comma, as a person chose.

    Example: "(€1,234.50)" is -123450 cents, cleaned "brackets".
    """
    text = tidy(cell)
    cleaned = ""
    negative = False
    if text.startswith("(") and text.endswith(")"):
        text, negative, cleaned = text[1:-1].strip(), True, "brackets"
    elif text.endswith("-"):
        text, negative, cleaned = text[:-1].strip(), True, "trailing-minus"
    if text[:1] in ("-", "+", "−"):
        if negative:
            return None
        negative, text = text[0] != "+", text[1:].strip()
    for sign in ("€", "EUR"):
        if text.startswith(sign) or text.endswith(sign):
            text, cleaned = text.removeprefix(sign).removesuffix(sign).strip(), cleaned or "euro-sign"
            if text.startswith("-") and not negative:
                negative, text = True, text[1:]
    if comma:
        if not _CONTINENTAL.fullmatch(text):
            return None
        text, cleaned = text.replace(".", "").replace(" ", "").replace(",", "."), cleaned or "decimal-comma"
    elif _GROUPED.fullmatch(text):
        text, cleaned = text.replace(",", ""), cleaned or "thousands"
    if not cleaned and (" " in cell or tidy(cell) != cell):
        cleaned = "spaces"
    found = _SIMPLE.fullmatch(text)
    if found:
        amount = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))
    elif _NOISY.fullmatch(text) and abs(Decimal(text) - round(Decimal(text), 2)) < Decimal("0.000001"):
        amount = int(round(Decimal(text), 2) * 100)
    else:
        return None
    return Money(-amount if negative else amount, cleaned) if amount <= LARGEST else None


class MoneyColumn(NamedTuple):
    """A column of amounts. `cents` is int64, `missing` and `unreadable` are bool, `cleaned` maps cause → positions."""

    cents: npt.NDArray[np.int64]
    missing: npt.NDArray[np.bool_]
    unreadable: npt.NDArray[np.bool_]
    cleaned: dict[str, npt.NDArray[np.int64]]


def money_column(cells: Cells, *, comma: bool = False) -> MoneyColumn:
    """`read_money` over a column: plain amounts as a matrix of characters, the others one by one."""
    size = len(cells)
    numbers = isinstance(cells, NumberCells)
    cents, plain = cells.cents() if isinstance(cells, NumberCells) else _plain_amounts(cells.chars(_WIDTH))
    if comma and not numbers:
        plain = plain & (cents % 100 == 0) & ~_has_point(cells.chars(_WIDTH))
    missing = np.zeros(size, dtype=bool)
    unreadable = np.zeros(size, dtype=bool)
    cleaned: dict[str, list[int]] = {}
    known: dict[str, Money | None] = {}
    if not plain.all():
        missing = cells.blank()
        for at in np.flatnonzero(~plain & ~missing).tolist():
            cell = cells[at]
            if cell not in known:
                known[cell] = read_money(cell, comma=comma and not numbers)
            read = known[cell]
            if read is None:
                unreadable[at] = True
            else:
                cents[at] = read.cents
                if read.cleaned:
                    cleaned.setdefault(read.cleaned, []).append(at)
    return MoneyColumn(cents, missing, unreadable, {cause: np.array(at, np.int64) for cause, at in cleaned.items()})


def _has_point(cells: Chars) -> npt.NDArray[np.bool_]:
    """Which cells hold a full stop; under a decimal comma it parts thousands."""
    found: npt.NDArray[np.bool_] = (cells.matrix == ord(".")).any(axis=0)
    return found


_SCALES = np.array([100, 0, 10, 1], dtype=np.int64)
"""What digits are multiplied by to be cents, by the number of decimals from -1 (no point) to 2."""


def _plain_amounts(cells: Chars) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Cents of cells such as "1234.5" or "-0.75", and which cells have that shape.

    The value is built one character position at a time, over the whole column.
    """
    chars, length = cells
    negative = chars[0] == ord("-")
    value = np.zeros(len(length), dtype=np.int64)
    decimals = np.full(len(length), -1, dtype=np.int8)
    good = (length > negative) & (length <= _WIDTH)
    for place in range(min(_WIDTH, int(length.max(initial=0)))):
        char = chars[place]
        digit = (char >= 48) & (char <= 57)
        point = (char == ord(".")) & (decimals < 0) & (place > negative)
        good &= digit | point | (place >= length) | (negative & (place == 0))
        np.copyto(value, value * 10 + (char - 48), where=digit)
        decimals += (digit & (decimals >= 0)) | point
    good &= (decimals != 0) & (decimals <= 2) & (length - negative <= 13)
    scaled = value * _SCALES[np.minimum(decimals, 2) + 1]
    good &= scaled <= LARGEST
    return np.where(negative, -scaled, scaled) * good, good
