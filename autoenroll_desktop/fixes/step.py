"""One thing a person did to a pay run, and what the run looks like after several of them.

The run as it was read is never touched: the run after some steps is worked out from it each time. Undoing is leaving
the last step out, so that what comes back is what was there, to the cell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as of
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from autoenroll_desktop.domain.finding import Ints
from autoenroll_desktop.domain.pay_run import FIELDS, Kind

Objects = npt.NDArray[np.object_]


class StepKind(StrEnum):
    """What kind of thing was done."""

    FIX = "fix"
    """A suggestion was taken, at one place or at all alike."""
    EDIT = "edit"
    """A cell was typed over by hand."""
    DROP = "drop"
    """Lines were left out of the corrected file."""
    MEANING = "meaning"
    """A status word of the AEPNs that we do not know was given its meaning."""
    CONFIRM = "confirm"
    """A warning was looked at and found right, for a reason."""


@dataclass(frozen=True, eq=False)
class Change:
    """Cells of one field: `was` → `now` at `lines`, three arrays of one length.

    Lines are positions in the run as it was read. Values are text, cents, dates or None, as the field has them.
    """

    field: str
    lines: Ints
    was: Objects
    now: Objects

    def __len__(self) -> int:
        return len(self.lines)


@dataclass(frozen=True, eq=False)
class Step:
    """One step, undone and done again as a whole.

    Attributes:
        key: the finding it answers (`Finding.key`), "" for an edit by hand, the word for a meaning.
        lines: for a drop the lines left out, for a confirmation the lines confirmed (none: the finding as a whole), for
            a fix without changes the lines whose cells are written as they were tidied.
        choice: which of several suggestions was taken ("same-name", "statute" …); what a word means.
        alike: it was done at every place of the finding, and will be next time too.
        reason: why a warning was confirmed, in the person's words.
    """

    kind: StepKind
    key: str = ""
    changes: tuple[Change, ...] = ()
    lines: Ints = of(default_factory=lambda: np.zeros(0, dtype=np.int64))
    choice: str = ""
    reason: str = ""
    alike: bool = True

    @property
    def cells(self) -> int:
        """How many cells it changes in what is written."""
        return sum(map(len, self.changes)) or (len(self.lines) if self.tidies else 0)

    @property
    def tidies(self) -> bool:
        """Whether it is about cells that were tidied while reading: what is written changes, the run does not."""
        return self.kind is StepKind.FIX and not self.changes and len(self.lines) > 0


def meaning(word: str, status: str) -> Step:
    """The step that says what a status word means: one of `domain.aepn.Status`."""
    return Step(StepKind.MEANING, word, choice=status)


@dataclass(frozen=True, eq=False)
class Stepped:
    """A run after some steps.

    Attributes:
        lines: the frame, index 0..n-1, without the lines left out.
        origin: int64, the position each line has in the run as it was read.
        edits: every cell that differs from the run as it was read, one `Change` a field, lines ascending.
        dropped: the lines left out.
    """

    lines: pd.DataFrame
    origin: Ints
    edits: tuple[Change, ...]
    dropped: Ints


def after_steps(lines: pd.DataFrame, steps: Sequence[Step]) -> Stepped:
    """The run as read with the steps applied in order. `lines` itself stays as it is."""
    columns: dict[str, pd.Series[Any]] = {}
    touched: dict[str, list[Ints]] = {}
    alive = np.ones(len(lines), dtype=np.bool_)
    for step in steps:
        if step.kind is StepKind.DROP:
            alive[step.lines] = False
        for change in step.changes:
            column = columns.get(change.field)
            column = lines[change.field].copy() if column is None else column
            column.iloc[change.lines] = typed(change.field, change.now)
            columns[change.field] = column
            touched.setdefault(change.field, []).append(change.lines)
    edits = tuple(_difference(lines, columns[name], name, touched[name]) for name in touched)
    changed = lines.assign(**columns) if columns else lines
    if not alive.all():
        changed = changed[alive].reset_index(drop=True)
    return Stepped(changed, np.flatnonzero(alive), tuple(edit for edit in edits if len(edit)), np.flatnonzero(~alive))


def typed(field: str, values: Objects) -> Any:
    """Values of a field as its column holds them. None is missing."""
    match FIELDS[field]:
        case Kind.MONEY | Kind.WHOLE:
            return pd.array([None if value is None else int(value) for value in values], dtype="Int64")
        case Kind.DATE:
            return np.array([np.datetime64("NaT") if day is None else day for day in values], dtype="datetime64[s]")
    return values


def values_at(column: "pd.Series[Any]", lines: Ints) -> Objects:
    """The cells of a column as text, cents, dates or None."""
    cells = column.iloc[lines]
    values = np.empty(len(cells), dtype=object)
    if cells.dtype.kind == "M":
        values[:] = [None if pd.isna(cell) else cell.date() for cell in cells]
    elif cells.dtype == "Int64":
        values[:] = [None if cell is pd.NA else int(cell) for cell in cells]
    else:
        values[:] = [None if pd.isna(cell) else cell for cell in cells]
    return values


def change_of(lines: pd.DataFrame, field: str, at: Ints, now: Objects) -> Change:
    """The change that puts `now` into the cells of a field at these lines; cells that hold it already are left out."""
    was = values_at(lines[field], at)
    differs = np.array([old != new for old, new in zip(was, now, strict=True)], dtype=np.bool_)
    return Change(field, at[differs], was[differs], now[differs])


def _difference(lines: pd.DataFrame, column: "pd.Series[Any]", field: str, touched: list[Ints]) -> Change:
    at = np.unique(np.concatenate(touched))
    return change_of(lines, field, at, values_at(column, at))
