"""Where files were written to, so that they are found again: one JSON object a line, only ever added to.

What stands in the files is not kept here, nor anything about anybody's pay.
"""

import datetime as dt
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from autoenroll_desktop.errors import AppError


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file that was written: `what` (report, corrected, annotated …), when (ISO, UTC), and the verdict then."""

    path: str
    what: str
    written_at: str
    verdict: str


class WrittenFiles:
    """What was written, in a file; without one (`path` None) as long as the program runs."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._here: list[WrittenFile] = []

    def add(self, file: Path, what: str, moment: dt.datetime, verdict: str) -> None:
        """Note a file. Raises AppError where the note cannot be kept; the file itself is there all the same."""
        entry = WrittenFile(str(file), what, moment.astimezone(dt.UTC).isoformat(timespec="seconds"), verdict)
        self._here.append(entry)
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")
        except OSError as error:
            raise AppError("The list of reports could not be kept", error.strerror or "", "Free some space") from error

    def all(self) -> list[WrittenFile]:
        """Every file noted, the latest first; lines that cannot be read are passed over."""
        if self._path is None:
            return self._here[::-1]
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return self._here[::-1]
        return [entry for line in reversed(lines) if (entry := _entry(line)) is not None]


def _entry(line: str) -> WrittenFile | None:
    try:
        entry = WrittenFile(**json.loads(line))
        dt.datetime.fromisoformat(entry.written_at)
    except (ValueError, TypeError):
        return None
    return entry if all(isinstance(value, str) for value in asdict(entry).values()) else None
