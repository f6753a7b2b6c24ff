"""The Calendar page: pay dates with their cut-offs, opt-out windows, notices due and holidays of the next months."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QIcon
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

from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.ui.commands import Command
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.icons import icon
from autoenroll_desktop.ui.models.table import Column, TableModel
from autoenroll_desktop.ui.page import Page
from autoenroll_desktop.ui.theme import SPACE, Theme
from autoenroll_desktop.ui.view_models.calendar import KINDS, CalendarViewModel, about, what
from autoenroll_desktop.ui.view_models.time_left import DUBLIN, time_left
from autoenroll_desktop.ui.widgets.empty_state import EmptyState, say_nothing_kept
from autoenroll_desktop.ui.widgets.table import Table

if TYPE_CHECKING:
    from autoenroll_desktop.actions.look_at_calendar import Coming

_SIGNS = {"pay-date": "gate", "window": "eye", "notice": "write", "holiday": "info"}
_DAYS, _EMPTY = range(2)


def calendar_model(words: Words, theme: Theme, kept_now: dt.datetime, parent: QObject) -> "TableModel[Coming]":
    """Day, what is coming, whose it is, and how long it is until then."""
    today = kept_now.astimezone(DUBLIN).date()

    def until(one: "Coming") -> str:
        if one.moment is not None:
            return time_left(one.moment, kept_now, words)
        days = (one.day - today).days
        if not days:
            return words.say("calendar.today")
        return words.say("today.day" if days == 1 else "today.days", days=days)

    columns: tuple[Column[Coming], ...] = (
        Column("calendar.head-day", lambda one: f"{one.day:%d/%m/%Y}", 124, order=lambda one: one.day,
               about=lambda one: words.say(f"weekday.{one.day:%w}", day="").strip()),
        Column("calendar.head-what", lambda one: what(one, words), 320, about=lambda one: about(one, words),
               sign=lambda one: _sign(one, theme)),
        Column("today.head-client", lambda one: one.client or one.employer, 240,
               about=lambda one: one.employer if one.client else ""),
        Column("calendar.head-until", until, 130, order=lambda one: one.day),
    )  # fmt: skip
    return TableModel(columns, words, parent)


def _sign(one: "Coming", theme: Theme) -> QIcon:
    moved = bool(one.closed and one.employer)
    return icon("warning" if moved else _SIGNS[one.kind], theme.warning if moved else theme.accent, theme.surface)


class CalendarPage(Page):
    """A list by day, which can be taken over into any other calendar."""

    def __init__(self, context: Context, model: CalendarViewModel, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.model = model
        say = self.words.say
        check = (say("today.check-first"), lambda: self.go_to.emit("check", ""))
        self.empty = EmptyState(context, "calendar", [check], self)
        self.rows = calendar_model(self.words, self.theme, model.kept.now(), self)
        self.table = Table(self.rows, context, say("page.calendar"), self, stretch=1)
        self.no_match = QLabel(say("calendar.no-match"), self)
        self.no_match.setObjectName("muted")
        self.no_match.setAlignment(Qt.AlignmentFlag.AlignCenter)
        days = QWidget(self)
        inside = QVBoxLayout(days)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(SPACE - 2)
        inside.addLayout(self._chips(days))
        inside.addWidget(self.table, 1)
        inside.addWidget(self.no_match, 1)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(days)
        self.stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE + 4, SPACE + 2, SPACE + 4, SPACE)
        layout.setSpacing(SPACE - 2)
        layout.addLayout(self._head())
        layout.addWidget(self.stack, 1)
        self._joined = (
            (model.read, self.fill), (model.written, self._on_written), (model.failed, self.tell),
            (model.kept.changed, self._on_changed),
        )  # fmt: skip
        for signal, slot in self._joined:
            signal.connect(slot)
        self.fill()

    @property
    def reading(self) -> bool:
        """Whether something is on its way."""
        return self.model.busy

    def commands(self) -> list[Command]:
        return [
            Command("export-calendar", self.export, "Ctrl+E", lambda: bool(self.model.coming)),
            Command("find-client", self.search.setFocus, "Ctrl+F"),
            Command("look-again", self.model.look, "F5"),
        ]

    def opened(self, topic: str) -> None:
        del topic
        self.model.look()
        (self.table if self.stack.currentIndex() == _DAYS else self.empty.buttons[0]).setFocus()

    def help_topic(self) -> str:
        return "calendar"

    def leave(self) -> None:
        for signal, slot in self._joined:
            signal.disconnect(slot)

    def fill(self) -> None:
        """Show what is asked for."""
        there = any(one.employer for one in self.model.coming or ())
        self.stack.setCurrentIndex(_DAYS if there else _EMPTY)
        for control in (self.search, self.export_button):
            control.setVisible(there)
        if not there:
            none_yet = self.words.say("calendar.empty"), self.words.say("calendar.empty-about")
            say_nothing_kept(self.empty, self.context, self.model.kept.state, self.model.kept.why, none_yet)
            return
        counts = self.model.counts()
        for kind, button in self.filters.items():
            button.setText(self.words.say(f"calendar.filter-{kind}", count=counts[kind]))
            button.setVisible(kind == "all" or counts[kind] > 0)
        shown = self._shown()
        self.rows.show(shown)
        self.table.setVisible(bool(shown))
        self.no_match.setVisible(not shown)
        self.table.choose(lambda _one: False)

    def export(self) -> None:
        """Ask where to, and write what is shown as an iCalendar file."""
        name = self.words.say("calendar.file-name", day=f"{self.model.kept.now().astimezone(DUBLIN):%Y-%m-%d}")
        path = self.context.asking.where_to_save(self.words, f"{name}.ics", "iCalendar (*.ics)")
        if path is not None:
            self.model.write(path, self._shown(), self.words)

    def _shown(self) -> "list[Coming]":
        kind = next(name for name, button in self.filters.items() if button.isChecked())
        return self.model.shown(kind, self.search.text())

    def _head(self) -> QHBoxLayout:
        say, row = self.words.say, QHBoxLayout()
        title, self.search = QLabel(say("page.calendar"), self), QLineEdit(self)
        title.setObjectName("page-title")
        self.search.setPlaceholderText(say("today.find"))
        self.search.setAccessibleName(say("today.find"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search", self.theme.muted), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setMaximumWidth(300 * self.context.preferences.text_size // 100)
        self.export_button = QPushButton(say("calendar.export"), self)
        self.export_button.setIcon(icon("write", self.theme.text))
        self.export_button.clicked.connect(self.export)
        row.setSpacing(10)
        row.addWidget(title)
        row.addStretch()
        row.addWidget(self.search, 1)
        row.addWidget(self.export_button)
        self.search.textChanged.connect(self.fill)
        return row

    def _chips(self, parent: QWidget) -> QHBoxLayout:
        row, group = QHBoxLayout(), QButtonGroup(parent)
        self.filters: dict[str, QPushButton] = {}
        for kind in KINDS:
            button = QPushButton(parent)
            button.setObjectName("filter")
            button.setCheckable(True)
            button.setChecked(kind == "all")
            button.clicked.connect(self.fill)
            group.addButton(button)
            row.addWidget(button)
            self.filters[kind] = button
        row.addStretch()
        return row

    def _on_changed(self) -> None:
        if self.isVisible():
            self.model.look()

    def _on_written(self, path: Path) -> None:
        self.said.emit("ready", self.words.say("window.written", name=path.name))
