"""The pay lines as the grid shows them: arrays made once for each check, off the UI thread.

Which lines are in view, and in which order, is one array of positions; working it out is a pure function, so that
sorting or searching 100,000 lines never holds up the window.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from autoenroll_desktop.domain.pay_run import FIELDS, Kind
from autoenroll_desktop.domain.words import absent

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from autoenroll_desktop.actions.fix_pay_run import Workbench
    from autoenroll_desktop.domain.checked_run import CheckedRun
    from autoenroll_desktop.domain.finding import Finding, Ints

    Ranks = npt.NDArray[np.int8]

IDENTITY = ("row", "family_name", "first_name", "ppsn")
"""The columns that stay in place while the others scroll."""
_SHOWN = (
    "gross_pay",
    "ae_employee",
    "expected.employee",
    "ae_employer",
    "expected.employer",
    "expected.state",
    "employment_id",
    "status",
    "employee_rate",
    "pay_date",
    "date_of_birth",
    "pay_frequency",
    "line_item_id",
    "file",
)
CHANGES = "changes"
_FURTHER = tuple(name for name in FIELDS if name not in (*IDENTITY, *_SHOWN))
COLUMNS = (*IDENTITY, CHANGES, *_SHOWN, *_FURTHER)
"""Columns in order; `expected.` ones are what should have been, `changes` is was → is."""
HIDDEN_AT_FIRST = frozenset((CHANGES, *_FURTHER))
MONEY = {"expected.employee", "expected.employer", "expected.state"} | {
    name for name, kind in FIELDS.items() if kind is Kind.MONEY
}
DATES = {name for name, kind in FIELDS.items() if kind is Kind.DATE}
_EXPECTED = {"status", "employee_rate"}
RANKS = ("", "info", "warning", "error")
"""How grave a mark is: 0 for none."""
_SEARCHED = ("family_name", "first_name", "ppsn", "employment_id", "works_number")


@dataclass(frozen=True)
class Arrangement:
    """What a person wants to see: which lines, with which text in them, in which order.

    Attributes:
        only: "all", "problems", "changed", or "finding" for the lines of the finding `key`.
        sort: a column of `COLUMNS`, "" for the order of the files.
    """

    only: str = "all"
    needle: str = ""
    sort: str = ""
    descending: bool = False
    key: str = ""


@dataclass(frozen=True, eq=False)
class Sheet:
    """A checked run as arrays.

    Attributes:
        worst: by line, the gravest finding on it (a position in `RANKS`). marks: the same by field.
        was: field → line → what stood there before it was put right.
    """

    checked: "CheckedRun"
    columns: Mapping[str, Any]
    worst: "Ranks"
    marks: "Mapping[str, Ranks]"
    was: Mapping[str, Mapping[int, Any]]

    def __len__(self) -> int:
        return len(self.checked.run)

    @cached_property
    def haystack(self) -> list[str]:
        """By line, everything a search looks through."""
        parts = [self.checked.run.lines[name].tolist() for name in _SEARCHED]
        return [plain_text(" ".join(part for part in row if isinstance(part, str))) for row in zip(*parts, strict=True)]

    @cached_property
    def changed(self) -> frozenset[int]:
        """Lines in which something was put right."""
        return frozenset(line for cells in self.was.values() for line in cells)


def plain_text(text: str) -> str:
    """Text as it is searched and sorted by: without fadas, in small letters ("Ó Briain" is "o briain")."""
    return text.casefold() if text.isascii() else _without_marks(text).casefold()


def _without_marks(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


def sheet_of(bench: "Workbench") -> Sheet:
    """The arrays of a workbench."""
    import numpy as np

    was: dict[str, dict[int, Any]] = {}
    for change in bench.stepped.edits:
        alive = np.isin(change.lines, bench.stepped.origin)
        here = np.searchsorted(bench.stepped.origin, change.lines[alive])
        was[change.field] = dict(zip(here.tolist(), change.was[alive].tolist(), strict=True))
    return sheet_from(bench.checked, was)


def sheet_from(checked: "CheckedRun", was: Mapping[str, Mapping[int, Any]]) -> Sheet:
    """The arrays of a checked run; `was` as in `Sheet`."""
    import numpy as np

    size = len(checked.run)
    worst = np.zeros(size, dtype=np.int8)
    marks: dict[str, Ranks] = {}
    for finding in checked.findings:
        rank = RANKS.index("error" if finding.severity.blocks else finding.severity.value)
        lines = finding.lines[finding.lines >= 0]
        worst[lines] = np.maximum(worst[lines], rank)
        if finding.field in COLUMNS:
            mine = marks.setdefault(finding.field, np.zeros(size, dtype=np.int8))
            mine[lines] = np.maximum(mine[lines], rank)
    return Sheet(checked, {name: _column(checked, name) for name in COLUMNS if name != CHANGES}, worst, marks, was)


def _column(checked: "CheckedRun", name: str) -> Any:
    if name.startswith("expected."):
        return checked.expected[name.removeprefix("expected.")].array
    return (checked.expected if name in _EXPECTED else checked.run.lines)[name].array


def arranged(sheet: Sheet, wanted: Arrangement) -> "Ints":
    """Positions of the lines in view, in the order wanted. Lines that are alike keep the order of the files."""
    import numpy as np

    keep = np.ones(len(sheet), dtype=bool)
    if wanted.only == "problems":
        keep &= sheet.worst > 1
    elif wanted.only == "changed":
        keep &= np.isin(np.arange(len(sheet)), list(sheet.changed))
    elif wanted.only == "finding":
        keep &= np.isin(np.arange(len(sheet)), _lines_of(sheet.checked, wanted.key))
    if needle := plain_text(wanted.needle.strip()):
        keep &= np.fromiter((needle in text for text in sheet.haystack), dtype=bool, count=len(sheet))
    shown: Ints = np.flatnonzero(keep)
    if wanted.sort:
        keys = _keys(sheet, wanted.sort)[shown]
        shown = shown[np.argsort(-keys if wanted.descending else keys, kind="stable")]
    return shown


def _lines_of(checked: "CheckedRun", key: str) -> Any:
    found: Finding | None = next((one for one in checked.findings if one.key == key), None)
    return found.lines if found is not None else []


def _keys(sheet: Sheet, name: str) -> "npt.NDArray[np.float64]":
    """A number for each line that sorts as its value does; missing values come last."""
    import numpy as np
    import pandas as pd

    if name == CHANGES:
        changed = np.zeros(len(sheet))
        changed[list(sheet.changed)] = -1.0
        return changed
    column = sheet.columns[name]
    if name in MONEY or column.dtype.kind in "iu" or str(column.dtype) == "Int64":
        return np.asarray(pd.array(column, dtype="Int64").to_numpy(dtype=np.float64, na_value=np.inf))
    if column.dtype.kind == "M":
        numbers = np.asarray(column).astype("datetime64[s]").astype(np.float64)
        return np.where(np.isnat(np.asarray(column)), np.inf, numbers)
    codes, values = pd.factorize(np.asarray(column, dtype=object))
    texts = np.array(["" if absent(value) else plain_text(str(value)) for value in values], dtype=np.str_)
    ranks = np.zeros(len(texts) + 1)
    ranks[np.argsort(texts, kind="stable")] = np.arange(len(texts))
    ranks[-1] = np.inf
    return ranks[codes]
