"""The Settings page: language, theme, size of the text; where things are kept."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from autoenroll_desktop import __version__
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.page import Page
from autoenroll_desktop.ui.preferences import LANGUAGES, TEXT_SIZES, THEMES
from autoenroll_desktop.ui.theme import SPACE

_WIDTH = 720


class SettingsPage(Page):
    """What is chosen is acted on at once; there is nothing to save."""

    def __init__(self, context: Context, data_folder: str, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        say, preferences = self.words.say, context.preferences
        title = QLabel(say("page.settings"), self)
        title.setObjectName("page-title")
        self.boxes: dict[str, QComboBox] = {}
        card = QFrame(self)
        card.setObjectName("card")
        grid = QGridLayout(card)
        grid.setContentsMargins(20, 16, 20, 16)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        now = {
            "language": preferences.language,
            "theme": preferences.theme,
            "text-size": str(preferences.text_size),
        }
        options: dict[str, Sequence[str]] = {
            "language": LANGUAGES,
            "theme": THEMES,
            "text-size": [str(size) for size in TEXT_SIZES],
        }
        for row, (name, values) in enumerate(options.items()):
            box = QComboBox(card)
            box.setAccessibleName(say(f"setting.{name}"))
            box.setMinimumWidth(200 * preferences.text_size // 100)
            for value in values:
                text = f"{value} %" if name == "text-size" else say(f"setting.{name}-{value}")
                box.addItem(text, value)
            box.setCurrentIndex(box.findData(now[name]))
            box.activated.connect(lambda at, name=name, box=box: self._choose(name, str(box.itemData(at))))
            self.boxes[name] = box
            self._row(grid, row, say(f"setting.{name}"), say(f"setting.{name}-about"), box)
        self.folder_button = QPushButton(say("window.show-folder"), card)
        self.folder_button.setEnabled(bool(data_folder))
        self.folder_button.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(data_folder)))
        about = data_folder or say("setting.data-none")
        self._row(grid, len(options), say("setting.data"), about, self.folder_button)
        note = QLabel(say("setting.about", version=__version__), self)
        note.setObjectName("muted")
        note.setWordWrap(True)
        column = QWidget(self)
        column.setMaximumWidth(_WIDTH * preferences.text_size // 100)
        inside = QVBoxLayout(column)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(SPACE)
        for widget in (title, card, note):
            inside.addWidget(widget)
        inside.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE + 8, SPACE + 2, SPACE + 8, SPACE)
        layout.addWidget(column)

    def opened(self, topic: str) -> None:
        del topic
        self.boxes["language"].setFocus()

    def help_topic(self) -> str:
        return "settings"

    def _row(self, grid: QGridLayout, row: int, name: str, about: str, control: QWidget) -> None:
        head = QLabel(name, self)
        head.setObjectName("heading")
        told = QLabel(about, self)
        told.setObjectName("muted")
        told.setWordWrap(True)
        text = QVBoxLayout()
        text.setSpacing(1)
        text.setContentsMargins(0, 6, 0, 6)
        text.addWidget(head)
        text.addWidget(told)
        grid.addLayout(text, row, 0)
        grid.addWidget(control, row, 1, Qt.AlignmentFlag.AlignVCenter)

    def _choose(self, name: str, value: str) -> None:
        self.preferred.emit(name, value)
