"""Bars, painted: for a few figures that people would rather look at than read. What they say stands in words as well.

QtCharts is not part of what is bundled, and three kinds of bars do not need it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QSizePolicy, QWidget

from autoenroll_desktop.ui.theme import Theme

_BAR, _GAP, _PAD = 26, 10, 6
_SCALE = 2
"""Pixels of a picture for each on the screen."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its parts from the left (amount and the name of a colour of the theme), and what it says."""

    label: str
    parts: tuple[tuple[float, str], ...]
    text: str

    @property
    def size(self) -> float:
        """All parts together."""
        return sum(amount for amount, _ in self.parts)


class Chart(QWidget):
    """Bars below one another, all to one scale. Its description says the same in words."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.bars: tuple[Bar, ...] = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show these bars."""
        self.bars = tuple(bars)
        self.setAccessibleDescription("; ".join(f"{bar.label}: {bar.text}" for bar in self.bars))
        self.setToolTip("\n".join(f"{bar.label}: {bar.text}" for bar in self.bars))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, max(1, len(self.bars)) * self._step() + 2 * _PAD)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint(painter, self.rect())
        painter.end()

    def paint(self, painter: QPainter, area: QRect) -> None:
        """Paint all bars into an area."""
        theme, step = self._theme, self._step()
        metrics, font = QFontMetrics(self.font()), QFont(self.font())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font)
        left = min(max((metrics.horizontalAdvance(bar.label) for bar in self.bars), default=0), area.width() // 2) + 14
        right = max((metrics.horizontalAdvance(bar.text) for bar in self.bars), default=0) + 14
        room, most = max(10, area.width() - left - right), max((bar.size for bar in self.bars), default=0)
        for at, bar in enumerate(self.bars):
            top, height = area.top() + _PAD + at * step, step - _GAP
            painter.setPen(QColor(theme.text))
            label = metrics.elidedText(bar.label, Qt.TextElideMode.ElideRight, left - 12)
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRect(area.left(), top, left - 8, height), middle | Qt.AlignmentFlag.AlignLeft, label)
            x = float(area.left() + left)
            painter.setPen(Qt.PenStyle.NoPen)
            for amount, colour in bar.parts:
                width = room * amount / most if most else 0.0
                painter.setBrush(QColor(getattr(theme, colour)))
                painter.drawRect(QRectF(x, top, width, height))
                x += width
            painter.setPen(QColor(theme.muted))
            painter.drawText(QRect(int(x) + 8, top, right, height), middle | Qt.AlignmentFlag.AlignLeft, bar.text)

    def write(self, path: Path) -> bool:
        """Write what is shown as a picture, an SVG or else a PNG; whether it could be written."""
        area = QRect(0, 0, max(self.width(), 480), self.sizeHint().height())
        if path.suffix.lower() == ".svg":
            drawing = QSvgGenerator()
            drawing.setFileName(str(path))
            drawing.setSize(area.size())
            drawing.setViewBox(area)
            drawing.setTitle(self.accessibleName())
            drawing.setDescription(self.accessibleDescription())
            painter = QPainter()
            if not painter.begin(drawing):
                return False
            painter.fillRect(area, QColor(self._theme.surface))
            self.paint(painter, area)
            return painter.end()
        picture = QPixmap(area.size() * _SCALE)
        picture.setDevicePixelRatio(_SCALE)
        picture.fill(QColor(self._theme.surface))
        painter = QPainter(picture)
        self.paint(painter, area)
        painter.end()
        return picture.save(str(path), "PNG")

    def _step(self) -> int:
        return max(_BAR, QFontMetrics(self.font()).height() + 6) + _GAP
