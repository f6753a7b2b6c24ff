"""The Settings page: language, theme, size of the text; where and how long things are kept, and policies in force."""

from collections.abc import Sequence

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from autoenroll_desktop import __version__
from autoenroll_desktop.policy.sources import in_force
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.page import Page
from autoenroll_desktop.ui.pages.settings_store import StoreSettings
from autoenroll_desktop.ui.preferences import LANGUAGES, TEXT_SIZES, THEMES
from autoenroll_desktop.ui.theme import SPACE
from autoenroll_desktop.ui.view_models.store import StoreViewModel
from autoenroll_desktop.ui.widgets.setting_row import add_setting, setting_card

_WIDTH = 720


class SettingsPage(Page):
    """What is chosen is acted on at once; there is nothing to save."""

    def __init__(
        self, context: Context, data_folder: str, store: StoreViewModel, auto_lock: int, parent: QWidget | None = None
    ) -> None:
        """`auto_lock`: the most minutes without a key a policy allows, 0 where it says nothing."""
        super().__init__(context, parent)
        say, preferences = self.words.say, context.preferences
        title = QLabel(say("page.settings"), self)
        title.setObjectName("page-title")
        self.boxes: dict[str, QComboBox] = {}
        card, grid = setting_card(self)
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
        for name, values in options.items():
            box = QComboBox(card)
            box.setAccessibleName(say(f"setting.{name}"))
            box.setMinimumWidth(200 * preferences.text_size // 100)
            for value in values:
                text = f"{value} %" if name == "text-size" else say(f"setting.{name}-{value}")
                box.addItem(text, value)
            box.setCurrentIndex(box.findData(now[name]))
            box.activated.connect(lambda at, name=name, box=box: self._choose(name, str(box.itemData(at))))
            self.boxes[name] = box
            add_setting(grid, say(f"setting.{name}"), say(f"setting.{name}-about"), box)
        self.folder_button = QPushButton(say("window.show-folder"), card)
        self.folder_button.setEnabled(bool(data_folder))
        self.folder_button.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(data_folder)))
        about = data_folder or say("setting.data-none")
        add_setting(grid, say("setting.data"), about, self.folder_button)
        set_here = len(in_force().set_by)
        policies = say("setting.policies-set", count=set_here) if set_here else say("setting.policies-none")
        for name, about, page in (
            ("retention", say("setting.retention-about"), "clients"),
            ("policies", policies, "office"),
        ):
            add_setting(grid, say(f"setting.{name}"), about, self._way_to(page, say(f"setting.{name}")))
        self.store = StoreSettings(context, store, auto_lock, self)
        self.store.preferred.connect(self.preferred)
        note = QLabel(say("setting.about", version=__version__), self)
        note.setObjectName("muted")
        note.setWordWrap(True)
        column = QWidget(self)
        column.setMaximumWidth(_WIDTH * preferences.text_size // 100)
        inside = QVBoxLayout(column)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(SPACE)
        for widget in (title, card, self.store, note):
            inside.addWidget(widget)
        inside.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE + 8, SPACE + 2, SPACE + 8, SPACE)
        around = QScrollArea(self)
        around.setWidgetResizable(True)
        around.setWidget(column)
        layout.addWidget(around)

    def opened(self, topic: str) -> None:
        del topic
        self.boxes["language"].setFocus()

    def help_topic(self) -> str:
        return "settings"

    def _way_to(self, page: str, about: str) -> QPushButton:
        button = QPushButton(f"{self.words.say(f'page.{page}')}…", self)
        button.setAccessibleDescription(about)
        button.clicked.connect(lambda: self.go_to.emit(page, ""))
        return button

    def _choose(self, name: str, value: str) -> None:
        self.preferred.emit(name, value)
