"""Putting the pay run of the Check page right: steps one after the other, and what they would do."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from autoenroll_desktop.ui.tasks import TaskProgress
from autoenroll_desktop.ui.view_models.sheet import Sheet, sheet_of

if TYPE_CHECKING:
    from autoenroll_desktop.actions.fix_pay_run import Effect, Workbench
    from autoenroll_desktop.actions.fixing import Entry, Recipe, Step
    from autoenroll_desktop.actions.merge_back import Merged
    from autoenroll_desktop.ui.view_models.check import CheckViewModel

Change = Callable[["Workbench", TaskProgress], "Workbench"]
"""Something done to the pay run: a step, an undo, a redo."""


class Fixing(QObject):
    """Does steps, takes them back and works out what they would do, off the UI thread; nothing without a pay run.

    Signal: `previewed` (Effect).
    """

    previewed = Signal(object)

    def __init__(self, check: "CheckViewModel", show: Callable[["Workbench", Sheet], None]) -> None:
        """`show`: takes the pay run after a change."""
        super().__init__(check)
        self._check, self._show = check, show
        self._waiting: list[Change] = []
        self._stepping = False
        check.work.stopped.connect(self._on_stopped)
        check.work.failed.connect(self._on_stopped)

    def do(self, step: "Step") -> None:
        """Do a step and check again."""
        from autoenroll_desktop.actions import fix_pay_run

        self._change(lambda bench, progress: fix_pay_run.do(bench, step, progress))

    def undo(self) -> None:
        """Take the last step back."""
        from autoenroll_desktop.actions import fix_pay_run

        self._change(fix_pay_run.undo)

    def redo(self) -> None:
        """Do the step undone last once more."""
        from autoenroll_desktop.actions import fix_pay_run

        self._change(fix_pay_run.redo)

    def back_to(self, size: int) -> None:
        """Undo or redo until `size` steps are done."""
        from autoenroll_desktop.actions import fix_pay_run

        self._change(lambda bench, progress: fix_pay_run.back_to(bench, size, progress))

    def fix_certain(self) -> None:
        """Take every suggestion that is determined."""
        from autoenroll_desktop.actions import fix_pay_run

        self._change(fix_pay_run.fix_certain)

    def edit(self, line: int, field: str, text: str) -> None:
        """Type a cell over. Raises AppError where the text is no value of the field."""
        from autoenroll_desktop.actions import fix_pay_run
        from autoenroll_desktop.actions.type_cell import read_cell

        bench = self._check.bench
        if bench is None:
            return
        step = fix_pay_run.edit(bench, line, field, read_cell(field, text, self._check.now().date()))
        if step is not None:
            self.do(step)

    def take(self, bench: "Workbench") -> None:
        """Go on with a run that was worked out before."""
        self._change(lambda _bench, _progress: bench)

    # What it would do

    def preview(self, step: "Step") -> None:
        """Work out what a step would do; `previewed` tells."""
        bench = self._check.bench
        if bench is None:
            return

        def job(progress: TaskProgress) -> "Effect":
            from autoenroll_desktop.actions import fix_pay_run

            return fix_pay_run.preview(bench, step, progress)

        self._check.work.run("previewing", job, self.previewed.emit)

    def try_recipe(self, recipe: "Recipe", done: Callable[["Workbench", int, tuple["Entry", ...]], None]) -> None:
        """Work out what a recipe would do; `done` gets the run after it, how many steps fitted, and the others."""
        bench = self._check.bench
        if bench is None:
            return

        def job(progress: TaskProgress) -> Any:
            from autoenroll_desktop.actions import fix_pay_run

            return fix_pay_run.replay(bench, recipe, progress)

        self._check.work.run("recipe", job, lambda told: done(told.bench, len(told.fitted), told.left))

    def merge(self, path: Path, done: Callable[["Merged", "Effect | None"], None]) -> None:
        """Work out what an edited file that comes back would change; `done` gets it, with None where nothing would."""
        bench = self._check.bench
        if bench is None:
            return

        def job(progress: TaskProgress) -> Any:
            from autoenroll_desktop.actions import fix_pay_run
            from autoenroll_desktop.actions.merge_back import merge

            merged = merge(bench, path, progress)
            return merged, fix_pay_run.preview(bench, merged.step, progress) if merged.step is not None else None

        self._check.work.run("merging", job, lambda told: done(*told))

    # Inside

    def _change(self, change: Change) -> None:
        """Do something to the run; while another change is under way it waits for its turn, and none is lost."""
        if self._check.bench is None:
            return
        self._waiting.append(change)
        if not self._stepping:
            self._next_changes()

    def _next_changes(self) -> None:
        changes, bench = tuple(self._waiting), self._check.bench
        self._waiting.clear()
        if bench is None or not changes:
            return

        def job(progress: TaskProgress) -> "tuple[Workbench, Sheet]":
            after = bench
            for change in changes:
                after = change(after, progress)
            return after, sheet_of(after)

        self._check.work.run("fixing", job, self._on_changed)
        self._stepping = True

    def _on_changed(self, told: "tuple[Workbench, Sheet]") -> None:
        self._stepping = False
        self._show(*told)
        if self._waiting:
            self._next_changes()

    def _on_stopped(self) -> None:
        self._stepping = False
        self._waiting.clear()
