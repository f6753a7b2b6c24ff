"""The request of a PC without a network: to scan with a phone, to copy, or to carry as a file."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.dialogs.sheet_dialog import SheetDialog

_SIDE = 240


class LicenceRequestDialog(SheetDialog):
    """`save_wanted` (path): write the request there."""

    save_wanted = Signal(Path)

    def __init__(self, context: Context, text: str, drawing: str, parent: QWidget | None = None) -> None:
        say = context.words.say
        super().__init__(context, say("office.request-title"), say("office.request-about"), parent=parent)
        self.picture = QLabel(self)
        self.picture.setPixmap(_drawn(drawing, _SIDE, self.devicePixelRatioF()))
        self.picture.setAccessibleName(say("office.request-code"))
        self.text = QPlainTextEdit(text, self)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(say("office.request-title"))
        row = QHBoxLayout()
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)
        self.body.addLayout(row)
        self.copy_button = QPushButton(say("window.copy"), self)
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))
        self.save_button = QPushButton(say("office.request-save"), self)
        self.save_button.clicked.connect(self._save)
        self.foot.insertWidget(0, self.save_button)
        self.foot.insertWidget(0, self.copy_button)
        self.grow(640, 420)

    def _save(self) -> None:
        say, asking = self.words.say, self.context.asking
        path = asking.where_to_save(self.words, say("office.request-name"), say("office.text-kinds"))
        if path is not None:
            self.save_wanted.emit(path)


def _drawn(drawing: str, side: int, scale: float) -> QPixmap:
    """The SVG on white, which a camera needs in the dark theme too."""
    picture = QPixmap(round(side * scale), round(side * scale))
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(picture.rect()))
    painter.end()
    picture.setDevicePixelRatio(scale)
    return picture
