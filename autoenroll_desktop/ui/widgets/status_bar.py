"""The line at the foot of the window: when was checked and by which rules, what is worked on, how this PC stands."""

from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.view_models.check import CheckViewModel
from autoenroll_desktop.ui.widgets.standing_row import StandingRow
from autoenroll_desktop.ui.widgets.work_strip import WorkStrip


class StatusBar(QStatusBar):
    """Shows the check as it stands; `standing` is for whoever knows of store, licence and sharing."""

    def __init__(self, context: Context, check: CheckViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._say, self._check = context.words.say, check
        self.setSizeGripEnabled(False)
        self.state = QLabel("", self)
        self.state.setAccessibleName(self._say("window.state"))
        self.strip = WorkStrip(context, check.work, self)
        self.standing = StandingRow(context, self)
        self.addWidget(self.state)
        self.addWidget(self.strip)
        self.addPermanentWidget(QLabel(self._say("window.promise"), self))
        self.addPermanentWidget(self.standing)

    def show_check(self) -> None:
        """Say when was checked, by which rules, and how many steps were done since."""
        checked = self._check.result
        if checked is None:
            self.state.setText(self._say("window.ready-to-check"))
            return
        at = checked.checked_at.astimezone()
        text = self._say("window.state-checked", time=f"{at:%H:%M}", book=checked.rule_book)
        if steps := len(self._check.steps):
            text += " · " + self._say("window.state-steps", steps=steps)
        self.state.setText(text)
