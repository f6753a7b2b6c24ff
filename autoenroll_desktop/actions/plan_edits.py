"""From the steps of a workbench to cells of a file: where each changed value stands, and how the file writes it.

A value that has no cell of its own (a column the file lacks, an amount that is the sum of several columns) is never
put somewhere else: it is named with its reason.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from autoenroll_desktop.actions.fix_pay_run import Workbench, tidied_lines
from autoenroll_desktop.actions.gather import Reading
from autoenroll_desktop.domain.finding import Ints
from autoenroll_desktop.domain.pay_run import FIELDS, FileRead, Kind, Role
from autoenroll_desktop.fixes.step import Change, Objects, typed, values_at
from autoenroll_desktop.intake.choices import FULL_NAME
from autoenroll_desktop.rewrite.edit import CellEdit, Edits
from autoenroll_desktop.rewrite.payslips_json import HEADERS, PATHS
from autoenroll_desktop.rewrite.style import Style, Value

SHARES = ("ae_employee", "ae_employer")
_BESIDE = ("ppsn", "employment_id", "pay_date")
"""What brings a contribution together with its pay line; corrected in both files."""
_NAMES = ("first_name", "family_name")


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Changed values that the file has no cell for.

    Attributes:
        reason: no-column, sum (the amount is a sum of columns), added-up (the line is several rows) or
            whole-file (the file states it once, and not every line was changed).
    """

    field: str
    lines: int
    reason: str


@dataclass(frozen=True, eq=False)
class Plan:
    """What is to be changed in one file.

    Attributes:
        rows: the file's typed rows as they shall read when it is written, without those left out.
        dropped: spreadsheet rows (or payslips) left out.
        added: rows put in below the last line: contributions of people the file does not hold yet.
    """

    reading: Reading
    cells: tuple[CellEdit, ...]
    dropped: frozenset[int]
    rows: pd.DataFrame
    unplaced: tuple[Unplaced, ...]
    added: tuple[tuple[CellEdit, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.cells or self.dropped or self.added)

    def edits(self) -> Edits:
        """The same for whoever writes the file."""
        below = int(self.reading.rows["row"].max()) if self.added else 0
        return Edits(self.cells, self.dropped, added=self.added, below=below)


def plan(bench: Workbench, file: int) -> Plan:
    """What the steps done so far change in a file of the check, `file` being its place among `gathered.readings`."""
    return _Planner(bench, file).plan()


class Columns:
    """Where the fields of a file stand, and how it writes them."""

    def __init__(self, reading: Reading) -> None:
        self.file: FileRead = reading.file
        self._choices = reading.choices
        self._rows = reading.rows

    @cached_property
    def psr(self) -> bool:
        return self.file.kind.startswith("psr-")

    @cached_property
    def places(self) -> Mapping[str, int | str]:
        """Field → 0-based column, or the field itself in a PSR."""
        if self.psr:
            stated = [name for name in HEADERS if self._rows[name].notna().any() or self.file.kind == "psr-xml"]
            return {name: name for name in (*PATHS, *stated)}
        return {one.field: at for at, one in enumerate(self.file.columns) if one.field and one.because != "sum"}

    def why_not(self, field: str) -> str:
        """Why a field has no place."""
        return "sum" if any(one.field == field for one in self.file.columns) and not self.psr else "no-column"

    def style(self, field: str) -> Style:
        examples = next((one.examples for one in self.file.columns if one.field == field), ())
        return Style(
            examples,
            comma=self._choices.decimal == "comma",
            month_first=self._choices.dates == "month-first",
            strict=self.psr,
        )

    def whole_name(self, first: Value, family: Value, header_examples: tuple[str, ...]) -> str:
        """A whole name as the file's column of whole names has it."""
        if not first or not family:
            return str(family or first or "")
        if self._choices.names == "first-family" and not any("," in name for name in header_examples):
            return f"{first} {family}"
        return f"{family}, {first}"


class _Planner:
    def __init__(self, bench: Workbench, file: int) -> None:
        self.gathered = bench.prepared.gathered
        self.reading = self.gathered.readings[file]
        self.columns = Columns(self.reading)
        self.stepped = bench.stepped
        self.tidied = tidied_lines(bench.history.done)
        self.lines = self.gathered.run.lines
        self.rows = self.reading.rows.copy()
        self.role = self.reading.file.role
        side = self.role is Role.CONTRIBUTIONS
        files = self.lines["contribution_file" if side else "file"]
        self.mine = (files == file).fillna(value=False).to_numpy(bool)
        self.row_of = self.lines["contribution_row" if side else "row"].fillna(-1).to_numpy(np.int64)
        self.beside = self.lines["contribution_file"].notna().to_numpy()
        self.at_row = {int(row): at for at, row in enumerate(self.rows["row"].to_numpy(np.int64))}
        self.unplaced: list[Unplaced] = []
        self._added_rows = self.rows.iloc[:0]

    def plan(self) -> Plan:
        dropped = self.stepped.dropped[self.mine[self.stepped.dropped]]
        gone = frozenset(self.row_of[dropped].tolist())
        changes = [self._here(change) for change in self.stepped.edits]
        changes = [change for change in changes if len(change)]
        if self.reading.choices.add_up:
            self.unplaced += [Unplaced(change.field, len(change), "added-up") for change in changes]
            if len(dropped):
                self.unplaced.append(Unplaced("row", len(dropped), "added-up"))
            return Plan(self.reading, (), frozenset(), self.rows, tuple(self.unplaced))
        cells = [*self._tidied(), *(cell for change in changes for cell in self._cells(change))]
        cells += self._whole_names({change.field: change for change in changes})
        rows = self.rows[~self.rows["row"].isin(gone)].reset_index(drop=True)
        added = [*self._added()] if self.role is Role.CONTRIBUTIONS else []
        if added:
            rows = pd.concat([rows, self._added_rows], ignore_index=True).astype(rows.dtypes.to_dict())
        return Plan(self.reading, tuple(cells), gone, rows, tuple(self.unplaced), tuple(added))

    def _lacking(self) -> Ints:
        """Lines whose contributions were put right and stand in no file yet.

        They go into the contributions file where there is one, and the pay files have no columns for them.
        """
        given = [one for one in self.gathered.readings if one.file.role is Role.CONTRIBUTIONS and one.error is None]
        pays = [one for one in self.gathered.readings if one.file.role is Role.PAY and one.error is None]
        told = any(column.field in SHARES for one in pays for column in one.file.columns)
        changed = [change.lines for change in self.stepped.edits if change.field in SHARES]
        if len(given) != 1 or told or not changed or not all(map(_grows, given)):
            return np.zeros(0, dtype=np.int64)
        lines = np.unique(np.concatenate(changed))
        return lines[~self.beside[lines] & ~np.isin(lines, self.stepped.dropped)]

    def _added(self) -> Iterator[tuple[CellEdit, ...]]:
        """A row for each line that the contributions file lacks; `_added_rows` is how they shall read."""
        lines = self._lacking()
        now = self.stepped.lines.iloc[np.searchsorted(self.stepped.origin, lines)].reset_index(drop=True)
        fields = [name for name in FIELDS if name in self.columns.places]
        self._added_rows = self.rows.iloc[:0].reindex(range(len(lines)))
        for name in FIELDS:
            column = now[name] if name in fields else self.rows[name].iloc[:0].reindex(range(len(lines)))
            self._added_rows[name] = column.astype(self.rows[name].dtype)
        self._added_rows["row"] = -1
        values = {name: values_at(now[name], np.arange(len(lines))) for name in fields}
        for at in range(len(lines)):
            yield tuple(
                CellEdit(
                    0,
                    self.columns.places[name],
                    self.columns.style(name).written(name, values[name][at]),
                    FIELDS[name] in (Kind.MONEY, Kind.WHOLE),
                )
                for name in fields
                if values[name][at] is not None
            )

    def _here(self, change: Change) -> Change:
        """The part of a change that belongs into this file."""
        keep = self.mine[change.lines].copy()
        if self.role is Role.PAY and change.field in SHARES:
            keep &= ~self.beside[change.lines] & ~np.isin(change.lines, self._lacking())
        if self.role is Role.CONTRIBUTIONS and change.field not in (*SHARES, *_BESIDE):
            keep[:] = False
        if self.role is Role.CONTRIBUTIONS and change.field in _BESIDE and change.field not in self.columns.places:
            keep[:] = False
        return Change(change.field, change.lines[keep], change.was[keep], change.now[keep])

    def _cells(self, change: Change) -> Iterator[CellEdit]:
        place = self.columns.places.get(change.field)
        whole_name = change.field in _NAMES and FULL_NAME in self.columns.places and place is None
        if whole_name:
            return
        if place is None:
            self.unplaced.append(Unplaced(change.field, len(change), self.columns.why_not(change.field)))
            return
        if self.columns.psr and change.field in HEADERS and not self._whole(change):
            self.unplaced.append(Unplaced(change.field, len(change), "whole-file"))
            return
        style = self.columns.style(change.field)
        number = FIELDS[change.field] in (Kind.MONEY, Kind.WHOLE)
        for line, now in zip(change.lines.tolist(), change.now, strict=True):
            yield CellEdit(int(self.row_of[line]), place, style.written(change.field, now), number)
        self._expect(change.field, change.lines, change.now)

    def _tidied(self) -> Iterator[CellEdit]:
        """Cells that were tidied while reading and shall be written so."""
        for note in self.reading.notes:
            place = self.columns.places.get(note.field or "")
            wanted = self.tidied.get(f"{note.code}/{note.cause}")
            if wanted is None or place is None or self.role is not Role.PAY:
                continue
            rows = set(self.row_of[wanted[self.mine[wanted]]].tolist())
            at = np.array([one for one in note.positions.tolist() if one >= 0], dtype=np.int64)
            values = values_at(self.rows[note.field], at)
            number = FIELDS[str(note.field)] in (Kind.MONEY, Kind.WHOLE)
            style = self.columns.style(str(note.field))
            for row, value in zip(self.rows["row"].to_numpy(np.int64)[at].tolist(), values, strict=True):
                if row in rows:
                    yield CellEdit(row, place, style.written(str(note.field), value), number)

    def _whole(self, change: Change) -> bool:
        """Whether every line that had one value has the same new one."""
        after = dict(zip(change.lines.tolist(), change.now, strict=True))
        column = self.lines[change.field]
        news: dict[Any, set[Any]] = {}
        for line in np.flatnonzero(self.mine).tolist():
            news.setdefault(column.iloc[line], set()).add(after.get(line, column.iloc[line]))
        return all(len(values) == 1 for values in news.values())

    def _whole_names(self, changes: Mapping[str, Change]) -> Iterator[CellEdit]:
        place = self.columns.places.get(FULL_NAME)
        if place is None or any(name in self.columns.places for name in _NAMES):
            return
        examples = next((one.examples for one in self.columns.file.columns if one.field == FULL_NAME), ())
        touched = sorted({line for name in _NAMES if name in changes for line in changes[name].lines.tolist()})
        for name in _NAMES:
            if name in changes:
                self._expect(name, changes[name].lines, changes[name].now)
        for line in touched:
            at = self.at_row[int(self.row_of[line])]
            first, family = (self.rows[name].iloc[at] for name in _NAMES)
            yield CellEdit(int(self.row_of[line]), place, self.columns.whole_name(first, family, examples))

    def _expect(self, field: str, lines: Ints, now: Objects) -> None:
        """Note in the typed rows what the file shall say."""
        at = np.array([self.at_row[int(row)] for row in self.row_of[lines]], dtype=np.int64)
        column = self.rows[field].copy()
        column.iloc[at] = typed(field, now)
        self.rows[field] = column


def _grows(reading: Reading) -> bool:
    """Whether rows can be put into a file: delimited text, and workbooks that end with their last line."""
    kind, rows = reading.file.kind, reading.file.rows_skipped
    ends = not any(one.row > int(reading.rows["row"].max()) for one in rows)
    return kind in ("csv", "tsv") or (kind == "xlsx" and ends)


def with_edits(bench: Workbench) -> list[int]:
    """The files (places among `gathered.readings`) that the steps done so far change or cannot place a value in."""
    found = []
    for at, reading in enumerate(bench.prepared.gathered.readings):
        if writable(reading):
            planned = plan(bench, at)
            if planned or planned.unplaced:
                found.append(at)
    return found


def writable(reading: Reading) -> bool:
    """Whether a file is one that can be corrected: pay lines or contributions that could be read."""
    return reading.file.role in (Role.PAY, Role.CONTRIBUTIONS) and reading.error is None
