"""The ledger of what was sent: one JSON object a line, only ever added to.

A line that cannot be read (a crash while writing, a later release) is passed over and kept; adding never rewrites what
is there, so that nothing known can be lost.
"""

import datetime as dt
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from autoenroll_desktop.domain.sent import Sent
from autoenroll_desktop.errors import AppError


class Ledger:
    """What was sent, in a file. `path` need not exist."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def sent(self) -> Sent:
        """Everything sent so far."""
        submissions: set[str] = set()
        items: set[str] = set()
        files: dict[str, dt.datetime] = {}
        for entry in self._entries():
            submissions.update(_texts(entry.get("submissions")))
            items.update(_texts(entry.get("items")))
            for sha256 in _texts(entry.get("files")):
                files.setdefault(sha256, dt.datetime.fromisoformat(entry["sent_at"]))
        return Sent(frozenset(submissions), frozenset(items), files)

    def add(self, moment: dt.datetime, submissions: Iterable[str], items: Iterable[str], files: Iterable[str]) -> None:
        """Note that something was sent. It is on disk when this returns.

        Raises:
            AppError: the ledger cannot be written.
        """
        entry = {
            "sent_at": moment.isoformat(),
            "files": sorted(set(files)),
            "submissions": sorted(set(submissions)),
            "items": sorted(set(items)),
        }
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "ab") as file:
                start = b"" if _ends_whole(self.path) else b"\n"
                file.write(start + json.dumps(entry).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise AppError(
                "The ledger of what was sent cannot be written", error.strerror or "", "Free some space"
            ) from error

    def _entries(self) -> Iterator[dict[str, Any]]:
        try:
            lines = self.path.read_bytes().splitlines()
        except FileNotFoundError:
            return
        except OSError as error:
            raise AppError("The ledger of what was sent cannot be read", error.strerror or "", "") from error
        for line in lines:
            try:
                entry = json.loads(line)
                dt.datetime.fromisoformat(entry["sent_at"])
            except (ValueError, KeyError, TypeError):
                continue
            yield entry


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _ends_whole(path: Path) -> bool:
    """Whether the file is empty or its last line is whole."""
    with path.open("rb") as file:
        if not file.seek(0, os.SEEK_END):
            return True
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
