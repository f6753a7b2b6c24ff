"""Rows of a card: a name, what is to be said of it, and buttons; filled anew whenever what they show has changed."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget


class Rows(QGridLayout):
    """A grid in a card: text in columns 0 and 1, buttons in those after. `shown`: the widgets of all rows."""

    def __init__(self, card: QWidget) -> None:
        super().__init__()
        self._card = card
        self.shown: list[QWidget] = []
        self.setHorizontalSpacing(16)
        self.setVerticalSpacing(6)
        self.setColumnStretch(1, 1)

    def clear(self) -> None:
        """Take every row out."""
        for old in self.shown:
            self.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.shown = []

    def put_text(self, text: str, row: int, column: int) -> None:
        """Show a text, over several lines where it is long."""
        label = QLabel(text, self._card)
        label.setWordWrap(True)
        self._put(label, row, column)

    def put_button(self, text: str, about: str, act: Callable[[], None], row: int, column: int) -> None:
        """Offer something. `about`: what it is done to, for whoever cannot see the row."""
        button = QPushButton(text, self._card)
        button.setAccessibleDescription(about)
        button.clicked.connect(lambda _checked: act())
        self._put(button, row, column)

    def _put(self, widget: QWidget, row: int, column: int) -> None:
        self.shown.append(widget)
        self.addWidget(widget, row, column, Qt.AlignmentFlag.AlignVCenter)
