"""A client before anything of it is checked: its employer number, and what it is called."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.dialogs.sheet_dialog import SheetDialog


class AddClientDialog(SheetDialog):
    """`given` (employer number, name): it stays open until accepted, and says why where the number is refused."""

    given = Signal(str, str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        say = context.words.say
        super().__init__(
            context, say("clients.add-title"), say("clients.add-about"), accept=say("clients.add-do"), parent=parent
        )
        assert self.accept_button is not None
        self.number, self.name, self.problem = QLineEdit(self), QLineEdit(self), QLabel(self)
        for line, key in ((self.number, "clients.number"), (self.name, "clients.name")):
            line.setAccessibleName(say(key))
            line.setPlaceholderText(say(key))
            line.setMaxLength(100)
            line.textChanged.connect(self._on_text)
            self.body.addWidget(line)
        self.problem.setWordWrap(True)
        self.problem.setStyleSheet(f"color: {self.theme.error};")
        self.problem.hide()
        self.body.addWidget(self.problem)
        self.body.addStretch()
        self.accept_button.clicked.disconnect()
        self.accept_button.clicked.connect(self._give)
        self._on_text()
        self.number.setFocus()
        self.grow(480, 290)

    def refuse(self, error: Exception) -> None:
        """Say why not."""
        self.problem.setText(str(error))
        self.problem.show()
        self.number.setFocus()

    def _give(self) -> None:
        self.given.emit(self.number.text().strip(), self.name.text().strip())

    def _on_text(self) -> None:
        assert self.accept_button is not None
        self.accept_button.setEnabled(bool(self.number.text().strip()))
