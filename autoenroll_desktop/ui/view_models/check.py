"""What the Check page shows: the files given, and the pay run read from them as it stands."""

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.ui.view_models.checking import Checking, Outcome, Source
from autoenroll_desktop.ui.view_models.fixing import Fixing
from autoenroll_desktop.ui.view_models.sheet import Sheet
from autoenroll_desktop.ui.view_models.work import Work
from autoenroll_desktop.ui.view_models.writing import Writing

if TYPE_CHECKING:
    from autoenroll_desktop.actions.check_pay_run import Given
    from autoenroll_desktop.actions.desk import Desk
    from autoenroll_desktop.actions.fix_pay_run import Workbench
    from autoenroll_desktop.actions.fixing import Recipe, Step
    from autoenroll_desktop.actions.licence_gate import LicenceGate
    from autoenroll_desktop.actions.look_at_columns import ColumnsLook
    from autoenroll_desktop.domain.checked_run import CheckedRun

Clock = Callable[[], dt.datetime]


class CheckViewModel(QObject):
    """Checks files off the UI thread; the run is put right by `fixing`, and `writing` writes what came out.

    Signals: `checked` (CheckedRun) after a check and after every step, `replayed` (how many steps fitted again after
    a check, those that did not), `unkept` (AppError: why a check was not kept), `let_go`: a person wants the steps
    done no longer, `over_limits` (a sentence for each limit of the licence that a check went beyond). How long work
    goes is told by `work`.
    """

    checked = Signal(object)
    replayed = Signal(int, object)
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
        self._to_remember: list[tuple[list[str], Any]] = []
        self._to_redo: Recipe | None = None
        self.fixing = Fixing(self, self._show)
        self.writing = Writing(self, desk, clock)
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
        again, self._to_redo = self._to_redo or (self._recipe() if self.steps else None), None
        columns = tuple(self._to_remember)
        self._to_remember.clear()
        checking = Checking(
            source=_sample if self.is_sample else self._files(),
            paths=self.paths,
            desk=self._desk,
            gate=None if self.is_sample else self._gate,
            words=self.words,
            again=again,
            columns=columns,
            keep=not self.is_sample,
        )
        self.work.run("checking", checking, self._on_read)

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

    def close(self) -> None:
        """Stop for good."""
        self.work.close()
        self._desk.close()

    # Inside

    def _recipe(self) -> "Recipe | None":
        from autoenroll_desktop.actions.fix_pay_run import recipe

        return recipe(self.bench, "") if self.bench is not None else None

    def _files(self) -> Source:
        paths, now, choices = self.paths, self.now(), dict(self.choices)
        desk = self._desk

        def source() -> "tuple[Given, dt.datetime]":
            from autoenroll_desktop.actions.check_pay_run import Given

            return Given(pay=paths, choices=choices, memory=desk.memory(now)), now

        return source

    def _on_read(self, told: Outcome) -> None:
        self._read = told.paths
        self.pinned = told.bench.checked.checked_at if self.is_sample else None
        self._show(told.bench, told.sheet)
        if not self.is_sample and self._desk.refused is not None and not self._desk.waits:
            self.unkept.emit(self._desk.refused)
        if told.left:
            self.replayed.emit(len(told.bench.history.done), told.left)
        if told.over:
            self.over_limits.emit(told.over)

    def _show(self, bench: "Workbench", sheet: Sheet) -> None:
        self.bench, self.sheet = bench, sheet
        self.checked.emit(bench.checked)

    def _on_failed(self, error: Exception) -> None:
        from autoenroll_desktop.actions.licence import CheckStopped

        if isinstance(error, CheckStopped):  # what stands stays as it is, without the files that were not checked
            self.paths = self._read if self.bench is not None else ()


def _sample() -> "tuple[Given, dt.datetime]":
    from autoenroll_desktop.actions.open_sample import sample

    return sample()
