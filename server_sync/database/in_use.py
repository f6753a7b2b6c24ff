"""Only one program looks after an embedded database at a time: a lock that ends with the program, however it ends."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from server_sync.errors import ServiceError


@contextmanager
def in_use(home: Path) -> Iterator[bool]:
    """Hold the lock of a folder for as long as the block runs; False where another program holds it.

    Raises:
        ServiceError: the folder cannot be made or written to.
    """
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o711)
        file = (home / "in-use").open("ab")
    except OSError as error:
        raise ServiceError(f"The database folder {home} cannot be used: {error.strerror}") from error
    with file:
        yield _lock(file)


def _lock(file: BinaryIO) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # flock would live on in our children
    except OSError:
        return False
    return True
