"""Takes over the list of written files that an earlier version kept in plain text outside the store; deletes it."""

import datetime as dt
import json
from collections.abc import Iterator

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.store.audit import Stamp
from autoenroll_desktop.store.produced import Made, take_over
from autoenroll_desktop.store.store import Store

LEFT = "written.jsonl"
"""Its name, beside the store's folder. A JSON object a line: path, what, written_at (ISO, with zone), verdict."""


def take_over_written(store: Store, stamp: Stamp) -> int:
    """Note in the store what the list tells, and delete it; returns how many files were noted.

    Lines that are not whole are passed over. Where it cannot be done the list stays, for the next opening: the store
    works without it.
    """
    path = store.folder.with_name(LEFT)
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        with store.writing() as connection:
            number = take_over(connection, _told(lines), stamp)
        path.unlink()
    except (OSError, AppError):
        return 0
    return number


def _told(lines: list[str]) -> Iterator[tuple[Made, dt.datetime]]:
    for line in lines:
        try:
            told = json.loads(line)
            moment = dt.datetime.fromisoformat(told["written_at"])
            path, what, verdict = told["path"], told["what"], told["verdict"]
        except (ValueError, TypeError, KeyError):
            continue
        if moment.tzinfo is not None and all(isinstance(one, str) for one in (path, what, verdict)) and path:
            yield Made(what, path, None, verdict), moment
