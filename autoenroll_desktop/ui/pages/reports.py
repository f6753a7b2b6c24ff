"""The Reports page: everything that was written, to open again or to find in its folder."""

from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from autoenroll_desktop.actions.produced_files import ProducedFile, ProducedFiles
from autoenroll_desktop.ui.commands import Command
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.delegates.two_lines import TwoLines
from autoenroll_desktop.ui.icons import icon, severity_icon
from autoenroll_desktop.ui.models.findings import ABOUT
from autoenroll_desktop.ui.page import Page
from autoenroll_desktop.ui.theme import SPACE
from autoenroll_desktop.ui.view_models.check import Clock
from autoenroll_desktop.ui.view_models.latest import Latest
from autoenroll_desktop.ui.view_models.sheet import plain_text

_PATH = int(Qt.ItemDataRole.UserRole) + 10
_DUBLIN = ZoneInfo("Europe/Dublin")


class ReportsPage(Page):
    """A list with the latest first; a file that is gone says so."""

    def __init__(self, context: Context, produced: ProducedFiles, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._produced, self._clock = produced, clock
        self._files: list[ProducedFile] = []
        self._reading = Latest(self)
        say = self.words.say
        title = QLabel(say("page.reports"), self)
        title.setObjectName("page-title")
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(say("window.find-report"))
        self.search.setAccessibleName(say("window.find-report"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search", self.theme.muted), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setMaximumWidth(420 * context.preferences.text_size // 100)
        self.list = QListWidget(self)
        self.list.setItemDelegate(TwoLines(self.theme, self.list))
        self.list.setAccessibleName(say("page.reports"))
        self.list.setUniformItemSizes(True)
        self.empty = QLabel(say("window.no-reports"), self)
        self.empty.setObjectName("muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.open_button = QPushButton(say("window.open-file"), self)
        self.open_button.setProperty("primary", "true")
        self.folder_button = QPushButton(say("window.show-folder"), self)
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.addWidget(title)
        head.addStretch()
        head.addWidget(self.search, 1)
        foot.addStretch()
        foot.addWidget(self.folder_button)
        foot.addWidget(self.open_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE + 8, SPACE + 2, SPACE + 8, SPACE)
        layout.setSpacing(SPACE)
        layout.addLayout(head)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.empty, 1)
        layout.addLayout(foot)
        self.search.textChanged.connect(self.fill)
        self.list.currentRowChanged.connect(self._on_row)
        self.list.itemActivated.connect(self.open_file)
        self.open_button.clicked.connect(self.open_file)
        self.folder_button.clicked.connect(self.show_folder)
        self._reading.answered.connect(self._on_read)
        self._reading.failed.connect(self.tell)
        self.fill()

    @property
    def reading(self) -> bool:
        """Whether the list is on its way."""
        return self._reading.busy

    def commands(self) -> list[Command]:
        return []

    def opened(self, topic: str) -> None:
        del topic
        now = self._clock()
        self._reading.ask(lambda: self._produced.all(now))
        self.list.setFocus()

    def leave(self) -> None:
        self._reading.close()

    def help_topic(self) -> str:
        return "reports"

    def fill(self) -> None:
        """Show what was written, as far as it holds what is searched for."""
        needle = plain_text(self.search.text().strip())
        self.list.clear()
        for file in self._files:
            if needle in plain_text(str(file.path)):
                self.list.addItem(self._item(file))
        self.list.setVisible(self.list.count() > 0)
        self.empty.setVisible(self.list.count() == 0)
        self.list.setCurrentRow(0)
        self._on_row(self.list.currentRow())

    def _on_read(self, files: list[ProducedFile]) -> None:
        self._files = files
        self.fill()

    def open_file(self) -> None:
        """Open the chosen file in the program the desktop has for it."""
        if (path := self._chosen()) is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def show_folder(self) -> None:
        """Open the folder the chosen file is in."""
        if (path := self._chosen()) is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

    def _chosen(self) -> Path | None:
        item = self.list.currentItem()
        return Path(item.data(_PATH)) if item is not None else None

    def _item(self, file: ProducedFile) -> QListWidgetItem:
        say, path = self.words.say, file.path
        known = self.words.knows(f"verdict.{file.answer}")
        sign = severity_icon(file.answer, self.theme) if known else icon("file", self.theme.muted)
        item = QListWidgetItem(sign, path.name)
        kind = f"output.{file.kind}" if file.kind in ("recipe", "result") else f"write.{file.kind}"
        parts = [f"{file.produced_at.astimezone(_DUBLIN):%d/%m/%Y %H:%M}", str(path.parent)]
        if known:
            parts.insert(0, say(f"verdict.{file.answer}"))
        if self.words.knows(kind):
            parts.insert(0, say(kind))
        if not file.there:
            parts.insert(0, say("window.file-gone"))
        item.setData(ABOUT, " · ".join(parts))
        item.setData(int(Qt.ItemDataRole.AccessibleTextRole), f"{path.name}, {', '.join(parts)}")
        item.setData(_PATH, str(path))
        item.setToolTip(str(path))
        return item

    def _on_row(self, row: int) -> None:
        path = self._chosen() if row >= 0 else None
        self.open_button.setEnabled(path is not None and path.exists())
        self.folder_button.setEnabled(path is not None and path.parent.exists())
