"""Things that are done one after the other, off the UI thread; none is dropped for a later one."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from autoenroll_desktop.ui.tasks import Handlers, Job, TaskRunner

Answer = Callable[[Any], object]


class InTurn(QObject):
    """Signals: `changed`, something began or ended; `ended`, before the next begins; `failed` (exception), of what
    was asked without a `refused` of its own.
    """

    changed = Signal()
    ended = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = TaskRunner(self)
        self._waiting: list[tuple[Job, Answer, Answer]] = []
        self._closed = False

    @property
    def busy(self) -> bool:
        """Whether something is being done."""
        return self._tasks.busy or bool(self._waiting)

    def do(self, job: Job, done: Answer, refused: Answer | None = None) -> None:
        """Do a job when those before it have ended; `done` gets its result, `refused` its exception."""
        if self._closed:
            return
        self._waiting.append((job, done, refused or self.failed.emit))
        if not self._tasks.busy:
            self._next()
        self.changed.emit()

    def close(self) -> None:
        """Stop for good."""
        self._closed = True
        self._waiting.clear()
        self._tasks.close()

    def _next(self) -> None:
        if not self._waiting:
            return
        job, done, refused = self._waiting.pop(0)
        self._tasks.start(job, Handlers(partial(self._end, done), partial(self._end, refused), _nothing, _nothing))

    def _end(self, answer: Answer, told: Any) -> None:
        answer(told)
        self.ended.emit()
        if not self._tasks.busy:
            self._next()
        self.changed.emit()


def _nothing(*_told: object) -> None:
    pass
