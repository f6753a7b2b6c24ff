"""The Clients page: every client, and one of them in full."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from autoenroll_desktop.domain.client_settings import ClientSettings
from autoenroll_desktop.ui.commands import Command
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.delegates.two_lines import TwoLines
from autoenroll_desktop.ui.dialogs.add_client import AddClientDialog
from autoenroll_desktop.ui.dialogs.sheet_dialog import SheetDialog
from autoenroll_desktop.ui.icons import icon, severity_icon
from autoenroll_desktop.ui.models.findings import ABOUT
from autoenroll_desktop.ui.page import Page
from autoenroll_desktop.ui.theme import SPACE
from autoenroll_desktop.ui.view_models.clients import ClientsViewModel
from autoenroll_desktop.ui.view_models.time_left import DUBLIN
from autoenroll_desktop.ui.widgets.client_panel import ClientPanel
from autoenroll_desktop.ui.widgets.empty_state import EmptyState, say_nothing_kept

if TYPE_CHECKING:
    from autoenroll_desktop.actions.erase_client import ErasedClient
    from autoenroll_desktop.actions.look_at_client import ClientListed

_EMPLOYER = int(Qt.ItemDataRole.UserRole) + 10
_LIST, _EMPTY = range(2)


class ClientsPage(Page):
    """Opened with the employer number of a client, it shows that one."""

    def __init__(self, context: Context, model: ClientsViewModel, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.model = model
        self._begins = False
        say = self.words.say
        self.empty = EmptyState(context, "clients", [(say("clients.add"), self.add)], self)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self._both())
        self.stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE + 4, SPACE + 2, SPACE + 4, SPACE)
        layout.addWidget(self.stack)
        self._joined = (
            (model.read, self.fill), (model.shown, self.show_client), (model.saved, self._on_saved),
            (model.added, self._on_added), (model.erased, self._on_erased), (model.failed, self.tell),
            (model.kept.changed, self._on_changed),
        )  # fmt: skip
        for signal, slot in self._joined:
            signal.connect(slot)
        self.fill()
        self.show_client()

    @property
    def reading(self) -> bool:
        """Whether something is on its way."""
        return self.model.busy

    def commands(self) -> list[Command]:
        return [
            Command("add-client", self.add, "Ctrl+N"),
            Command("save-client", self.panel.form.save, "Ctrl+S", self.panel.form.save_button.isEnabled),
            Command("find-client", self.search.setFocus, "Ctrl+F"),
            Command("erase-client", self.erase, "", lambda: self.model.client is not None),
        ]

    def opened(self, topic: str) -> None:
        if topic or self.model.chosen is None:
            self.model.chosen = topic or self.model.chosen
        self.model.look()
        if self.model.chosen is not None:
            self.model.choose(self.model.chosen)
        self._begins = True
        (self.list if self.stack.currentIndex() == _LIST else self.empty.buttons[0]).setFocus()

    def help_topic(self) -> str:
        return "clients"

    def leave(self) -> None:
        for signal, slot in self._joined:
            signal.disconnect(slot)

    def fill(self) -> None:
        """Show the clients that hold what is searched for."""
        self.stack.setCurrentIndex(_LIST if self.model.rows else _EMPTY)
        if not self.model.rows:
            none_yet = self.words.say("clients.empty"), self.words.say("clients.empty-about")
            say_nothing_kept(self.empty, self.context, self.model.kept.state, self.model.kept.why, none_yet)
            return
        self.list.blockSignals(True)
        self.list.clear()
        chosen = 0
        for at, one in enumerate(self.model.found(self.search.text())):
            self.list.addItem(self._item(one))
            if one.employer == self.model.chosen:
                chosen = at
        self.list.setCurrentRow(chosen)
        self.list.blockSignals(False)
        self._on_row(chosen)
        if self._begins and self.isVisible():
            self._begins = False
            self.list.setFocus()

    def show_client(self) -> None:
        """Show the chosen client."""
        shown = self.model.client
        self.panel.setVisible(shown is not None)
        if shown is not None:
            today = self.model.kept.now().astimezone(DUBLIN)
            self.panel.show_client(shown, QDate(today.year, today.month, today.day))

    def add(self) -> None:
        """Ask for a client's number and name."""
        dialog = AddClientDialog(self.context, self)
        dialog.given.connect(
            lambda number, name: self.model.add(number, ClientSettings(name), dialog.accept, dialog.refuse)
        )
        dialog.open()

    def erase(self) -> None:
        """Erase the chosen client, once it was said again."""
        if self.model.client is None:
            return
        say = self.words.say
        title = say("clients.erase-title", name=self.panel.name.text())
        dialog = SheetDialog(
            self.context, title, say("clients.erase-sure"), accept=say("clients.erase-do"), parent=self
        )
        typed = QLineEdit(dialog)
        wanted = self.model.client.seen.client.employer or say("store.no-number")
        typed.setAccessibleName(say("clients.erase-type", number=wanted))
        typed.setPlaceholderText(say("clients.erase-type", number=wanted))
        dialog.body.addWidget(typed)
        accept = dialog.accept_button
        assert accept is not None
        accept.setEnabled(False)
        typed.textChanged.connect(lambda text: accept.setEnabled(text.strip().upper() == wanted.upper()))
        dialog.accepted.connect(self.model.erase)
        typed.setFocus()
        dialog.grow(540, 260)
        dialog.open()

    def _both(self) -> QWidget:
        say = self.words.say
        both = QSplitter(self)
        left = QWidget(both)
        title = QLabel(say("page.clients"), left)
        title.setObjectName("page-title")
        self.add_button = QPushButton(say("clients.add"), left)
        self.add_button.clicked.connect(self.add)
        self.search = QLineEdit(left)
        self.search.setPlaceholderText(say("today.find"))
        self.search.setAccessibleName(say("today.find"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search", self.theme.muted), QLineEdit.ActionPosition.LeadingPosition)
        self.list = QListWidget(left)
        self.list.setItemDelegate(TwoLines(self.theme, self.list))
        self.list.setAccessibleName(say("page.clients"))
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch()
        head.addWidget(self.add_button)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE - 2)
        column.addLayout(head)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        right = QWidget(both)
        inside = QVBoxLayout(right)
        inside.setContentsMargins(SPACE, 0, 0, 0)
        self.panel = ClientPanel(self.context, right)
        inside.addWidget(self.panel)
        both.addWidget(left)
        both.addWidget(right)
        both.setStretchFactor(1, 1)
        both.setChildrenCollapsible(False)
        percent = self.context.preferences.text_size
        both.setSizes([300 * percent // 100, 800])
        self.search.textChanged.connect(self.fill)
        self.list.currentRowChanged.connect(self._on_row)
        self.panel.run_wanted.connect(lambda run: self.go_to.emit("run", run))
        self.panel.aepns_wanted.connect(lambda: self.go_to.emit("aepns", self.model.chosen or ""))
        self.panel.erase_wanted.connect(self.erase)
        self.panel.form.saved.connect(self.model.save)
        self.panel.form.refused.connect(self.tell)
        self.panel.charts.refused.connect(self.tell)
        self.panel.charts.written.connect(self._on_written)
        return both

    def _item(self, one: "ClientListed") -> QListWidgetItem:
        say, last = self.words.say, one.last
        sign = severity_icon(last.answer, self.theme) if last is not None else icon("info", self.theme.muted)
        item = QListWidgetItem(sign, one.name or one.employer or say("store.no-number"))
        told = [one.employer] if one.name else []
        if last is not None and last.last_pay_date is not None:
            told.append(f"{say(f'verdict.{last.answer}')} {last.last_pay_date:%d/%m/%Y}")
        elif last is None:
            told.append(say("today.no-run"))
        item.setData(ABOUT, " · ".join(told))
        item.setData(_EMPLOYER, one.employer)
        item.setData(int(Qt.ItemDataRole.AccessibleTextRole), f"{item.text()}, {', '.join(told)}")
        return item

    def _on_row(self, row: int) -> None:
        if not 0 <= row < self.list.count():
            self.panel.hide()
            return
        employer = str(self.list.item(row).data(_EMPLOYER))
        shown = self.model.client
        if shown is None or shown.seen.client.employer != employer:
            self.model.choose(employer)
        else:
            self.panel.show()

    def _on_changed(self) -> None:
        if self.isVisible():
            self.model.look()
            if self.model.chosen is not None and not self.panel.form.save_button.isEnabled():
                self.model.choose(self.model.chosen)

    def _on_written(self, path: Path) -> None:
        self.said.emit("ready", self.words.say("window.written", name=path.name))

    def _on_saved(self, name: str) -> None:
        self.panel.form.save_button.setEnabled(False)
        self.said.emit("ready", self.words.say("clients.saved", name=name))

    def _on_added(self, name: str) -> None:
        self.said.emit("ready", self.words.say("clients.added", name=name))
        self.model.look()

    def _on_erased(self, name: str, done: "ErasedClient") -> None:
        say, erased = self.words.say, done.erased
        told = say("clients.erased", name=name, runs=erased.runs, files=erased.files, searched=erased.searched)
        if erased.found:
            told = say("clients.erased-not-all", name=name, found=erased.found)
        elif done.backups_elsewhere:
            told += " " + say("clients.backups", count=done.backups_elsewhere)
        self.said.emit("warning" if erased.found or done.backups_elsewhere else "ready", told)
        self.show_client()
