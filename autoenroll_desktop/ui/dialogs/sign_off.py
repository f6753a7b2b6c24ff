"""Somebody signs a pay run off: who it is."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.dialogs.sheet_dialog import SheetDialog

_NAME = "sign-off/name"


class SignOffDialog(SheetDialog):
    """`given` (name): it stays open until `taken`, and says why where the name is refused.

    The name of whoever signed last at this computer is offered, for it is mostly the same person; never for the second
    look, which is another's.
    """

    given = Signal(str)

    def __init__(self, context: Context, title: str, before: str, parent: QWidget | None = None) -> None:
        """`before`: who has signed already, "" for nobody."""
        say = context.words.say
        about = say("today.sign-second-about", by=before) if before else say("today.sign-about")
        super().__init__(context, title, about, accept=say("today.sign-do"), parent=parent)
        assert self.accept_button is not None
        self.field = QLineEdit(self)
        self.field.setAccessibleName(say("today.sign-name"))
        self.field.setPlaceholderText(say("today.sign-name"))
        self.field.setMaxLength(60)
        self.problem = QLabel(self)
        self.problem.setWordWrap(True)
        self.problem.setStyleSheet(f"color: {self.theme.error};")
        self.problem.hide()
        self.body.addWidget(self.field)
        self.body.addWidget(self.problem)
        self.body.addStretch()
        self.accept_button.clicked.disconnect()
        self.accept_button.clicked.connect(self._give)
        self.field.textChanged.connect(self._on_text)
        self.field.setText("" if before else context.preferences.text(_NAME))
        self._on_text()
        self.field.setFocus()
        self.grow(480, 250)

    def taken(self) -> None:
        """It was signed."""
        self.context.preferences.keep(_NAME, self.field.text().strip())
        self.accept()

    def refuse(self, error: Exception) -> None:
        """Say why not."""
        self.problem.setText(str(error))
        self.problem.show()
        self.field.setFocus()

    def _give(self) -> None:
        self.given.emit(self.field.text().strip())

    def _on_text(self) -> None:
        assert self.accept_button is not None
        self.accept_button.setEnabled(bool(self.field.text().strip()))
