"""PPSNs are masked until somebody asks for them, and soon after they are masked again."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from autoenroll_desktop.actions.desk import DeskState
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.policy.policies import Policies, refuse_plain_export

if TYPE_CHECKING:
    from autoenroll_desktop.ui.view_models.check import CheckViewModel
    from autoenroll_desktop.ui.view_models.store import StoreViewModel

_STAYS_MS = 120_000


class Unmasking(QObject):
    """Whether PPSNs of the run in view are shown in full.

    That they are is noted in the audit trail before they are; where that cannot be done they stay masked. Only where
    there is no trail (the sample employer, a computer on which nothing is kept) are they shown without a note. They are
    masked again after two minutes, and when whoever shows them calls `hide`.

    Signals: `changed` (whether they are shown), `refused` (exception: why they stay masked).
    """

    changed = Signal(bool)
    refused = Signal(object)

    def __init__(
        self, check: "CheckViewModel", store: "StoreViewModel", policies: Policies, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._check, self._store, self._policies = check, store, policies
        self._asked = 0
        self.shown = False
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(_STAYS_MS)
        self.timer.timeout.connect(self.hide)
        check.work.started.connect(self._on_started)

    def toggle(self) -> None:
        """Show them, or mask them again."""
        if self.shown:
            self.hide()
        else:
            self.ask()

    def ask(self) -> None:
        """Show them once that is noted."""
        self._asked += 1
        try:
            refuse_plain_export(self._policies, show_ppsn=True)
        except AppError as error:
            self.refused.emit(error)
            return
        state, asked = self._store.state, self._asked
        if self._check.is_sample or state not in (DeskState.KEPT, DeskState.LOCKED):
            self._show(asked)
            return
        runs = self._check.kept_runs
        self._store.note_ppsns_shown(runs, lambda _told: self._show(asked), self.refused.emit)

    def hide(self) -> None:
        """Mask them."""
        self._asked += 1  # an answer that comes after this comes too late
        self.timer.stop()
        if self.shown:
            self.shown = False
            self.changed.emit(False)

    def _show(self, asked: int) -> None:
        if asked == self._asked:
            self.shown = True
            self.timer.start()
            self.changed.emit(True)

    def _on_started(self, what: str) -> None:
        if what == "checking":
            self.hide()
