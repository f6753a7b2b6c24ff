"""Errors of SQLAlchemy, SQLCipher, the keyring and the disk, told in a person's words; translated here and only here.

The text of a foreign error is never shown or logged: it may hold the parameters of a statement, and with them pay.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError
from sqlcipher3.dbapi2 import Error as DriverError

from autoenroll_desktop.errors import StoreFailed

DISK_IS_FULL = "The disk is full"
NOTHING_LOST = "nothing was kept of this step, and everything kept before is still there"


class StoreDamaged(StoreFailed):
    """The database is not what was written."""


class StoreBusy(StoreFailed):
    """Another process holds the store."""


_DAMAGED = (11, 26)
"""SQLITE_CORRUPT and SQLITE_NOTADB; SQLCipher tells a changed page as one of these."""
_TOLD: dict[int, tuple[type[StoreFailed], str, str, str]] = {
    5: (
        StoreBusy,
        "The store is in use by another window or another computer",
        "it did not become free while we waited; nothing was changed",
        "Close AutoEnroll there, or try again in a moment",
    ),
    8: (
        StoreFailed,
        "The store cannot be written to",
        "its folder or disk is read-only",
        "Make the folder writable, or choose another one with AUTOENROLL_DATA",
    ),
    10: (
        StoreFailed,
        "The disk failed while the store was used",
        NOTHING_LOST,
        "Check the disk or the network drive, then run 'autoenroll store verify'",
    ),
    13: (StoreFailed, DISK_IS_FULL, NOTHING_LOST, "Free some space and try again"),
    14: (
        StoreFailed,
        "The store cannot be opened",
        "its file may not be read or made by you",
        "Check who owns the folder and that it is writable",
    ),
}
_TOLD[6] = _TOLD[5]
_TOLD[3] = _TOLD[14]
_TOLD[23] = _TOLD[14]
_FULL = (28, 122, 27)
"""ENOSPC, EDQUOT, EFBIG."""


@contextmanager
def translated() -> Iterator[None]:
    """Turn foreign errors of what is done inside into an AppError."""
    try:
        yield
    except SQLAlchemyError as error:
        raise told(getattr(error, "orig", None) or error) from None
    except DriverError as error:
        raise told(error) from None
    except OSError as error:
        raise disk_refusal(error) from None


def told(error: BaseException) -> StoreFailed:
    """What a driver's error means."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return StoreFailed("The store failed", f"a mistake of ours ({type(error).__name__})", "Please report it")
    primary = int(code) & 0xFF
    if primary in _DAMAGED:
        return StoreDamaged(
            "The store is damaged",
            "part of its file is not what was written to it; the file was left as it is",
            "Run 'autoenroll store verify', then 'autoenroll store restore' with the newest good backup",
        )
    if primary in _TOLD:
        kind, title, why, action = _TOLD[primary]
        return kind(title, why, action)
    return StoreFailed("The store failed", f"a mistake of ours (SQLite error {code})", "Please report it")


def disk_refusal(error: OSError) -> StoreFailed:
    """What an error of the file system means."""
    if error.errno in _FULL:
        return StoreFailed(DISK_IS_FULL, NOTHING_LOST, "Free some space and try again")
    if isinstance(error, PermissionError) or error.errno == 30:
        return StoreFailed(*_TOLD[8][1:])
    return StoreFailed("The store's folder cannot be used", error.strerror or "", "Check the disk or the network drive")
