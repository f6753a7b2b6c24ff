"""The grid of pay lines: identity columns stay while the others scroll."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QTableView,
    QWidget,
)

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.models.lines import LinesModel
from autoenroll_desktop.ui.view_models.sheet import CHANGES, COLUMNS, HIDDEN_AT_FIRST, IDENTITY

_WIDTHS = {
    "row": 60,
    "family_name": 112,
    "first_name": 86,
    "ppsn": 94,
    "employment_id": 80,
    CHANGES: 260,
    "status": 110,
    "employee_rate": 72,
    "pay_frequency": 110,
    "line_item_id": 120,
    "file": 190,
}
_WIDTH = 108
_HIDDEN = "grid/hidden"
_NONE = "-"


class LinesGrid(QWidget):
    """Two tables over one model and one selection, scrolling up and down together."""

    line_chosen = Signal(int)

    def __init__(self, model: LinesModel, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model, self._context = model, context
        words = context.words
        self._scale = context.preferences.text_size / 100
        self.fixed = self._table(words.say("window.grid-identity"))
        self.moving = self._table(words.say("window.grid-amounts"))
        self.moving.setSelectionModel(self.fixed.selectionModel())
        self.fixed.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.fixed.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.moving.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        for at, name in enumerate(COLUMNS):
            (self.moving if name in IDENTITY else self.fixed).setColumnHidden(at, True)
            for table in (self.fixed, self.moving):
                table.setColumnWidth(at, round(_WIDTHS.get(name, _WIDTH) * self._scale))
        kept = context.preferences.text(_HIDDEN, ",".join(sorted(HIDDEN_AT_FIRST)))
        self._hidden = {name for name in kept.split(",") if name in COLUMNS} - set(IDENTITY)
        for name in self._hidden:
            self.moving.setColumnHidden(COLUMNS.index(name), True)
        self.fixed.setFixedWidth(round(sum(_WIDTHS[name] for name in IDENTITY) * self._scale) + 4)
        self._top = 0
        for table in (self.fixed, self.moving):
            table.verticalScrollBar().valueChanged.connect(self._scroll_both)
            table.verticalScrollBar().rangeChanged.connect(self._hold_together)
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
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        table.setWordWrap(False)
        table.setIconSize(QSize(round(13 * self._scale), round(13 * self._scale)))
        table.setTabKeyNavigation(False)
        rows, heads = table.verticalHeader(), table.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(round(28 * self._scale))
        heads.setHighlightSections(False)
        heads.setSortIndicatorClearable(True)
        heads.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        table.setSortingEnabled(True)
        heads.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        heads.customContextMenuRequested.connect(self._on_header_menu)
        return table

    def go_to(self, line: int, field: str | None) -> bool:
        """Select a line of the run and bring the marked cell into view; False where it is not in view."""
        row = self._model.row_of(line)
        if row is None:
            return False
        column = COLUMNS.index(field) if field in COLUMNS else 0
        index = self._model.index(row, column)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.fixed.selectionModel().setCurrentIndex(index, flags)
        self.fixed.scrollTo(self._model.index(row, 0), QAbstractItemView.ScrollHint.PositionAtCenter)
        if COLUMNS[column] not in IDENTITY and not self.moving.isColumnHidden(column):
            self.moving.scrollTo(index)
        return True

    def current_field(self) -> str:
        """The field of the cell under the cursor, "" for none."""
        index = self.fixed.currentIndex()
        return COLUMNS[index.column()] if index.isValid() else ""

    def copy(self) -> None:
        """The chosen lines as tab-separated text, headings first, the columns that are shown, as they are shown."""
        rows = sorted({index.row() for index in self.fixed.selectionModel().selectedRows()})
        columns = [at for at, name in enumerate(COLUMNS) if name in IDENTITY or not self.moving.isColumnHidden(at)]
        heads = [self._model.headerData(at, Qt.Orientation.Horizontal) for at in columns]
        body = [[self._model.text_at(row, at) for at in columns] for row in rows]
        QApplication.clipboard().setText("\n".join("\t".join(map(str, cells)) for cells in (heads, *body)))

    def show_changes(self, show: bool) -> None:
        """Show the column of what was changed while there is something in it, unless a person decided otherwise."""
        if self._context.preferences.text(_HIDDEN):
            return
        self.moving.setColumnHidden(COLUMNS.index(CHANGES), not show)

    def columns_menu(self, parent: QWidget) -> QMenu:
        """A menu in which columns are shown and hidden."""
        menu = QMenu(parent)
        menu.setToolTipsVisible(True)
        for at, name in enumerate(COLUMNS):
            if name in IDENTITY:
                continue
            action = menu.addAction(self._context.words.say(f"field.{name}"))
            action.setCheckable(True)
            action.setChecked(not self.moving.isColumnHidden(at))
            action.toggled.connect(lambda on, name=name: self._show_column(name, on))
        return menu

    def _show_column(self, name: str, on: bool) -> None:
        self.moving.setColumnHidden(COLUMNS.index(name), not on)
        hidden = {other for at, other in enumerate(COLUMNS) if other not in IDENTITY and self.moving.isColumnHidden(at)}
        self._context.preferences.keep(_HIDDEN, ",".join(sorted(hidden)) or _NONE)

    def _on_header_menu(self, at: QPoint) -> None:
        menu = self.columns_menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        heads = self.sender()
        menu.popup(heads.mapToGlobal(at) if isinstance(heads, QWidget) else self.mapToGlobal(at))

    def _scroll_both(self, top: int) -> None:
        """One of the two was scrolled: so is the other, as soon as it knows how many rows there are."""
        self._top = top
        for table in (self.fixed, self.moving):
            table.verticalScrollBar().setValue(top)

    def _hold_together(self) -> None:
        for table in (self.fixed, self.moving):
            table.verticalScrollBar().setValue(self._top)

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.line_chosen.emit(self._model.line_at(current.row()))
