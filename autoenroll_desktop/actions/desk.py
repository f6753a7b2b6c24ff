"""The store as a running window holds it: opened when it is first needed, and never in the way of a check.

Where a person has to be asked first (a passphrase, a new store on a computer without a keyring) nothing is asked from
here: `state` says what is wanted, checks go on without a store, and whoever has a window asks and comes back with
`unlock` or `make`.
"""

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from autoenroll_desktop.errors import AppError

if TYPE_CHECKING:
    from autoenroll_desktop.actions.check_pay_run import Prepared
    from autoenroll_desktop.actions.fix_pay_run import Workbench
    from autoenroll_desktop.actions.fixing import Recipe
    from autoenroll_desktop.actions.look_after_store import LookedAfter
    from autoenroll_desktop.actions.unsaved_work import UnsavedWork
    from autoenroll_desktop.domain.checked_run import CheckedRun
    from autoenroll_desktop.domain.memory import Memory
    from autoenroll_desktop.intake.choices import Choices
    from autoenroll_desktop.store.store import Store


class DeskState(StrEnum):
    """How things stand with the store."""

    NOWHERE = "nowhere"  # nothing is kept: the sample, a test
    CLOSED = "closed"  # not needed yet
    KEPT = "kept"
    LOCKED = "locked"  # it opens by a passphrase only
    UNMADE = "unmade"  # there is none, and no keyring to keep its key in: a passphrase has to be chosen
    REFUSED = "refused"  # it cannot be opened; `refused` says why


class Desk:
    """What is kept between two checks, for one user; nothing where `folder` is None (the sample, a test).

    A store that cannot be opened stops nothing: `refused` says why nothing is kept, and it is tried again next time.
    Opening costs some 0.3 s the first time, and a passphrase 0.2 s more, so call from a worker.

    Attributes:
        state: how things stand. has_passphrase: whether a passphrase opens the store, as last seen.
        code: the recovery code of a store that was made here, until somebody has taken it to show it.
        runs: the ids of the runs the last check was kept as.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.refused: AppError | None = None
        self.state = DeskState.NOWHERE if folder is None else DeskState.CLOSED
        self.has_passphrase = False
        self.code = ""
        self.runs: tuple[str, ...] = ()
        self._store: Store | None = None
        self._shut = False

    @property
    def waits(self) -> bool:
        """Whether a person has only to be asked for nothing to be in the way."""
        return self.state in (DeskState.LOCKED, DeskState.UNMADE)

    def store(self, now: dt.datetime, *, make: bool = True) -> "Store | None":
        """The open store, made where there is none and `make` says so; None with the reason in `refused`."""
        if self._store is None and self.folder is not None and not self._shut:
            from autoenroll_desktop.actions.open_store import told_passphrase

            try:
                self._open(now, told_passphrase(), make=make)
            except AppError:
                return None
        return self._store

    def unlock(self, passphrase: str, now: dt.datetime) -> None:
        """Open a locked store. Raises AppError: the passphrase is wrong, or something else is in the way."""
        self._open(now, passphrase, make=False)

    def make(self, passphrase: str, now: dt.datetime) -> None:
        """Make the store under a passphrase; its recovery code stands in `code`. Raises AppError: it is too short."""
        self._open(now, passphrase, make=True)

    def lock(self) -> None:
        """Let go of a store that has a passphrase, until it is unlocked again."""
        from autoenroll_desktop.actions.open_store import Locked

        self._shut = True
        self.close()
        self.state, self.refused = DeskState.LOCKED, Locked()

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

        self.runs = ()
        store = self.store(now)
        if store is None or not readable(checked):
            return
        try:
            self.runs = tuple(one.id for one in keep_check(store, prepared, checked, stamp(now)))
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

    def note_ppsns_shown(self, runs: tuple[str, ...], now: dt.datetime) -> None:
        """Note that PPSNs of these kept runs are shown in full. Raises AppError: then they must not be."""
        from autoenroll_desktop.actions.open_store import stamp
        from autoenroll_desktop.actions.show_ppsns import note_ppsns_shown

        note_ppsns_shown(self.opened(now), runs, stamp(now))

    def keep_unsaved(self, runs: tuple[str, ...], work: "UnsavedWork", now: dt.datetime) -> bool:
        """Keep steps on kept runs that are in nothing written yet; False where they cannot be. Raises AppError."""
        from autoenroll_desktop.actions.open_store import stamp
        from autoenroll_desktop.actions.unsaved_work import keep_unsaved

        return self._store is not None and keep_unsaved(self._store, runs, work, stamp(now))

    def unsaved(self) -> "list[UnsavedWork]":
        """Work that was left off, the latest first; none while nothing is open. Raises AppError."""
        from autoenroll_desktop.actions.unsaved_work import unsaved_work

        return unsaved_work(self._store) if self._store is not None else []

    def forget_unsaved(self, paths: tuple[Path, ...]) -> None:
        """Forget the work on these files. Raises AppError."""
        from autoenroll_desktop.actions.unsaved_work import forget_unsaved

        if self._store is not None:
            forget_unsaved(self._store, paths)

    def keep_recipe(self, bench: "Workbench", now: dt.datetime) -> AppError | None:
        """Keep what was done for the employer's next run; why it could not be kept."""
        from autoenroll_desktop.actions.kept_recipes import keep_recipe
        from autoenroll_desktop.actions.open_store import stamp

        store = self.store(now)
        try:
            if store is not None:
                keep_recipe(store, bench, stamp(now))
        except AppError as error:
            return error
        return None

    def kept_recipe(self, checked: "CheckedRun") -> "Recipe | None":
        """What was done to an earlier run of this employer. Raises AppError."""
        from autoenroll_desktop.actions.kept_recipes import kept_recipe

        return kept_recipe(self._store, checked) if self._store is not None else None

    def folders(self) -> dict[str, str]:
        """The folders used last, by what for. Raises AppError."""
        from autoenroll_desktop.actions.last_folders import last_folders

        return last_folders(self._store) if self._store is not None else {}

    def keep_folders(self, folders: dict[str, str]) -> None:
        """Keep the folders used last. Raises AppError."""
        from autoenroll_desktop.actions.last_folders import keep_folders

        if self._store is not None:
            keep_folders(self._store, folders)

    def look_after(self, now: dt.datetime) -> "LookedAfter | None":
        """Do what a store needs once a day; None where it was done today, or nothing is open. Raises AppError."""
        from autoenroll_desktop.actions.look_after_store import look_after_daily
        from autoenroll_desktop.actions.open_store import stamp

        return look_after_daily(self._store, stamp(now)) if self._store is not None else None

    def set_passphrase(self, passphrase: str, now: dt.datetime) -> None:
        """Lock the store by a passphrase from now on, or by another one. Raises AppError."""
        from autoenroll_desktop.actions.lock_store import lock_store

        lock_store(self.opened(now), passphrase, now)
        self.has_passphrase = True

    def remove_passphrase(self, now: dt.datetime) -> None:
        """Let this computer's keyring open the store again. Raises AppError, and then nothing changes."""
        from autoenroll_desktop.actions.lock_store import unlock_for_keyring

        unlock_for_keyring(self.opened(now), now)
        self.has_passphrase = False

    def new_code(self, now: dt.datetime) -> str:
        """A new recovery code; an earlier one is void. Raises AppError."""
        from autoenroll_desktop.actions.lock_store import new_recovery_code

        return new_recovery_code(self.opened(now), now)

    def opened(self, now: dt.datetime) -> "Store":
        """The open store. Raises AppError: why there is none."""
        store = self.store(now, make=False)
        if store is None:
            raise self.refused or AppError("Nothing is kept here", "", "")
        return store

    def close(self) -> None:
        """Let go of the store."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def _open(self, now: dt.datetime, passphrase: str | None, *, make: bool) -> None:
        from autoenroll_desktop.actions.lock_store import new_recovery_code
        from autoenroll_desktop.actions.open_store import NoStore, is_made, open_store, opens_by_passphrase

        if self.folder is None:
            return
        try:
            fresh = not is_made(self.folder)
            store = open_store(self.folder, now, passphrase=lambda: passphrase, make=make)
        except NoStore:
            if self.state is not DeskState.UNMADE:  # known since a check: looking again does not make a keyring
                self.state, self.refused = DeskState.CLOSED, None
            raise
        except AppError as error:
            self._refuse(error)
            raise
        if self._store is not None:  # another worker was quicker
            store.close()
        else:
            self._store = store
        self._shut, self.refused, self.state = False, None, DeskState.KEPT
        self.has_passphrase = opens_by_passphrase(self.folder)
        if fresh:
            self.code = new_recovery_code(self._store, now)

    def _refuse(self, error: AppError) -> None:
        from autoenroll_desktop.actions.open_store import NoKeyring, opens_by_passphrase

        assert self.folder is not None
        unmade = self.state is DeskState.UNMADE
        self.refused, self.state = error, DeskState.REFUSED
        if isinstance(error, NoKeyring) or unmade:
            self.state = DeskState.UNMADE
        elif opens_by_passphrase(self.folder):
            self.state, self.has_passphrase = DeskState.LOCKED, True
