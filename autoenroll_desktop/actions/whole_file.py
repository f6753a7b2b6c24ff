"""Writing a file whole or not at all: under a temporary name, looked at, then renamed."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from autoenroll_desktop.errors import AppError


class AlreadyThere(AppError):
    """A file of that name exists and nobody said that it may be replaced; ask, and try again with `replace`."""


def write_whole(
    path: Path,
    produce: Callable[[Path], None],
    verify: Callable[[Path], None],
    *,
    inputs: Iterable[str],
    replace: bool = False,
) -> Path:
    """Write `path` by `produce`, look at what was written by `verify`, and only then give it its name.

    Args:
        produce: writes to the temporary path it is given. verify: raises AppError where that is not as it should be.
        inputs: paths of the files that were read; none of them is ever overwritten.
        replace: a file of that name may be overwritten.

    Raises:
        AlreadyThere: there is such a file and `replace` is false.
        AppError: `path` is one of the inputs, or cannot be written; nothing is left behind then.
    """
    if any(_same(path, Path(one)) for one in inputs):
        raise AppError(
            f"{path.name} is one of the files that were checked", "it is never changed", "Choose another name"
        )
    if path.exists() and not replace:
        raise AlreadyThere(f"{path.name} is there already", "it was kept", "Choose another name, or replace it")
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        produce(unfinished)
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        verify(unfinished)
        unfinished.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise AppError(f"{path.name} cannot be written to {path.parent}", reason, "Choose another folder") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def _same(path: Path, other: Path) -> bool:
    """Whether two paths name one file, also where one of them is a link or the archive a member came from."""
    try:
        return any(path.samefile(one) for one in (other, *other.parents) if one.is_file())
    except OSError:
        return path.resolve() == other.resolve()
