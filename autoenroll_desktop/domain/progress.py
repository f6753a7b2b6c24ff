"""How long work tells whoever waits how far it is, and learns that it should stop."""

from typing import Protocol

from autoenroll_desktop.errors import Cancelled


class Progress(Protocol):
    """Implemented by the window's task; the terminal passes `SILENT`. Raises `Cancelled` when Cancel was pressed."""

    def step(self, what: str, done: int = 0, total: int = 0) -> None:
        """Say what is being done; `total` 0 means unknown."""

    def file(self, name: str, number: int, total: int) -> None:
        """Say which of how many files is begun, counted from 1."""


class _Silent:
    def step(self, what: str, done: int = 0, total: int = 0) -> None:
        pass

    def file(self, name: str, number: int, total: int) -> None:
        pass


SILENT: Progress = _Silent()
__all__ = ["SILENT", "Cancelled", "Progress"]
