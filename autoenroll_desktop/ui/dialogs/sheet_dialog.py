"""The frame of every dialog: a title, what it is about, and buttons in the window's language."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.theme import SPACE


class SheetDialog(QDialog):
    """Deleted when closed. `body` takes the contents; `accept_button` is None where there is nothing to accept."""

    def __init__(
        self, context: Context, title: str, about: str = "", *, accept: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.context, self.words, self.theme = context, context.words, context.theme
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        head = QLabel(title, self)
        head.setObjectName("page-title")
        head.setWordWrap(True)
        self.about = QLabel(about, self)
        self.about.setObjectName("muted")
        self.about.setWordWrap(True)
        self.about.setVisible(bool(about))
        self.body = QVBoxLayout()
        self.body.setSpacing(SPACE - 2)
        self.close_button = QPushButton(self.words.say("window.cancel" if accept else "window.close"), self)
        self.close_button.clicked.connect(self.reject)
        self.foot = QHBoxLayout()
        self.foot.addStretch()
        self.foot.addWidget(self.close_button)
        self.accept_button: QPushButton | None = None
        if accept:
            self.accept_button = QPushButton(accept, self)
            self.accept_button.setProperty("primary", "true")
            self.accept_button.setDefault(True)
            self.accept_button.setFocus()
            self.accept_button.clicked.connect(self.accept)
            self.foot.addWidget(self.accept_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE + 8, SPACE + 6, SPACE + 8, SPACE + 4)
        layout.setSpacing(SPACE)
        layout.addWidget(head)
        layout.addWidget(self.about)
        layout.addLayout(self.body, 1)
        layout.addLayout(self.foot)

    def grow(self, width: int, height: int) -> None:
        """Take this size at the usual size of the text, but never more than the screen has."""
        percent, screen = self.context.preferences.text_size, self.screen().availableSize()
        self.resize(
            min(width * percent // 100, screen.width() - 40), min(height * percent // 100, screen.height() - 60)
        )
