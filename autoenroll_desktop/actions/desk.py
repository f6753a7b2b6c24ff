"""The store as a running window holds it: opened when it is first needed, and never in the way of a check."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from autoenroll_desktop.errors import AppError

if TYPE_CHECKING:
    from autoenroll_desktop.actions.check_pay_run import Prepared
    from autoenroll_desktop.domain.checked_run import CheckedRun
    from autoenroll_desktop.domain.memory import Memory
    from autoenroll_desktop.intake.choices import Choices
    from autoenroll_desktop.store.store import Store


class Desk:
    """What is kept between two checks, for one user; nothing where `folder` is None (the sample, a test).

    A store that cannot be opened stops nothing: `refused` says why nothing is kept, and it is tried again next time.
    Opening costs some 0.3 s the first time, so call from a worker.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.refused: AppError | None = None
        self._store: Store | None = None

    def store(self, now: dt.datetime) -> "Store | None":
        """The open store, or None with the reason in `refused`."""
        if self._store is None and self.folder is not None:
            from autoenroll_desktop.actions.open_store import open_store, told_passphrase

            try:
                self._store = open_store(self.folder, now, passphrase=told_passphrase)
            except AppError as error:
                self.refused = error
            else:
                self.refused = None
        return self._store

    def memory(self, now: dt.datetime) -> "Memory | None":
        """What a check may ask of the past; None where nothing is kept."""
        from autoenroll_desktop.actions.open_store import memory_of

        store = self.store(now)
        return memory_of(store) if store is not None else None

    def keep(self, prepared: "Prepared", checked: "CheckedRun", now: dt.datetime) -> None:
        """Keep a check with its files; a failure stands in `refused` and stops nothing."""
        from autoenroll_desktop.actions.check_pay_run import readable
        from autoenroll_desktop.actions.keep_check import keep_check
        from autoenroll_desktop.actions.open_store import stamp

        store = self.store(now)
        if store is None or not readable(checked):
            return
        try:
            keep_check(store, prepared, checked, stamp(now))
        except AppError as error:
            self.refused = error

    def remember_columns(self, client: str, headings: list[str], choices: "Choices", now: dt.datetime) -> None:
        """Keep choices for files with these headings; a failure stands in `refused` and stops nothing."""
        from autoenroll_desktop.actions.open_store import stamp
        from autoenroll_desktop.actions.remember_columns import remember_columns

        store = self.store(now)
        if store is None:
            return
        try:
            remember_columns(store, client, headings, choices, stamp(now))
        except AppError as error:
            self.refused = error

    def close(self) -> None:
        """Let go of the store."""
        if self._store is not None:
            self._store.close()
            self._store = None
