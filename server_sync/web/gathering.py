"""Work that many ask for at once, done together: who comes while one lot is being done waits for the next.

Nothing is put off for it: a request that comes alone is done at once and alone. Under load one commit, and one wait
for the disk, serves everybody who came during the one before.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class _Turn(Generic[T, R]):
    """One who waits, and what became of it."""

    def __init__(self, item: T) -> None:
        self.item = item
        self.leads = False
        self.outcome: R | None = None
        self._woken = threading.Lock()
        self._woken.acquire()

    def wait(self) -> None:
        self._woken.acquire()

    def wake(self) -> None:
        self._woken.release()


class Gathering(Generic[T, R]):
    """Does items in lots. `run` gives one outcome for each item, in order; at most `most` items are in a lot."""

    def __init__(self, run: Callable[[Sequence[T]], Sequence[R]], most: int) -> None:
        self._run, self._most = run, most
        self.waiting: deque[_Turn[T, R]] = deque()
        self._busy = False
        self._lock = threading.Lock()

    def ask(self, item: T) -> R | None:
        """What became of an item; None where the lot it was in failed as a whole, and nothing was done.

        The first of a lot does it in its own thread, and whatever `run` raises is raised there alone.
        """
        turn: _Turn[T, R] = _Turn(item)
        with self._lock:
            self.waiting.append(turn)
            turn.leads, self._busy = not self._busy, True
        if not turn.leads:
            turn.wait()
        if turn.leads:
            self._lead()
        return turn.outcome

    def _lead(self) -> None:
        with self._lock:
            lot = [self.waiting.popleft() for _ in range(min(self._most, len(self.waiting)))]
        try:
            for turn, outcome in zip(lot, self._run([turn.item for turn in lot]), strict=True):
                turn.outcome = outcome
        finally:
            with self._lock:
                after = self.waiting[0] if self.waiting else None
                self._busy = after is not None
            if after is not None:
                after.leads = True
                after.wake()
            for turn in lot[1:]:
                turn.wake()
