"""The only place with threads: long work off the UI thread, its answers back on it.

The runner is a QObject on the UI thread and owns the signals; a runnable is handed bound signals only and never
touches a widget. Every job ends in exactly one of done, failed or cancelled.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, SignalInstance, Slot

from autoenroll_desktop.errors import Cancelled

Job = Callable[["TaskProgress"], Any]


@dataclass
class Handlers:
    """Called on the UI thread. `failed` receives an AppError for a known refusal, any other exception for a bug."""

    done: Callable[[Any], object]
    failed: Callable[[Exception], object]
    cancelled: Callable[[], object]
    progressed: Callable[[str, int, int], object]


class TaskProgress:
    """Passed to the job: reports progress to the UI thread and raises `Cancelled` when asked to stop."""

    def __init__(self, number: int, progressed: SignalInstance) -> None:
        self._stopped = threading.Event()
        self._among_files = False
        self._number = number
        self._progressed = progressed

    @property
    def stop(self) -> bool:
        """Whether the job was asked to stop."""
        return self._stopped.is_set()

    def ask_to_stop(self) -> None:
        """Have the job end at its next step, or now where it waits."""
        self._stopped.set()

    def wait(self, seconds: float) -> bool:
        """Wait; False as soon as the job was asked to stop."""
        return not self._stopped.wait(seconds)

    def step(self, what: str, done: int = 0, total: int = 0) -> None:
        """See `domain.progress.Progress`. Within one of several files only the files are counted."""
        if self.stop:
            raise Cancelled
        if not self._among_files or what == "rules":
            self._progressed.emit(self._number, what, done, total)

    def file(self, name: str, number: int, total: int) -> None:
        """See `domain.progress.Progress`; the name is not shown."""
        del name
        self._among_files = total > 1
        if self.stop:
            raise Cancelled
        if self._among_files:
            self._progressed.emit(self._number, "files", number, total)


class _Runnable(QRunnable):
    def __init__(self, number: int, job: Job, progress: TaskProgress, ended: SignalInstance) -> None:
        super().__init__()
        self._number, self._progress, self._ended = number, progress, ended
        self._job: Job | None = job

    def run(self) -> None:
        """Run the job, unless it was stopped before it began, and send its one ending."""
        job, self._job = self._job, None  # the pool keeps what it ran; what the job holds is not to live as long
        ending: tuple[str, Any]
        try:
            ending = ("cancelled", None) if job is None or self._progress.stop else ("done", job(self._progress))
        except Cancelled:
            ending = ("cancelled", None)
        except Exception as error:  # noqa: BLE001 - the boundary: every failure is shown, none is lost
            ending = ("failed", error)
        if self._progress.stop:
            ending = ("cancelled", None)
        self._ended.emit(self._number, *ending)


class TaskRunner(QObject):
    """Runs one job at a time; starting another cancels the one before."""

    _progressed = Signal(int, str, int, int)
    _ended = Signal(int, str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._number = 0
        self._current: tuple[int, Handlers, TaskProgress] | None = None
        self._progressed.connect(self._on_progress)
        self._ended.connect(self._on_end)

    @property
    def busy(self) -> bool:
        """Whether a job has not ended yet."""
        return self._current is not None

    def start(self, job: Job, handlers: Handlers) -> None:
        """Run `job(progress)` on the worker thread."""
        self.cancel()
        self._number += 1
        progress = TaskProgress(self._number, self._progressed)
        self._current = (self._number, handlers, progress)
        self._pool.start(_Runnable(self._number, job, progress, self._ended))

    def cancel(self) -> None:
        """Ask the running job to stop; it ends as cancelled even when it finishes first."""
        if self._current is not None:
            _, handlers, progress = self._current
            progress.ask_to_stop()
            self._current = None
            handlers.cancelled()

    def close(self) -> None:
        """Stop, and wait until the worker has let go: after this no signal arrives."""
        self.cancel()
        self._pool.waitForDone()

    @Slot(int, str, int, int)
    def _on_progress(self, number: int, what: str, done: int, total: int) -> None:
        if self._current is not None and self._current[0] == number:
            self._current[1].progressed(what, done, total)

    @Slot(int, str, object)
    def _on_end(self, number: int, ending: str, result: Any) -> None:
        if self._current is None or self._current[0] != number:
            return
        handlers = self._current[1]
        self._current = None
        if ending == "done":
            handlers.done(result)
        elif ending == "failed":
            handlers.failed(result)
        else:
            handlers.cancelled()
