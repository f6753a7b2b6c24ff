"""The Today page: the wall of all clients, what is pressing first."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from autoenroll_desktop.ui.commands import Command
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.dialogs.sign_off import SignOffDialog
from autoenroll_desktop.ui.icons import icon
from autoenroll_desktop.ui.models.wall import LEFT, wall_model
from autoenroll_desktop.ui.page import Page
from autoenroll_desktop.ui.theme import SPACE
from autoenroll_desktop.ui.view_models.time_left import DUBLIN
from autoenroll_desktop.ui.view_models.wall import FILTERS, WallViewModel
from autoenroll_desktop.ui.widgets.drop_zone import dropped_files
from autoenroll_desktop.ui.widgets.empty_state import EmptyState, say_nothing_kept
from autoenroll_desktop.ui.widgets.table import Table
from autoenroll_desktop.ui.widgets.wall_detail import WallDetail

if TYPE_CHECKING:
    from autoenroll_desktop.actions.look_at_wall import WallRow

_SECOND_MS = 1000
_WALL, _EMPTY = range(2)


class TodayPage(Page):
    """Files and folders dropped on it are checked, however many clients they are of."""

    def __init__(self, context: Context, model: WallViewModel, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.model = model
        self._chosen = ""
        self._begins = False
        self.setAcceptDrops(True)
        say = self.words.say
        self.empty = EmptyState(
            context, "today", [(say("today.check-first"), lambda: self.go_to.emit("check", ""))], self
        )
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self._wall())
        self.stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE + 4, SPACE + 2, SPACE + 4, SPACE)
        layout.addWidget(self.stack)
        self._timer = QTimer(self)
        self._timer.setInterval(_SECOND_MS)
        self._timer.timeout.connect(lambda: self.rows.refresh(LEFT))
        model.read.connect(self.fill)
        model.failed.connect(self.tell)
        model.signed.connect(self._on_signed)
        model.written.connect(self._on_written)
        model.kept.changed.connect(self._on_changed)
        self.fill()

    @property
    def reading(self) -> bool:
        """Whether something is on its way."""
        return self.model.busy

    def commands(self) -> list[Command]:
        return [
            Command("sign-off", self.sign_off, "Ctrl+Return", self._can_sign),
            Command("open-run", self.open_run, "", lambda: self.table.chosen() is not None),
            Command("evidence", self.write_evidence, "", lambda: self.table.chosen() is not None),
            Command("find-client", self._find, "Ctrl+F"),
            Command("look-again", self.model.look, "F5"),
        ]

    def opened(self, topic: str) -> None:
        del topic
        self._timer.start()
        self.model.look()
        self._begins = True
        (self.table if self.stack.currentIndex() == _WALL else self.empty.buttons[0]).setFocus()

    def help_topic(self) -> str:
        return "today"

    def leave(self) -> None:
        self._timer.stop()
        for signal, slot in (
            (self.model.read, self.fill), (self.model.failed, self.tell), (self.model.signed, self._on_signed),
            (self.model.written, self._on_written), (self.model.kept.changed, self._on_changed),
        ):  # fmt: skip
            signal.disconnect(slot)

    def fill(self) -> None:
        """Show the clients that are asked for."""
        counts = self.model.counts()
        for name, button in self.filters.items():
            button.setText(self.words.say(f"today.filter-{name}", count=counts[name]))
        self.stack.setCurrentIndex(_WALL if self.model.rows else _EMPTY)
        if not self.model.rows:
            none_yet = self.words.say("today.empty"), self.words.say("today.empty-about")
            say_nothing_kept(self.empty, self.context, self.model.kept.state, self.model.kept.why, none_yet)
            return
        today = self.model.kept.now().astimezone(DUBLIN)
        self.day.setText(self.words.say(f"weekday.{today:%w}", day=f"{today:%d/%m/%Y}"))
        only = next(name for name, button in self.filters.items() if button.isChecked())
        shown = self.model.shown(only, self.search.text())
        self.rows.show(shown)
        self.table.choose(lambda row: row.employer == self._chosen)
        self.no_match.setVisible(not shown)
        self.table.setVisible(bool(shown))
        self.detail.setVisible(bool(shown))
        self._on_row()
        if self._begins and self.isVisible():
            self._begins = False
            self.table.setFocus()

    def open_run(self) -> None:
        """Show the last run of the chosen client."""
        row: WallRow | None = self.table.chosen()
        if row is not None and row.last is not None:
            self.go_to.emit("run", row.last.id)

    def sign_off(self) -> None:
        """Ask who signs the chosen client's run off."""
        row: WallRow | None = self.table.chosen()
        if row is None or not self._can_sign():
            return
        title = self.words.say("today.sign-title", name=row.name or row.employer)
        dialog = SignOffDialog(self.context, title, ", ".join(one.by for one in row.signed), self)
        dialog.given.connect(lambda by: self.model.sign_off(row, by, dialog.taken, dialog.refuse))
        dialog.open()

    def write_evidence(self) -> None:
        """Write the signed trail of the chosen client."""
        row: WallRow | None = self.table.chosen()
        if row is None:
            return
        say = self.words.say
        name = say("today.evidence-name", client=row.name or row.employer, day=f"{self.model.kept.now():%Y-%m-%d}")
        path = self.context.asking.where_to_save(self.words, f"{name}.json", "JSON (*.json)")
        if path is not None:
            self.model.write_evidence(row.employer, path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if files := dropped_files(event.mimeData()):
            event.acceptProposedAction()
            self.files_given.emit(files)

    def _wall(self) -> QWidget:
        wall = QWidget(self)
        self.rows = wall_model(self.words, self.theme, self.model.kept.now, self)
        self.table = Table(self.rows, self.context, self.words.say("today.wall"), wall)
        self.detail = WallDetail(self.context, wall)
        self.no_match = QLabel(self.words.say("today.no-match"), wall)
        self.no_match.setObjectName("muted")
        self.no_match.setAlignment(Qt.AlignmentFlag.AlignCenter)
        body = QHBoxLayout()
        body.setSpacing(SPACE)
        body.addWidget(self.table, 1)
        body.addWidget(self.no_match, 1)
        body.addWidget(self.detail)
        layout = QVBoxLayout(wall)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE - 2)
        layout.addLayout(self._head(wall))
        layout.addLayout(self._chips(wall))
        layout.addLayout(body, 1)
        self.search.textChanged.connect(self.fill)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.table.activated.connect(self.open_run)
        self.detail.open_wanted.connect(self.open_run)
        self.detail.sign_wanted.connect(self.sign_off)
        self.detail.evidence_wanted.connect(self.write_evidence)
        self.detail.client_wanted.connect(self._show_client)
        return wall

    def _head(self, wall: QWidget) -> QHBoxLayout:
        say, row = self.words.say, QHBoxLayout()
        title, self.day, self.search = QLabel(say("page.today"), wall), QLabel(wall), QLineEdit(wall)
        title.setObjectName("page-title")
        self.day.setObjectName("muted")
        self.search.setPlaceholderText(say("today.find"))
        self.search.setAccessibleName(say("today.find"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search", self.theme.muted), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setMaximumWidth(300 * self.context.preferences.text_size // 100)
        row.setSpacing(10)
        row.addWidget(title)
        row.addWidget(self.day)
        row.addStretch()
        row.addWidget(self.search, 1)
        return row

    def _chips(self, wall: QWidget) -> QHBoxLayout:
        row, group = QHBoxLayout(), QButtonGroup(wall)
        self.filters: dict[str, QPushButton] = {}
        for name in FILTERS:
            button = QPushButton(wall)
            button.setObjectName("filter")
            button.setCheckable(True)
            button.setChecked(name == "all")
            button.clicked.connect(self.fill)
            group.addButton(button)
            row.addWidget(button)
            self.filters[name] = button
        hint = QLabel(self.words.say("today.drop-hint"), wall)
        hint.setObjectName("muted")
        row.addStretch()
        row.addWidget(hint)
        return row

    def _on_row(self, *_index: object) -> None:
        row: WallRow | None = self.table.chosen()
        if row is not None:
            self._chosen = row.employer
            self.detail.show_row(row)

    def _can_sign(self) -> bool:
        return self.table.chosen() is not None and self.detail.sign_button.isEnabled()

    def _show_client(self) -> None:
        row: WallRow | None = self.table.chosen()
        if row is not None:
            self.go_to.emit("clients", row.employer)

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _on_changed(self) -> None:
        if self.isVisible():
            self.model.look()

    def _on_signed(self, name: str) -> None:
        self.said.emit("ready", self.words.say("today.signed", name=name))

    def _on_written(self, path: Path) -> None:
        self.said.emit("ready", self.words.say("window.written", name=path.name))
