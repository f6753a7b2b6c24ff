"""A table of things that are read and not changed: what its columns show is said once, a column a line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QIcon

from autoenroll_desktop.domain.words import Words

Index = QModelIndex | QPersistentModelIndex
Row = TypeVar("Row")
_ROOT = QModelIndex()
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_DECORATION = int(Qt.ItemDataRole.DecorationRole)
_ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
_INK = int(Qt.ItemDataRole.ForegroundRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
_TOOLTIP = int(Qt.ItemDataRole.ToolTipRole)
ABOUT = int(Qt.ItemDataRole.UserRole)
"""The second line of a cell."""
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_FLAGS = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren


@dataclass(frozen=True)
class Column(Generic[Row]):
    """What one column shows of a row.

    Attributes:
        head: the words of its heading. text: what stands in a cell. order: what it is sorted by, the text where left
            out. about: a second line. sign, ink: an icon and a colour, None for none.
        width: in pixels at the usual size of the text.
    """

    head: str
    text: Callable[[Row], str]
    width: int
    order: Callable[[Row], Any] | None = None
    about: Callable[[Row], str] | None = None
    sign: Callable[[Row], QIcon | None] | None = None
    ink: Callable[[Row], str | None] | None = None
    right: bool = False


class TableModel(QAbstractTableModel, Generic[Row]):
    """Rows in the order they were given, or sorted by a column."""

    def __init__(self, columns: Sequence[Column[Row]], words: Words, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._heads = [words.say(column.head) for column in columns]
        self._given: list[Row] = []
        self._rows: list[Row] = []
        self._sort: tuple[int, bool] = (-1, False)

    def show(self, rows: Sequence[Row]) -> None:
        """Show these rows."""
        self.beginResetModel()
        self._given = list(rows)
        self._rows = self._sorted()
        self.endResetModel()

    def row(self, at: int) -> Row | None:
        """The row in a place, None where there is none."""
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def place_of(self, same: Callable[[Row], bool]) -> int:
        """The first place of a row like that, -1 where there is none."""
        return next((at for at, row in enumerate(self._rows) if same(row)), -1)

    def refresh(self, column: int) -> None:
        """What a column shows has changed by itself: time went by."""
        if self._rows:
            self.dataChanged.emit(self.index(0, column), self.index(len(self._rows) - 1, column))

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == _ALIGNMENT and self.columns[section].right:
            return _RIGHT
        return self._heads[section] if role in (_DISPLAY, _ACCESSIBLE) else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sort = column, order is Qt.SortOrder.DescendingOrder
        self.layoutAboutToBeChanged.emit()
        before = self._rows
        self._rows = self._sorted()
        places = {id(row): at for at, row in enumerate(self._rows)}
        for index in self.persistentIndexList():
            moved = self.index(places[id(before[index.row()])], index.column())
            self.changePersistentIndex(index, moved)
        self.layoutChanged.emit()

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if not index.isValid():
            return None
        column, row = self.columns[index.column()], self._rows[index.row()]
        if role == _DISPLAY:
            return column.text(row)
        if role == ABOUT:
            return column.about(row) if column.about is not None else None
        if role == _ALIGNMENT:
            return _RIGHT if column.right else None
        if role == _DECORATION:
            return column.sign(row) if column.sign is not None else None
        if role == _INK:
            ink = column.ink(row) if column.ink is not None else None
            return QColor(ink) if ink else None
        if role in (_ACCESSIBLE, _TOOLTIP):
            about = column.about(row) if column.about is not None else ""
            text = ", ".join(part for part in (column.text(row), about) if part)
            return f"{self._heads[index.column()]}: {text}" if role == _ACCESSIBLE else text
        return None

    def _sorted(self) -> list[Row]:
        at, descending = self._sort
        if not 0 <= at < len(self.columns):
            return list(self._given)
        column = self.columns[at]
        return sorted(self._given, key=column.order or column.text, reverse=descending)
