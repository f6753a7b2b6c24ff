"""Whose turn it is: work that only one window of a store does at a time. The system lets go of a dead one's claim."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from autoenroll_desktop.store.refusals import disk_refusal


@contextlib.contextmanager
def my_turn(folder: Path, work: str) -> Iterator[bool]:
    """Whether nobody else does this work on the store of a folder now; held until the block ends. Raises AppError."""
    try:
        file = (folder / f"{work}.turn").open("ab")
    except OSError as error:
        raise disk_refusal(error) from None
    with file:
        yield _claimed(file.fileno())


def _claimed(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
