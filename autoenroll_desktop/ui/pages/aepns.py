"""The AEPNs page: what NAERSA said of a client's people on each day it was fetched, and what changed."""

import datetime as dt
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
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
from autoenroll_desktop.ui.icons import icon
from autoenroll_desktop.ui.models.aepns import aepns_model
from autoenroll_desktop.ui.page import Page
from autoenroll_desktop.ui.theme import SPACE
from autoenroll_desktop.ui.view_models.aepns import AepnsViewModel, instruction
from autoenroll_desktop.ui.view_models.time_left import DUBLIN
from autoenroll_desktop.ui.widgets.empty_state import EmptyState, say_nothing_kept
from autoenroll_desktop.ui.widgets.table import Table

if TYPE_CHECKING:
    from autoenroll_desktop.actions.look_at_aepns import AepnRow

_REGISTER, _EMPTY = range(2)
_CARD = 286


class AepnsPage(Page):
    """Opened with the employer number of a client, it shows that one's."""

    def __init__(self, context: Context, model: AepnsViewModel, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.model = model
        self._chosen = ("", "")
        say = self.words.say
        self.empty = EmptyState(
            context, "aepns", [(say("today.check-first"), lambda: self.go_to.emit("check", ""))], self
        )
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self._register())
        self.stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE + 4, SPACE + 2, SPACE + 4, SPACE)
        layout.setSpacing(SPACE - 2)
        layout.addLayout(self._head())
        layout.addWidget(self.stack, 1)
        self._joined = (
            (model.read, self.fill), (model.told, self.show_history), (model.failed, self.tell),
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
            Command("find-person", self.search.setFocus, "Ctrl+F"),
            Command("only-changed", self.changed_only.click, "Ctrl+Shift+D"),
            Command("look-again", self.model.look, "F5"),
        ]

    def opened(self, topic: str) -> None:
        if topic:
            self.model.choose(topic)
        else:
            self.model.look()
        (self.table if self.stack.currentIndex() == _REGISTER else self.client_box).setFocus()

    def help_topic(self) -> str:
        return "aepns"

    def leave(self) -> None:
        for signal, slot in self._joined:
            signal.disconnect(slot)

    def fill(self) -> None:
        """Show the clients, the chosen one's downloads, and the rows that are asked for."""
        say, seen = self.words.say, self.model.seen
        self.client_box.clear()
        for one in self.model.clients or ():
            self.client_box.addItem(one.name or one.employer or say("store.no-number"), one.employer)
        self.client_box.setCurrentIndex(self.client_box.findData(self.model.employer))
        self.list_box.clear()
        for listed in seen.lists if seen is not None else ():
            at = f"{listed.at.astimezone(DUBLIN):%d/%m/%Y %H:%M}"
            self.list_box.addItem(say("aepns.list", at=at, rows=listed.rows), listed.id)
        there = seen is not None and seen.shown is not None
        for box in (self.client_box, self.list_box):
            box.setVisible(box.count() > 0)
        for control in (self.search, self.changed_only):
            control.setVisible(there)
        self.stack.setCurrentIndex(_REGISTER if there else _EMPTY)
        if seen is None or seen.shown is None:
            none_yet = say("aepns.empty"), say("aepns.empty-about")
            say_nothing_kept(self.empty, self.context, self.model.kept.state, self.model.kept.why, none_yet)
            return
        self.list_box.setCurrentIndex(self.list_box.findData(seen.shown.id))
        changed = sum(bool(row.change) for row in seen.rows)
        since = f"{seen.previous.at.astimezone(DUBLIN):%d/%m/%Y}" if seen.previous is not None else ""
        told = say("aepns.since", changed=changed, since=since) if since else say("aepns.first")
        self.about.setText(told)
        self.changed_only.setText(say("aepns.only-changed", count=changed))
        self.refill()

    def refill(self) -> None:
        """Show the rows that are asked for."""
        rows = self.model.found(self.search.text(), changed=self.changed_only.isChecked())
        self.rows.show(rows)
        self.table.setVisible(bool(rows))
        self.no_match.setVisible(not rows)
        self.table.choose(lambda row: row.key == self._chosen)
        self._on_row()

    def show_history(self, told: "tuple[tuple[dt.datetime, AepnRow | None], ...]") -> None:
        """Show what the downloads said of the chosen person."""
        lines = [
            f"{at.astimezone(DUBLIN):%d/%m/%Y}\n"
            + (instruction(row, self.words) if row is not None else self.words.say("aepns.not-there"))
            for at, row in reversed(told)
        ]
        self.history.setText("\n\n".join(lines))

    def _head(self) -> QHBoxLayout:
        say, percent = self.words.say, self.context.preferences.text_size
        title = QLabel(say("page.aepns"), self)
        title.setObjectName("page-title")
        self.client_box, self.list_box, self.search = QComboBox(self), QComboBox(self), QLineEdit(self)
        self.client_box.setAccessibleName(say("today.head-client"))
        self.list_box.setAccessibleName(say("aepns.lists"))
        self.search.setPlaceholderText(say("window.find"))
        self.search.setAccessibleName(say("window.find"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search", self.theme.muted), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setMaximumWidth(260 * percent // 100)
        row = QHBoxLayout()
        row.setSpacing(10)
        for widget in (title, self.client_box, self.list_box):
            row.addWidget(widget)
        row.addStretch()
        row.addWidget(self.search, 1)
        self.client_box.activated.connect(lambda at: self.model.choose(str(self.client_box.itemData(at))))
        self.list_box.activated.connect(
            lambda at: self.model.choose(self.model.employer or "", str(self.list_box.itemData(at)))
        )
        self.search.textChanged.connect(self.refill)
        return row

    def _register(self) -> QWidget:
        say, page = self.words.say, QWidget(self)
        self.about = QLabel(page)
        self.about.setObjectName("muted")
        self.changed_only = QPushButton(page)
        self.changed_only.setObjectName("filter")
        self.changed_only.setCheckable(True)
        self.changed_only.clicked.connect(self.refill)
        self.rows = aepns_model(self.words, self.theme, self)
        self.table = Table(self.rows, self.context, say("page.aepns"), page, stretch=5)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.no_match = QLabel(say("aepns.no-match"), page)
        self.no_match.setObjectName("muted")
        self.no_match.setAlignment(Qt.AlignmentFlag.AlignCenter)
        card = QFrame(page)
        card.setObjectName("card")
        card.setFixedWidth(_CARD * self.context.preferences.text_size // 100)
        self.person, caption, self.history = QLabel(card), QLabel(say("aepns.history"), card), QLabel(card)
        self.person.setObjectName("page-title")
        self.person.setWordWrap(True)
        caption.setObjectName("caption")
        self.history.setWordWrap(True)
        self.history.setTextFormat(Qt.TextFormat.PlainText)
        self.history.setAccessibleName(say("aepns.history"))
        inside = QVBoxLayout(card)
        inside.setContentsMargins(18, 16, 18, 16)
        inside.setSpacing(8)
        for label in (self.person, caption, self.history):
            inside.addWidget(label)
        inside.addStretch()
        head, body = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self.changed_only)
        head.addWidget(self.about)
        head.addStretch()
        body.setSpacing(SPACE)
        body.addWidget(self.table, 1)
        body.addWidget(self.no_match, 1)
        body.addWidget(card)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE - 2)
        layout.addLayout(head)
        layout.addLayout(body, 1)
        return page

    def _on_row(self, *_index: object) -> None:
        row: AepnRow | None = self.table.chosen()
        self.person.setText(row.name if row is not None else "")
        self.history.setText("")
        if row is not None:
            self._chosen = row.key
            self.model.tell(row)

    def _on_changed(self) -> None:
        if self.isVisible():
            self.model.look()
