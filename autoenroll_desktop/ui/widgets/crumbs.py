"""Where one is: the page, and what is looked at on it; each part before the last leads back."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget


class Crumbs(QWidget):
    """`wanted`: the number of a part, 0 for the first."""

    wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)

    def show_path(self, parts: Sequence[str]) -> None:
        """Show these parts."""
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for at, part in enumerate(parts):
            if at == len(parts) - 1:
                here = QLabel(part, self)
                here.setObjectName("page-title")
                self._row.addWidget(here)
                continue
            back = QPushButton(part, self)
            back.setObjectName("crumb")
            back.setCursor(Qt.CursorShape.PointingHandCursor)
            back.clicked.connect(lambda _checked=False, at=at: self.wanted.emit(at))
            self._row.addWidget(back)
            between = QLabel("›", self)
            between.setObjectName("muted")
            self._row.addWidget(between)
        self._row.addStretch()
