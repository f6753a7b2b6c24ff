"""Which wrong base or rate explains a wrong amount: turns "23.10 instead of 30.00" into "taken on basic pay only"."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from autoenroll_desktop.domain.finding import Ints
from autoenroll_desktop.domain.money_columns import shares
from autoenroll_desktop.rules.book import Book
from autoenroll_desktop.rules.taken import SHARES

_PERIODS = {
    "WEEKLY": 52,
    "FORTNIGHTLY": 26,
    "FOUR_WEEKLY": 13,
    "MONTHLY": 12,
    "TWICE_MONTHLY": 24,
    "WK_BASED_MONTHLY": 12,
}
_PENSION = ("employee_rbs", "employee_prsa", "employee_rac", "employee_avc", "employee_asc", "employee_pepp")
_OTHER_BASES = {
    "basic_pay": "base-basic",
    "pay_for_income_tax": "base-taxable",
    "pay_for_usc": "base-usc",
    "pay_for_employee_prsi": "base-prsi",
    "net_pay": "base-net",
}
_SLACK = 1
UNEXPLAINED = "unexplained"
Bools = npt.NDArray[np.bool_]


def explain_amounts(lines: pd.DataFrame, expected: pd.DataFrame, book: Book, day: dt.date) -> dict[str, Ints]:
    """Sort lines with a wrong amount by what explains it.

    Args:
        lines: the wrong lines (any index, 0-based order counts). expected: their rows of `CheckedRun.expected`.
        day: the pay date whose law gives the rates and limits that may have been mixed up.

    Returns:
        cause → positions among `lines`. A cause explains a line when its base x rate meets, to the cent, every share
        that is wrong; the first cause that does is named; what none explains stands under `UNEXPLAINED`.
    """
    found: dict[str, list[Ints]] = {}
    left = np.arange(len(lines))
    for cause, meets in _Search(lines, expected).causes(book, day):
        if not len(left):
            break
        if (hit := meets[left]).any():
            found.setdefault(cause, []).append(left[hit])
            left = left[~hit]
    if len(left):
        found[UNEXPLAINED] = [left]
    return {cause: np.concatenate(parts) for cause, parts in found.items()}


class _Search:
    """The columns the search needs, as int64 arrays (missing amounts are 0, told apart where it matters)."""

    def __init__(self, lines: pd.DataFrame, expected: pd.DataFrame) -> None:
        self.lines = lines
        self.gross = self.cents("gross_pay")
        self.rate = {share: _ints(expected[f"{share}_rate"]) for share in SHARES}
        self.taken = {share: self.cents(f"ae_{share}") for share in SHARES}
        self.right = {
            share: lines[f"ae_{share}"].isna().to_numpy()
            | (np.abs(self.taken[share] - _ints(expected[share])) <= _SLACK)
            for share in SHARES
        }

    def cents(self, field: str) -> Ints:
        return _ints(self.lines[field])

    def met(self, base: Ints, rates: dict[str, Ints]) -> Bools:
        """Lines whose wrong shares all equal base x rate."""
        fits = np.ones(len(base), dtype=bool)
        for share in SHARES:
            fits &= self.right[share] | (np.abs(self.taken[share] - shares(base, rates[share])) <= _SLACK)
        return fits

    def base(self, base: Ints, known: Bools) -> Bools:
        fits: Bools = known & (base != self.gross) & self.met(base, self.rate)
        return fits

    def at(self, points: Ints | int) -> Bools:
        """Lines whose wrong shares equal gross pay at another rate (basis points)."""
        other = np.broadcast_to(np.asarray(points, dtype=np.int64), self.gross.shape)
        differs = (other != self.rate["employee"]) | (other != self.rate["employer"])
        fits: Bools = differs & self.met(self.gross, dict.fromkeys(SHARES, other))
        return fits

    def causes(self, book: Book, day: dt.date) -> Iterator[tuple[str, Bools]]:
        """Pairs of a cause and where it reproduces the amounts, the likelier cause first."""
        law = book.on(day)
        for field, cause in _OTHER_BASES.items():
            yield cause, self.base(self.cents(field), self.lines[field].notna().to_numpy())
        pension = np.sum([self.cents(field) for field in _PENSION], axis=0)
        yield "base-after-pension", self.base(self.gross - pension, pension != 0)
        benefits = self.cents("taxable_benefits")
        yield "base-without-benefits", self.base(self.gross - benefits, benefits != 0)
        yield "base-benefits-twice", self.base(self.gross + benefits, benefits != 0)
        both = self.rate["employee"] + self.rate["employer"]
        yield "rate-both-shares", self.at(both) & (self.right["employee"] | self.right["employer"])
        for dated in book["employee-rate"].dated:
            yield f"rate-{dated.start.year}", self.at(dated.value)
        yield "rate-state", self.at(law["state-rate"])
        yield "rate-total", self.at(both + law["state-rate"])
        for factor in (10, 100):
            yield "decimal-point", self.base(self.gross * factor, self.gross != 0)
            yield "decimal-point", self.base(self.gross // factor, self.gross >= factor)
        periods = _ints(self.lines["pay_frequency"].map(_PERIODS))
        each = np.maximum(periods, 1)
        yield "base-limit-by-period", self.base(np.minimum(self.gross, law["annual-limit"] // each), periods > 0)
        band = self.gross - law["earnings-threshold"] // each
        yield "base-above-threshold", self.base(np.maximum(band, 0), periods > 0)


def _ints(column: "pd.Series[Any]") -> Ints:
    return column.astype("Int64").fillna(0).to_numpy(np.int64).astype(np.int64)
