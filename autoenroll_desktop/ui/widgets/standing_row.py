"""The right end of the status bar: whether work is kept, and what the licence allows."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from autoenroll_desktop.actions.desk import DeskState
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.icons import icon
from autoenroll_desktop.ui.view_models.standing import told

if TYPE_CHECKING:
    from autoenroll_desktop.actions.licence import Standing
    from autoenroll_desktop.actions.office import OfficeState

_MOST = 48
"""Letters of a reason; all of it stands in the tool tip."""
_SIGNS = {DeskState.KEPT: "ready", DeskState.CLOSED: "info", DeskState.NOWHERE: "info", DeskState.LOCKED: "lock"}


class StandingRow(QWidget):
    """`wanted`: a person wants to do something about the store."""

    wanted = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.store = QToolButton(self)
        self.store.setObjectName("standing")
        self.store.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.store.clicked.connect(self.wanted)
        self.licence = QLabel(self)
        self.licence.setAccessibleName(context.words.say("store.licence"))
        self.sync = QLabel(self)
        self.sync.setAccessibleName(context.words.say("office.computers"))
        self.sync.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 6, 0)
        row.setSpacing(6)
        row.addWidget(self.store)
        row.addWidget(self.sync)
        row.addWidget(self.licence)

    def show_store(self, state: DeskState, why: AppError | None) -> None:
        """Say how things stand with the store; `why` nothing is kept, where it is not."""
        say, theme = self._context.words.say, self._context.theme
        text = say(f"store.state-{state}")
        about = say(f"store.state-{state}-about")
        if why is not None and state in (DeskState.KEPT, DeskState.REFUSED):
            title = why.title if len(why.title) <= _MOST else f"{why.title[:_MOST].rstrip()}…"
            text, about = say("store.state-why", why=title), str(why)
        good = state is DeskState.KEPT and why is None
        sign = "warning" if why is not None and state is not DeskState.LOCKED else _SIGNS.get(state, "warning")
        ink = theme.good if good else theme.warning if sign in ("warning", "lock") else theme.muted
        self.store.setIcon(icon(sign, ink, theme.window))
        self.store.setText(text)
        self.store.setToolTip(about)
        self.store.setAccessibleDescription(about)

    def show_sync(self, state: "OfficeState | None") -> None:
        """Say whether this PC is in step with its office; nothing where it is in none."""
        self.sync.setVisible(state is not None)
        if state is None:
            return
        theme = self._context.theme
        ink = {"amber": theme.warning, "stop": theme.error}.get(state.level, theme.muted)
        self.sync.setStyleSheet(f"color: {ink};")
        self.sync.setText(state.bar)
        self.sync.setToolTip("\n".join((state.headline, *state.lines)))

    def show_licence(self, standing: "Standing | None") -> None:
        """Say what the licence allows."""
        self.licence.setVisible(standing is not None)
        if standing is None:
            return
        said, theme = told(standing, self._context.words), self._context.theme
        ink = {"amber": theme.warning, "stop": theme.error}.get(said.level, theme.muted)
        self.licence.setStyleSheet(f"color: {ink};")
        self.licence.setText(said.bar)
        self.licence.setToolTip("\n".join((said.headline, *said.lines)))
