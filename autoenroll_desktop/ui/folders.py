"""The folders files were opened from and written to last: known to the window, kept in the store and nowhere else."""

from collections.abc import Callable, Mapping
from pathlib import Path

OPEN, WRITE = "open", "write"


def _nowhere(_folders: dict[str, str]) -> None:
    pass


class Folders:
    """Folders by what they are for. `keep_them` is told all of them whenever one is another."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self.keep_them: Callable[[dict[str, str]], object] = _nowhere

    def of(self, purpose: str) -> str:
        """The folder used last, "" where none was."""
        return self._known.get(purpose, "")

    def keep(self, purpose: str, folder: Path) -> None:
        """A folder was used."""
        if self._known.get(purpose) != str(folder):
            self._known[purpose] = str(folder)
            self.keep_them(dict(self._known))

    def learn(self, kept: Mapping[str, str]) -> None:
        """What was kept before is known now; folders used since count before it."""
        self._known = {**kept, **self._known}
        if self._known != kept:
            self.keep_them(dict(self._known))
