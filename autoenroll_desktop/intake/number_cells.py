"""Cells a workbook holds as numbers, kept as numbers until somebody asks for their text.

Excel stores 2000.10 as the nearest binary fraction. A number is taken for an amount only where it is exactly the
fraction nearest to a whole number of cents, which is what makes its shortest text end after two decimals; anything
else goes through its text, as a cell of a CSV would.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from autoenroll_desktop.intake.cells import Bools, Cells, Chars, Ints, ListCells

Floats = npt.NDArray[np.float64]
_SURE = 1e11
"""Amounts up to which hundredths and their nearest binary fractions belong together one to one."""
_WHOLE = 2.0**53
"""Whole numbers below it have all their digits."""


def number_text(number: float) -> str:
    """The shortest text of a number, without a decimal point where it is whole.

    Example: 12.0 is "12", 0.1 is "0.1".
    """
    return str(int(number)) if number.is_integer() and abs(number) < _WHOLE else repr(number)


def _text(number: float) -> str:
    return "" if number != number else number_text(number)  # noqa: PLR0124 - only NaN differs from itself


class NumberCells(Cells):
    """Cells that are numbers or empty. `numbers` is float64, NaN where empty."""

    __slots__ = ("_texts", "numbers")

    def __init__(self, numbers: Floats) -> None:
        self.numbers = numbers
        self._texts: list[str] | None = None

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, at: int) -> str:  # type: ignore[override]
        return _text(float(self.numbers[at]))

    def texts(self) -> list[str]:
        if self._texts is None:
            whole = np.trunc(self.numbers) == self.numbers
            if whole.all() and (np.abs(self.numbers) < _WHOLE).all():
                self._texts = [*map(str, self.numbers.astype(np.int64).tolist())]
            else:
                self._texts = [*map(_text, self.numbers.tolist())]
        return self._texts

    def coded(self) -> tuple[Ints, list[str]]:
        codes, distinct = pd.factorize(self.numbers, use_na_sentinel=False)
        return codes.astype(np.int64), [*map(_text, distinct.tolist())]

    def chars(self, width: int) -> Chars:
        return ListCells(self.texts()).chars(width)

    def blank(self) -> Bools:
        return np.isnan(self.numbers)

    def may_hold(self, text: str) -> bool:  # noqa: ARG002 - no text at all
        return False

    def untidy(self) -> Ints:
        return np.zeros(0, dtype=np.int64)

    def take(self, positions: Ints) -> "NumberCells":
        return NumberCells(self.numbers[positions])

    def cents(self) -> tuple[Ints, Bools]:
        """The cells as cents, and which of them certainly are amounts; the others are left to their text."""
        known = np.where(np.abs(self.numbers) < _SURE, self.numbers, 0.0)
        cents = np.rint(known * 100)
        sure: Bools = (cents / 100 == self.numbers) & (np.abs(self.numbers) < _SURE)
        return np.where(sure, cents, 0).astype(np.int64), sure


def cells_of(values: Sequence[Any], text: Callable[[Any], str]) -> Cells:
    """A column of a workbook: numbers and empty cells stay numbers, anything else becomes `text`."""
    kinds = set(map(type, values))
    if kinds == {str}:
        return ListCells([*values])
    if kinds == {float}:
        return NumberCells(np.array(values, dtype=np.float64))
    if kinds == {float, str} and all(value == "" for value in values if type(value) is str):
        return NumberCells(np.array([np.nan if type(value) is str else value for value in values], dtype=np.float64))
    return ListCells([*map(text, values)])
