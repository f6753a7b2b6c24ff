"""The health of each file: what it is, what was kept, what was left out and why."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.ui.style import MARKS, Theme

if TYPE_CHECKING:
    from autoenroll_desktop.domain.checked_run import CheckedRun
    from autoenroll_desktop.domain.pay_run import FileRead

_LISTED = 12


class FilesStrip(QScrollArea):
    """One small card a file, side by side."""

    def __init__(self, words: Words, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._theme = words, theme
        self._checked: CheckedRun | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFixedHeight(78)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(words.say("window.files"))

    def show_files(self, checked: "CheckedRun") -> None:
        """Show the files of a run."""
        self._checked = checked
        inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 0, 0)
        for file in checked.files:
            row.addWidget(self._card(file))
        row.addStretch()
        self.setWidget(inside)

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        if self._checked is not None:
            self.show_files(self._checked)

    def _card(self, file: "FileRead") -> QFrame:
        say = self._words.say
        card = QFrame()
        card.setObjectName("card")
        name = QLabel(f"{MARKS['error']}  {file.name}" if file.error else file.name, card)
        name.setObjectName("heading")
        if file.error:
            detail, tip = say("window.file-failed"), file.error
        else:
            skipped = len(file.rows_skipped)
            key = "window.file-skipped" if skipped else "window.file-whole"
            role = say(f"role.{file.role.value}")
            detail = say(key, role=role, kind=file.kind, rows=file.rows_kept, skipped=skipped)
            tip = self._skipped(file) or detail
        about = QLabel(detail, card)
        about.setObjectName("muted")
        if file.error:
            ink = self._theme.severity("error")[0]
            name.setStyleSheet(f"color: {ink};")
        card.setToolTip(tip)
        card.setAccessibleName(f"{file.name}: {detail}. {tip}")
        layout = QVBoxLayout(card)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.setSpacing(2)
        layout.addWidget(name)
        layout.addWidget(about)
        return card

    def _skipped(self, file: "FileRead") -> str:
        reasons: dict[str, list[int]] = {}
        for row in file.rows_skipped:
            reasons.setdefault(row.reason, []).append(row.row)
        lines = []
        for reason, rows in reasons.items():
            listed = ", ".join(map(str, rows[:_LISTED])) + (" …" if len(rows) > _LISTED else "")
            lines.append(
                self._words.say("check.skipped-rows", reason=self._words.say(f"skipped.{reason}"), rows=listed)
            )
        return "\n".join(lines)
