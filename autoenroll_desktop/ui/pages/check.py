"""The Check page: drop a payroll file, see the verdict, go through what is wrong."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from autoenroll_desktop.domain.money import euro
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.ui.models.findings import FindingsModel
from autoenroll_desktop.ui.models.lines import LinesModel
from autoenroll_desktop.ui.style import SPACE, Theme
from autoenroll_desktop.ui.view_models.check import CheckViewModel
from autoenroll_desktop.ui.widgets.banner import VerdictBanner
from autoenroll_desktop.ui.widgets.drop_zone import DropZone, dropped_files
from autoenroll_desktop.ui.widgets.files_strip import FilesStrip
from autoenroll_desktop.ui.widgets.grid import LinesGrid
from autoenroll_desktop.ui.widgets.inspector import Inspector

if TYPE_CHECKING:
    from autoenroll_desktop.domain.checked_run import CheckedRun

ChooseFiles = Callable[[], list[Path]]
ChooseReport = Callable[[], Path | None]
_EMPTY, _WORKING, _RESULT = range(3)
_SEVERITIES = (None, "error", "gate", "warning", "info")


class CheckPage(QWidget):
    """Empty, working, or showing a result; `said` carries a line for the window's message strip."""

    said = Signal(str, str)

    def __init__(
        self,
        view_model: CheckViewModel,
        theme: Theme,
        choose_files: ChooseFiles,
        choose_report: ChooseReport,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.view_model = view_model
        self.words = view_model.words
        self._choose_files, self._choose_report = choose_files, choose_report
        self._places: list[tuple[int, int]] = []
        self._moving = False
        self.setAcceptDrops(True)
        self.drop_zone = DropZone(self.words, self)
        self.lines = LinesModel(self.words, theme, self)
        self.findings = FindingsModel(self.words, theme, self)
        self.banner = VerdictBanner(self.words, view_model.now, theme, self)
        self.files = FilesStrip(self.words, theme, self)
        self.inspector = Inspector(self.words, theme, self)
        self.stack = QStackedWidget(self)
        for part in (self._empty(), self._working(), self._result()):
            self.stack.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE + 4, SPACE + 4, SPACE + 4, SPACE)
        layout.addWidget(self.stack)
        self._connect()

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        for part in (self.lines, self.findings, self.banner, self.files, self.inspector):
            part.set_theme(theme)

    # What a person can do here

    def files_dropped(self, paths: list[Path]) -> None:
        """Check dropped or chosen files."""
        if paths:
            self.view_model.add(paths)

    def open_files(self) -> None:
        """Ask for files and check them."""
        self.files_dropped(self._choose_files())

    def check_again(self) -> None:
        """Check the same files once more (they may have been saved again)."""
        if self.view_model.can_check:
            self.view_model.check()

    def start_over(self) -> None:
        """Back to the empty page."""
        self.view_model.clear()
        self.banner.stop()
        self.stack.setCurrentIndex(_EMPTY)

    def export_report(self) -> None:
        """Ask where to, and write the report."""
        if self.view_model.result is not None and not self.view_model.busy and (path := self._choose_report()):
            self.view_model.write_report(path)

    def next_place(self) -> None:
        """Go to the next place of a finding (F8)."""
        self._step(1)

    def previous_place(self) -> None:
        """Go to the place before (Shift+F8)."""
        self._step(-1)

    def go_to_search(self) -> None:
        """Put the cursor into the search field (Ctrl+F)."""
        self.search.setFocus()
        self.search.selectAll()

    # Building

    def _empty(self) -> QWidget:
        return self.drop_zone

    def _working(self) -> QWidget:
        page = QWidget(self)
        self.work_text = QLabel("", page)
        self.work_text.setObjectName("heading")
        self.work_bar = QProgressBar(page)
        self.work_bar.setTextVisible(False)
        self.work_bar.setFixedWidth(420)
        self.work_bar.setAccessibleName(self.words.say("window.progress"))
        self.cancel_button = QPushButton(self.words.say("window.cancel"), page)
        self.cancel_button.clicked.connect(self.view_model.cancel)
        layout = QVBoxLayout(page)
        layout.setSpacing(SPACE)
        layout.addStretch()
        for widget in (self.work_text, self.work_bar, self.cancel_button):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()
        return page

    def _result(self) -> QWidget:
        page = QWidget(self)
        self.tree = QTreeView(page)
        self.tree.setModel(self.findings)
        self.tree.setHeaderHidden(True)
        self.tree.setUniformRowHeights(True)
        self.tree.setAccessibleName(self.words.say("window.findings"))
        self.grid = LinesGrid(self.lines, self.words, page)
        left = QWidget(page)
        left_layout = QVBoxLayout(left)
        left_layout.setContentsMargins(0, 0, 0, 0)
        left_layout.addLayout(self._findings_head())
        left_layout.addWidget(self.tree)
        middle = QWidget(page)
        middle_layout = QVBoxLayout(middle)
        middle_layout.setContentsMargins(0, 0, 0, 0)
        middle_layout.addLayout(self._grid_head())
        middle_layout.addWidget(self.grid)
        self.splitter = QSplitter(page)
        for part, stretch in ((left, 3), (middle, 6), (self.inspector, 3)):
            self.splitter.addWidget(part)
            self.splitter.setStretchFactor(self.splitter.count() - 1, stretch)
        self.splitter.setSizes([300, 800, 280])
        self.totals = QLabel("", page)
        self.totals.setAccessibleName(self.words.say("window.totals"))
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE - 2)
        layout.addWidget(self.banner)
        layout.addWidget(self.files)
        layout.addWidget(self.splitter, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.totals, 1)
        for button in self._buttons():
            foot.addWidget(button)
        layout.addLayout(foot)
        return page

    def _buttons(self) -> tuple[QPushButton, ...]:
        say = self.words.say
        self.new_button = QPushButton(say("window.new"), self)
        self.again_button = QPushButton(say("window.again"), self)
        self.report_button = QPushButton(say("window.report"), self)
        self.report_button.setProperty("primary", "true")
        return self.new_button, self.again_button, self.report_button

    def _findings_head(self) -> QHBoxLayout:
        say = self.words.say
        self.severity = QComboBox(self)
        self.severity.setAccessibleName(say("window.show-severity"))
        self.severity.addItem(say("window.all-severities"))
        for word in _SEVERITIES[1:]:
            self.severity.addItem(say(f"severity.{word}"))
        self.position = QLabel("", self)
        self.position.setObjectName("muted")
        self.position.setAccessibleName(say("window.position"))
        head = QHBoxLayout()
        head.addWidget(self.severity)
        head.addWidget(self.position, 1)
        return head

    def _grid_head(self) -> QHBoxLayout:
        say = self.words.say
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(say("window.find"))
        self.search.setAccessibleName(say("window.find"))
        self.search.setClearButtonEnabled(True)
        self.only_problems = QCheckBox(say("window.only-problems"), self)
        self.ppsn_shown = QCheckBox(say("window.show-ppsn"), self)
        head = QHBoxLayout()
        for widget in (self.search, self.only_problems, self.ppsn_shown):
            head.addWidget(widget, int(widget is self.search))
        return head

    def _connect(self) -> None:
        model = self.view_model
        model.started.connect(self._on_started)
        model.progressed.connect(self._on_progress)
        model.checked.connect(self._on_checked)
        model.failed.connect(self._on_failed)
        model.stopped.connect(self._on_stopped)
        model.reported.connect(self._on_reported)
        self.drop_zone.files_dropped.connect(self.files_dropped)
        self.drop_zone.open_wanted.connect(self.open_files)
        self.drop_zone.sample_wanted.connect(model.open_sample)
        self.tree.selectionModel().currentChanged.connect(self._on_finding)
        self.grid.line_chosen.connect(self._on_line)
        self.severity.currentIndexChanged.connect(self._on_severity)
        self.only_problems.toggled.connect(self._on_filter)
        self.search.textChanged.connect(self._on_filter)
        self.ppsn_shown.toggled.connect(self.lines.show_ppsn)
        self.ppsn_shown.toggled.connect(self.inspector.show_ppsn)
        self.again_button.clicked.connect(self.check_again)
        self.new_button.clicked.connect(self.start_over)
        self.report_button.clicked.connect(self.export_report)

    # What happens

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if files := dropped_files(event.mimeData()):
            event.acceptProposedAction()
            self.files_dropped(files)

    def _on_started(self, what: str) -> None:
        self.said.emit("", "")
        self.work_text.setText(self.words.say(f"working.{what}"))
        self.work_bar.setRange(0, 0)
        self.stack.setCurrentIndex(_WORKING)
        self.cancel_button.setFocus()

    def _on_progress(self, what: str, done: int, total: int) -> None:
        key = f"working.{what}-of" if total else f"working.{what}"
        self.work_text.setText(self.words.say(key, percent=100 * done // total if total else 0, done=done, total=total))
        self.work_bar.setRange(0, total)
        self.work_bar.setValue(done)

    def _on_checked(self, checked: "CheckedRun") -> None:
        self.lines.show(checked)
        self.findings.show(checked)
        self.banner.show_verdict(checked, pinned=self.view_model.pinned is not None)
        self.files.show_files(checked)
        self.inspector.clear()
        self._places = self.findings.places()
        self.position.setText(self._where(None))
        self.totals.setText(self._totals(checked))
        self.stack.setCurrentIndex(_RESULT)
        self.tree.setFocus()

    def _on_failed(self, error: Exception) -> None:
        self._on_stopped()
        if isinstance(error, AppError):
            self.said.emit("error", str(error))
        else:
            self.said.emit("error", self.words.say("window.our-mistake", kind=type(error).__name__))

    def _on_stopped(self) -> None:
        self.stack.setCurrentIndex(_RESULT if self.view_model.result is not None else _EMPTY)

    def _on_reported(self, path: Path) -> None:
        self.stack.setCurrentIndex(_RESULT)
        self.said.emit("info", self.words.say("check.report", path=path))

    def _on_severity(self, at: int) -> None:
        self.findings.only(_SEVERITIES[at])
        self._places = self.findings.places()
        self.position.setText(self._where(None))

    def _on_filter(self) -> None:
        self.lines.filter(only_problems=self.only_problems.isChecked(), needle=self.search.text())

    def _on_finding(self, current: QModelIndex, _previous: QModelIndex) -> None:
        found = self.findings.finding(current)
        checked = self.view_model.result
        if found is None or checked is None:
            return
        finding, number = found
        cause = current.parent().row() if current.parent().isValid() else current.row()
        position = self._where((cause, number))
        self.position.setText(position)
        self.inspector.show_place(finding, number, checked, position)
        place = finding.place(number)
        if place.line >= 0:
            self._moving = True
            if not self.grid.go_to(place.line, place.field):
                self.only_problems.setChecked(False)
                self.search.clear()
                self.grid.go_to(place.line, place.field)
            self._moving = False

    def _on_line(self, line: int) -> None:
        """A line was chosen in the grid: show its gravest finding."""
        if self._moving:
            return
        for cause in range(self.findings.rowCount()):
            found = self.findings.finding(self.findings.index(cause, 0))
            if found is not None:
                at = (found[0].lines == line).nonzero()[0]
                if len(at):
                    QTimer.singleShot(0, self, lambda cause=cause, place=int(at[0]): self._go(cause, place))
                    return
        self.inspector.clear()

    def _step(self, by: int) -> None:
        if not self._places or self.stack.currentIndex() != _RESULT:
            return
        current = self.tree.currentIndex()
        if not current.isValid():
            at = 0 if by > 0 else -1
        else:
            parent = current.parent()
            here = (parent.row(), current.row()) if parent.isValid() else (current.row(), 0)
            on_cause = not parent.isValid()
            at = self._places.index(here) + (0 if on_cause and by > 0 else by)
        self._go(*self._places[at % len(self._places)])

    def _go(self, cause: int, place: int) -> None:
        index = self.findings.at(cause, place)
        self.tree.setCurrentIndex(index)
        self.tree.scrollTo(index)

    def _where(self, place: tuple[int, int] | None) -> str:
        if place is None or place not in self._places:
            return self.words.say("window.places", total=len(self._places))
        return self.words.say("window.place-of", at=self._places.index(place) + 1, total=len(self._places))

    def _totals(self, checked: "CheckedRun") -> str:
        sums = {
            name: euro(sum(getattr(run, name) for run in checked.runs))
            for name in ("gross", "expected_employee", "expected_employer", "expected_state")
        }
        return self.words.say("window.totals-line", lines=len(checked.run), **sums)
