"""Pay lines as a table, formatted only where they are looked at: 100,000 lines cost nothing to show."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor

from autoenroll_desktop.domain.identifiers import mask_ppsn
from autoenroll_desktop.domain.money import euro
from autoenroll_desktop.domain.words import MISSING, Words, absent, as_date
from autoenroll_desktop.ui.style import MARKS, Theme

if TYPE_CHECKING:
    from autoenroll_desktop.domain.checked_run import CheckedRun

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
DISPLAY = int(Qt.ItemDataRole.DisplayRole)
BACKGROUND = int(Qt.ItemDataRole.BackgroundRole)
FOREGROUND = int(Qt.ItemDataRole.ForegroundRole)
ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
TOOLTIP = int(Qt.ItemDataRole.ToolTipRole)
ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

IDENTITY = ("row", "family_name", "first_name", "ppsn", "employment_id")
COLUMNS = (
    *IDENTITY,
    "gross_pay",
    "ae_employee",
    "expected.employee",
    "ae_employer",
    "expected.employer",
    "expected.state",
    "status",
    "employee_rate",
    "pay_date",
    "date_of_birth",
    "pay_frequency",
    "line_item_id",
    "file",
)
"""Columns in order; `expected.` ones are what should have been."""
_MONEY = {"gross_pay", "ae_employee", "ae_employer", "expected.employee", "expected.employer", "expected.state"}
_DATES = {"pay_date", "date_of_birth"}
_EXPECTED = {"status", "employee_rate"}
_RANKS = ("", "info", "warning", "error")


class LinesModel(QAbstractTableModel):
    """Read-only. `shown` holds the positions of the lines in view, so that a filter costs one array."""

    def __init__(self, words: Words, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._checked: CheckedRun | None = None
        self._columns: list[Any] = []
        self._shown: Any = ()
        self._position: dict[int, int] | None = None
        self._marks: dict[str, Any] = {}
        self._worst: Any = ()
        self._only_problems = False
        self._needle = ""
        self._show_ppsn = False
        self._captions = [words.say(f"field.{name}") for name in COLUMNS]
        self._brushes: list[QBrush | None] = []
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._brushes = [None, *(QBrush(QColor(theme.severity(word)[1])) for word in _RANKS[1:])]

    def show(self, checked: "CheckedRun | None") -> None:
        """Show the lines of a run."""
        self.beginResetModel()
        self._checked = checked
        self._columns = [self._column(name) for name in COLUMNS] if checked is not None else []
        self._mark()
        self._filter()
        self.endResetModel()

    def filter(self, *, only_problems: bool, needle: str) -> None:
        """Show only marked lines, only lines whose name, PPSN or ID holds `needle`, or both."""
        self.beginResetModel()
        self._only_problems, self._needle = only_problems, needle.strip().casefold()
        self._filter()
        self.endResetModel()

    def show_ppsn(self, show: bool) -> None:
        """Show PPSNs in full or masked."""
        self._show_ppsn = show
        if self._columns:
            column = COLUMNS.index("ppsn")
            self.dataChanged.emit(self.index(0, column), self.index(self.rowCount() - 1, column))

    def row_of(self, line: int) -> int | None:
        """The row in view of a line of the run, or None where the filter hides it."""
        if self._position is None:
            self._position = {int(at): row for row, at in enumerate(self._shown)}
        return self._position.get(line)

    def line_at(self, row: int) -> int:
        """The line of the run at a row in view."""
        return int(self._shown[row])

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> Any:
        if orientation is Qt.Orientation.Horizontal and role in (DISPLAY, ACCESSIBLE, TOOLTIP):
            return self._captions[section]
        return None

    def data(self, index: Index, role: int = DISPLAY) -> Any:
        if not index.isValid() or not self._columns:
            return None
        name = COLUMNS[index.column()]
        if role == DISPLAY:
            return self._text(name, self._columns[index.column()][self._shown[index.row()]])
        if role == BACKGROUND:
            return self._brushes[self._rank(name, index.row())]
        if role == ALIGNMENT:
            return _RIGHT if name in _MONEY or name in ("row", "employee_rate") else None
        if role in (TOOLTIP, ACCESSIBLE):
            rank = self._rank(name, index.row())
            text = self._text(name, self._columns[index.column()][self._shown[index.row()]])
            if not rank:
                return text if role == ACCESSIBLE else None
            word = self._words.say(f"severity.{_RANKS[rank]}")
            return f"{MARKS[_RANKS[rank]]} {word}: {self._captions[index.column()]} {text}"
        return None

    def _rank(self, name: str, row: int) -> int:
        if name == "row":
            return int(self._worst[self._shown[row]])
        marks = self._marks.get(name)
        return 0 if marks is None else int(marks[self._shown[row]])

    def _text(self, name: str, value: Any) -> str:
        if absent(value):
            return MISSING
        if name in _MONEY:
            return euro(int(value))
        if name in _DATES:
            return f"{as_date(value):%d/%m/%Y}"
        if name == "ppsn":
            return str(value) if self._show_ppsn else mask_ppsn(str(value))
        if name == "status":
            return self._words.say(f"status.{value}")
        if name == "employee_rate":
            return f"{int(value) / 100:g} %"
        if name == "file" and self._checked is not None:
            return self._checked.files[int(value)].name
        return str(value)

    def _column(self, name: str) -> Any:
        assert self._checked is not None
        if name.startswith("expected."):
            return self._checked.expected[name.removeprefix("expected.")].array
        frame = self._checked.expected if name in _EXPECTED else self._checked.run.lines
        return frame[name].array

    def _mark(self) -> None:
        import numpy as np

        size = len(self._checked.run) if self._checked is not None else 0
        self._marks = {}
        self._worst = np.zeros(size, dtype=np.int8)
        for finding in self._checked.findings if self._checked is not None else ():
            rank = _RANKS.index("error" if finding.severity.blocks else finding.severity.value)
            lines = finding.lines[finding.lines >= 0]
            self._worst[lines] = np.maximum(self._worst[lines], rank)
            if finding.field in COLUMNS:
                marks = self._marks.setdefault(finding.field, np.zeros(size, dtype=np.int8))
                marks[lines] = np.maximum(marks[lines], rank)

    def _filter(self) -> None:
        import numpy as np

        self._position = None
        if self._checked is None:
            self._shown = ()
            return
        keep = self._worst > 1 if self._only_problems else np.ones(len(self._worst), dtype=bool)
        if self._needle:
            found = np.zeros(len(keep), dtype=bool)
            for name in ("family_name", "first_name", "ppsn", "employment_id", "works_number"):
                column = self._checked.run.lines[name].fillna("").astype(str).str.casefold()
                found |= column.str.contains(self._needle, regex=False).to_numpy(bool)
            keep &= found
        self._shown = np.flatnonzero(keep)
