"""Asks for the passphrase of the store, or for a new one. It stays open until the passphrase was taken."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.dialogs.sheet_dialog import SheetDialog
from autoenroll_desktop.ui.widgets.passphrase_form import SHORTEST, PassphraseForm


class PassphraseDialog(SheetDialog):
    """`given` (the passphrase). Whoever takes it calls `taken`, or `refuse` with the reason.

    `kind` is "unlock" (the store is there), "make" (there is none yet) or "set" (an app lock for a store that is open).
    """

    given = Signal(str)

    def __init__(self, context: Context, kind: str, parent: QWidget | None = None) -> None:
        say = context.words.say
        about = say(f"store.{kind}-about", shortest=SHORTEST)
        super().__init__(context, say(f"store.{kind}-title"), about, accept=say(f"store.{kind}"), parent=parent)
        self.form = PassphraseForm(context, new=kind != "unlock", parent=self)
        self.body.addWidget(self.form)
        self.close_button.setText(say(f"store.{kind}-not"))
        self.form.entered.connect(self.accept)
        self.form.typed.connect(self._on_typed)
        self._on_typed()
        self.form.setFocus()
        self.grow(500, 260 if kind == "unlock" else 320)

    def accept(self) -> None:
        """Hand over what was typed; the dialog stays until it was taken."""
        if self.form.complete:
            self._working(True)
            self.given.emit(self.form.text)

    def taken(self) -> None:
        """It was the right one: go away."""
        super().accept()

    def refuse(self, error: Exception) -> None:
        """Say why it was not taken."""
        self._working(False)
        self.form.refuse(str(error))

    def _working(self, working: bool) -> None:
        assert self.accept_button is not None
        self.accept_button.setEnabled(not working and self.form.complete)

    def _on_typed(self) -> None:
        self._working(False)
