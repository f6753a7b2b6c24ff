"""Paints a row of the palette: what can be done, and its keys at the end."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from autoenroll_desktop.ui.theme import Theme

KEYS = int(Qt.ItemDataRole.UserRole) + 5
_PAD = 14


class WithKeys(QStyledItemDelegate):
    """For lists whose items hold their keys under `KEYS`."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        if keys := index.data(KEYS):
            painter.save()
            painter.setPen(QColor(self._theme.muted))
            area = option.rect.adjusted(_PAD, 0, -_PAD, 0)
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(keys))
            painter.restore()
