"""Icons from `resources/icons`, drawn in the theme's colours at the screen's own sharpness.

In the drawings `currentColor` is the ink and `paper` what shows through a filled sign.
"""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from autoenroll_desktop import paths
from autoenroll_desktop.ui.theme import Theme

_SIDES = (14, 16, 18, 28, 32, 36, 54, 72)
"""Pixels: the sizes in use, and twice and more of them."""


@lru_cache(maxsize=256)
def icon(name: str, ink: str, paper: str = "#ffffff") -> QIcon:
    """The icon `name` in the colour `ink`, for any size of the text and any scale of the screen."""
    made = QIcon()
    for side in _SIDES:
        picture = pixmap(name, ink, paper, side)
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
            made.addPixmap(picture, mode)
    return made


@lru_cache(maxsize=256)
def pixmap(name: str, ink: str, paper: str = "#ffffff", size: int = 18, scale: float = 1) -> QPixmap:
    """One picture of the icon, `size` wide on a screen of that scale."""
    drawing = (paths.resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    drawing = drawing.replace("currentColor", ink).replace('"paper"', f'"{paper}"')
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    side = round(size * scale)
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    picture.setDevicePixelRatio(scale)
    return picture


def severity_icon(word: str, theme: Theme) -> QIcon:
    """The sign of a severity or a verdict."""
    return icon(word, theme.severity(word)[0], theme.surface)
