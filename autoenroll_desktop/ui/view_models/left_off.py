"""Work that was left off: steps that are in nothing written survive a crash, and those of an employer's last run are
offered for its next one."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from autoenroll_desktop.actions.desk import DeskState
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.ui.view_models.check import CheckViewModel, Clock
from autoenroll_desktop.ui.view_models.store import StoreViewModel

if TYPE_CHECKING:
    from autoenroll_desktop.actions.fix_pay_run import Workbench
    from autoenroll_desktop.actions.fixing import Recipe
    from autoenroll_desktop.actions.unsaved_work import UnsavedWork
    from autoenroll_desktop.domain.checked_run import CheckedRun


class LeftOff(QObject):
    """Keeps unwritten steps in the store after each of them, one save at a time and only the last state.

    A failure to save is told once a reason and stops nothing. Steps let go of on purpose are forgotten.

    Signals: `found` (UnsavedWork) that can be taken up, `recipe_found` (Recipe) that can be done to the run just
    checked, `failed` (exception).
    """

    found = Signal(object)
    recipe_found = Signal(object)
    failed = Signal(object)

    def __init__(
        self, check: CheckViewModel, store: StoreViewModel, clock: Clock, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._check, self._store, self._clock = check, store, clock
        self._looked = False
        self._asked: set[tuple[Path, ...]] = set()
        self._wanted: tuple[Workbench | None, tuple[Path, ...]] | None = None
        self._saved: tuple[Path, ...] = ()
        self._saving: tuple[Path, ...] | None = None
        self._taken: tuple[Path, ...] = ()
        self._told: set[str] = set()
        self.waiting: UnsavedWork | None = None
        self.recipe: Recipe | None = None
        check.checked.connect(self._on_checked)
        check.writing.reported.connect(self._on_reported)
        check.let_go.connect(self._on_let_go)
        store.changed.connect(self._on_store)

    @property
    def saved(self) -> bool:
        """Whether the steps as they stand now are kept, and there are any."""
        return bool(self._saved) and self._saving is None

    def take_up(self) -> None:
        """Go on with the work that was found."""
        work = self.waiting
        if work is not None:
            self._taken = work.paths
            self._check.take_up(work.paths, dict(work.choices), work.recipe)

    def close(self) -> None:
        """The window is left on purpose, after everything else has stopped: what was kept of its steps goes."""
        for paths in {self._saved, self._saving or ()} - {()}:
            try:
                self._store.desk.forget_unsaved(paths)
            except AppError:  # it is offered once too often
                return

    # Keeping

    def _on_checked(self, checked: "CheckedRun") -> None:
        check = self._check
        if check.is_sample or not check.paths or not len(checked.run):
            self.recipe = None
            return
        if self._taken == check.paths:  # the files are there: from now on these are the steps in hand
            self._saved, self._taken = self._taken, ()
        if check.steps:
            self.waiting = None
        if check.writing.unwritten:
            self._save(check.bench)
        elif self._saved:
            self._save(None)
        elif not check.steps and check.paths not in self._asked:
            self._asked.add(check.paths)
            self.recipe = None
            paths = check.paths
            self._store.do(lambda: self._look(paths, checked), lambda told: self._on_looked(paths, *told), _nothing)

    def _on_reported(self, _path: Path) -> None:
        if self._saved and not self._check.writing.unwritten:
            self._save(None)

    def _on_let_go(self) -> None:
        if self._saved or self._saving is not None:
            self._save(None)

    def _save(self, bench: "Workbench | None") -> None:
        """Keep the steps of a bench in place of what was kept before; None: keep none."""
        self._wanted = (bench, self._check.paths)
        if self._saving is None:
            self._save_next()

    def _save_next(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is None:
            return
        bench, paths = wanted
        before, runs, choices = self._saved, self._check.kept_runs, dict(self._check.choices)
        self._saving = paths

        def job() -> tuple[Path, ...]:
            if before and (before != paths or bench is None):
                self._store.desk.forget_unsaved(before)
            return paths if bench is not None and self._keep(bench, runs, paths, choices) else ()

        self._store.do(job, self._on_saved, self._on_unsaved)

    def _keep(
        self, bench: "Workbench", runs: tuple[str, ...], paths: tuple[Path, ...], choices: dict[Path, Any]
    ) -> bool:
        from autoenroll_desktop.actions.fix_pay_run import recipe
        from autoenroll_desktop.actions.unsaved_work import UnsavedWork

        now = self._clock()
        return self._store.desk.keep_unsaved(runs, UnsavedWork(now, paths, choices, recipe(bench, "")), now)

    def _on_saved(self, paths: tuple[Path, ...]) -> None:
        self._saved, self._saving = paths, None
        self._save_next()

    def _on_unsaved(self, error: Exception) -> None:
        self._saving = None
        if str(error) not in self._told and self._store.state is DeskState.KEPT:
            self._told.add(str(error))
            self.failed.emit(error)
        self._save_next()

    # Offering

    def _on_store(self) -> None:
        if self._store.state is DeskState.KEPT and not self._looked:
            self._looked = True
            self._store.do(self._store.desk.unsaved, self._on_found, self.failed.emit)

    def _on_found(self, found: "list[UnsavedWork]") -> None:
        if found and not self._check.paths:
            self.waiting = found[0]
            self.found.emit(found[0])

    def _look(self, paths: tuple[Path, ...], checked: "CheckedRun") -> "tuple[UnsavedWork | None, Recipe | None]":
        mine = [one for one in self._store.desk.unsaved() if set(one.paths) == set(paths)]
        return (mine[0], None) if mine else (None, self._store.desk.kept_recipe(checked))

    def _on_looked(self, paths: tuple[Path, ...], work: "UnsavedWork | None", recipe: "Recipe | None") -> None:
        if self._check.paths != paths or self._check.steps:
            return
        if work is not None:
            self.waiting = work
            self.found.emit(work)
        elif recipe is not None and self._check.result is not None and self._check.result.findings:
            self.recipe = recipe
            self.recipe_found.emit(recipe)


def _nothing(*_told: object) -> None:
    pass
