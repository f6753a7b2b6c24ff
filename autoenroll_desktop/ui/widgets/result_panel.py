"""The Check page with a result: verdict, files, findings, lines, inspector, totals."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.delegates.two_lines import TwoLines
from autoenroll_desktop.ui.icons import icon, severity_icon
from autoenroll_desktop.ui.models.findings import FindingsModel
from autoenroll_desktop.ui.models.lines import LinesModel
from autoenroll_desktop.ui.theme import SPACE
from autoenroll_desktop.ui.view_models.check import Clock
from autoenroll_desktop.ui.widgets.banner import VerdictBanner
from autoenroll_desktop.ui.widgets.file_cards import FileCards
from autoenroll_desktop.ui.widgets.grid import LinesGrid
from autoenroll_desktop.ui.widgets.inspector import Inspector
from autoenroll_desktop.ui.widgets.totals_bar import TotalsBar

if TYPE_CHECKING:
    from autoenroll_desktop.domain.checked_run import CheckedRun

SEVERITIES = ("error", "gate", "warning", "info")
ONLY = ("all", "problems", "finding", "changed")
_SPLITTER = "check/splitter"


class ResultPanel(QWidget):
    """Lays the parts out and shows a run in them; what a person does there is the page's business.

    Signal: `severity_chosen`, a word, "" for all.
    """

    severity_chosen = Signal(str)

    def __init__(self, context: Context, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._words = context, context.words
        self.lines = LinesModel(self._words, context.theme, self)
        self.findings = FindingsModel(self._words, context.theme, self)
        self.banner = VerdictBanner(context, clock, self)
        self.files = FileCards(context, self)
        self.inspector = Inspector(context, self)
        self.totals = TotalsBar(context, self)
        self.splitter = QSplitter(self)
        self.splitter.setChildrenCollapsible(False)
        for part, stretch in ((self._left(), 0), (self._middle(), 1), (self.inspector, 0)):
            self.splitter.addWidget(part)
            self.splitter.setStretchFactor(self.splitter.count() - 1, stretch)
        percent = context.preferences.text_size
        self.causes.setMinimumWidth(220 * percent // 100)
        self.inspector.setMinimumWidth(256 * percent // 100)
        self.splitter.setSizes([264 * percent // 100, 700, 272 * percent // 100])
        if state := context.preferences.state(_SPLITTER):
            self.splitter.restoreState(state)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.totals, 1)
        self.fix_button, self.history_button, self.report_button, self.write_button = self._buttons()
        for button in (self.history_button, self.fix_button, self.report_button, self.write_button):
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE - 2)
        layout.addWidget(self.banner)
        layout.addWidget(self.files)
        layout.addWidget(self.splitter, 1)
        layout.addLayout(foot)

    def show_result(self, checked: "CheckedRun", *, pinned: bool) -> None:
        """Show a checked run, no finding chosen. `pinned`: the clock stands still, as with the sample."""
        self.banner.show_verdict(checked, pinned=pinned)
        self.files.show_files(checked)
        self.totals.show_totals(checked)
        self.findings.show(checked)
        self.show_counts(checked.verdict.counts)
        self.nothing.setVisible(not checked.findings)
        self.causes.setVisible(bool(checked.findings))
        self.inspector.clear()

    def show_counts(self, counts: dict[str, int]) -> None:
        """Show how much there is of each severity on its filter; one there is nothing of is hidden."""
        self.filters[""].setText(self._words.say("window.all", count=sum(counts.values())))
        for word in SEVERITIES:
            button, count = self.filters[word], counts.get(word, 0)
            button.setText(f"{count:,}")
            name = self._words.say("window.filter", count=count, severity=self._words.say(f"severities.{word}"))
            button.setAccessibleName(name)
            button.setToolTip(name)
            button.setVisible(count > 0)
            if count == 0 and button.isChecked():
                self.filters[""].click()

    def show_how_many(self, shown: int, total: int) -> None:
        """Say how many lines are in view; where none is, why."""
        key = "window.lines-all" if shown == total else "window.lines-some"
        self.in_view.setText(self._words.say(key, shown=shown, total=total))
        self.no_lines.setText(self._words.say("window.no-match" if total else "window.no-lines"))
        self.no_lines.setVisible(not shown)
        self.grid.setVisible(shown > 0)

    def keep(self) -> None:
        """Keep how wide the parts are."""
        self._context.preferences.keep(_SPLITTER, self.splitter.saveState())

    def _left(self) -> QWidget:
        say, theme = self._words.say, self._context.theme
        left = QWidget(self)
        self.filters: dict[str, QPushButton] = {}
        group = QButtonGroup(left)
        row = QHBoxLayout()
        row.setSpacing(5)
        for word in ("", *SEVERITIES):
            button = QPushButton("", left)
            button.setObjectName("filter")
            button.setCheckable(True)
            button.setChecked(not word)
            if word:
                button.setIcon(severity_icon(word, theme))
            button.clicked.connect(lambda _checked=False, word=word: self.severity_chosen.emit(word))
            group.addButton(button)
            self.filters[word] = button
            row.addWidget(button)
        row.addStretch()
        self.causes = QListView(left)
        self.causes.setModel(self.findings)
        self.causes.setItemDelegate(TwoLines(theme, self.causes))
        self.causes.setUniformItemSizes(True)
        self.causes.setMouseTracking(True)
        self.causes.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.causes.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.causes.setAccessibleName(say("window.findings"))
        self.nothing = QLabel(say("window.nothing-found"), left)
        self.nothing.setObjectName("muted")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setWordWrap(True)
        self.nothing.hide()
        layout = QVBoxLayout(left)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self.causes, 1)
        layout.addWidget(self.nothing, 1)
        return left

    def _middle(self) -> QWidget:
        say, theme = self._words.say, self._context.theme
        middle = QWidget(self)
        self.grid = LinesGrid(self.lines, self._context, middle)
        self.search = QLineEdit(middle)
        self.search.setPlaceholderText(say("window.find"))
        self.search.setAccessibleName(say("window.find"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search", theme.muted), QLineEdit.ActionPosition.LeadingPosition)
        self.only = QComboBox(middle)
        self.only.setAccessibleName(say("window.show-lines"))
        for name in ONLY:
            self.only.addItem(say(f"only.{name}"), name)
        self.in_view = QLabel("", middle)
        self.in_view.setObjectName("muted")
        self.in_view.setAccessibleName(say("window.lines-in-view"))
        self.ppsn_shown = QCheckBox(say("window.show-ppsn"), middle)
        self.was_shown = QAction(say("window.was-is"), middle)
        self.was_shown.setCheckable(True)
        self.columns_button = QToolButton(middle)
        self.columns_button.setIcon(icon("columns", theme.text))
        self.columns_button.setToolTip(say("window.choose-columns"))
        self.columns_button.setAccessibleName(say("window.choose-columns"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.search, 1)
        for widget in (self.only, self.in_view, self.ppsn_shown, self.columns_button):
            row.addWidget(widget)
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self.grid, 1)
        self.no_lines = QLabel("", middle)
        self.no_lines.setObjectName("muted")
        self.no_lines.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.no_lines.setWordWrap(True)
        self.no_lines.hide()
        layout.addWidget(self.no_lines, 1)
        return middle

    def _buttons(self) -> tuple[QPushButton, ...]:
        say, theme = self._words.say, self._context.theme
        made = []
        for name, sign in (("fix-certain", "fix"), ("history", "history"), ("report", "reports"), ("write", "write")):
            button = QPushButton(say(f"window.{name}"), self)
            ink = theme.on_accent if name == "write" else theme.text
            button.setIcon(icon(sign, ink))
            made.append(button)
        made[-1].setProperty("primary", "true")
        return tuple(made)
