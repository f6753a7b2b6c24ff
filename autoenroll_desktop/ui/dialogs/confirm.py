"""A warning was looked at and found right: the reason, which goes into the report."""

from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.dialogs.sheet_dialog import SheetDialog


class ConfirmDialog(SheetDialog):
    """`reason` and `everywhere` are what the person said; it cannot be accepted without a reason."""

    def __init__(self, context: Context, title: str, places: int, parent: QWidget | None = None) -> None:
        say = context.words.say
        about = say("window.confirm-about")
        super().__init__(context, title, about, accept=say("window.confirm-do"), parent=parent)
        self.text = QPlainTextEdit(self)
        self.text.setAccessibleName(say("window.reason"))
        self.text.setPlaceholderText(say("window.reason-example"))
        self.text.setTabChangesFocus(True)
        self.all_places = QCheckBox(say("window.confirm-all", count=places), self)
        self.all_places.setVisible(places > 1)
        self.text.textChanged.connect(self._on_text)
        self.body.addWidget(self.text, 1)
        self.body.addWidget(self.all_places)
        self._on_text()
        self.text.setFocus()
        self.grow(520, 300)

    @property
    def reason(self) -> str:
        """Why it is right, in the person's words."""
        return self.text.toPlainText().strip()

    @property
    def everywhere(self) -> bool:
        """Whether it is right at all places alike."""
        return self.all_places.isChecked()

    def _on_text(self) -> None:
        assert self.accept_button is not None
        self.accept_button.setEnabled(bool(self.reason))
