"""What the values of a column say about it, whatever its heading: a second witness beside the words."""

import datetime as dt
import re
from collections.abc import Callable

import numpy as np

from autoenroll_desktop.domain.identifiers import Check, explain
from autoenroll_desktop.domain.pay_run import Kind
from autoenroll_desktop.intake.cells import DASHES, Cells
from autoenroll_desktop.intake.dates_text import DateStyle, read_date
from autoenroll_desktop.intake.money_text import read_money

_SAMPLE = 40
_PPSN_LIKE = re.compile(r"[0-9]{5,8}[A-Za-z]{1,2}|[•*·xX#]{3,9}[0-9A-Za-z]{0,4}")
_FREQUENCY = re.compile(
    r"(bi-?|four ?|4 ?|four-|4-)?(weekly|monthly)|fortnightly|lunar|(twice|semi).?monthly|quarterly", re.IGNORECASE
)
_PRSI = re.compile(r"[ABCDEHJKMPS][0-9LX]")
_ENOUGH = 3
"""Cells a column must have for its values to say anything."""


def sample(cells: Cells) -> list[str]:
    """Some of a column's filled cells, spread over the whole of it."""
    if len(cells) > 20 * _SAMPLE:
        spread = cells.take(np.linspace(0, len(cells) - 1, 10 * _SAMPLE).astype(np.int64))
        if not spread.blank().all():
            cells = spread
    filled = np.flatnonzero(~cells.blank())
    if len(filled) > _SAMPLE:
        filled = filled[np.linspace(0, len(filled) - 1, _SAMPLE).astype(np.int64)]
    return [text.strip() for text in cells.take(filled).texts()]


def share(cells: list[str], test: Callable[[str], object]) -> float:
    """The part of cells that pass a test, 0 to 1; 0 for no cells."""
    return sum(bool(test(cell)) for cell in cells) / len(cells) if cells else 0.0


def fits(cells: list[str], field: str, kind: Kind | None, today: dt.date) -> float | None:
    """How well values suit a field, 0 to 1; None where they cannot tell."""
    written = [cell for cell in cells if cell not in DASHES]
    if len(written) < _ENOUGH:
        return None
    if field in ("ppsn", "previous_ppsn", "employer_registration_number"):
        return share(written, lambda cell: _PPSN_LIKE.fullmatch(re.sub(r"[ .-]", "", cell)))
    if kind is Kind.MONEY:
        return share(written, lambda cell: read_money(cell) or read_money(cell, comma=True))
    if kind is Kind.DATE:
        style = DateStyle(serials=True, today=today)
        return share(written, lambda cell: read_date(cell, style) or read_date(cell, style._replace(month_first=True)))
    if field in ("first_name", "family_name", "full_name"):
        return share(written, lambda cell: any(map(str.isalpha, cell)) and not any(map(str.isdigit, cell)))
    return None


def _is_number(cell: str) -> bool:
    return explain(cell).check is Check.GOOD


def named_by_values(cells: list[str], today: dt.date) -> tuple[str, float] | None:
    """The field that a column can be told to be by its values alone, and how surely; None for all others.

    Amounts are never told apart this way: which of them is gross pay only a heading or a person can say.
    """
    written = [cell for cell in cells if cell not in DASHES]
    if len(written) < _ENOUGH:
        return None
    distinct = len(set(written))
    few = written[: len(written) // 10 + 5]
    numbers = 0.0
    if share(few, _is_number) >= 0.5:
        numbers = share(written, _is_number)
    if numbers >= 0.8:
        return ("employer_registration_number" if distinct == 1 else "ppsn"), numbers
    style = DateStyle(today=today, past=True)
    looks_dated = any(read_date(cell, style) for cell in few)
    dates = [read.date for cell in written if (read := read_date(cell, style))] if looks_dated else []
    if dates and len(dates) >= 0.9 * len(written):
        ages = sorted((today - date).days / 365.25 for date in dates)
        if ages[0] >= 14 and 20 <= ages[len(ages) // 2] <= 65 and ages[-1] <= 100 and distinct > len(written) // 3:
            return "date_of_birth", 0.85
        if distinct <= 3 and abs(ages[len(ages) // 2]) <= 1.1:
            return "pay_date", 0.7
        return None
    if share(written, _FREQUENCY.fullmatch) == 1 and distinct <= 4:
        return "pay_frequency", 0.7
    if share(written, _PRSI.fullmatch) == 1:
        return "prsi_class", 0.7
    return None
