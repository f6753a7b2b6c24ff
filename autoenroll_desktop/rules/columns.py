"""The columns of a run's lines, with what rule after rule asks of them worked out once.

Asking pandas whether 20,000 texts are there, or which words they are, costs as much as a whole rule; a check has ninety
rules. So a text column is numbered once (`Coded`) and rules compare whole numbers.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from autoenroll_desktop.domain.finding import Ints

Bools = npt.NDArray[np.bool_]
Objects = npt.NDArray[np.object_]


class Coded(NamedTuple):
    """A column as the number of each cell's word, -1 where missing, and the words by number, as they are met."""

    codes: Ints
    words: Objects

    def told(self, judge: Callable[[str], bool]) -> Bools:
        """Cells whose word is judged so; each word is asked once, and a missing cell is none of them."""
        return self.by_word([judge(word) for word in self.words], missing=False).astype(np.bool_)

    def by_word(self, values: Any, missing: Any) -> npt.NDArray[Any]:
        """The value of each cell's word, given one value a word in the order of `words`."""
        return np.append(np.asarray(values, dtype=object if missing is None else None), [missing])[self.codes]


def several(codes: Ints) -> Bools:
    """Where a number stands more than once; -1 is none."""
    times = np.bincount(codes + 1, minlength=1)
    times[0] = 0
    more: Bools = (times > 1)[codes + 1]
    return more


class Columns:
    """A frame's columns, each taken out of it once. What comes back is shared, so arrays cannot be written into."""

    def __init__(self, lines: pd.DataFrame) -> None:
        self.lines = lines
        self._series: dict[str, pd.Series[Any]] = {}
        self._there: dict[str, Bools] = {}
        self._cents: dict[str, Ints] = {}
        self._coded: dict[str, Coded] = {}
        self._grouped: dict[tuple[str, ...], Ints] = {}

    def __getitem__(self, field: str) -> "pd.Series[Any]":
        if field not in self._series:
            self._series[field] = self.lines[field]
        return self._series[field]

    def there(self, field: str) -> Bools:
        """Where the field is not missing."""
        if field not in self._there:
            self._there[field] = _sealed(self[field].notna().to_numpy())
        return self._there[field]

    def cents(self, field: str) -> Ints:
        """A money column with 0 where missing: right for sums, never for a statement about one payment."""
        if field not in self._cents:
            self._cents[field] = _sealed(self[field].to_numpy(np.int64, na_value=0))
        return self._cents[field]

    def total(self, *fields: str) -> Ints:
        """The sum of money columns, missing counting as 0."""
        nothing = np.zeros(len(self.lines), dtype=np.int64)
        return sum((self.cents(field) for field in fields if self.there(field).any()), start=nothing)

    def coded(self, field: str) -> Coded:
        """A text column as numbers."""
        if field not in self._coded:
            codes, words = pd.factorize(self[field].to_numpy(object))
            self._coded[field] = Coded(_sealed(codes.astype(np.int64)), _sealed(np.asarray(words, dtype=object)))
        return self._coded[field]

    def grouped(self, *fields: str) -> Ints:
        """A number from 0 on for each combination of words of text columns, missing being a word like any other."""
        if fields not in self._grouped:
            number = np.zeros(len(self.lines), dtype=np.int64)
            for field in fields:
                codes, words = self.coded(field)
                number = number * (len(words) + 1) + codes + 1
            self._grouped[fields] = _sealed(pd.factorize(number)[0].astype(np.int64))
        return self._grouped[fields]


def _sealed(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """A view of the array that cannot be written into."""
    view = array.view()
    view.flags.writeable = False
    return view
