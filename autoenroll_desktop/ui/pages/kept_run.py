"""A kept run, as it was checked: it is read, searched, copied and reported, and stays as it is."""

from pathlib import Path

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QAbstractItemView, QStackedWidget, QVBoxLayout, QWidget

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.ui.commands import Command
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.icons import icon
from autoenroll_desktop.ui.page import Page
from autoenroll_desktop.ui.theme import SPACE
from autoenroll_desktop.ui.view_models.kept_run import KeptRunViewModel, RunSeen
from autoenroll_desktop.ui.view_models.time_left import DUBLIN
from autoenroll_desktop.ui.widgets.crumbs import Crumbs
from autoenroll_desktop.ui.widgets.empty_state import EmptyState
from autoenroll_desktop.ui.widgets.lines_in_view import LinesInView
from autoenroll_desktop.ui.widgets.result_panel import ResultPanel

_RESULT, _EMPTY = range(2)


class KeptRunPage(Page):
    """Opened with the id of a run."""

    def __init__(self, context: Context, model: KeptRunViewModel, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.model = model
        say = self.words.say
        self._moving = False
        self.crumbs = Crumbs(self)
        self.crumbs.wanted.connect(lambda _at: self.go_to.emit("today", ""))
        self.panel = ResultPanel(context, model.kept.now, self)
        for widget in (
            self.panel.fix_button,
            self.panel.history_button,
            self.panel.write_button,
            self.panel.ppsn_shown,
        ):
            widget.hide()
        self.panel.report_button.setProperty("primary", "true")
        self.panel.report_button.setIcon(icon("reports", self.theme.on_accent))
        for table in (self.panel.grid.fixed, self.panel.grid.moving):
            table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.empty = EmptyState(context, "today", [(say("today.back"), lambda: self.go_to.emit("today", ""))], self)
        self.empty.say(say("today.opening"), "")
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.panel)
        self.stack.addWidget(self.empty)
        self.stack.setCurrentIndex(_EMPTY)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE + 4, SPACE - 2, SPACE + 4, SPACE - 2)
        layout.addWidget(self.crumbs)
        layout.addWidget(self.stack, 1)
        self.in_view = LinesInView(self.panel, lambda: model.seen.sheet if model.seen is not None else None)
        self._connect()
        self._show_path("")
        if model.seen is not None:
            self.show_run(model.seen)

    @property
    def reading(self) -> bool:
        """Whether something is on its way."""
        return self.model.busy or self.in_view.busy

    def commands(self) -> list[Command]:
        return [
            Command("kept-report", self.write_report, "Ctrl+E", lambda: self.model.seen is not None),
            Command("kept-next", lambda: self._step(1), "F8"),
            Command("kept-previous", lambda: self._step(-1), "Shift+F8"),
            Command("back", lambda: self.go_to.emit("today", ""), "Alt+Left"),
        ]

    def opened(self, topic: str) -> None:
        if topic:
            self.model.look(topic)
        self.panel.causes.setFocus()

    def help_topic(self) -> str:
        place = self.panel.inspector.place
        return f"finding.{place[0].code}" if place is not None else "today"

    def leave(self) -> None:
        self.panel.banner.stop()
        self.in_view.close()
        self.model.read.disconnect(self.show_run)
        self.model.failed.disconnect(self._on_failed)
        self.model.written.disconnect(self._on_written)

    def show_run(self, seen: RunSeen) -> None:
        """Show a run."""
        panel, checked = self.panel, seen.checked
        self._show_path(seen.client)
        self._moving = True
        panel.show_result(checked, pinned=False)
        self._moving = False
        self.stack.setCurrentIndex(_RESULT)
        self.in_view.arrange()
        self._step(1)

    def write_report(self) -> None:
        """Ask where to, and write the PDF report."""
        seen = self.model.seen
        if seen is None:
            return
        days = seen.checked.runs[0].pay_dates
        name = self.words.say("today.report-name", day=days[-1] if days else "", client=seen.client).strip()
        path = self.context.asking.where_to_save(self.words, f"{name}.pdf", "PDF (*.pdf)")
        if path is not None:
            self.model.write_report(path, self.words)

    def _connect(self) -> None:
        panel = self.panel
        self.model.read.connect(self.show_run)
        self.model.failed.connect(self._on_failed)
        self.model.written.connect(self._on_written)
        self.in_view.failed.connect(self.tell)
        panel.report_button.clicked.connect(self.write_report)
        panel.severity_chosen.connect(self._on_severity)
        panel.causes.selectionModel().currentChanged.connect(self._on_cause)
        panel.grid.line_chosen.connect(self._on_line)
        panel.inspector.step_wanted.connect(self._step)
        panel.columns_button.clicked.connect(self._on_columns)

    def _show_path(self, client: str) -> None:
        seen, parts = self.model.seen, [self.words.say("page.today")]
        if seen is not None and client:
            at = f"{seen.checked.checked_at.astimezone(DUBLIN):%d/%m/%Y %H:%M}"
            parts.append(self.words.say("today.crumb", client=client, at=at))
        else:
            parts.append(self.words.say("page.run"))
        self.crumbs.show_path(parts)

    def _show_place(self, row: int, place: int) -> None:
        finding, seen, panel = self.panel.findings.finding(row), self.model.seen, self.panel
        if finding is None or seen is None:
            return
        self._moving = True
        panel.causes.setCurrentIndex(panel.findings.index(row, 0))
        where = self.words.say("window.place-of", at=panel.findings.number(row, place) + 1, total=panel.findings.places)
        panel.inspector.show_place(finding, place, seen.checked, where)
        for widget in (panel.inspector.suggestion, panel.inspector.confirm_button):
            widget.hide()
        there = finding.place(place)
        if there.line >= 0:
            panel.grid.go_to(there.line, there.field)
        self._moving = False

    def _step(self, by: int) -> None:
        findings, place = self.panel.findings, self.panel.inspector.place
        if not findings.places:
            return
        row = findings.row_of(place[0].key) if place is not None else -1
        at = (0 if by > 0 else -1) if place is None or row < 0 else findings.number(row, place[1]) + by
        self._show_place(*findings.place(at % findings.places))

    def _on_cause(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if not self._moving and not self.in_view.showing and current.isValid():
            self._show_place(current.row(), 0)

    def _on_line(self, line: int) -> None:
        if not self._moving and not self.in_view.showing and (found := self.panel.findings.on_line(line)) is not None:
            self._show_place(*found)

    def _on_severity(self, word: str) -> None:
        self.panel.findings.only(word or None)
        self.panel.inspector.clear()

    def _on_columns(self) -> None:
        button = self.panel.columns_button
        self.panel.grid.columns_menu(button).popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, AppError) and self.model.seen is None:
            self.empty.say(error.title, str(error).removeprefix(error.title).strip(" .:"))
            self.stack.setCurrentIndex(_EMPTY)
        self.tell(error)

    def _on_written(self, path: Path) -> None:
        self.said.emit("ready", self.words.say("window.written", name=path.name))
