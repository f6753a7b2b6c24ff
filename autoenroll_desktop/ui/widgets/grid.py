"""The grid of pay lines: identity columns stay while the others scroll."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHBoxLayout, QHeaderView, QTableView, QWidget

from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.ui.models.lines import COLUMNS, DISPLAY, IDENTITY, LinesModel

_WIDTHS = {
    "row": 50,
    "family_name": 118,
    "first_name": 92,
    "ppsn": 90,
    "employment_id": 70,
    "file": 200,
    "line_item_id": 110,
}
_WIDTH = 96


class LinesGrid(QWidget):
    """Two tables over one model and one selection, scrolling up and down together."""

    line_chosen = Signal(int)

    def __init__(self, model: LinesModel, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.fixed = self._table(words.say("window.grid-identity"))
        self.moving = self._table(words.say("window.grid-amounts"))
        self.moving.setSelectionModel(self.fixed.selectionModel())
        self.fixed.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.fixed.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.moving.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        for at, name in enumerate(COLUMNS):
            (self.moving if name in IDENTITY else self.fixed).setColumnHidden(at, True)
            for table in (self.fixed, self.moving):
                table.setColumnWidth(at, _WIDTHS.get(name, _WIDTH))
        self.fixed.setFixedWidth(sum(_WIDTHS[name] for name in IDENTITY) + 4)
        self.fixed.verticalScrollBar().valueChanged.connect(self.moving.verticalScrollBar().setValue)
        self.moving.verticalScrollBar().valueChanged.connect(self.fixed.verticalScrollBar().setValue)
        self.fixed.selectionModel().currentChanged.connect(self._on_current)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self)
        copy.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        copy.activated.connect(self.copy)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.fixed)
        layout.addWidget(self.moving, 1)

    def _table(self, name: str) -> QTableView:
        table = QTableView(self)
        table.setModel(self._model)
        table.setAccessibleName(name)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        table.setWordWrap(False)
        table.setShowGrid(True)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(28)
        table.horizontalHeader().setHighlightSections(False)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        return table

    def go_to(self, line: int, field: str | None) -> bool:
        """Select a line of the run and bring the marked cell into view; False where a filter hides it."""
        row = self._model.row_of(line)
        if row is None:
            return False
        column = COLUMNS.index(field) if field in COLUMNS else 0
        index = self._model.index(row, column)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.fixed.selectionModel().setCurrentIndex(index, flags)
        self.fixed.scrollTo(self._model.index(row, 0), QAbstractItemView.ScrollHint.PositionAtCenter)
        if COLUMNS[column] not in IDENTITY:
            self.moving.scrollTo(index)
        return True

    def copy(self) -> None:
        """The chosen lines as tab-separated text, headings first, as they are shown."""
        rows = sorted({index.row() for index in self.fixed.selectionModel().selectedRows()})
        heads = [self._model.headerData(at, Qt.Orientation.Horizontal) for at in range(len(COLUMNS))]
        body = [[self._model.data(self._model.index(row, at), DISPLAY) for at in range(len(COLUMNS))] for row in rows]
        QApplication.clipboard().setText("\n".join("\t".join(map(str, cells)) for cells in (heads, *body)))

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.line_chosen.emit(self._model.line_at(current.row()))
