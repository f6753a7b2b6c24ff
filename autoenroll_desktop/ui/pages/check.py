"""The Check page: drop a payroll file, see the verdict, go through what is wrong and put it right."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from autoenroll_desktop.policy.sources import in_force
from autoenroll_desktop.ui.commands import Command
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.page import Page
from autoenroll_desktop.ui.pages.check_files import CheckFiles
from autoenroll_desktop.ui.pages.check_fixing import CheckFixing
from autoenroll_desktop.ui.pages.check_writing import CheckWriting
from autoenroll_desktop.ui.theme import SPACE
from autoenroll_desktop.ui.view_models.check import CheckViewModel
from autoenroll_desktop.ui.view_models.unmasking import Unmasking
from autoenroll_desktop.ui.widgets.drop_zone import DropZone, dropped_files
from autoenroll_desktop.ui.widgets.lines_in_view import LinesInView
from autoenroll_desktop.ui.widgets.result_panel import ResultPanel
from autoenroll_desktop.ui.widgets.work_strip import progress_in_words

if TYPE_CHECKING:
    from autoenroll_desktop.domain.checked_run import CheckedRun
    from autoenroll_desktop.domain.finding import Finding

_EMPTY, _WORKING, _RESULT = range(3)


class CheckPage(Page):
    """Empty, working, or showing a result."""

    def __init__(
        self, context: Context, view_model: CheckViewModel, unmasking: Unmasking, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, parent)
        self.view_model, self.unmasking = view_model, unmasking
        self._moving = False
        self._told: set[str] = set()
        self.setAcceptDrops(True)
        self.drop_zone = DropZone(context, self)
        self.panel = ResultPanel(context, view_model.now, self)
        self.lines, self.findings = self.panel.lines, self.panel.findings
        self.banner, self.grid, self.inspector = self.panel.banner, self.panel.grid, self.panel.inspector
        self.stack = QStackedWidget(self)
        for part in (self.drop_zone, self._working(), self.panel):
            self.stack.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE + 4, SPACE + 2, SPACE + 4, SPACE - 2)
        layout.addWidget(self.stack)
        self.in_view = LinesInView(self.panel, lambda: view_model.sheet)
        self.fixing = CheckFixing(self, view_model)
        self.files = CheckFiles(self, view_model)
        self.writing = CheckWriting(self, view_model)
        self._connect()
        if view_model.result is not None:
            self._on_checked(view_model.result)

    @property
    def shows_result(self) -> bool:
        """Whether there is a verdict in view."""
        return self.stack.currentIndex() == _RESULT

    @property
    def settled(self) -> bool:
        """Whether nothing is being worked on or worked out."""
        looking = any(part.looking for part in (self.fixing, self.files, self.writing))
        return not (self.view_model.work.busy or self.in_view.busy or looking)

    def commands(self) -> list[Command]:
        result = self._can_act
        return [
            Command("open", self.files.open_files, QKeySequence.StandardKey.Open),
            Command("sample", self.open_sample),
            Command("again", self.files.check_again, "F5", lambda: self.view_model.can_check),
            Command("new", self.start_over, "Ctrl+N", result),
            Command("next", self.next_place, "F8", result),
            Command("previous", self.previous_place, "Shift+F8", result),
            Command("find", self.go_to_search, QKeySequence.StandardKey.Find, result),
            Command("only-problems", lambda: self._show_only("problems"), "", result),
            Command("all-lines", lambda: self._show_only("all"), "", result),
            Command("show-ppsn", self.unmasking.toggle, "Ctrl+Shift+P", result),
            *self.fixing.commands(),
            *self.writing.commands(),
            *self.files.commands(),
            Command("cancel", self.view_model.work.cancel, "Esc", lambda: self.view_model.work.busy),
        ]

    def opened(self, topic: str) -> None:
        del topic
        (self.panel.causes if self.shows_result else self.drop_zone.open_button).setFocus()

    def put_away(self) -> None:
        self.unmasking.hide()

    def help_topic(self) -> str:
        if self.grid.fixed.hasFocus() or self.grid.moving.hasFocus():
            return f"field.{self.grid.current_field()}"
        place = self.inspector.place
        return f"finding.{place[0].code}" if place is not None else "check"

    def leave(self) -> None:
        self.unmasking.hide()
        self.banner.stop()
        self.panel.keep()
        self.in_view.close()
        self.fixing.close()
        self.writing.close()
        self.files.close()

    # What a person can do here

    def files_dropped(self, paths: list[Path]) -> None:
        """Check dropped or chosen files."""
        self.files.add(paths)

    def open_sample(self) -> None:
        """Show the sample employer in place of what is here."""
        if self._may_leave():
            self.view_model.open_sample()

    def start_over(self) -> None:
        """Back to the empty page."""
        if not self._may_leave():
            return
        self.view_model.clear()
        self.banner.stop()
        self.lines.show(None, ())
        self.findings.show(None)
        self.inspector.clear()
        self.stack.setCurrentIndex(_EMPTY)

    def next_place(self) -> None:
        """Go to the next place of a finding (F8)."""
        self._step(1)

    def previous_place(self) -> None:
        """Go to the place before (Shift+F8)."""
        self._step(-1)

    def go_to_search(self) -> None:
        """Put the cursor into the search field (Ctrl+F)."""
        self.panel.search.setFocus()
        self.panel.search.selectAll()

    def show_place(self, row: int, place: int) -> None:
        """Show one place of the finding in a row of the list."""
        finding = self.findings.finding(row)
        checked = self.view_model.result
        if finding is None or checked is None:
            return
        self._moving = True
        self.panel.causes.setCurrentIndex(self.findings.index(row, 0))
        self._moving = False
        self.inspector.show_place(finding, place, checked, self._where(row, place))
        self.fixing.look(finding, place)
        if self.panel.only.currentData() == "finding" and self.lines.arrangement.key != finding.key:
            self.in_view.arrange(go_to=(finding.key, place))
            return
        self._go_to_line(finding, place)

    def _may_leave(self) -> bool:
        """Whether the steps done may be left behind; those in nothing written are asked about."""
        steps = self.view_model.writing.unwritten
        if steps and not self.context.asking.may_leave(self.context, steps):
            return False
        self.view_model.let_go.emit()
        return True

    # Building

    def _working(self) -> QWidget:
        page = QWidget(self)
        self.work_text = QLabel("", page)
        self.work_text.setObjectName("heading")
        self.work_bar = QProgressBar(page)
        self.work_bar.setTextVisible(False)
        self.work_bar.setFixedWidth(420)
        self.work_bar.setAccessibleName(self.words.say("window.progress"))
        self.cancel_button = QPushButton(self.words.say("window.cancel"), page)
        self.cancel_button.clicked.connect(self.view_model.work.cancel)
        layout = QVBoxLayout(page)
        layout.setSpacing(SPACE)
        layout.addStretch()
        for widget in (self.work_text, self.work_bar, self.cancel_button):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()
        return page

    def _connect(self) -> None:
        model, panel = self.view_model, self.panel
        if in_force().policies.forbid_plain_exports:
            panel.ppsn_shown.setEnabled(False)
            panel.ppsn_shown.setToolTip(self.words.say("policy.set-by-administrator", key="forbid-plain-exports"))
        model.work.started.connect(self._on_started)
        model.work.progressed.connect(self._on_progress)
        model.work.failed.connect(self._on_failed)
        model.work.stopped.connect(self._on_stopped)
        model.checked.connect(self._on_checked)
        for refusing in (model.unkept, model.writing.unkept):
            refusing.connect(self._on_unkept)
        model.over_limits.connect(self._on_over_limits)
        self.in_view.shown.connect(self._on_shown)
        self.in_view.failed.connect(self.tell)
        self.drop_zone.files_dropped.connect(self.files_dropped)
        self.drop_zone.open_wanted.connect(self.files.open_files)
        self.drop_zone.sample_wanted.connect(model.open_sample)
        panel.severity_chosen.connect(self._on_severity)
        panel.causes.selectionModel().currentChanged.connect(self._on_cause)
        panel.grid.line_chosen.connect(self._on_line)
        panel.ppsn_shown.clicked.connect(self._on_ppsn_clicked)
        self.unmasking.changed.connect(self._on_unmasked)
        self.unmasking.refused.connect(self.tell)
        panel.was_shown.toggled.connect(self.lines.show_was)
        panel.columns_button.clicked.connect(self._on_columns)
        panel.files.file_wanted.connect(self.files.show_file)
        self.inspector.step_wanted.connect(self._step)

    # What happens

    def _on_ppsn_clicked(self) -> None:
        self.panel.ppsn_shown.setChecked(self.unmasking.shown)  # it is ticked once they are shown
        self.unmasking.toggle()

    def _on_unmasked(self, shown: bool) -> None:
        self.panel.ppsn_shown.setChecked(shown)
        self.lines.show_ppsn(shown)
        self.inspector.show_ppsn(shown)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if files := dropped_files(event.mimeData()):
            event.acceptProposedAction()
            self.files_dropped(files)

    def _can_act(self) -> bool:
        return self.view_model.result is not None

    def _on_started(self, what: str) -> None:
        self.said.emit("", "")
        if self.view_model.result is None:
            self.work_text.setText(self.words.say(f"working.{what}"))
            self.work_bar.setRange(0, 0)
            self.stack.setCurrentIndex(_WORKING)
            self.cancel_button.setFocus()

    def _on_progress(self, what: str, done: int, total: int) -> None:
        self.work_text.setText(progress_in_words(self.words, what, done, total))
        self.work_bar.setRange(0, total)
        self.work_bar.setValue(done)

    def _on_checked(self, checked: "CheckedRun") -> None:
        before, number = self.inspector.place, self._number()
        self._moving = True
        self.panel.show_result(checked, pinned=self.view_model.pinned is not None)
        self._moving = False
        self.fixing.show_steps()
        self.stack.setCurrentIndex(_RESULT)
        if before is None:
            self.panel.causes.setFocus()
        self.in_view.arrange(go_to=self._same_place(before, number))

    def _number(self) -> int:
        """Which of all places is shown, 0 where none is."""
        place = self.inspector.place
        row = self.findings.row_of(place[0].key) if place is not None else -1
        return self.findings.number(row, place[1]) if place is not None and row >= 0 else 0

    def _same_place(self, before: "tuple[Finding, int] | None", number: int) -> tuple[str, int] | None:
        """Where to go on after a check: the place shown before; where it is gone, the one that took its turn."""
        if before is not None and self.findings.row_of(before[0].key) >= 0:
            return before[0].key, before[1]
        if not self.findings.places:
            return None
        row, place = self.findings.place(min(number, self.findings.places - 1))
        finding = self.findings.finding(row)
        return (finding.key, place) if finding is not None else None

    def _on_failed(self, error: Exception) -> None:
        from autoenroll_desktop.actions.licence import CheckStopped

        self._on_stopped()
        if isinstance(error, CheckStopped):
            self.pointed.emit("error", str(error), "office")
        else:
            self.tell(error)

    def _on_over_limits(self, sentences: tuple[str, ...]) -> None:
        for sentence in sentences:
            if sentence not in self._told:
                self._told.add(sentence)
                self.pointed.emit("warning", sentence, "office")

    def _on_unkept(self, why: Exception) -> None:
        if str(why) not in self._told:  # the reason is said once, not after every check
            self._told.add(str(why))
            self.said.emit("warning", self.words.say("window.not-kept", why=str(why)))

    def _on_stopped(self) -> None:
        self.stack.setCurrentIndex(_RESULT if self.view_model.result is not None else _EMPTY)

    def _on_severity(self, word: str) -> None:
        self._moving = True
        self.findings.only(word or None)
        self._moving = False
        place = self.inspector.place
        row = self.findings.row_of(place[0].key) if place is not None else -1
        if place is not None and row >= 0:
            self.show_place(row, place[1])
        else:
            self.inspector.clear()

    def _on_cause(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if not self._moving and not self.in_view.showing and current.isValid():
            self.show_place(current.row(), 0)

    def _on_line(self, line: int) -> None:
        """A line was chosen in the grid: show its gravest finding."""
        if self._moving or self.in_view.showing:
            return
        place = self.inspector.place
        if place is not None and place[0].place(place[1]).line == line:
            return
        found = self.findings.on_line(line)
        if found is None:
            self.inspector.clear()
            self.panel.causes.clearSelection()
        else:
            QTimer.singleShot(0, self, lambda: self.show_place(*found))

    def _step(self, by: int) -> None:
        if not self.findings.places or not self.shows_result:
            return
        place = self.inspector.place
        row = self.findings.row_of(place[0].key) if place is not None else -1
        first = 0 if by > 0 else -1
        at = first if place is None or row < 0 else self.findings.number(row, place[1]) + by
        self.show_place(*self.findings.place(at % self.findings.places))

    def _go_to_line(self, finding: "Finding", place: int) -> None:
        where = finding.place(place)
        if where.line < 0:
            return
        self._moving = True
        if not self.grid.go_to(where.line, where.field) and self.view_model.sheet is not None:
            self.in_view.show_all((finding.key, place))
        self._moving = False

    def _where(self, row: int, place: int) -> str:
        at = self.findings.number(row, place) + 1
        return self.words.say("window.place-of", at=at, total=self.findings.places)

    # Which lines are in view

    def _show_only(self, name: str) -> None:
        self.panel.only.setCurrentIndex(self.panel.only.findData(name))

    def _on_columns(self) -> None:
        menu = self.grid.columns_menu(self.panel.columns_button)
        first = menu.actions()[0]
        menu.insertAction(first, self.panel.was_shown)
        menu.insertSeparator(first)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        button = self.panel.columns_button
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _on_shown(self, place: tuple[str, int] | None) -> None:
        row = self.findings.row_of(place[0]) if place is not None else -1
        finding = self.findings.finding(row)
        if place is not None and finding is not None:
            self.show_place(row, min(place[1], len(finding) - 1))
