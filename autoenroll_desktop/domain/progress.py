"""How long work tells whoever waits how far it is, and learns that it should stop."""

from typing import Protocol

from autoenroll_desktop.errors import Cancelled


class Progress(Protocol):
    """Implemented by the window's task; the terminal passes `SILENT`."""

    def step(self, what: str, done: int = 0, total: int = 0) -> None:
        """Say what is being done; `total` 0 means unknown. Raises `Cancelled` when the person pressed Cancel."""


class _Silent:
    def step(self, what: str, done: int = 0, total: int = 0) -> None:
        pass


SILENT: Progress = _Silent()
__all__ = ["SILENT", "Cancelled", "Progress"]
