"""Text columns to typed columns. What was tidied is noted, what cannot be read is a finding, nothing is made up."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from autoenroll_desktop.domain.aepn import AEPN_FIELDS
from autoenroll_desktop.domain.identifiers import Check, explain
from autoenroll_desktop.domain.money import basis_points
from autoenroll_desktop.domain.pay_run import FIELDS, Kind
from autoenroll_desktop.intake.columns import Matched
from autoenroll_desktop.intake.dates_text import ReadDate, looks_serial, read_date
from autoenroll_desktop.intake.grid import drop_totals
from autoenroll_desktop.intake.headings import FULL_NAME
from autoenroll_desktop.intake.money_text import DASHES, money_column
from autoenroll_desktop.intake.table import Note, Table

_IDENTITY = ("ppsn", "employment_id", "works_number", "first_name", "family_name", FULL_NAME)
_WHOLE = re.compile(r"-?[0-9]{1,9}(\.0+)?", re.ASCII)
_SHORT_PPSN = re.compile(r"[0-9]{5,6}[A-Wa-w][A-Ia-iWwTtXxZz]?", re.ASCII)
_DUBLIN = ZoneInfo("Europe/Dublin")
_FREQUENCIES = {
    "w": "WEEKLY",
    "week": "WEEKLY",
    "f": "FORTNIGHTLY",
    "biweekly": "FORTNIGHTLY",
    "4": "FOUR_WEEKLY",
    "4weekly": "FOUR_WEEKLY",
    "fourweekly": "FOUR_WEEKLY",
    "lunar": "FOUR_WEEKLY",
    "m": "MONTHLY",
    "month": "MONTHLY",
    "b": "TWICE_MONTHLY",
    "bimonthly": "TWICE_MONTHLY",
    "twicemonthly": "TWICE_MONTHLY",
    "semimonthly": "TWICE_MONTHLY",
    "weekbasedmonthly": "WK_BASED_MONTHLY",
    "wkbasedmonthly": "WK_BASED_MONTHLY",
    "biannual": "BI_ANNUAL",
}


def parse_columns(table: Table, matched: Matched) -> tuple[pd.DataFrame, list[Note]]:
    """Every field of the table's kind as a typed column, in file order, with `row` (int64).

    Fields without a column are missing throughout, unless the file states them once for all. Totals rows are taken
    out of `table` first. See `domain.pay_run` for the types.

    Returns:
        The frame, and notes: value-unreadable, value-cleaned, date-order-ambiguous, and those of totals rows.
    """
    fields = AEPN_FIELDS if matched.aepn else FIELDS
    if not table.canonical:
        identity = [matched.fields[name] for name in _IDENTITY if name in matched.fields]
        amounts = [(name, at) for name, at in matched.fields.items() if fields.get(name) is Kind.MONEY]
        drop_totals(table, identity, amounts)
    parser = _Parser(table)
    columns: dict[str, Any] = {}
    for name, kind in fields.items():
        at = matched.fields.get(name)
        if at is not None:
            columns[name] = parser.column(name, kind, table.columns[at])
        else:
            columns[name] = parser.column(name, kind, [table.shared.get(name, "")], repeat=True)
    if FULL_NAME in matched.fields and "family_name" not in matched.fields and not matched.aepn:
        columns["first_name"], columns["family_name"] = _split_names(table.columns[matched.fields[FULL_NAME]])
    parser.settle_date_order()
    columns["row"] = table.rows
    return pd.DataFrame(columns), parser.notes


class _Parser:
    """Parses the columns of one table and collects what it notices."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.notes: list[Note] = []
        self._swappable: list[tuple[str, str]] = []
        self._day_first = False

    def column(self, name: str, kind: Kind, cells: list[str], *, repeat: bool = False) -> Any:
        """One typed column; `repeat` spreads a single cell over all rows."""
        size = len(self.table.rows)
        match kind:
            case Kind.MONEY:
                typed: Any = self._money(name, cells)
            case Kind.DATE:
                typed = self._dates(name, cells)
            case Kind.WHOLE:
                typed = self._numbers(name, cells, lambda text: int(float(text)) if _WHOLE.fullmatch(text) else None)
            case Kind.RATE:
                typed = self._numbers(name, cells, _rate)
            case Kind.MOMENT:
                typed = self._each(name, cells, _moment)
            case Kind.TEXT:
                typed = self._texts(name, cells)
        spread = typed[np.zeros(size, dtype=np.int64)] if repeat else typed
        return pd.Series(spread, dtype=object) if spread.dtype == object else spread

    def note(self, code: str, name: str, at: Any, cells: list[str], cause: str = "") -> None:
        """Note cells by position."""
        if len(cells) != len(self.table.rows):  # stated once for the file
            at, rows = np.array([-1]), np.array([-1], dtype=np.int64)
        else:
            at = np.asarray(at, dtype=np.int64)
            rows = self.table.rows[at]
        values = [cells[position] for position in at.tolist()]
        self.notes.append(Note(code, rows, at, name, {"value": values}, cause))

    def _money(self, name: str, cells: list[str]) -> Any:
        read = money_column(cells)
        if read.unreadable.any():
            self.note("value-unreadable", name, np.flatnonzero(read.unreadable), cells)
        for cause, at in read.cleaned.items():
            self.note("value-cleaned", name, at, cells, cause)
        return pd.arrays.IntegerArray(read.cents, read.missing | read.unreadable)

    def _dates(self, name: str, cells: list[str]) -> npt.NDArray[np.datetime64]:
        strict = self.table.kind.startswith("psr-")
        distinct = set(cells)
        serials = not strict and (self.table.kind == "xlsx" or looks_serial(distinct)) and name != "row"
        known = {
            cell: read_date(cell, strict=strict, serials=serials) for cell in distinct if cell.strip() not in DASHES
        }
        dates = [read.date for read in known.values() if read]
        place = {cell: at for at, cell in enumerate(cell for cell, read in known.items() if read)}
        at = np.fromiter((place.get(cell, -1) for cell in cells), np.int64, len(cells))
        column = np.array([*dates, None], dtype="datetime64[s]")[at]
        if len(dates) < len(known):
            bad = {cell for cell, read in known.items() if read is None}
            self.note("value-unreadable", name, [at for at, cell in enumerate(cells) if cell in bad], cells)
        self._remember_order(name, known)
        if any(read and read.serial for read in known.values()):
            serial = {cell for cell, read in known.items() if read and read.serial}
            self.note(
                "value-cleaned", name, [at for at, cell in enumerate(cells) if cell in serial], cells, "excel-date"
            )
        return column

    def _remember_order(self, name: str, known: dict[str, ReadDate | None]) -> None:
        for cell, read in known.items():
            if read and read.day_first:
                self._day_first |= read.date.day > 12
                if read.swappable and (not self._swappable or self._swappable[-1][0] != name):
                    self._swappable.append((name, cell))

    def settle_date_order(self) -> None:
        """Once all columns are read: say where nothing in the file decides between day and month."""
        if not self._day_first:
            for name, cell in self._swappable:
                nowhere = np.array([-1], dtype=np.int64)
                self.notes.append(Note("date-order-ambiguous", nowhere, nowhere, name, {"value": [cell]}))

    def _numbers(self, name: str, cells: list[str], read: Callable[[str], int | None]) -> Any:
        known = {cell: read(cell.strip()) for cell in set(cells) if cell.strip() not in DASHES}
        values = np.array([known.get(cell) or 0 for cell in cells], dtype=np.int64)
        missing = np.array([known.get(cell) is None for cell in cells], dtype=bool)
        bad = {cell for cell, value in known.items() if value is None}
        if bad:
            self.note("value-unreadable", name, [at for at, cell in enumerate(cells) if cell in bad], cells)
        return pd.arrays.IntegerArray(values, missing)

    def _each(self, name: str, cells: list[str], read: Callable[[str], Any]) -> npt.NDArray[np.object_]:
        known = {cell: read(cell.strip()) for cell in set(cells) if cell.strip() not in DASHES}
        bad = {cell for cell, value in known.items() if value is None}
        if bad:
            self.note("value-unreadable", name, [at for at, cell in enumerate(cells) if cell in bad], cells)
        column = np.empty(len(cells), dtype=object)
        column[:] = [known.get(cell) for cell in cells]
        return column

    def _texts(self, name: str, cells: list[str]) -> npt.NDArray[np.object_]:
        stripped = list(map(str.strip, cells))
        if stripped != cells:
            tidied = [at for at, text in enumerate(stripped) if text and text != cells[at]]
            if tidied:
                self.note("value-cleaned", name, tidied, cells, "spaces")
        distinct = set(stripped)
        changed: dict[str, str | None] = dict.fromkeys(distinct.intersection(DASHES), None)
        if name == "pay_frequency":
            changed |= {text: _frequency(text) for text in distinct if text not in changed}
        elif name == "ppsn":
            restored = {text: padded for text in distinct if (padded := _restored_zero(text))}
            changed |= restored
            if restored:
                lost = [at for at, text in enumerate(stripped) if text in restored]
                self.note("value-cleaned", name, lost, cells, "lost-zero")
        column = np.empty(len(cells), dtype=object)
        column[:] = [changed.get(text, text) for text in stripped] if changed else stripped
        return column


def _frequency(text: str) -> str:
    """Revenue's word for a pay frequency ("Weekly", "W"); the text itself in capitals where it is none we know."""
    plain = re.sub(r"[^a-z0-9]", "", text.lower())
    return _FREQUENCIES.get(plain) or re.sub(r"[\s-]+", "_", text.strip()).upper()


def _restored_zero(cell: str) -> str | None:
    """A PPSN whose leading zeros a spreadsheet dropped, if putting them back makes it pass."""
    if not _SHORT_PPSN.fullmatch(cell):
        return None
    letters = cell.lstrip("0123456789")
    padded = cell[: len(cell) - len(letters)].zfill(7) + letters
    return padded if explain(padded).check is Check.GOOD else None


def _rate(text: str) -> int | None:
    """Basis points of a percentage. 0.015 may be a fraction or a very small percentage: that is not guessed."""
    points = basis_points(text)
    return points if points is None or points == 0 or points >= 10 else None


def _moment(text: str) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(re.sub(r"\[.*\]$", "", text))
    except ValueError:
        read = re.fullmatch(r"([0-9/.-]+)(?: ([0-9]{1,2}:[0-9]{2})(?::[0-9]{2})?)?", text, re.ASCII)
        date = read_date(read[1]) if read else None
        if date is None or read is None:
            return None
        hour, minute = (read[2] or "0:00").split(":")
        if int(hour) > 23 or int(minute) > 59:
            return None
        moment = dt.datetime.combine(date.date, dt.time(int(hour), int(minute)))
    return moment if moment.tzinfo else moment.replace(tzinfo=_DUBLIN)


def _split_names(cells: list[str]) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """ "Ó Briain, Séamus" into first and family name; without a comma the whole stands as the family name."""
    first, family = (np.empty(len(cells), dtype=object) for _ in range(2))
    for at, cell in enumerate(cells):
        before, _, after = cell.partition(",")
        first[at], family[at] = after.strip() or None, before.strip() or None
    return first, family
