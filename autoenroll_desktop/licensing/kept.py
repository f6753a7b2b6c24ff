"""What the licence needs to remember: one small JSON file in the data folder.

It is no row of the store: whether this PC may check is said while the store is locked, before there is one, and where
none can be made. Nothing about a client or an employee is in it.

Everything in it only ever rises (the serial, the latest moment seen) or stays (the first start), and two programs at
once join what they know under a lock, so that neither can undo the other's activation. It is not signed: whoever can
write it could as well delete it, and wins no more than another trial.
"""

import datetime as dt
import hashlib
import os
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import msgspec

from autoenroll_desktop.errors import AppError
from server_sync.contract.licence import Moment

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_SPACE = "Free some space, or ask who looks after this PC whether the data folder can be written to"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered.

    Attributes:
        first_start: when the program was first used; the trial counts from it.
        seen: the latest moment the clock showed. forgiven: when the clock being set back was forgiven, if it was.
        device: this PC's random id. office: the office of the licence in use, "" before there is one.
        token: the licence in use, "" before there is one. last_serial: the highest serial seen.
        clients: short marks of the employers checked, with the day of the last check; no number can be read from one.
    """

    format: Literal["autoenroll-licence"] = "autoenroll-licence"
    version: int = 1
    first_start: Moment
    seen: Moment
    forgiven: Moment | None = None
    device: str
    office: str = ""
    token: str = ""
    last_serial: int = 0
    clients: dict[str, dt.date] = {}


def begin(now: dt.datetime) -> Kept:
    """What there is to remember of a first start."""
    return Kept(first_start=now, seen=now, device=uuid.uuid4().hex)


def load(path: Path) -> Kept | None:
    """What was remembered; None where there is nothing, or nothing that can be read (see `keep`)."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Kept)
    except (OSError, msgspec.MsgspecError):
        return None


def keep(path: Path, kept: Kept) -> Kept:
    """Remember, joined with what another program remembered meanwhile; on disk when this returns.

    A file that cannot be read is put aside as `NAME.damaged`, never overwritten.

    Returns:
        What was written. Raises AppError where the folder cannot be written to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _alone(path.with_suffix(".lock")):
            there = load(path)
            if there is None and path.exists():
                path.replace(path.with_suffix(".damaged"))
            joined = kept if there is None else join(there, kept)
            if joined != there:
                _write(path, msgspec.json.format(msgspec.json.encode(joined), indent=1))
            return joined
    except OSError as error:
        raise AppError("The licence could not be remembered", error.strerror or "", _SPACE) from error


def join(there: Kept, new: Kept) -> Kept:
    """What two programs know together.

    The higher serial wins the licence. A clock that was forgiven or settled later wins the clock; else the later one.
    """
    licence = there if there.last_serial > new.last_serial else new
    settled = licence.last_serial > there.last_serial or new.forgiven != there.forgiven
    return Kept(
        first_start=min(there.first_start, new.first_start),
        seen=new.seen if settled else max(there.seen, new.seen),
        forgiven=new.forgiven if settled else there.forgiven,
        device=there.device,
        office=licence.office,
        token=licence.token,
        last_serial=licence.last_serial,
        clients={mark: max(day, there.clients.get(mark, day)) for mark, day in (there.clients | new.clients).items()},
    )


def client_mark(kept: Kept, employer: str) -> str:
    """The mark of an employer's number: a few digits of a hash keyed with this PC's id."""
    return hashlib.blake2s(employer.encode(), key=kept.device.encode()[:32], digest_size=6).hexdigest()


def _write(path: Path, content: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content + b"\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """No other program remembers at the same time."""
    with path.open("ab") as file:
        if sys.platform == "win32":
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
            try:
                yield
            finally:
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
        else:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX)
            yield
