"""A text to be handed to another PC: shown, to copy."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.dialogs.sheet_dialog import SheetDialog


class HandOverDialog(SheetDialog):
    """Nothing is kept of it when it closes."""

    def __init__(self, context: Context, title: str, about: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(context, title, about, parent=parent)
        self.text = QPlainTextEdit(text, self)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(title)
        self.copy_button = QPushButton(self.words.say("window.copy"), self)
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))
        self.foot.insertWidget(0, self.copy_button)
        self.body.addWidget(self.text, 1)
        self.grow(540, 300)
