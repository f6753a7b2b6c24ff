"""Asks for what the store needs, and covers the window while it is locked."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QStackedWidget, QWidget

from autoenroll_desktop.actions.desk import DeskState
from autoenroll_desktop.ui.commands import Command
from autoenroll_desktop.ui.dialogs.passphrase import PassphraseDialog
from autoenroll_desktop.ui.dialogs.recovery_code import RecoveryCodeDialog
from autoenroll_desktop.ui.idle import Idle
from autoenroll_desktop.ui.view_models.store import StoreViewModel
from autoenroll_desktop.ui.widgets.lock_cover import LockCover

if TYPE_CHECKING:
    from autoenroll_desktop.ui.context import Context
    from autoenroll_desktop.ui.view_models.check import CheckViewModel

_MINUTE_MS = 60_000
AUTO_LOCK = "auto-lock"
"""The preference: minutes without a key after which the window locks, "0" for never."""


class StoreGuard(QObject):
    """Stands between the window and the store.

    Each question is asked once and can be turned down: checks go on without a store, and it is asked again when a
    person says so. While the window is covered no shortcut works and every dialog is shut. `shut`: it is covered now.
    """

    shut = Signal()

    def __init__(self, window: QWidget, store: StoreViewModel, check: "CheckViewModel", most: int) -> None:
        """`most`: the minutes a policy allows without a key, 0 where it says nothing."""
        super().__init__(window)
        self._window, self._store, self._check, self._most = window, store, check, most
        self._context: Context | None = None
        self._stack: QStackedWidget | None = None
        self._asked: set[DeskState] = set()
        self.covered = False
        self._checked_covered = False
        self.idle = Idle(self)
        self.idle.still.connect(self._on_still)
        store.idle = lambda: not check.work.busy
        store.changed.connect(self._on_changed)
        store.code_made.connect(self._on_code)
        check.checked.connect(self._on_checked)

    def build(self, context: "Context", inside: QWidget) -> QStackedWidget:
        """The insides of the window and their cover, in the language and colours of a context."""
        self._context = context
        self._stack = QStackedWidget(self._window)
        self.cover = LockCover(context, self._stack)
        self.cover.given.connect(self._on_given)
        self._stack.addWidget(inside)
        self._stack.addWidget(self.cover)
        minutes = int(context.preferences.text(AUTO_LOCK, "0") or 0)
        within = min(minutes or self._most, self._most) if self._most else minutes
        self.idle.wait(within * _MINUTE_MS)
        return self._stack

    def cover_again(self) -> None:
        """The window was built anew while it is covered."""
        self._cover()

    def commands(self) -> list[Command]:
        """For keys and the palette."""
        return [
            Command("lock", self.lock, "Ctrl+L", lambda: self._store.desk.has_passphrase and not self.covered),
            Command("unlock", self.ask, "", lambda: self.wanted != ""),
        ]

    def lock(self) -> None:
        """Cover the window and shut the store; what is being worked on is finished first, so that it is kept."""
        if self.covered or self._store.state is DeskState.NOWHERE:
            return
        self.covered = True
        self._cover()
        if self._check.work.busy:
            self._check.work.ended.connect(self._shut_when_done)
        else:
            self._store.lock()

    def ask(self) -> None:
        """Ask for what opens the store, as things stand."""
        kind, context = self.wanted, self._context
        if not kind or context is None or self.covered:
            return
        dialog = PassphraseDialog(context, kind, self._window)

        def taken(_told: object = None) -> None:
            dialog.taken()
            self._keep_now()

        def give(passphrase: str) -> None:
            do = self._store.unlock if kind == "unlock" else self._store.make
            do(passphrase, taken, dialog.refuse)

        dialog.given.connect(give)
        dialog.open()

    @property
    def wanted(self) -> str:
        """What there is to ask for: "unlock", "make", or "" for nothing."""
        return {DeskState.LOCKED: "unlock", DeskState.UNMADE: "make"}.get(self._store.state, "")

    def _on_changed(self) -> None:
        state = self._store.state
        if self.wanted and state not in self._asked and not self.covered:
            self._asked.add(state)
            self.ask()

    def _on_checked(self) -> None:
        self._checked_covered = self.covered
        self._store.notice()

    def _on_code(self, code: str) -> None:
        if self._context is not None:
            RecoveryCodeDialog(self._context, code, self._window).open()

    def _on_still(self) -> None:
        self.lock()
        self.idle.again()

    def _shut_when_done(self) -> None:
        if not self._check.work.busy:
            self._check.work.ended.disconnect(self._shut_when_done)
            if self.covered:
                self._store.lock()

    def _cover(self) -> None:
        self.shut.emit()
        for dialog in self._window.findChildren(QDialog):
            dialog.reject()
        self._actions(lambda action: action.setEnabled(action.objectName() == "quit"))
        if self._stack is not None:
            self._stack.setCurrentIndex(1)
            self.cover.ask(passphrase=self._store.desk.has_passphrase)

    def _on_given(self, passphrase: str) -> None:
        if self._store.desk.has_passphrase:
            self._store.unlock(passphrase, self._uncover, self.cover.refuse)
        else:
            self._uncover()

    def _uncover(self, _told: object = None) -> None:
        self.covered = False
        self.cover.button.setEnabled(True)
        self._actions(lambda action: action.setEnabled(True))
        if self._stack is not None:
            self.cover.form.clear()
            self._stack.setCurrentIndex(0)
        if self._checked_covered:
            self._checked_covered = False
            self._keep_now()

    def _keep_now(self) -> None:
        """What was checked while the store was shut is checked once more, and kept."""
        if self._check.result is not None and not self._check.is_sample and self._check.can_check:
            self._check.check()

    def _actions(self, do: Callable[[QAction], object]) -> None:
        for action in self._window.actions():
            do(action)
