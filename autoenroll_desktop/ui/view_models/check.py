"""What the Check page shows, and what a person can do there."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError, StoreFailed
from autoenroll_desktop.ui.tasks import TaskProgress
from autoenroll_desktop.ui.view_models.sheet import Sheet, sheet_of
from autoenroll_desktop.ui.view_models.work import Work

if TYPE_CHECKING:
    from autoenroll_desktop.actions.desk import Desk
    from autoenroll_desktop.actions.fix_pay_run import Effect, Workbench
    from autoenroll_desktop.actions.fixing import Entry, Recipe, Step
    from autoenroll_desktop.actions.licence_gate import LicenceGate
    from autoenroll_desktop.actions.look_at_columns import ColumnsLook
    from autoenroll_desktop.actions.merge_back import Merged
    from autoenroll_desktop.actions.produced_files import ProducedFiles
    from autoenroll_desktop.actions.write_files import Written
    from autoenroll_desktop.domain.checked_run import CheckedRun

_KEEP_STEPS = ("corrected", "recipe", "annotated")
"""What holds the steps done, so that they are not lost with the window."""
_KEEP_RECIPE = ("corrected", "recipe")
"""What is written when a run is put right: then its steps are kept for the employer's next one."""
Clock = Callable[[], dt.datetime]
Change = Callable[["Workbench", TaskProgress], "Workbench"]
"""Something done to the pay run: a step, an undo, a redo."""


class CheckViewModel(QObject):
    """Checks files, puts them right step by step and writes what came out, off the UI thread.

    Signals: `checked` (CheckedRun) after a check and after every step, `previewed` (Effect), `replayed` (how many
    steps of a recipe fitted, those that did not), `reported` (path of what was written), `unkept` (AppError: why a
    check was not kept), `let_go`: a person wants the steps done no longer, `over_limits` (a sentence for each limit of
    the licence that a check went beyond). How long work goes is told by `work`.
    """

    checked = Signal(object)
    previewed = Signal(object)
    replayed = Signal(int, object)
    reported = Signal(Path)
    unkept = Signal(object)
    let_go = Signal()
    over_limits = Signal(object)

    def __init__(
        self,
        clock: Clock,
        words: Words,
        parent: QObject | None = None,
        *,
        desk: "Desk",
        gate: "LicenceGate | None" = None,
    ) -> None:
        """`desk`: where checks and confirmed columns are kept. `gate`: what new checks have to pass; None lets all."""
        super().__init__(parent)
        self.words = words
        self.work = Work(self)
        self.bench: Workbench | None = None
        self.sheet: Sheet | None = None
        self.pinned: dt.datetime | None = None
        self.choices: dict[Path, Any] = {}
        self.paths: tuple[Path, ...] = ()
        self.is_sample = False
        self._clock, self._desk, self._gate = clock, desk, gate
        self._read: tuple[Path, ...] = ()
        self._waiting: list[Change] = []
        self._to_remember: list[tuple[list[str], Any]] = []
        self._to_redo: Recipe | None = None
        self._stepping = False
        self._safe: tuple[Step, ...] = ()
        self._produced: ProducedFiles | None = None
        self.work.stopped.connect(self._on_stopped)
        self.work.failed.connect(self._on_failed)

    @property
    def result(self) -> "CheckedRun | None":
        """The check of what stands now."""
        return self.bench.checked if self.bench is not None else None

    @property
    def steps(self) -> "tuple[Step, ...]":
        """The steps done so far."""
        return self.bench.history.done if self.bench is not None else ()

    @property
    def undone(self) -> "tuple[Step, ...]":
        """The steps that can be done again, the next one last."""
        return self.bench.history.undone if self.bench is not None else ()

    @property
    def unwritten(self) -> int:
        """How many steps were done that are in nothing written since."""
        return 0 if self.is_sample else len([step for step in self.steps if step not in self._safe])

    @property
    def kept_runs(self) -> tuple[str, ...]:
        """The ids of the runs the last check was kept as; none for the sample."""
        return () if self.is_sample else self._desk.runs

    def now(self) -> dt.datetime:
        """The clock; it stands still while the sample employer is shown."""
        return self.pinned or self._clock()

    @property
    def can_check(self) -> bool:
        """Whether there is anything to check again."""
        return bool(self.paths) or self.is_sample

    # Checking

    def add(self, paths: Iterable[Path]) -> None:
        """Check these files, together with those already there unless they are the sample's."""
        kept = () if self.is_sample else self.paths
        if self.is_sample:
            self.clear()
        self.paths = tuple(dict.fromkeys((*kept, *paths)))
        self.check()

    def take_out(self, path: Path) -> None:
        """Check again without one of the files."""
        self.paths = tuple(one for one in self.paths if one != path)
        self.check()

    @property
    def can_remember(self) -> bool:
        """Whether what is said about columns is kept for the next time."""
        return self._desk.folder is not None

    def open_sample(self) -> None:
        """Check the bundled sample employer."""
        self.clear()
        self.is_sample = True
        self.check()

    def take_up(self, paths: tuple[Path, ...], choices: dict[Path, Any], recipe: "Recipe") -> None:
        """Check files with what was said about them before, and do the steps of a recipe again."""
        self.clear()
        self.paths, self.choices, self._to_redo = paths, choices, recipe
        self.check()

    def clear(self) -> None:
        """Start over with no file."""
        self.work.cancel()
        self.paths, self.is_sample, self.pinned, self.bench, self.sheet = (), False, None, None, None
        self.choices = {}

    def check(self) -> None:
        """Read the files and check them, again; steps done before are done again where they still fit."""
        before, self._to_redo = self._to_redo or (self._recipe() if self.steps else None), None
        source = _sample if self.is_sample else self._files()
        desk, is_sample = self._desk, self.is_sample
        gate, words, paths = None if is_sample else self._gate, self.words, self.paths
        to_remember = tuple(self._to_remember)
        self._to_remember.clear()

        def job(progress: TaskProgress) -> Any:
            progress.step("starting")
            from autoenroll_desktop.actions.check_pay_run import prepare
            from autoenroll_desktop.actions.fix_pay_run import replay, start

            standing = gate.before(words) if gate is not None else None
            given, now = source()
            left: tuple[Entry, ...] = ()
            try:
                prepared = prepare(given, now, progress)
            except StoreFailed as error:  # what was kept cannot be read: the check is made without it
                desk.refused = error
                prepared = prepare(replace(given, memory=None), now, progress)
            bench = start(prepared, progress)
            if before is not None:
                again = replay(bench, before, progress)
                bench, left = again.bench, again.left
            if not is_sample:
                for headings, choices in to_remember:
                    desk.remember_columns(bench.checked.only_employer or "", headings, choices, now)
                desk.keep(bench.prepared, bench.checked, now)
            over = gate.after(standing, bench.checked, words) if gate is not None and standing is not None else ()
            return bench, sheet_of(bench), left, over, paths

        self.work.run("checking", job, self._on_read)

    def look_at_columns(self, path: Path, tables: dict[str, Any] | None = None) -> "Callable[[], ColumnsLook]":
        """A look at the columns of a file, to be taken off the UI thread: with these choices, else with those made."""
        source, chosen = self._files(), self.choices.get(path)

        def look() -> "ColumnsLook":
            from autoenroll_desktop.actions.choose_columns import choose_columns
            from autoenroll_desktop.actions.look_at_columns import look_at_columns

            given, now = source()
            choices = choose_columns(tables or {}) if tables or chosen is None else chosen
            return look_at_columns(path, choices, given.how_to_read(now))

        return look

    def choose_columns(self, path: Path, tables: dict[str, Any], *, headers: list[str], remember: bool) -> None:
        """Read a file with these choices (as in a mapping file) from now on, and check again.

        Where they cannot be remembered for the next time, `unkept` tells why.

        Raises:
            AppError: a field was chosen twice.
        """
        from autoenroll_desktop.actions.choose_columns import choose_columns

        self.choices[path] = choose_columns(tables)
        if remember:
            self._to_remember.append((headers, self.choices[path]))
        self.check()

    # Putting right

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

        if self.bench is None:
            return
        step = fix_pay_run.edit(self.bench, line, field, read_cell(field, text, self.now().date()))
        if step is not None:
            self.do(step)

    def preview(self, step: "Step") -> None:
        """Work out what a step would do; `previewed` tells."""
        bench = self.bench
        if bench is None:
            return

        def job(progress: TaskProgress) -> "Effect":
            from autoenroll_desktop.actions import fix_pay_run

            return fix_pay_run.preview(bench, step, progress)

        self.work.run("previewing", job, self.previewed.emit)

    # Recipes and files

    def try_recipe(self, recipe: "Recipe", done: Callable[["Workbench", int, tuple["Entry", ...]], None]) -> None:
        """Work out what a recipe would do; `done` gets the run after it, how many steps fitted, and the others."""
        bench = self.bench
        if bench is None:
            return

        def job(progress: TaskProgress) -> Any:
            from autoenroll_desktop.actions import fix_pay_run

            return fix_pay_run.replay(bench, recipe, progress)

        self.work.run("recipe", job, lambda told: done(told.bench, len(told.fitted), told.left))

    def merge(self, path: Path, done: Callable[["Merged", "Effect | None"], None]) -> None:
        """Work out what an edited file that comes back would change; `done` gets it, with None where nothing would."""
        bench = self.bench
        if bench is None:
            return

        def job(progress: TaskProgress) -> Any:
            from autoenroll_desktop.actions import fix_pay_run
            from autoenroll_desktop.actions.merge_back import merge

            merged = merge(bench, path, progress)
            return merged, fix_pay_run.preview(bench, merged.step, progress) if merged.step is not None else None

        self.work.run("merging", job, lambda told: done(*told))

    def take(self, bench: "Workbench") -> None:
        """Go on with a run that was worked out before."""
        self._change(lambda _bench, _progress: bench)

    def remember_produced(self, produced: "ProducedFiles") -> None:
        """Note from now on what is written, and where."""
        self._produced = produced

    def write(self, what: str, kind: str, job: Callable[["Workbench", TaskProgress], "Path | Written"]) -> None:
        """Write something; `reported` tells where it is.

        Args:
            what: names the work (`working.WHAT`). kind: names what comes out (`output.KIND`).
        """
        bench = self.bench
        if bench is None:
            return
        steps, produced, moment, keep = bench.history.done, self._produced, self._clock(), not self.is_sample
        desk = self._desk

        def write_and_note(progress: TaskProgress) -> "tuple[Path, AppError | None]":
            made = job(bench, progress)
            refused = produced.add(bench.checked, kind, made, moment, keep=keep) if produced is not None else None
            if keep and kind in _KEEP_RECIPE:
                refused = desk.keep_recipe(bench, moment) or refused
            return made if isinstance(made, Path) else made.path, refused

        self.work.run(what, write_and_note, lambda told: self._on_written(told, kind, steps))

    def write_report(self, path: Path) -> None:
        """Write the PDF report of the result to `path`."""
        words = self.words

        def job(bench: "Workbench", progress: TaskProgress) -> Path:
            from autoenroll_desktop.actions.export_report import export_report

            return export_report(bench.checked, path, words=words, progress=progress)

        self.write("reporting", "report", job)

    def close(self) -> None:
        """Stop for good."""
        self.work.close()
        self._desk.close()

    # Inside

    def _recipe(self) -> "Recipe | None":
        from autoenroll_desktop.actions.fix_pay_run import recipe

        return recipe(self.bench, "") if self.bench is not None else None

    def _files(self) -> Callable[[], tuple[Any, dt.datetime]]:
        paths, now, choices = self.paths, self.now(), dict(self.choices)
        desk = self._desk

        def source() -> tuple[Any, dt.datetime]:
            from autoenroll_desktop.actions.check_pay_run import Given

            return Given(pay=paths, choices=choices, memory=desk.memory(now)), now

        return source

    def _change(self, change: Change) -> None:
        """Do something to the run; while another change is under way it waits for its turn, and none is lost."""
        if self.bench is None:
            return
        self._waiting.append(change)
        if not self._stepping:
            self._next_changes()

    def _next_changes(self) -> None:
        changes, bench = tuple(self._waiting), self.bench
        self._waiting.clear()
        if bench is None or not changes:
            return

        def job(progress: TaskProgress) -> Any:
            after = bench
            for change in changes:
                after = change(after, progress)
            return after, sheet_of(after), ()

        self.work.run("fixing", job, self._on_changed)
        self._stepping = True

    def _on_read(self, told: Any) -> None:
        bench, sheet, left, over, self._read = told
        self.pinned = bench.checked.checked_at if self.is_sample else None
        self._show(bench, sheet)
        if not self.is_sample and self._desk.refused is not None and not self._desk.waits:
            self.unkept.emit(self._desk.refused)
        if left:
            self.replayed.emit(len(bench.history.done), left)
        if over:
            self.over_limits.emit(over)

    def _on_changed(self, told: Any) -> None:
        self._stepping = False
        self._show(told[0], told[1])
        if self._waiting:
            self._next_changes()

    def _on_written(self, told: tuple[Path, AppError | None], kind: str, steps: "tuple[Step, ...]") -> None:
        path, refused = told
        if kind in _KEEP_STEPS:
            self._safe = steps
        self.reported.emit(path)
        if refused is not None:
            self.unkept.emit(refused)

    def _show(self, bench: "Workbench", sheet: Sheet) -> None:
        self.bench, self.sheet = bench, sheet
        self.checked.emit(bench.checked)

    def _on_failed(self, error: Exception) -> None:
        from autoenroll_desktop.actions.licence import CheckStopped

        if isinstance(error, CheckStopped):  # what stands stays as it is, without the files that were not checked
            self.paths = self._read if self.bench is not None else ()
        self._on_stopped()

    def _on_stopped(self) -> None:
        self._stepping = False
        self._waiting.clear()


def _sample() -> tuple[Any, dt.datetime]:
    from autoenroll_desktop.actions.open_sample import sample

    return sample()
