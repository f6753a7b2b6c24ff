"""Findings as a tree: one row a cause, its places below."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor

from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.ui.style import MARKS, Theme

if TYPE_CHECKING:
    from autoenroll_desktop.domain.checked_run import CheckedRun
    from autoenroll_desktop.domain.finding import Finding

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_CAUSE = 2**32
DISPLAY = int(Qt.ItemDataRole.DisplayRole)
FOREGROUND = int(Qt.ItemDataRole.ForegroundRole)
TOOLTIP = int(Qt.ItemDataRole.ToolTipRole)
ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)


class FindingsModel(QAbstractItemModel):
    """Read-only. The internal id of a place is the position of its cause; causes carry `_CAUSE`."""

    def __init__(self, words: Words, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._theme = theme
        self._checked: CheckedRun | None = None
        self._shown: list[Finding] = []
        self._only: str | None = None

    def show(self, checked: "CheckedRun | None") -> None:
        """Show the findings of a run."""
        self._checked = checked
        self._refill()

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme

    def only(self, severity: str | None) -> None:
        """Show one severity only; None shows all."""
        self._only = severity
        self._refill()

    def _refill(self) -> None:
        self.beginResetModel()
        found = self._checked.findings if self._checked is not None else ()
        self._shown = [one for one in found if self._only is None or one.severity.value == self._only]
        self.endResetModel()

    def finding(self, index: Index) -> "tuple[Finding, int] | None":
        """The finding at an index with the number of the place (0 on the cause's own row)."""
        if not index.isValid():
            return None
        if index.internalId() == _CAUSE:
            return self._shown[index.row()], 0
        return self._shown[index.internalId()], index.row()

    def places(self) -> list[tuple[int, int]]:
        """Every place in reading order, as (cause row, place row)."""
        return [(cause, place) for cause, finding in enumerate(self._shown) for place in range(len(finding))]

    def at(self, cause: int, place: int) -> QModelIndex:
        """The index of a place."""
        return self.index(place, 0, self.index(cause, 0))

    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() if parent.isValid() else _CAUSE)

    def parent(self, index: Index = _ROOT) -> QModelIndex:  # type: ignore[override]
        if not index.isValid() or index.internalId() == _CAUSE:
            return QModelIndex()
        return self.createIndex(int(index.internalId()), 0, _CAUSE)

    def rowCount(self, parent: Index = _ROOT) -> int:
        if not parent.isValid():
            return len(self._shown)
        if parent.internalId() != _CAUSE or parent.column() > 0:
            return 0
        return len(self._shown[parent.row()])

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: ARG002
        return 1

    def data(self, index: Index, role: int = DISPLAY) -> Any:
        found = self.finding(index)
        if found is None:
            return None
        finding, place = found
        cause = index.internalId() == _CAUSE
        if role == DISPLAY:
            return self._cause_text(finding) if cause else self._place_text(finding, place)
        if role == FOREGROUND and cause:
            return QBrush(QColor(self._theme.severity(finding.severity.value)[0]))
        if role == TOOLTIP:
            return self._words.title(finding) if cause else self._words.message(finding, place)
        if role == ACCESSIBLE:
            word = self._words.say(f"severity.{finding.severity}")
            return f"{word}: {self._cause_text(finding) if cause else self._place_text(finding, place)}"
        return None

    def _cause_text(self, finding: "Finding") -> str:
        return f"{MARKS[finding.severity.value]}  {len(finding):,} ×  {self._words.title(finding)}"

    def _place_text(self, finding: "Finding", number: int) -> str:
        place = finding.place(number)
        parts = []
        if place.row >= 0:
            parts.append(self._words.say("window.row", row=place.row))
        if place.line >= 0 and self._checked is not None:
            parts.append(self._checked.run.name(place.line))
        elif name := finding.fact("name", number):
            parts.append(str(name))
        return "   ".join(filter(None, parts)) or self._words.say("window.whole-run")
