"""What is under way: one long job at a time, with steps waiting in line behind the one being done."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from autoenroll_desktop.ui.tasks import Handlers, Job, TaskRunner


class Work(QObject):
    """Runs jobs and says how they go.

    Signals: `started` (what), `progressed` (what, done, total), `failed` (exception), `stopped`; `ended` after each of
    the ways a job can end.
    """

    started = Signal(str)
    progressed = Signal(str, int, int)
    failed = Signal(object)
    stopped = Signal()
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = TaskRunner(self)
        self.what = ""

    @property
    def busy(self) -> bool:
        """Whether something is being worked on."""
        return self._tasks.busy

    def run(self, what: str, job: Job, done: Callable[[Any], None]) -> None:
        """Do a job in place of the one under way; `done` gets its result."""
        self._tasks.cancel()
        self.what = what
        self.started.emit(what)

        def end(answer: Callable[[Any], object], result: Any) -> None:
            self.ended.emit()
            answer(result)

        handlers = Handlers(
            done=partial(end, done),
            failed=partial(end, self.failed.emit),
            cancelled=self._on_cancelled,
            progressed=self.progressed.emit,
        )
        self._tasks.start(job, handlers)

    def cancel(self) -> None:
        """Stop what is being worked on."""
        self._tasks.cancel()

    def close(self) -> None:
        """Stop for good."""
        self._tasks.close()

    def _on_cancelled(self) -> None:
        self.ended.emit()
        self.stopped.emit()
