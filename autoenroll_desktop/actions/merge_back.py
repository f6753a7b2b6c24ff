"""A file that was written, edited by somebody and dropped back: what they changed becomes one step.

An annotated workbook says which line each row is, and which steps had been done when it was written: a cell counts as
changed where it differs from what the workbook held then. An exceptions file (or any file in the layout of one that was
read) has no such keys; its rows are found by their line item, number, PPSN or name, as long as only one line fits.
Nothing is left out because a row is missing, and no line is added: both are told.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from autoenroll_desktop.actions.check_pay_run import DUBLIN
from autoenroll_desktop.actions.fix_pay_run import Workbench
from autoenroll_desktop.actions.how_to_read import HowToRead
from autoenroll_desktop.actions.marked_rows import MarkedRows, read_marked
from autoenroll_desktop.actions.read_files import read_files
from autoenroll_desktop.domain import marked_workbook
from autoenroll_desktop.domain.finding import Ints
from autoenroll_desktop.domain.pay_run import FIELDS, Role
from autoenroll_desktop.domain.progress import SILENT, Progress
from autoenroll_desktop.errors import AppError, UnreadableFile
from autoenroll_desktop.fixes.history import mark
from autoenroll_desktop.fixes.step import Change, Objects, Step, StepKind, after_steps, values_at
from autoenroll_desktop.intake.headings import plain_heading
from autoenroll_desktop.intake.table import Note
from autoenroll_desktop.reports.defuse import defused

_BY = (("line_item_id",), ("works_number",), ("ppsn", "employment_id"), ("ppsn",), ("first_name", "family_name"))
"""What a row without a key is found by, the surest first."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell of the file dropped back that cannot be read as what its column holds; the line keeps its value."""

    row: int
    field: str
    text: str


@dataclass(frozen=True, eq=False)
class Merged:
    """What a file dropped back would change.

    Attributes:
        step: does it, as one step; None where nothing differs.
        cells: how many cells it changes.
        unknown: rows of the file that are no line of this run. missing: lines the file should hold and does not, as
            spreadsheet rows of the original; they stay as they are.
        unread: cells that cannot be read.
    """

    step: Step | None
    cells: int
    unknown: tuple[int, ...] = ()
    missing: tuple[int, ...] = ()
    unread: tuple[Unread, ...] = ()


def merge(bench: Workbench, path: Path, progress: Progress = SILENT) -> Merged:
    """What a file dropped back would change in the run as it stands now.

    Raises:
        AppError: it cannot be read, was written from other files, or none of its rows is a line of this run.
    """
    now = bench.prepared.now
    marked = read_marked(path, now.astimezone(DUBLIN).date(), progress)
    return _from_workbook(bench, marked, path) if marked else _from_layout(bench, path, now, progress)


def is_marked(path: Path, today: dt.date) -> bool:
    """Whether a file is an annotated workbook this program wrote; one whose hidden parts are damaged is."""
    try:
        return read_marked(path, today, SILENT) is not None
    except UnreadableFile:
        return False
    except AppError:
        return True


def _from_workbook(bench: Workbench, marked: MarkedRows, path: Path) -> Merged:
    gathered = bench.prepared.gathered
    if marked.version != marked_workbook.VERSION:
        raise AppError(f"{path.name} was written by another release", "", "Update the program and try again")
    hashes = {f"file {at}": file.sha256 for at, file in enumerate(gathered.files)}
    keys = {
        marked_workbook.key(int(file), int(row)): line
        for line, (file, row) in enumerate(zip(gathered.run["file"], gathered.run["row"], strict=True))
    }
    used = {key.split(":")[0] for key in marked.keys if key in keys}
    if any(marked.about.get(f"file {file}") != hashes[f"file {file}"] for file in used) or not used:
        raise AppError(f"{path.name} was written from other files", "", "Open the files it was written from first")
    at, lines, unknown = _lines(marked.keys, keys)
    base = _base(bench, marked.about.get("done", ""))
    shown = base.origin if base is not None else bench.stepped.origin
    missing = np.setdiff1d(shown[np.isin(gathered.run["file"].to_numpy()[shown], [int(one) for one in used])], lines)
    step, cells = _step(
        bench, _Rows(marked.rows, marked.fields, marked.unread), at, lines, None if base is None else base.whole
    )
    return Merged(
        step,
        cells,
        tuple(int(marked.numbers[row]) for row in unknown),
        tuple(gathered.run["row"].iloc[missing].tolist()),
        _told(marked.unread, marked.numbers, at),
    )


Cell = tuple[int, str, str]
"""A cell that cannot be read: position of its row, field, text."""


@dataclass(frozen=True, eq=False)
class _Rows:
    """Typed rows of a file that came back, the fields it holds, and cells that cannot be read."""

    typed: pd.DataFrame
    fields: Sequence[str]
    unread: Sequence[Cell]


def _told(unread: Iterable[Cell], numbers: Ints, at: Ints) -> tuple[Unread, ...]:
    """The unreadable cells of rows that are lines, by row number."""
    known = {*at.tolist()}
    return tuple(Unread(int(numbers[row]), field, text) for row, field, text in unread if row in known)


@dataclass(frozen=True, eq=False)
class _Base:
    """The run as a file was written from it: every line as read, with values as they were then; and which lines."""

    whole: pd.DataFrame
    origin: Ints


def _base(bench: Workbench, done: str) -> _Base | None:
    """The state with that fingerprint among those passed through; None where it was another day's."""
    steps = (*bench.history.done, *reversed(bench.history.undone))
    for size in range(len(steps) + 1):
        if mark(steps[:size]) == done:
            lines = bench.prepared.gathered.run.lines
            kept = [step for step in steps[:size] if step.kind is not StepKind.DROP]
            return _Base(after_steps(lines, kept).lines, after_steps(lines, steps[:size]).origin)
    return None


def _lines(keys: Sequence[str], known: dict[str, int]) -> tuple[Ints, Ints, list[int]]:
    """Positions of rows with a key, the lines they are, and positions of the others.

    A row without a key, or with one that came before, is a row somebody added.
    """
    first: dict[str, int] = {}
    unknown = []
    for at, key in enumerate(keys):
        if key in known and key not in first:
            first[key] = at
        else:
            unknown.append(at)
    places = np.array([*first.values()], dtype=np.int64)
    return places, np.array([known[key] for key in first], dtype=np.int64), unknown


def _step(bench: Workbench, rows: _Rows, at: Ints, lines: Ints, base: pd.DataFrame | None) -> tuple[Step | None, int]:
    """The step that takes over what differs; a cell that cannot be read changes nothing.

    Args:
        at: the rows that are `lines` of the run as read.
        base: the run as read with the values the file was written with; None where they are not known.
    """
    alive = np.isin(lines, bench.stepped.origin)
    at, lines = at[alive], lines[alive]
    place = np.searchsorted(bench.stepped.origin, lines)
    changes = []
    for field in rows.fields:
        new, current = values_at(rows.typed[field], at), values_at(bench.checked.run.lines[field], place)
        differs = _differ(new, current) & ~np.isin(at, [row for row, name, _ in rows.unread if name == field])
        if base is not None:
            differs &= _differ(new, values_at(base[field], lines))
        if differs.any():
            changes.append(Change(field, lines[differs], current[differs], new[differs]))
    step = Step(StepKind.EDIT, changes=tuple(changes), alike=False) if changes else None
    return step, sum(map(len, changes))


def _differ(one: Objects, other: Objects) -> Any:
    return np.array([left != right for left, right in zip(one, other, strict=True)], dtype=np.bool_)


def _from_layout(bench: Workbench, path: Path, now: dt.datetime, progress: Progress) -> Merged:
    """What a file in the layout of one that was read would change."""
    gathered = bench.prepared.gathered
    best: tuple[int, Ints, _Rows, Ints] | None = None
    why = "it is laid out like none of the files checked"
    for file, reading in enumerate(gathered.readings):
        if reading.file.role is not Role.PAY or reading.error is not None:
            continue
        how = HowToRead(now.astimezone(DUBLIN).date(), everywhere=reading.choices)
        again = read_files([(Role.PAY, path)], how, progress)[0]
        if again.error is not None or _headings(again.file.columns) != _headings(reading.file.columns):
            why = str(again.error) if again.error else why
            continue
        mine = np.flatnonzero((gathered.run["file"] == file).to_numpy())
        mine = mine[np.isin(mine, bench.stepped.origin)]
        current = bench.checked.run.lines.iloc[np.searchsorted(bench.stepped.origin, mine)].reset_index(drop=True)
        fields = [name for name in FIELDS if any(name == column.field for column in reading.file.columns)]
        unread = [cell for note in again.notes if note.code == "value-unreadable" for cell in _cells(note)]
        rows = _Rows(_as_written(again.rows, current, fields), fields, unread)
        found = _matched(rows.typed, current)
        hits = int((found >= 0).sum())
        why = "none of its rows is a line of this run"
        if hits and (best is None or hits > best[0]):
            best = hits, np.where(found >= 0, mine[found], -1), rows, again.rows["row"].to_numpy(np.int64)
    if best is None:
        raise AppError(f"{path.name} cannot be taken back", why, "Drop a file that was written from this run")
    _, lines, rows, numbers = best
    known = np.flatnonzero(lines >= 0)
    step, cells = _step(bench, rows, known, lines[known], None)
    unknown = tuple(numbers[lines < 0].tolist())
    return Merged(step, cells, unknown, (), _told(rows.unread, numbers, known))


def _cells(note: Note) -> Iterator[Cell]:
    for position, text in zip(note.positions.tolist(), note.facts["value"], strict=True):
        yield int(position), str(note.field), str(text)


def _headings(columns: Iterable[Any]) -> list[str]:
    return [plain_heading(column.header) for column in columns]


def _as_written(rows: pd.DataFrame, current: pd.DataFrame, fields: Sequence[str]) -> pd.DataFrame:
    """The rows with texts that were made harmless on their way out as they were before."""
    rows = rows.copy()
    for field in fields:
        if rows[field].dtype == object:
            harmless = {defused(text): text for text in current[field].dropna().unique() if defused(text) != text}
            rows[field] = pd.Series([harmless.get(text, text) for text in rows[field]], dtype=object)
    return rows


def _matched(rows: pd.DataFrame, current: pd.DataFrame) -> Ints:
    """The line each row is, -1 where none or several fit; no line is taken by two rows."""
    found = np.full(len(rows), -1, dtype=np.int64)
    for key in _BY:
        lines = _unique(current, key)
        for at, name in _names(rows, key):
            line = lines.get(name, -1)
            if found[at] < 0 and line >= 0 and line not in found:
                found[at] = line
    return found


def _unique(frame: pd.DataFrame, key: Sequence[str]) -> dict[tuple[Any, ...], int]:
    """What stands in exactly one row of a frame → that row."""
    seen: dict[tuple[Any, ...], list[int]] = {}
    for at, name in _names(frame, key):
        seen.setdefault(name, []).append(at)
    return {name: places[0] for name, places in seen.items() if len(places) == 1}


def _names(frame: pd.DataFrame, key: Sequence[str]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    for at, name in enumerate(zip(*(frame[field] for field in key), strict=True)):
        if all(isinstance(part, str) for part in name):
            yield at, name
