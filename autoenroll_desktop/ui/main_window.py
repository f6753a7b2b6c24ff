"""The frame: rail on the left, the page, a strip for messages."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction, QCloseEvent, QDesktopServices, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from autoenroll_desktop.ui.pages.check import CheckPage
from autoenroll_desktop.ui.style import MARKS, SPACE, Theme, apply_theme, wanted_theme
from autoenroll_desktop.ui.view_models.check import CheckViewModel


class MainWindow(QMainWindow):
    """Holds the Check page; further pages join the rail when they work."""

    def __init__(
        self,
        view_model: CheckViewModel,
        *,
        theme: str = "system",
        choose_files: Callable[[], list[Path]] | None = None,
        choose_report: Callable[[], Path | None] | None = None,
    ) -> None:
        super().__init__()
        self.view_model = view_model
        self._choice = theme
        self._theme = wanted_theme(theme)
        words = view_model.words
        self.setWindowTitle("AutoEnroll Desktop")
        self.resize(1440, 900)
        self.page = CheckPage(
            view_model, self._theme, choose_files or self._choose_files, choose_report or self._choose_report, self
        )
        self.message = QFrame(self)
        self.message.setObjectName("message")
        self.message_text = QLabel("", self.message)
        self.message_text.setWordWrap(True)
        self.message_text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message_text.setAccessibleName(words.say("window.message"))
        close = QPushButton(words.say("window.dismiss"), self.message)
        close.clicked.connect(self.message.hide)
        strip = QHBoxLayout(self.message)
        strip.addWidget(self.message_text, 1)
        strip.addWidget(close)
        self.message.hide()
        inside = QWidget(self)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.message)
        column.addWidget(self.page, 1)
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._rail())
        row.addLayout(column, 1)
        self.setCentralWidget(inside)
        self._add_actions()
        self.page.said.connect(self.say)
        hints = QApplication.styleHints()
        hints.colorSchemeChanged.connect(self._on_scheme)

    @property
    def theme(self) -> Theme:
        """The colours in use."""
        return self._theme

    def set_theme(self, choice: str) -> None:
        """Use "light", "dark", or what the "system" has."""
        self._choice = choice
        self._theme = wanted_theme(choice)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            apply_theme(application, self._theme)
        self.page.set_theme(self._theme)

    def say(self, severity: str, text: str) -> None:
        """Show a line in the message strip; an empty one hides it."""
        self.message.setVisible(bool(text))
        if text:
            ink, soft = self._theme.severity(severity)
            self.message.setStyleSheet(f"#message {{ background: {soft}; border-bottom: 1px solid {ink}; }}")
            self.message_text.setText(f"{MARKS.get(severity, '')}  {text}")

    def closeEvent(self, event: QCloseEvent) -> None:
        self.page.banner.stop()
        self.view_model.close()
        event.accept()

    def _rail(self) -> QWidget:
        rail = QFrame(self)
        rail.setObjectName("rail")
        rail.setFixedWidth(116)
        check = QToolButton(rail)
        check.setText(self.view_model.words.say("window.page-check"))
        check.setCheckable(True)
        check.setChecked(True)
        check.setAutoExclusive(True)
        check.setMinimumWidth(92)
        name = QLabel("AutoEnroll", rail)
        name.setObjectName("heading")
        layout = QVBoxLayout(rail)
        layout.setContentsMargins(SPACE, SPACE + 4, SPACE, SPACE)
        layout.addWidget(name)
        layout.addSpacing(SPACE)
        layout.addWidget(check)
        layout.addStretch()
        return rail

    def _add_actions(self) -> None:
        page, say = self.page, self.view_model.words.say
        for name, keys, act in (
            ("open", QKeySequence.StandardKey.Open, page.open_files),
            ("report", QKeySequence("Ctrl+E"), page.export_report),
            ("again", QKeySequence("F5"), page.check_again),
            ("next", QKeySequence("F8"), page.next_place),
            ("previous", QKeySequence("Shift+F8"), page.previous_place),
            ("find", QKeySequence.StandardKey.Find, page.go_to_search),
            ("cancel", QKeySequence("Esc"), self.view_model.cancel),
            ("help", QKeySequence("F1"), self._help),
        ):
            action = QAction(say(f"action.{name}"), self)
            action.setShortcut(QKeySequence(keys))
            action.triggered.connect(act)
            self.addAction(action)

    def _help(self) -> None:
        """Open the law or source behind the finding somebody looks at."""
        found = page.findings.finding(page.tree.currentIndex()) if (page := self.page) else None
        if found is not None and found[0].rule.link:
            QDesktopServices.openUrl(QUrl(found[0].rule.link))
        else:
            self.say("info", self.view_model.words.say("window.help-keys"))

    def _on_scheme(self) -> None:
        if self._choice == "system":
            self.set_theme("system")

    def _choose_files(self) -> list[Path]:
        say = self.view_model.words.say
        names, _ = QFileDialog.getOpenFileNames(self, say("window.choose"), "", say("window.file-kinds"))
        return [Path(name) for name in names]

    def _choose_report(self) -> Path | None:
        name, _ = QFileDialog.getSaveFileName(
            self, self.view_model.words.say("window.report"), "check-report.pdf", "PDF (*.pdf)"
        )
        return Path(name) if name else None
