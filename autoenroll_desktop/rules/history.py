"""What came before a payment: the employment's last one, and sums over the weeks up to a pay date.

Payments are kept sorted by whose they are and when they were made, as one int64 key, so that every question is a
binary search over whole columns.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from autoenroll_desktop.domain.finding import Ints
from autoenroll_desktop.rules.columns import Coded

_DAYS = 1_000_000
"""More than any day number, so that who x _DAYS + day keeps people apart."""
NO_DAY = -1


def day_numbers(dates: "pd.Series[Any]") -> Ints:
    """Days since 1970 of a column of dates, `NO_DAY` where missing."""
    days = dates.to_numpy("datetime64[D]")
    return np.where(np.isnat(days), NO_DAY, days.astype(np.int64))


class Payments:
    """Payments by whose they are and when.

    Args:
        who: int64 code of a person or employment, -1 for nobody. days: days since 1970, `NO_DAY` where unknown.
            Both as long as the payments; those of nobody and of no day are left out.
    """

    def __init__(self, who: Ints, days: Ints) -> None:
        known = np.flatnonzero((who >= 0) & (days >= 0))
        key = who[known] * _DAYS + days[known]
        order = np.argsort(key, kind="stable")
        self.rows = known[order]
        """Positions of the payments in order of person and day."""
        self._key = key[order]

    def running(self, amounts: Ints) -> Ints:
        """Running sums of `amounts` (as long as the payments given) in order of person and day, for `total`."""
        sums: Ints = np.concatenate([[0], np.cumsum(amounts[self.rows])]).astype(np.int64)
        return sums

    def last_before(self, who: Ints, days: Ints) -> Ints:
        """The row of the latest payment of `who` before each of `days`, -1 where there is none."""
        at = np.searchsorted(self._key, who * _DAYS + days, side="left") - 1
        there = (at >= 0) & (who >= 0) & (days >= 0)
        there[there] = self._key[at[there]] // _DAYS == who[there]
        found = np.full(len(who), -1, dtype=np.int64)
        found[there] = self.rows[at[there]]
        return found

    def count(self, who: Ints, start: Ints, end: Ints) -> Ints:
        """How many payments of `who` were made after `start` and up to `end` (day numbers)."""
        first, beyond = self._between(who, start, end)
        number: Ints = beyond - first
        return number

    def total(self, running: Ints, who: Ints, start: Ints, end: Ints) -> Ints:
        """Sums of the amounts whose `running` sums these are, over payments after `start` and up to `end`."""
        first, beyond = self._between(who, start, end)
        sums: Ints = running[beyond] - running[first]
        return sums

    def first_day(self, who: Ints, start: Ints, end: Ints) -> Ints:
        """The day of the earliest payment after `start` and up to `end`, `NO_DAY` where there is none."""
        first, beyond = self._between(who, start, end)
        there = beyond > first
        days = np.full(len(who), NO_DAY, dtype=np.int64)
        days[there] = self._key[first[there]] % _DAYS
        return days

    def _between(self, who: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
        nobody = (who < 0) | (end < 0)
        low = np.where(nobody, 0, who * _DAYS + np.maximum(start, -1))
        high = np.where(nobody, 0, who * _DAYS + end)
        first: Ints = np.searchsorted(self._key, low, side="right").astype(np.int64)
        beyond: Ints = np.searchsorted(self._key, high, side="right").astype(np.int64)
        last: Ints = np.maximum(beyond, first)
        return first, last


@dataclass(frozen=True, eq=False)
class Timeline:
    """The payments of a run and of earlier periods, asked together.

    Attributes:
        now, before: payments of the run and of earlier periods, by the same numbers of people or employments.
        running: field → running sums of the run's and of the earlier amounts.
    """

    now: Payments
    before: Payments
    running: Callable[[str], tuple[Ints, Ints]]

    def total(self, field: str, who: Ints, start: Ints, end: Ints) -> Ints:
        """Cents of a money field over payments after `start` and up to `end` (day numbers)."""
        now, before = self.running(field)
        return self.now.total(now, who, start, end) + self.before.total(before, who, start, end)

    def count(self, who: Ints, start: Ints, end: Ints) -> Ints:
        """How many payments of `who` were made after `start` and up to `end`."""
        return self.now.count(who, start, end) + self.before.count(who, start, end)

    def first_day(self, who: Ints, start: Ints, end: Ints) -> Ints:
        """The day of the earliest payment after `start` and up to `end`, `NO_DAY` where there is none."""
        now, before = self.now.first_day(who, start, end), self.before.first_day(who, start, end)
        return np.where((before == NO_DAY) | ((now != NO_DAY) & (now < before)), now, before)


def pairs(words: tuple[str, ...]) -> Mapping[str, int]:
    """A parameter such as ("WEEKLY 53", "MONTHLY 12") as a mapping."""
    return {name: int(number) for name, _, number in (word.partition(" ") for word in words)}


def mapped(column: "pd.Series[Any] | Coded", numbers: Mapping[str, int]) -> Ints:
    """The number of each cell, 0 for cells that have none."""
    codes, words = column if isinstance(column, Coded) else pd.factorize(column.to_numpy(object))
    told: Ints = np.array([*(numbers.get(word, 0) for word in words), 0], dtype=np.int64)[codes]
    return told


def cents(column: "pd.Series[Any]") -> Ints:
    """A money column with 0 where missing: right for sums, never for a statement about one payment."""
    return column.fillna(0).to_numpy(np.int64)
