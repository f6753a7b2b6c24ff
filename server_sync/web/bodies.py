"""Reading what is sent, without letting slow senders take the service.

A thread that reads a body holds no place to work in and no connection. At most `known` threads read for devices that
showed a token and `strangers` for others, of more threads than both together, so that some are always free; a body that
arrives too slowly is given up. A proxy that buffers requests should still stand in front of a service on the internet.
"""

import threading
import time
from collections.abc import Callable
from typing import Protocol

from server_sync.contract.problems import Refused

FIRST, LEAST, MOST = 1024, 256, 65_536
"""Bytes asked for at once: first, from a slow sender, from a fast one."""
SLOW = 0.05
"""Seconds a read may take before the sender counts as slow."""
GRACE = 10.0
"""Seconds any body may take."""
SLOWEST = 16_384
"""Bytes a second it must reach after that."""


class Readable(Protocol):
    """What a body is read from."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; fewer only at the end."""


class Bodies:
    """Places to read bodies in."""

    def __init__(self, known: int, strangers: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._known = threading.BoundedSemaphore(known)
        self._strangers = threading.BoundedSemaphore(strangers)
        self._clock = clock

    def read(self, source: Readable, length: int, *, known: bool) -> bytes:
        """Read a body of `length` bytes.

        Raises:
            Refused: busy (no place to read in), too-slow, malformed (it ends early).
        """
        places = self._known if known else self._strangers
        if not places.acquire(timeout=0.05):
            raise Refused("busy", retry_after=2)
        try:
            return self._read(source, length)
        finally:
            places.release()

    def _read(self, source: Readable, length: int) -> bytes:
        started = before = self._clock()
        got = bytearray()
        piece = FIRST
        while len(got) < length:
            part = source.read(min(piece, length - len(got)))
            if not part:
                raise Refused("malformed", "the body ends early")
            got += part
            now = self._clock()
            # A read waits until it is full: ask a slow sender for little, so that the clock is looked at often.
            piece = min(piece * 2, MOST) if now - before < SLOW else LEAST
            before = now
            if now - started > GRACE + len(got) / SLOWEST:
                raise Refused("too-slow")
        return bytes(got)
