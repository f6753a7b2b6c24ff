"""Where files are dropped when there is nothing to show yet."""

from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.icons import pixmap

_TILES = ("verdict", "fix", "private")
_TILE_ICONS = {"verdict": "ready", "fix": "fix", "private": "eye"}


def dropped_files(data: QMimeData) -> list[Path]:
    """The local files and folders of a drop."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


class DropZone(QFrame):
    """Takes dropped files, and offers the file dialog and the sample employer."""

    files_dropped = Signal(list)
    open_wanted = Signal()
    sample_wanted = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        say, theme = context.words.say, context.theme
        self.setObjectName("drop")
        self.setAcceptDrops(True)
        self.setAccessibleName(say("window.drop-title"))
        sign = QLabel(self)
        sign.setPixmap(
            pixmap(
                "drop", theme.accent, theme.surface, 56 * context.preferences.text_size // 100, self.devicePixelRatioF()
            )
        )
        title = QLabel(say("window.drop-title"), self)
        title.setObjectName("title")
        text = QLabel(say("window.drop-text"), self)
        text.setObjectName("muted")
        text.setWordWrap(True)
        width = round(600 * context.preferences.text_size / 100)
        text.setFixedWidth(width)
        text.setMinimumHeight(text.heightForWidth(width))
        self.open_button = QPushButton(say("window.choose"), self)
        self.open_button.setProperty("primary", "true")
        self.sample_button = QPushButton(say("window.sample"), self)
        self.open_button.clicked.connect(self.open_wanted)
        self.sample_button.clicked.connect(self.sample_wanted)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.sample_button)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setSpacing(16)
        layout.addStretch(3)
        for widget in (sign, title, text):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addLayout(buttons)
        layout.addStretch(2)
        layout.addLayout(self._tiles())
        layout.addStretch(1)

    def _tiles(self) -> QGridLayout:
        """What happens with a dropped file, in three short promises."""
        say, theme = self._context.words.say, self._context.theme
        grid = QGridLayout()
        grid.setContentsMargins(48, 0, 48, 0)
        grid.setSpacing(16)
        for at, name in enumerate(_TILES):
            tile = QFrame(self)
            tile.setObjectName("tile")
            sign = QLabel(tile)
            sign.setPixmap(
                pixmap(
                    _TILE_ICONS[name],
                    theme.accent,
                    theme.window,
                    22 * self._context.preferences.text_size // 100,
                    self.devicePixelRatioF(),
                )
            )
            head = QLabel(say(f"window.tile-{name}"), tile)
            head.setObjectName("heading")
            text = QLabel(say(f"window.tile-{name}-text"), tile)
            text.setObjectName("muted")
            text.setWordWrap(True)
            inside = QGridLayout(tile)
            inside.setContentsMargins(16, 14, 16, 14)
            inside.setHorizontalSpacing(10)
            inside.addWidget(sign, 0, 0)
            inside.addWidget(head, 0, 1)
            inside.addWidget(text, 1, 1)
            inside.setColumnStretch(1, 1)
            inside.setRowStretch(2, 1)
            grid.addWidget(tile, 0, at)
            grid.setColumnStretch(at, 1)
        return grid

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            self._over(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._over(False)
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        self._over(False)
        if files := dropped_files(event.mimeData()):
            event.acceptProposedAction()
            self.files_dropped.emit(files)

    def _over(self, over: bool) -> None:
        self.setProperty("over", "true" if over else "false")
        self.style().unpolish(self)
        self.style().polish(self)
