"""The look and the keys of every table that is read and not changed."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.delegates.cell import Cell
from autoenroll_desktop.ui.models.table import TableModel

_ONE_LINE, _TWO_LINES = 32, 48
_OPENS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Table(QTableView):
    """A row is chosen as a whole; Return opens it. The first column takes the room that is left."""

    def __init__(
        self, model: TableModel[Any], context: Context, name: str, parent: QWidget | None = None, *, stretch: int = 0
    ) -> None:
        """`name`: for screen readers. `stretch`: the column that takes the room that is left."""
        super().__init__(parent)
        percent = context.preferences.text_size
        self.setObjectName("table")
        self.setAccessibleName(name)
        self.setModel(model)
        self.setItemDelegate(Cell(context.theme, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        two = any(column.about is not None for column in model.columns)
        self.verticalHeader().setDefaultSectionSize((_TWO_LINES if two else _ONE_LINE) * percent // 100)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSortIndicatorShown(False)
        for at, column in enumerate(model.columns):
            self.setColumnWidth(at, column.width * percent // 100)
        header.setSectionResizeMode(stretch, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(60 * percent // 100)
        self.setSortingEnabled(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        self.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            at = self.currentIndex()
            if event.key() in _OPENS and not event.modifiers() and at.isValid():
                self.activated.emit(at)
                return True
        return super().eventFilter(watched, event)

    def chosen(self) -> Any:
        """The row that is chosen, None where none is."""
        model = self.model()
        assert isinstance(model, TableModel)
        return model.row(self.currentIndex().row()) if self.currentIndex().isValid() else None

    def choose(self, same: Callable[[Any], bool]) -> bool:
        """Choose the first row like that, else the first of all; whether there was one like that."""
        model = self.model()
        assert isinstance(model, TableModel)
        at = model.place_of(same)
        index = model.index(max(at, 0), 0)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, flags)
        return at >= 0
