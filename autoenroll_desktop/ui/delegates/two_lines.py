"""Paints a row of two lines: a sign, what it is, and below it what more there is to say; a count at the end."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from autoenroll_desktop.ui.models.findings import ABOUT, COUNT, DECORATION, DISPLAY, SEVERITY
from autoenroll_desktop.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_PAD = 8
_SIGN = 1.05
"""Height of the sign, in lines of text."""


class TwoLines(QStyledItemDelegate):
    """For lists whose models answer `ABOUT` and, where there is a count, `COUNT` and `SEVERITY`."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        del index
        bold, plain = self._fonts(option.font)
        height = QFontMetrics(bold).height() + QFontMetrics(plain).height() + 2 * _PAD
        return QSize(120, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, area = self._theme, option.rect.adjusted(2, 1, -2, -1)
        bold, plain = self._fonts(option.font)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if chosen or over:
            painter.setBrush(QColor(theme.accent_soft if chosen else theme.window))
            focused = chosen and bool(option.state & QStyle.StateFlag.State_HasFocus)
            painter.setPen(QPen(QColor(theme.accent), 1.5) if focused else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(area, 6, 6)
        sign = index.data(DECORATION)
        text_left = area.left() + _PAD
        if isinstance(sign, QIcon):
            side = round(QFontMetrics(plain).height() * _SIGN)
            sign.paint(painter, QRect(text_left, area.top() + _PAD, side, side))
            text_left += side + _PAD
        right = self._count(painter, area, index, bold) if index.data(COUNT) else area.right() - _PAD
        room = right - text_left - 4
        for text, font, colour, top in (
            (index.data(DISPLAY), bold, theme.text, area.top() + _PAD - 1),
            (index.data(ABOUT), plain, theme.muted, area.top() + _PAD - 1 + QFontMetrics(bold).height()),
        ):
            painter.setFont(font)
            painter.setPen(QColor(colour))
            metrics = QFontMetrics(font)
            shown = metrics.elidedText(str(text or ""), Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRect(text_left, top, room, metrics.height()), Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()

    def _count(self, painter: QPainter, area: QRect, index: Index, font: QFont) -> int:
        """Paint the count at the right; returns where it begins."""
        ink, soft = self._theme.severity(str(index.data(SEVERITY)))
        text, metrics = str(index.data(COUNT)), QFontMetrics(font)
        width = max(metrics.horizontalAdvance(text) + 14, metrics.height() + 4)
        badge = QRect(area.right() - _PAD - width, area.top() + _PAD - 1, width, metrics.height() + 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(soft))
        painter.drawRoundedRect(badge, badge.height() / 2, badge.height() / 2)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)
        return badge.left()

    def _fonts(self, font: QFont) -> tuple[QFont, QFont]:
        bold, plain = QFont(font), QFont(font)
        bold.setWeight(QFont.Weight.DemiBold)
        plain.setPointSizeF(font.pointSizeF() * 0.92)
        return bold, plain
