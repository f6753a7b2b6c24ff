"""What was written, as the window's Reports page lists it: out of the store, and what was written since it opened."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autoenroll_desktop.errors import AppError

if TYPE_CHECKING:
    from autoenroll_desktop.actions.desk import Desk
    from autoenroll_desktop.actions.write_files import Written
    from autoenroll_desktop.domain.checked_run import CheckedRun

MOST = 2_000
"""Files listed; older ones are in the terminal's `store produced`."""


@dataclass(frozen=True, slots=True)
class ProducedFile:
    """A file that was written.

    Attributes:
        kind: a word of `Output`, or "recipe" or "result". answer: a word of `Answer`, "" where it is not known.
        there: whether a file of that name stands there still.
    """

    path: Path
    kind: str
    produced_at: dt.datetime
    answer: str
    there: bool


class ProducedFiles:
    """Notes what is written and lists it. What no store keeps (the sample, none open) is listed while the program runs.

    Both reach for the disk: call from a worker.
    """

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._here: list[tuple[Path, str, dt.datetime, str]] = []

    def add(
        self, checked: "CheckedRun", kind: str, made: "Path | Written", now: dt.datetime, *, keep: bool = True
    ) -> AppError | None:
        """Note a file; why it could not be noted, for what is written is there all the same.

        Args:
            keep: False for the sample, of which the store is told nothing.
        """
        from autoenroll_desktop.actions.open_store import stamp
        from autoenroll_desktop.actions.record_produced import record_produced

        refused = None
        store = self._desk.store(now) if keep else None
        if store is not None:
            try:
                if record_produced(store, checked, kind, made, stamp(now)):
                    return None
            except AppError as error:
                refused = error
        path = made if isinstance(made, Path) else made.path
        self._here.append((path.absolute(), kind, now, checked.verdict.answer.value))
        return refused

    def all(self, now: dt.datetime) -> list[ProducedFile]:
        """Everything listed, the latest first; a file about several clients once. Raises AppError."""
        from autoenroll_desktop.store.produced import produced_files

        listed = [*self._here]
        store = self._desk.store(now)
        if store is not None:
            with store.reading() as connection:
                kept = produced_files(connection, limit=MOST)
            listed += [(Path(one.path), one.kind, one.produced_at, one.answer) for one in kept]
        once = sorted(dict.fromkeys(listed), key=lambda one: one[2], reverse=True)
        return [ProducedFile(*one, there=_there(one[0])) for one in once]


def _there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a network drive that does not answer
        return False
