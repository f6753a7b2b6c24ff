"""One setting: its name, what it does, and the control."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget


def setting_card(parent: QWidget) -> tuple[QFrame, QGridLayout]:
    """A card for settings, and the grid to put them in."""
    card = QFrame(parent)
    card.setObjectName("card")
    grid = QGridLayout(card)
    grid.setContentsMargins(20, 16, 20, 16)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(0, 1)
    return card, grid


def add_setting(grid: QGridLayout, name: str, about: str, control: QWidget) -> QLabel:
    """Put a setting below those that are there; the label that says what it does is returned."""
    parent, row = control.parentWidget(), grid.rowCount()
    head = QLabel(name, parent)
    head.setObjectName("heading")
    told = QLabel(about, parent)
    told.setObjectName("muted")
    told.setWordWrap(True)
    text = QVBoxLayout()
    text.setSpacing(1)
    text.setContentsMargins(0, 6, 0, 6)
    text.addStretch()
    text.addWidget(head)
    text.addWidget(told)
    text.addStretch()
    grid.addLayout(text, row, 0)
    grid.addWidget(control, row, 1, Qt.AlignmentFlag.AlignVCenter)
    return told
