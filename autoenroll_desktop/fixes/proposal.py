"""A suggestion, and what suggestions are made from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from autoenroll_desktop.domain.finding import Ints
from autoenroll_desktop.domain.words import absent
from autoenroll_desktop.fixes.step import Change, Objects, Step, StepKind


@dataclass(frozen=True, eq=False)
class Known:
    """Who is known to have which number.

    Attributes:
        lines: the run as it stands now.
        aepns: the current AEPNs: ppsn, first_name, family_name. past: the pay lines of earlier periods.
    """

    lines: pd.DataFrame
    aepns: pd.DataFrame
    past: pd.DataFrame

    @cached_property
    def aepn_names(self) -> Mapping[str, list[str]]:
        """PPSN → names in the AEPNs."""
        return _names(self.aepns)

    @cached_property
    def past_names(self) -> Mapping[str, list[str]]:
        """PPSN → names in earlier periods."""
        return _names(self.past)

    def name(self, line: int) -> str:
        """Who a line is about."""
        parts = (self.lines[field].iloc[line] for field in ("first_name", "family_name"))
        return " ".join(part for part in parts if isinstance(part, str))


def _names(people: pd.DataFrame) -> Mapping[str, list[str]]:
    known = people[people["ppsn"].notna()]
    names = known["first_name"].fillna("").astype(str) + " " + known["family_name"].fillna("").astype(str)
    return {str(ppsn): list(group) for ppsn, group in names.groupby(known["ppsn"])}


@dataclass(frozen=True, eq=False)
class Proposal:
    """What can be done about one finding at all its places at once.

    Attributes:
        choice: which suggestion this is: "" where there is only one, else "aepn", "statute" …
        changes: cells of the run as it stands now. dropped: lines left out instead.
        tidied: lines whose cells were tidied when they were read, to be written as they were read.
        places: how many places it puts right; left: how many it cannot.
    """

    key: str
    changes: tuple[Change, ...]
    places: int
    left: int = 0
    choice: str = ""
    dropped: Ints | None = None
    tidied: Ints | None = None
    alike: bool = True

    def __bool__(self) -> bool:
        """Whether it does anything."""
        return bool(self.changes) or self.dropped is not None or self.tidied is not None

    def step(self, origin: Ints) -> Step:
        """The step that does it. `origin`: the position each line has in the run as it was read."""
        if self.dropped is not None:
            return Step(StepKind.DROP, self.key, lines=origin[self.dropped], choice=self.choice, alike=self.alike)
        if self.tidied is not None:
            return Step(StepKind.FIX, self.key, lines=origin[self.tidied], choice=self.choice, alike=self.alike)
        changes = tuple(Change(one.field, origin[one.lines], one.was, one.now) for one in self.changes)
        return Step(StepKind.FIX, self.key, changes, choice=self.choice, alike=self.alike)


def column_of(values: Iterable[Any]) -> Objects:
    """Values as an array of objects."""
    found = list(values)
    column = np.empty(len(found), dtype=object)
    column[:] = found
    return column


def objects_at(values: Any, places: Ints) -> Objects:
    """Some of a column of facts, each as text, cents, a date or None."""
    if values is None:
        return np.full(len(places), None, dtype=object)
    return column_of(_plain(values[at]) for at in places.tolist())


def _plain(value: Any) -> Any:
    if absent(value):
        return None
    return int(value) if isinstance(value, np.integer) else value
