"""Paints a cell of a table: a sign, a line in the cell's colour, and below it what more there is to say."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from autoenroll_desktop.ui.models.table import ABOUT
from autoenroll_desktop.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_DECORATION = int(Qt.ItemDataRole.DecorationRole)
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_INK = int(Qt.ItemDataRole.ForegroundRole)
_ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_PAD = 10


class Cell(QStyledItemDelegate):
    """For views of a `TableModel`."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, area = self._theme, option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(theme.accent_soft))
        inside = area.adjusted(_PAD, 0, -_PAD, 0)
        sign = index.data(_DECORATION)
        if isinstance(sign, QIcon):
            side = round(QFontMetrics(option.font).height() * 0.95)
            sign.paint(painter, QRect(inside.left(), inside.center().y() - side // 2, side, side))
            inside.setLeft(inside.left() + side + 8)
        ink, about = index.data(_INK), index.data(ABOUT)
        alignment = Qt.AlignmentFlag(index.data(_ALIGNMENT) or _LEFT)
        first = QFont(option.font)
        first.setWeight(QFont.Weight.DemiBold if about or ink is not None else QFont.Weight.Normal)
        lines = [(str(index.data(_DISPLAY) or ""), first, ink if ink is not None else QColor(theme.text))]
        if about:
            small = QFont(option.font)
            small.setPointSizeF(option.font.pointSizeF() * 0.9)
            lines.append((str(about), small, QColor(theme.muted)))
        heights = [QFontMetrics(font).height() for _, font, _ in lines]
        top = inside.center().y() - sum(heights) // 2 + 1
        for (text, font, colour), height in zip(lines, heights, strict=True):
            painter.setFont(font)
            painter.setPen(colour)
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, inside.width())
            painter.drawText(QRect(inside.left(), top, inside.width(), height), alignment, shown)
            top += height
        painter.restore()
