"""How a person signs in with the service: for a new office, or to join one with a ticket."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.dialogs.sheet_dialog import SheetDialog

_SHORTEST = 10
"""Characters of a password; the service holds to it too."""


class AccountDialog(SheetDialog):
    """`kind` is "create" or "join". `given`, with what was typed in the attributes."""

    given = Signal()

    def __init__(self, context: Context, kind: str, parent: QWidget | None = None) -> None:
        say = context.words.say
        about = say(f"office.{kind}-about", shortest=_SHORTEST)
        super().__init__(context, say(f"office.{kind}-title"), about, accept=say(f"office.{kind}-do"), parent=parent)
        self.fields: dict[str, QLineEdit] = {}
        for name in ("ticket", "email", "password", "password-again", "one-time-code"):
            if (kind == "create") == (name == "password-again") or name in ("email", "password"):
                self.fields[name] = self._field(name)
        self.accepted.connect(self.given)
        self._on_text()
        next(iter(self.fields.values())).setFocus()
        self.grow(540, 360)

    def text(self, name: str) -> str:
        """What was typed, "" for a field that is not there."""
        return self.fields[name].text().strip() if name in self.fields else ""

    def _field(self, name: str) -> QLineEdit:
        field, text = QLineEdit(self), self.words.say(f"office.{name}")
        field.setPlaceholderText(text)
        field.setAccessibleName(text)
        if name.startswith("password"):
            field.setEchoMode(QLineEdit.EchoMode.Password)
        field.textChanged.connect(self._on_text)
        self.body.addWidget(field)
        return field

    def _on_text(self) -> None:
        assert self.accept_button is not None
        good = "@" in self.text("email") and len(self.text("password")) >= _SHORTEST
        if "password-again" in self.fields:
            good &= self.text("password") == self.text("password-again")
        if "ticket" in self.fields:
            good &= bool(self.text("ticket"))
        self.accept_button.setEnabled(good)
