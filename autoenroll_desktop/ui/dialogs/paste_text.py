"""Takes a text that came from elsewhere, by paste."""

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.dialogs.sheet_dialog import SheetDialog


class PasteDialog(SheetDialog):
    """`text` is what was pasted; there is nothing to accept before there is any."""

    def __init__(self, context: Context, title: str, about: str, accept: str, parent: QWidget | None = None) -> None:
        super().__init__(context, title, about, accept=accept, parent=parent)
        self.field = QPlainTextEdit(self)
        self.field.setAccessibleName(title)
        self.field.setTabChangesFocus(True)
        self.field.textChanged.connect(self._on_text)
        self.body.addWidget(self.field, 1)
        self._on_text()
        self.field.setFocus()
        self.grow(560, 320)

    @property
    def text(self) -> str:
        """What was pasted."""
        return self.field.toPlainText().strip()

    def _on_text(self) -> None:
        assert self.accept_button is not None
        self.accept_button.setEnabled(bool(self.text))
