"""Pay lines as a table, formatted only where they are looked at: 100,000 lines cost nothing to show."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont, QIcon

from autoenroll_desktop.domain.identifiers import mask_ppsn
from autoenroll_desktop.domain.money import euro, plain
from autoenroll_desktop.domain.pay_run import FIELDS
from autoenroll_desktop.domain.words import MISSING, Words, absent, as_date
from autoenroll_desktop.ui.icons import severity_icon
from autoenroll_desktop.ui.theme import Theme
from autoenroll_desktop.ui.view_models.sheet import CHANGES, COLUMNS, DATES, IDENTITY, MONEY, RANKS, Arrangement, Sheet

if TYPE_CHECKING:
    from autoenroll_desktop.domain.finding import Ints

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
DISPLAY = int(Qt.ItemDataRole.DisplayRole)
EDIT = int(Qt.ItemDataRole.EditRole)
BACKGROUND = int(Qt.ItemDataRole.BackgroundRole)
DECORATION = int(Qt.ItemDataRole.DecorationRole)
FONT = int(Qt.ItemDataRole.FontRole)
ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
TOOLTIP = int(Qt.ItemDataRole.ToolTipRole)
ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_FIXED = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
_FLAGS = [_FIXED | Qt.ItemFlag.ItemIsEditable if name in FIELDS else _FIXED for name in COLUMNS]
_NUMBERS = ("row", "employee_rate", "tax_year", "pay_period", "insurable_weeks")
_CHANGES_TOLD = 3


class LinesModel(QAbstractTableModel):
    """The sheet's lines in the wanted order. `typed` (line, field, text) says that a person typed a cell over."""

    typed = Signal(int, str, str)
    sort_wanted = Signal(str, bool)

    def __init__(self, words: Words, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._sheet: Sheet | None = None
        self._columns: list[Any] = []
        self._marks: list[Any] = []
        self._shown: Any = ()
        self._show_ppsn = False
        self._show_was = False
        self._captions = [words.say(f"field.{name}") for name in COLUMNS]
        self._brushes = [None, *(QBrush(QColor(theme.severity(word)[1])) for word in RANKS[1:])]
        self._signs: list[QIcon | None] = [None, *(severity_icon(word, theme) for word in RANKS[1:])]
        self._changed_font = QFont()
        self._changed_font.setWeight(QFont.Weight.Bold)
        self.arrangement = Arrangement()

    def show(self, sheet: Sheet | None, shown: "Ints | tuple[()]", arrangement: Arrangement | None = None) -> None:
        """Show these lines of a sheet, in this order."""
        self.beginResetModel()
        self._sheet, self._shown = sheet, shown
        self.arrangement = arrangement or Arrangement()
        self._columns = [] if sheet is None else [sheet.columns.get(name) for name in COLUMNS]
        self._marks = [] if sheet is None else [sheet.marks.get(name) for name in COLUMNS]
        if sheet is not None:
            self._marks[0] = sheet.worst
        self.endResetModel()

    def show_ppsn(self, show: bool) -> None:
        """Show PPSNs in full or masked."""
        self._show_ppsn = show
        self._changed("ppsn")

    def show_was(self, show: bool) -> None:
        """Show "was → is" in the cells that were put right, or only what is."""
        self._show_was = show
        for name in self._sheet.was if self._sheet is not None else ():
            self._changed(name)

    def _changed(self, name: str) -> None:
        if self.rowCount():
            column = COLUMNS.index(name)
            self.dataChanged.emit(self.index(0, column), self.index(self.rowCount() - 1, column))

    def row_of(self, line: int) -> int | None:
        """The row in view of a line of the run, or None where it is not in view."""
        if not len(self._shown):
            return None
        found = (self._shown == line).nonzero()[0]
        return int(found[0]) if len(found) else None

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

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _FLAGS[index.column()] if index.isValid() else Qt.ItemFlag.NoItemFlags

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.sort_wanted.emit(COLUMNS[column] if column >= 0 else "", order is Qt.SortOrder.DescendingOrder)

    def setData(self, index: Index, value: Any, role: int = EDIT) -> bool:
        if role != EDIT or not index.isValid() or str(value) == self.data(index, EDIT):
            return False
        self.typed.emit(self.line_at(index.row()), COLUMNS[index.column()], str(value))
        return True

    def data(self, index: Index, role: int = DISPLAY) -> Any:
        if not index.isValid() or not self._columns:
            return None
        column = index.column()
        if role == DISPLAY:
            return self._cell(column, index.row())
        if role == BACKGROUND:
            marks = self._marks[column]
            return None if marks is None else self._brushes[marks[self._shown[index.row()]]]
        if role == ALIGNMENT:
            name = COLUMNS[column]
            return _RIGHT if name in MONEY or name in _NUMBERS else None
        if role == DECORATION:
            marks = self._marks[column]
            return None if marks is None else self._signs[marks[self._shown[index.row()]]]
        if role == FONT:
            return self._changed_font if self._was(column, index.row()) is not None else None
        if role == EDIT:
            return self._edit_text(column, index.row())
        if role in (TOOLTIP, ACCESSIBLE):
            return self._told(column, index.row(), role)
        return None

    def text_at(self, row: int, column: int) -> str:
        """A cell as it is now, without what it was: for copying."""
        return self._text(COLUMNS[column], self._value(column, row)) if column != COLUMNS.index(CHANGES) else ""

    def _value(self, column: int, row: int) -> Any:
        return self._columns[column][self._shown[row]]

    def _cell(self, column: int, row: int) -> str:
        name = COLUMNS[column]
        if name == CHANGES:
            return self._changes(row)
        text = self._text(name, self._value(column, row))
        was = self._was(column, row) if self._show_was and name not in IDENTITY else None
        return text if was is None else f"{self._text(name, was[0])} → {text}"

    def _was(self, column: int, row: int) -> tuple[Any] | None:
        """What stood in a cell before, or None where it was not touched."""
        cells = self._sheet.was.get(COLUMNS[column]) if self._sheet is not None and self._sheet.was else None
        line = int(self._shown[row])
        return (cells[line],) if cells is not None and line in cells else None

    def _changes(self, row: int) -> str:
        line = int(self._shown[row])
        if self._sheet is None:
            return ""
        told = [
            f"{self._words.say(f'field.{name}')} {self._text(name, cells[line])} → "
            f"{self._text(name, self._sheet.columns[name][line])}"
            for name, cells in self._sheet.was.items()
            if line in cells
        ]
        return ", ".join(told[:_CHANGES_TOLD]) + (" …" if len(told) > _CHANGES_TOLD else "")

    def _edit_text(self, column: int, row: int) -> str:
        name, value = COLUMNS[column], self._value(column, row)
        if absent(value):
            return ""
        if name in MONEY:
            return plain(int(value))
        if name == "ppsn" and not self._show_ppsn:
            return mask_ppsn(str(value))
        return f"{as_date(value):%d/%m/%Y}" if name in DATES else str(value)

    def _told(self, column: int, row: int, role: int) -> str | None:
        marks, text = self._marks[column], self._cell(column, row)
        rank = 0 if marks is None else int(marks[self._shown[row]])
        if not rank:
            return text if role == ACCESSIBLE else None
        return f"{self._words.say(f'severity.{RANKS[rank]}')}: {self._captions[column]} {text}"

    def _text(self, name: str, value: Any) -> str:
        if absent(value):
            return MISSING
        if name in MONEY:
            return euro(int(value))
        if name in DATES:
            return f"{as_date(value):%d/%m/%Y}"
        if name == "ppsn":
            return str(value) if self._show_ppsn else mask_ppsn(str(value))
        if name == "status":
            return self._words.say(f"status.{value}")
        if name == "employee_rate":
            return f"{int(value) / 100:g} %"
        if name == "file" and self._sheet is not None:
            return self._sheet.checked.files[int(value)].name
        return str(value)
