"""Measures for how long the UI thread does not answer."""

import time
from types import TracebackType
from typing import Self

from PySide6.QtCore import QObject, Qt, QTimer


class Watchdog(QObject):
    """Asks the event loop every few milliseconds.

    `pauses` are the seconds it took to answer, beyond that. Other programs, and the worker thread holding Python's
    lock, count as well: it is what a person feels. `busy` are the seconds this thread itself worked in between, which
    do not depend on what else the machine does.
    """

    EVERY_MS = 5

    def __init__(self) -> None:
        super().__init__()
        self.pauses: list[float] = []
        self.busy: list[float] = []
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(self.EVERY_MS)
        self._timer.timeout.connect(self._tick)
        self._last = self._worked = 0.0

    def __enter__(self) -> Self:
        self.pauses, self.busy = [], []
        self._last, self._worked = time.perf_counter(), time.thread_time()
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tick()
        self._timer.stop()

    @property
    def worst(self) -> float:
        """The longest pause, in seconds."""
        return max(self.pauses, default=0.0)

    @property
    def busiest(self) -> float:
        """The longest time this thread worked without looking up, in seconds of the processor."""
        return max(self.busy, default=0.0)

    def over(self, seconds: float) -> int:
        """How many pauses were longer."""
        return sum(pause > seconds for pause in self.pauses)

    def _tick(self) -> None:
        now, worked = time.perf_counter(), time.thread_time()
        self.pauses.append(max(0.0, now - self._last - self.EVERY_MS / 1000))
        self.busy.append(worked - self._worked)
        self._last, self._worked = now, worked
