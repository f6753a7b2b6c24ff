"""Findings as a list: one row a cause, however many places it has."""

from itertools import accumulate
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.ui.icons import severity_icon
from autoenroll_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from autoenroll_desktop.domain.checked_run import CheckedRun
    from autoenroll_desktop.domain.finding import Finding

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
DISPLAY = int(Qt.ItemDataRole.DisplayRole)
DECORATION = int(Qt.ItemDataRole.DecorationRole)
TOOLTIP = int(Qt.ItemDataRole.ToolTipRole)
ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
ABOUT = int(Qt.ItemDataRole.UserRole)
COUNT = ABOUT + 1
SEVERITY = ABOUT + 2
_ROWS_TOLD = 4


class FindingsModel(QAbstractListModel):
    """Read-only. `ABOUT` is the second line of a row, `COUNT` its number of places, `SEVERITY` its word."""

    def __init__(self, words: Words, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words, self._theme = words, theme
        self._checked: CheckedRun | None = None
        self._shown: list[Finding] = []
        self._starts: list[int] = [0]
        self._only: str | None = None

    def show(self, checked: "CheckedRun | None") -> None:
        """Show the findings of a run."""
        self._checked = checked
        self._refill()

    def only(self, severity: str | None) -> None:
        """Show one severity only; None shows all."""
        self._only = severity
        self._refill()

    def _refill(self) -> None:
        self.beginResetModel()
        found = self._checked.findings if self._checked is not None else ()
        self._shown = [one for one in found if self._only is None or one.severity.value == self._only]
        self._starts = [0, *accumulate(map(len, self._shown))]
        self.endResetModel()

    def finding(self, row: int) -> "Finding | None":
        """The finding of a row, or None where there is no such row."""
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def row_of(self, key: str) -> int:
        """The row of a finding by its key; -1 where it is not shown."""
        return next((row for row, one in enumerate(self._shown) if one.key == key), -1)

    @property
    def places(self) -> int:
        """How many places there are."""
        return self._starts[-1]

    def number(self, row: int, place: int) -> int:
        """Which of all places in reading order a place is, from 0."""
        return self._starts[row] + place

    def place(self, number: int) -> tuple[int, int]:
        """The row and the place there of one of all places."""
        row = next(at for at, start in enumerate(self._starts[1:]) if number < start)
        return row, number - self._starts[row]

    def on_line(self, line: int) -> tuple[int, int] | None:
        """The row and the place of the gravest finding on a line of the run."""
        for row, finding in enumerate(self._shown):
            at = (finding.lines == line).nonzero()[0]
            if len(at):
                return row, int(at[0])
        return None

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = DISPLAY) -> Any:
        if not index.isValid():
            return None
        finding = self._shown[index.row()]
        if role == DISPLAY:
            return self._words.headline(finding.code)
        if role == TOOLTIP:
            return self._words.title(finding)
        if role == DECORATION:
            return severity_icon(finding.severity.value, self._theme)
        if role == COUNT:
            return f"{len(finding):,}" if len(finding) > 1 else ""
        if role == SEVERITY:
            return finding.severity.value
        if role == ABOUT:
            return self._about(finding)
        if role == ACCESSIBLE:
            return f"{self._words.title(finding)}, {len(finding):,}, {self._about(finding)}"
        return None

    def _about(self, finding: "Finding") -> str:
        parts = [self._words.say(f"severity.{finding.severity}"), self._words.cause(finding)]
        rows = [int(row) for row in finding.rows[:_ROWS_TOLD] if row >= 0]
        if len(rows) == 1 and len(finding) == 1:
            parts.append(self._words.say("window.row", row=rows[0]))
        elif rows:
            more = " …" if len(finding) > _ROWS_TOLD else ""
            parts.append(self._words.say("window.rows", rows=", ".join(map(str, rows)) + more))
        place = finding.place(0)
        if len(finding) == 1 and place.line >= 0 and self._checked is not None:
            parts.append(self._checked.run.name(place.line))
        elif len(finding) == 1 and place.line < 0 and (name := finding.fact("name", 0)):
            parts.append(str(name))
        confirmed = self._checked.confirmed.get(finding.key) if self._checked is not None else None
        if confirmed is not None:
            whole = not len(confirmed[0]) or len(confirmed[0]) >= len(finding)
            key = "window.confirmed" if whole else "window.confirmed-some"
            parts.append(self._words.say(key, count=len(confirmed[0])))
        return " · ".join(filter(None, parts))
