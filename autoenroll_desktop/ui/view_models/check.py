"""What the Check page knows and can do, without widgets."""

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.ui.tasks import Handlers, Job, TaskProgress, TaskRunner

if TYPE_CHECKING:
    from autoenroll_desktop.domain.checked_run import CheckedRun

Clock = Callable[[], dt.datetime]


class CheckViewModel(QObject):
    """Checks files and writes the report, off the UI thread.

    Signals: `started` (what), `progressed` (what, done, total), `checked` (CheckedRun), `failed` (exception),
    `stopped`, `reported` (path of the report).
    """

    started = Signal(str)
    progressed = Signal(str, int, int)
    checked = Signal(object)
    failed = Signal(object)
    stopped = Signal()
    reported = Signal(Path)

    def __init__(self, clock: Clock, words: Words, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.words = words
        self.result: CheckedRun | None = None
        self.pinned: dt.datetime | None = None
        self._clock = clock
        self._paths: tuple[Path, ...] = ()
        self._is_sample = False
        self._tasks = TaskRunner(self)

    def now(self) -> dt.datetime:
        """The clock; it stands still while the sample employer is shown."""
        return self.pinned or self._clock()

    @property
    def busy(self) -> bool:
        """Whether something is being worked on."""
        return self._tasks.busy

    @property
    def can_check(self) -> bool:
        """Whether there is anything to check again."""
        return bool(self._paths) or self._is_sample

    def add(self, paths: Iterable[Path]) -> None:
        """Check these files, together with those already there unless they are the sample's."""
        kept = () if self._is_sample else self._paths
        self._paths = tuple(dict.fromkeys((*kept, *paths)))
        self._is_sample = False
        self.pinned = None
        self.check()

    def open_sample(self) -> None:
        """Check the bundled sample employer."""
        self._paths = ()
        self._is_sample = True
        self.check()

    def clear(self) -> None:
        """Start over with no file."""
        self._tasks.cancel()
        self._paths, self._is_sample, self.pinned, self.result = (), False, None, None

    def check(self) -> None:
        """Check what is there, again."""
        self._run("checking", self._sample_job if self._is_sample else self._files_job(), self._on_checked)

    def write_report(self, path: Path) -> None:
        """Write the PDF report of the result to `path`."""
        checked, words = self.result, self.words
        if checked is None:
            return

        def job(progress: TaskProgress) -> Path:
            from autoenroll_desktop.actions.export_report import export_report

            return export_report(checked, path, words=words, progress=progress)

        self._run("reporting", job, self.reported.emit)

    def cancel(self) -> None:
        """Stop what is being worked on."""
        self._tasks.cancel()

    def close(self) -> None:
        """Stop for good."""
        self._tasks.close()

    def _files_job(self) -> Job:
        paths, now = self._paths, self.now()

        def job(progress: TaskProgress) -> Any:
            progress.step("starting")
            from autoenroll_desktop.actions.check_pay_run import Given, check_pay_run

            return check_pay_run(Given(pay=paths), now, progress)

        return job

    def _sample_job(self, progress: TaskProgress) -> Any:
        progress.step("starting")
        from autoenroll_desktop.actions.check_pay_run import check_pay_run
        from autoenroll_desktop.actions.open_sample import sample

        given, now = sample()
        return check_pay_run(given, now, progress)

    def _on_checked(self, checked: "CheckedRun") -> None:
        self.result = checked
        self.pinned = checked.checked_at if self._is_sample else None
        self.checked.emit(checked)

    def _run(self, what: str, job: Job, done: Callable[[Any], None]) -> None:
        self.started.emit(what)
        self._tasks.start(job, Handlers(done, self.failed.emit, self.stopped.emit, self.progressed.emit))
