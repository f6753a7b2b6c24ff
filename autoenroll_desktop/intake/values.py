"""Text columns to typed columns. What was tidied is noted, what cannot be read is a finding, nothing is made up."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from autoenroll_desktop.domain.money import basis_points
from autoenroll_desktop.domain.pay_run import Kind
from autoenroll_desktop.intake.cells import DASHES, Cells, Ints, ListCells
from autoenroll_desktop.intake.choices import FULL_NAME, Choices
from autoenroll_desktop.intake.columns import Matched
from autoenroll_desktop.intake.dates_text import DUBLIN, DateStyle, date_column, looks_serial, read_date
from autoenroll_desktop.intake.money_text import money_column
from autoenroll_desktop.intake.names_text import split_names
from autoenroll_desktop.intake.ppsn_text import MENDS, looks_plain
from autoenroll_desktop.intake.table import Note, Table
from autoenroll_desktop.intake.tidy import tidy
from autoenroll_desktop.intake.totals_rows import drop_totals
from autoenroll_desktop.intake.words_text import YES, frequency

_IDENTITY = ("ppsn", "employment_id", "works_number", "first_name", "family_name", FULL_NAME)
_WHOLE = re.compile(r"-?[0-9]{1,9}(\.0+)?", re.ASCII)
_NO_VALUE = "NULL"
"""What some exports write for an empty cell; in a name it may be one."""
_NAMES = ("first_name", "family_name", FULL_NAME)
_PAST = ("date_of_birth",)


def parse_columns(table: Table, matched: Matched, today: dt.date) -> tuple[pd.DataFrame, list[Note]]:
    """Every field of the table's kind as a typed column, in file order, with `row` (int64).

    Fields without a column are missing throughout, unless the file states them once for all. Totals rows are taken
    out of `table` first. See `domain.pay_run` for the types. `today` settles the century of two-digit years.

    Returns:
        The frame, and notes: value-unreadable, value-cleaned, date-order-ambiguous, and those of totals rows.
    """
    fields = matched.known_fields
    if not table.canonical:
        identity = [matched.fields[name] for name in _IDENTITY if name in matched.fields]
        amounts = [(name, at) for name, at in matched.fields.items() if fields.get(name) is Kind.MONEY]
        drop_totals(table, identity, amounts)
    parser = _Parser(table, matched.choices, today)
    columns: dict[str, Any] = {}
    for name, kind in fields.items():
        at = matched.fields.get(name)
        if at is not None and not table.columns[at].empty():
            columns[name] = parser.column(name, kind, table.columns[at])
        elif name in matched.sums:
            columns[name] = parser.sum(name, [table.columns[at] for at in matched.sums[name]])
        else:
            stated = table.shared.get(name, "") if at is None else ""
            columns[name] = parser.column(name, kind, ListCells([stated]), repeat=True)
    if FULL_NAME in matched.fields and "family_name" not in matched.fields and "family_name" in fields:
        names = table.columns[matched.fields[FULL_NAME]].texts()
        columns["first_name"], columns["family_name"] = split_names(names, matched.choices.names == "first-family")
    parser.settle_date_order()
    columns["row"] = table.rows
    return pd.DataFrame(columns, copy=False), parser.notes


class _Parser:
    """Parses the columns of one table and collects what it notices."""

    def __init__(self, table: Table, choices: Choices, today: dt.date) -> None:
        self.table = table
        self.notes: list[Note] = []
        self._choices = choices
        self._today = today
        self._swappable: list[tuple[str, str]] = []
        self._order_proved = False

    def column(self, name: str, kind: Kind, cells: Cells, *, repeat: bool = False) -> Any:
        """One typed column; `repeat` spreads a single cell over all rows."""
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
                typed = self._moments(name, cells)
            case Kind.FLAG:
                typed = self._flags(name, cells)
            case Kind.TEXT:
                typed = self._texts(name, cells)
        spread = typed[np.zeros(len(self.table.rows), dtype=np.int64)] if repeat else typed
        return pd.Series(spread, dtype=object) if spread.dtype == object else spread

    def sum(self, name: str, parts: list[Cells]) -> Any:
        """An amount split over columns, added up because a person said so; missing only where every part is."""
        read = [self._money(name, cells) for cells in parts]
        total = np.zeros(len(self.table.rows), dtype=np.int64)
        missing = np.ones(len(self.table.rows), dtype=np.bool_)
        for column in read:
            total += column.to_numpy(dtype=np.int64, na_value=0)
            missing &= column.isna()
        return pd.arrays.IntegerArray(total, missing)

    def note(self, code: str, name: str, at: Any, cells: Cells, cause: str = "") -> None:
        """Note cells by position, with their text as it stands in the file."""
        if cause in self._choices.as_written or not len(at):
            return
        if len(cells) != len(self.table.rows):  # stated once for the file
            at, rows = np.array([-1]), np.array([-1], dtype=np.int64)
        else:
            at = np.asarray(at, dtype=np.int64)
            rows = self.table.rows[at]
        values = [cells[position] for position in at.tolist()]
        self.notes.append(Note(code, rows, at, name, {"value": values}, cause))

    def _money(self, name: str, cells: Cells) -> Any:
        read = money_column(cells, comma=self._choices.decimal == "comma")
        refused = self._note_read(name, cells, np.flatnonzero(read.unreadable), read.cleaned)
        missing = read.missing | read.unreadable
        missing[refused] = True
        return pd.arrays.IntegerArray(read.cents, missing)

    def _note_read(self, name: str, cells: Cells, unreadable: Ints, cleaned: Mapping[str, Ints]) -> Ints:
        """Note what could not be read and what was tidied; returns the cells whose tidying a person switched off.

        Such a cell is as it stands in the file no amount and no date, and is said to be unreadable.
        """
        words = [at for at in unreadable.tolist() if cells[at].strip() == _NO_VALUE]
        switched_off = [at for cause, at in cleaned.items() if cause in self._choices.as_written]
        refused = np.unique(np.concatenate([np.zeros(0, np.int64), *switched_off]))
        left = np.union1d(np.setdiff1d(unreadable, words), refused)
        self.note("value-unreadable", name, left, cells)
        for cause, at in {**cleaned, "null-word": np.array(words, dtype=np.int64)}.items():
            self.note("value-cleaned", name, at, cells, cause)
        return refused

    def _dates(self, name: str, cells: Cells) -> npt.NDArray[np.datetime64]:
        strict = self.table.kind.startswith("psr-")
        workbook = self.table.sheet is not None
        style = DateStyle(
            strict=strict,
            serials=not strict and (workbook or looks_serial(cells)),
            mac=self.table.mac_dates,
            month_first=self._choices.dates == "month-first",
            past=name in _PAST,
            today=self._today,
        )
        read = date_column(cells, style)
        read.dates[self._note_read(name, cells, read.unreadable, read.cleaned)] = np.datetime64("NaT")
        self._order_proved |= read.proved
        if read.swappable:
            self._swappable.append((name, read.swappable))
        return read.dates

    def settle_date_order(self) -> None:
        """Once all columns are read: say where nothing in the file decides between day and month."""
        if not self._order_proved and self._choices.dates == "day-first":
            for name, cell in self._swappable:
                nowhere = np.array([-1], dtype=np.int64)
                self.notes.append(Note("date-order-ambiguous", nowhere, nowhere, name, {"value": [cell]}))

    def _numbers(self, name: str, cells: Cells, read: Callable[[str], int | None]) -> Any:
        codes, distinct = cells.coded()
        known = [None if text.strip() in DASHES else read(text.strip()) for text in distinct]
        self._note_unreadable(name, cells, codes, distinct, [value is None for value in known])
        values = np.array([value or 0 for value in known], dtype=np.int64)
        missing = np.array([value is None for value in known], dtype=np.bool_)
        return pd.arrays.IntegerArray(values[codes], missing[codes])

    def _moments(self, name: str, cells: Cells) -> npt.NDArray[np.object_]:
        codes, distinct = cells.coded()
        style = DateStyle(today=self._today, month_first=self._choices.dates == "month-first")
        known = [None if text.strip() in DASHES else _moment(text.strip(), style) for text in distinct]
        self._note_unreadable(name, cells, codes, distinct, [value is None for value in known])
        column = np.empty(len(known), dtype=object)
        column[:] = known
        return column[codes]

    def _flags(self, name: str, cells: Cells) -> Any:
        codes, distinct = cells.coded()
        known = [YES.get(text.strip().lower()) for text in distinct]
        self._note_unreadable(name, cells, codes, distinct, [value is None for value in known])
        values = np.array([bool(value) for value in known], dtype=np.bool_)
        missing = np.array([value is None for value in known], dtype=np.bool_)
        return pd.arrays.BooleanArray(values[codes], missing[codes])

    def _note_unreadable(self, name: str, cells: Cells, codes: Any, distinct: list[str], none: list[bool]) -> None:
        bad = [at for at, (text, unread) in enumerate(zip(distinct, none, strict=True)) if unread]
        bad = [at for at in bad if distinct[at].strip() not in DASHES]
        if bad:
            self.note("value-unreadable", name, np.flatnonzero(np.isin(codes, bad)), cells)

    def _texts(self, name: str, cells: Cells) -> npt.NDArray[np.object_]:
        column = cells.objects()
        untidy = cells.untidy()
        better = [tidy(cells[at]) for at in untidy.tolist()]
        apart = np.array([_fadas_apart(cells[at]) for at in untidy.tolist()], dtype=np.bool_)
        for cause, some in (("spaces", ~apart), ("fadas", apart)):
            chosen = np.flatnonzero(some)
            self._clean(name, cells, column, untidy[chosen], [better[at] for at in chosen.tolist()], cause)
        column[cells.blank()] = None
        if name not in _NAMES and cells.may_hold(_NO_VALUE):
            words = np.flatnonzero(column == _NO_VALUE)
            column[words] = None
            self.note("value-cleaned", name, words, cells, "null-word")
        if name == "pay_frequency":
            known = {text: text and frequency(text) for text in dict.fromkeys(column)}
            column[:] = [known[text] for text in column]
        elif name in ("ppsn", "previous_ppsn"):
            self._mend_ppsns(name, cells, column)
        return column

    def _mend_ppsns(self, name: str, cells: Cells, column: npt.NDArray[np.object_]) -> None:
        odd = np.flatnonzero(~looks_plain(cells.chars(9)))
        for cause, mend in MENDS:
            mended = {at: mend(column[at]) for at in odd.tolist() if column[at] and column[at].isascii()}
            better = {at: text for at, text in mended.items() if text and text != column[at]}
            self._clean(name, cells, column, np.array([*better], dtype=np.int64), [*better.values()], cause)

    def _clean(self, name: str, cells: Cells, column: Any, at: Ints, better: list[str], cause: str) -> None:
        """Put tidied texts into a column and note every cell that gave up something visible."""
        if not better or cause in self._choices.as_written:
            return
        column[at] = better
        self.note("value-cleaned", name, at[[text not in DASHES for text in better]], cells, cause)


def _fadas_apart(cell: str) -> bool:
    """Whether a fada stands behind its letter; it may have stray spaces besides."""
    return not cell.isascii() and not unicodedata.is_normalized("NFC", cell)


def _rate(text: str) -> int | None:
    """Basis points of a percentage. 0.015 may be a fraction or a very small percentage: that is not guessed."""
    points = basis_points(text)
    return points if points is None or points == 0 or points >= 10 else None


def _moment(text: str, style: DateStyle) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(re.sub(r"\[.*\]$", "", text))
    except ValueError:
        clock = re.search(r" ([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?$", text, re.ASCII)
        read = read_date(text, style)
        if read is None:
            return None
        hour, minute = (int(clock[1]), int(clock[2])) if clock else (0, 0)
        if hour > 23 or minute > 59:
            return None
        moment = dt.datetime.combine(read.date, dt.time(hour, minute))
    return moment if moment.tzinfo else moment.replace(tzinfo=DUBLIN)
