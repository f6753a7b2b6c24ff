"""A passphrase being typed, and why it was not taken."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from autoenroll_desktop.ui.context import Context

SHORTEST = 8
"""Characters of a new passphrase; the store holds to it too."""


class PassphraseForm(QWidget):
    """One field, or two alike where the passphrase is new. `entered`: the Return key; `typed`: another text."""

    entered = Signal()
    typed = Signal()

    def __init__(self, context: Context, *, new: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        say = context.words.say
        self._new = new
        self.field, self.again = QLineEdit(self), QLineEdit(self)
        for field, key in ((self.field, "passphrase"), (self.again, "passphrase-again")):
            field.setEchoMode(QLineEdit.EchoMode.Password)
            field.setPlaceholderText(say(f"store.{key}"))
            field.setAccessibleName(say(f"store.{key}"))
            field.returnPressed.connect(self.entered)
            field.textChanged.connect(self.typed)
        self.again.setVisible(new)
        self.problem = QLabel("", self)
        self.problem.setWordWrap(True)
        self.problem.setStyleSheet(f"color: {context.theme.error};")
        self.problem.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.field, self.again, self.problem):
            layout.addWidget(widget)
        self.setFocusProxy(self.field)

    @property
    def text(self) -> str:
        """What was typed."""
        return self.field.text()

    @property
    def complete(self) -> bool:
        """Whether it can be taken as it stands."""
        if not self._new:
            return bool(self.text)
        return len(self.text) >= SHORTEST and self.text == self.again.text()

    def refuse(self, why: str) -> None:
        """Say why it was not taken, and let it be typed again."""
        self.problem.setText(why)
        self.problem.show()
        self.field.setFocus()
        self.field.selectAll()

    def clear(self) -> None:
        """Forget what was typed."""
        self.field.clear()
        self.again.clear()
        self.problem.hide()
