"""A card of the Office page: a sign, what is so in a few words, more about it, and what can be done."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.icons import pixmap

_SIGNS = {"quiet": "info", "good": "ready", "amber": "warning", "stop": "error"}


class OfficeCard(QFrame):
    """`body` takes further contents, between the words and the buttons."""

    def __init__(self, context: Context, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context, self.words, self.theme = context, context.words, context.theme
        self._side = 20 * context.preferences.text_size // 100
        self.setObjectName("card")
        self.caption = QLabel(title, self)
        self.caption.setObjectName("caption")
        self.sign = QLabel(self)
        self.headline = QLabel("", self)
        self.headline.setObjectName("figure")
        self.headline.setWordWrap(True)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.headline, 1)
        self.text = QLabel("", self)
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.trouble = QLabel("", self)
        self.trouble.setWordWrap(True)
        self.trouble.setStyleSheet(f"color: {self.theme.warning};")
        self.trouble.hide()
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 14, 20, 16)
        layout.setSpacing(8)
        layout.addWidget(self.caption)
        layout.addLayout(head)
        layout.addWidget(self.text)
        layout.addWidget(self.trouble)
        layout.addLayout(self.body)
        layout.addLayout(self.buttons)

    def show_words(self, headline: str, lines: Iterable[str], level: str) -> None:
        """Say how things stand. `level`: "quiet", "good", "amber" or "stop"."""
        sign = _SIGNS[level]
        ink = self.theme.severity(sign)[0]
        self.sign.setPixmap(pixmap(sign, ink, self.theme.surface, self._side, self.devicePixelRatioF()))
        self.headline.setText(headline)
        text = "\n".join(lines)
        self.text.setText(text)
        self.text.setVisible(bool(text))

    def show_trouble(self, text: str) -> None:
        """Say what is in the way; nothing for ""."""
        self.trouble.setText(text)
        self.trouble.setVisible(bool(text))

    def add_button(self, text: str, *, primary: bool = False) -> QPushButton:
        """A button in the row below."""
        button = QPushButton(text, self)
        if primary:
            button.setProperty("primary", "true")
        self.buttons.addWidget(button)
        return button

    def end_buttons(self) -> None:
        """No more buttons come: they stand at the left."""
        self.buttons.addStretch()
