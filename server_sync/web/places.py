"""Where work is done: few at once, so that the waiting costs nothing and each gets done quickly."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from server_sync.contract.problems import Refused

PATIENCE = 10.0
"""Seconds to wait for a place."""


class Places:
    """A number of places, given out in the order they are asked for.

    A semaphore would let whoever comes just as one gets free go before those who wait, who may then wait very long.
    """

    def __init__(self, number: int, patience: float = PATIENCE) -> None:
        self.number = self._free = number
        self._patience = patience
        self.waiting: deque[threading.Lock] = deque()
        self._lock = threading.Lock()

    @contextmanager
    def one(self) -> Iterator[None]:
        """A place for as long as the block runs. Raises Refused: busy."""
        self._take()
        try:
            yield
        finally:
            self._give_back()

    def _take(self) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            turn = threading.Lock()
            turn.acquire()
            self.waiting.append(turn)
        if turn.acquire(timeout=self._patience):
            return
        with self._lock:
            if turn in self.waiting:
                self.waiting.remove(turn)
                raise Refused("busy", retry_after=2)
        # It was given to us just as we gave up.

    def _give_back(self) -> None:
        with self._lock:
            if self.waiting:
                self.waiting.popleft().release()
            else:
                self._free += 1
