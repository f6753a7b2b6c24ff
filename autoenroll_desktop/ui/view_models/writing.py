"""Writing what came out of the Check page: files for payroll and NAERSA, reports, recipes."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from autoenroll_desktop.ui.tasks import TaskProgress

if TYPE_CHECKING:
    from autoenroll_desktop.actions.desk import Desk
    from autoenroll_desktop.actions.fix_pay_run import Workbench
    from autoenroll_desktop.actions.fixing import Step
    from autoenroll_desktop.actions.produced_files import ProducedFiles
    from autoenroll_desktop.actions.write_files import Written
    from autoenroll_desktop.errors import AppError
    from autoenroll_desktop.ui.view_models.check import CheckViewModel, Clock

_KEEP_STEPS = ("corrected", "recipe", "annotated")
"""What holds the steps done, so that they are not lost with the window."""
_KEEP_RECIPE = ("corrected", "recipe")
"""What is written when a run is put right: then its steps are kept for the employer's next one."""


class Writing(QObject):
    """Writes off the UI thread, and notes what was written and where.

    Signals: `reported` (path of what was written), `unkept` (AppError: why it was not noted).
    """

    reported = Signal(Path)
    unkept = Signal(object)

    def __init__(self, check: "CheckViewModel", desk: "Desk", clock: "Clock") -> None:
        """`clock`: when something was written, also while the check's own stands still."""
        super().__init__(check)
        self._check, self._desk, self._clock = check, desk, clock
        self._produced: ProducedFiles | None = None
        self._safe: tuple[Step, ...] = ()

    @property
    def unwritten(self) -> int:
        """How many steps were done that are in nothing written since."""
        check = self._check
        return 0 if check.is_sample else len([step for step in check.steps if step not in self._safe])

    def remember_produced(self, produced: "ProducedFiles") -> None:
        """Note from now on what is written, and where."""
        self._produced = produced

    def write(self, what: str, kind: str, job: Callable[["Workbench", TaskProgress], "Path | Written"]) -> None:
        """Write something; `reported` tells where it is.

        Args:
            what: names the work (`working.WHAT`). kind: names what comes out (`output.KIND`).
        """
        bench = self._check.bench
        if bench is None:
            return
        steps, produced, moment, keep = bench.history.done, self._produced, self._clock(), not self._check.is_sample
        desk = self._desk

        def write_and_note(progress: TaskProgress) -> "tuple[Path, AppError | None]":
            made = job(bench, progress)
            refused = produced.add(bench.checked, kind, made, moment, keep=keep) if produced is not None else None
            if keep and kind in _KEEP_RECIPE:
                refused = desk.keep_recipe(bench, moment) or refused
            return made if isinstance(made, Path) else made.path, refused

        self._check.work.run(what, write_and_note, lambda told: self._on_written(told, kind, steps))

    def write_report(self, path: Path) -> None:
        """Write the PDF report of the result to `path`."""
        words = self._check.words

        def job(bench: "Workbench", progress: TaskProgress) -> Path:
            from autoenroll_desktop.actions.export_report import export_report

            return export_report(bench.checked, path, words=words, progress=progress)

        self.write("reporting", "report", job)

    def _on_written(self, told: "tuple[Path, AppError | None]", kind: str, steps: "tuple[Step, ...]") -> None:
        path, refused = told
        if kind in _KEEP_STEPS:
            self._safe = steps
        self.reported.emit(path)
        if refused is not None:
            self.unkept.emit(refused)
