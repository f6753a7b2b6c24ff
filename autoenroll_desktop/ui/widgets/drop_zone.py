"""Where files are dropped when there is nothing to show yet."""

from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from autoenroll_desktop.domain.words import Words


def dropped_files(data: QMimeData) -> list[Path]:
    """The local files of a drop; a folder stands for the files in it."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [
        file for path in paths for file in (sorted(path.iterdir()) if path.is_dir() else [path]) if not file.is_dir()
    ]


class DropZone(QFrame):
    """Takes dropped files, and offers the file dialog and the sample employer."""

    files_dropped = Signal(list)
    open_wanted = Signal()
    sample_wanted = Signal()

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("drop")
        self.setAcceptDrops(True)
        self.setAccessibleName(words.say("window.drop-title"))
        title = QLabel(words.say("window.drop-title"), self)
        title.setObjectName("title")
        text = QLabel(words.say("window.drop-text"), self)
        text.setObjectName("muted")
        text.setWordWrap(True)
        text.setFixedWidth(560)
        text.setMinimumHeight(text.heightForWidth(560))
        self.open_button = QPushButton(words.say("window.choose"), self)
        self.open_button.setProperty("primary", "true")
        self.sample_button = QPushButton(words.say("window.sample"), self)
        self.open_button.clicked.connect(self.open_wanted)
        self.sample_button.clicked.connect(self.sample_wanted)
        promise = QLabel(words.say("window.promise"), self)
        promise.setObjectName("muted")
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.sample_button)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setSpacing(16)
        layout.addStretch()
        for widget in (title, text):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addLayout(buttons)
        layout.addWidget(promise, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()

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
