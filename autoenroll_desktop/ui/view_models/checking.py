"""One check of the Check page as it goes off the UI thread: read, judged, steps done again, kept."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import StoreFailed
from autoenroll_desktop.ui.tasks import TaskProgress
from autoenroll_desktop.ui.view_models.sheet import Sheet, sheet_of

if TYPE_CHECKING:
    from autoenroll_desktop.actions.check_pay_run import Given, Prepared
    from autoenroll_desktop.actions.desk import Desk
    from autoenroll_desktop.actions.fix_pay_run import Workbench
    from autoenroll_desktop.actions.fixing import Entry, Recipe
    from autoenroll_desktop.actions.licence_gate import LicenceGate

Source = Callable[[], "tuple[Given, dt.datetime]"]
"""What is to be checked and when; asked for off the UI thread."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A check that went through.

    `left`: the steps done before that do not fit any more. `over`: a sentence for each limit of the licence that it
    went beyond. `paths`: the files it was made of.
    """

    bench: "Workbench"
    sheet: Sheet
    left: "tuple[Entry, ...]"
    over: tuple[str, ...]
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Checking:
    """What one check needs to know; called, it checks.

    `gate`: what it has to pass, None for the sample. `again`: steps to do again. `columns`: headings and what was
    said about them, to be remembered once the check went through. `keep`: whether the check is kept.
    """

    source: Source
    paths: tuple[Path, ...]
    desk: "Desk"
    gate: "LicenceGate | None"
    words: Words
    again: "Recipe | None"
    columns: tuple[tuple[list[str], Any], ...]
    keep: bool

    def __call__(self, progress: TaskProgress) -> Outcome:
        """Check. Raises AppError, CheckStopped where the licence allows no new checks."""
        progress.step("starting")
        from autoenroll_desktop.actions.fix_pay_run import replay, start

        standing = self.gate.before(self.words) if self.gate is not None else None
        prepared, now = self._prepared(progress)
        bench = start(prepared, progress)
        left: tuple[Entry, ...] = ()
        if self.again is not None:
            told = replay(bench, self.again, progress)
            bench, left = told.bench, told.left
        if self.keep:
            for headings, choices in self.columns:
                self.desk.remember_columns(bench.checked.only_employer or "", headings, choices, now)
            self.desk.keep(bench.prepared, bench.checked, now)
        over: tuple[str, ...] = ()
        if self.gate is not None and standing is not None:
            over = self.gate.after(standing, bench.checked, self.words)
        return Outcome(bench, sheet_of(bench), left, over, self.paths)

    def _prepared(self, progress: TaskProgress) -> "tuple[Prepared, dt.datetime]":
        from autoenroll_desktop.actions.check_pay_run import prepare

        given, now = self.source()
        try:
            return prepare(given, now, progress), now
        except StoreFailed as error:  # what was kept cannot be read: the check is made without it
            self.desk.refused = error
            return prepare(replace(given, memory=None), now, progress), now
