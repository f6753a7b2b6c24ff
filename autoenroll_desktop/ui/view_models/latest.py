"""Answers to questions that come faster than they can be answered: only the last one counts."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from autoenroll_desktop.ui.tasks import Handlers, TaskProgress, TaskRunner


class Latest(QObject):
    """Works answers out off the UI thread. `answered` carries the answer to the question asked last."""

    answered = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = TaskRunner(self)

    @property
    def busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._tasks.busy

    def ask(self, question: Callable[[], Any]) -> None:
        """Ask; an earlier question that has not been answered is forgotten."""

        def job(_progress: TaskProgress) -> Any:
            return question()

        self._tasks.start(job, Handlers(self.answered.emit, self.failed.emit, _nothing, _nothing))

    def forget(self) -> None:
        """Take the question back."""
        self._tasks.cancel()

    def close(self) -> None:
        """Stop for good."""
        self._tasks.close()


def _nothing(*_told: object) -> None:
    pass
