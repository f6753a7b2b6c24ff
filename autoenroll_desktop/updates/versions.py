"""The versions that updates have put beside the installed program, and which of them is to start.

What the installer laid down is never touched: it starts first and hands over to the chosen version. So whatever
happens to an update, a working program is there. The rejected alternative, swapping the program's own folder, leaves
a moment without any program, and Windows does not let go of files that run.

    home/versions/0.3.0/     a whole version; the folder gets its name only when every byte of it is on the disk
    home/versions/.new-…     one being unpacked; thrown away at the next try
    home/chosen.json         the version to start, and how often its start was tried before it said it works
    home/refused.json        versions that did not work here and are not tried again
"""

import contextlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.on_disk import sync_folder
from server_sync.contract.release import numbers

TRIES = 2
"""Starts a new version gets to say that it works, before the one before it is taken up again."""


@dataclass(frozen=True)
class Chosen:
    """The version to start; `works` once it has said so, `tries` its starts before that, `before` the last good one."""

    version: str
    works: bool = False
    tries: int = 0
    before: str = ""


@dataclass(frozen=True)
class Versions:
    """The folder of versions of one user."""

    home: Path

    def folder(self, version: str) -> Path:
        """Where a version stands."""
        return self.home / "versions" / version

    def making(self, version: str) -> Path:
        """Where a version is put together."""
        return self.home / "versions" / f".new-{version}"

    def there(self) -> list[str]:
        """The whole versions, oldest first."""
        found = []
        for path in (self.home / "versions").glob("*"):
            with contextlib.suppress(ValueError):
                found.append((numbers(path.name), path.name))
        return [name for _, name in sorted(found)]

    def chosen(self) -> Chosen | None:
        """The version to start, or None for the installed one. A damaged note counts as none."""
        try:
            note = json.loads((self.home / "chosen.json").read_text(encoding="utf-8"))
            chosen = Chosen(str(note["version"]), bool(note["works"]), int(note["tries"]), str(note["before"]))
            numbers(chosen.version)
            numbers(chosen.before or chosen.version)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return chosen if self.folder(chosen.version).is_dir() else None

    def choose(self, version: str) -> None:
        """Start `version` from now on, on trial. Raises OSError."""
        now = self.chosen()
        before = "" if now is None else (now.version if now.works else now.before)
        self.note(Chosen(version, before="" if before == version else before))

    def note(self, chosen: Chosen) -> None:
        """Write down what is chosen. Raises OSError."""
        put_in_place(self.home / "chosen.json", json.dumps(vars(chosen)))

    def works(self, version: str) -> None:
        """The running version says that it works; older ones are no longer needed. Raises OSError."""
        chosen = self.chosen()
        if chosen is None or chosen.version != version:
            return
        if not chosen.works:
            self.note(Chosen(version, works=True, before=chosen.before))
        self.tidy(keep={version, chosen.before})

    def refuse(self, version: str) -> None:
        """Never start or fetch `version` here again; the one before it is taken up. Raises OSError."""
        put_in_place(self.home / "refused.json", json.dumps(sorted({*self.refused(), version})))
        chosen = self.chosen()
        if chosen is not None and chosen.version == version:
            if chosen.before and self.folder(chosen.before).is_dir():
                self.note(Chosen(chosen.before, works=True))
            else:
                (self.home / "chosen.json").unlink(missing_ok=True)
        shutil.rmtree(self.folder(version), ignore_errors=True)

    def refused(self) -> set[str]:
        """The versions that did not work here."""
        try:
            noted = json.loads((self.home / "refused.json").read_text(encoding="utf-8"))
            return {str(one) for one in noted} if isinstance(noted, list) else set()
        except (OSError, ValueError, TypeError):
            return set()

    def tidy(self, keep: set[str]) -> None:
        """Remove every version but those, and what was left half made. What cannot be removed now stays."""
        for path in (self.home / "versions").glob("*"):
            if path.name not in keep:
                shutil.rmtree(path, ignore_errors=True)
        for name in ("downloads", "parts"):
            shutil.rmtree(self.home / name, ignore_errors=True)


@contextlib.contextmanager
def alone(home: Path) -> Iterator[None]:
    """Be the only one who changes `home` for as long as the block runs; the system lets go of a dead one's claim.

    Raises AppError where another update is going on, OSError where nothing can be written there.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / "in-use").open("ab") as file:
        try:
            _claim(file.fileno())
        except OSError as error:
            raise AppError(
                "Another update is going on", "this computer is busy with one already", "Wait for it"
            ) from error
        yield


def _claim(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def put_in_place(path: Path, text: str) -> None:
    """Write a small file so that at any moment the old or the new one is there, whole. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    sync_folder(path.parent)
