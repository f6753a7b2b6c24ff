"""The cells of a step as a table: whose, which, was, is."""

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.ui.widgets.step_words import value_in_words

if TYPE_CHECKING:
    from autoenroll_desktop.actions.fixing import Step
    from autoenroll_desktop.domain.pay_run import PayRun

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
_HEADS = ("row", "name", "cell", "was", "is")


class ChangesModel(QAbstractTableModel):
    """Read-only. A line that is left out has a row without a cell."""

    def __init__(self, step: "Step", run: "PayRun", words: Words, parent: QObject | None = None) -> None:
        """`run`: the run as it was read, which the step's lines are positions in."""
        super().__init__(parent)
        self._step, self._run, self._words = step, run, words
        self._starts = np.cumsum([0, *(len(change) for change in step.changes)])
        self._size = step.cells or len(step.lines)
        self._whole = "tidied-cell" if step.tidies else "line-left-out"

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self._size

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(_HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation is Qt.Orientation.Horizontal and role in (_DISPLAY, _ACCESSIBLE):
            return self._words.say(f"window.head-{_HEADS[section]}")
        return None

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if not index.isValid() or role not in (_DISPLAY, _ACCESSIBLE):
            return None
        line, field, was, now = self._cell(index.row())
        match _HEADS[index.column()]:
            case "row":
                return str(self._run["row"].iloc[line])
            case "name":
                return self._run.name(line)
            case "cell":
                return self._words.say(f"field.{field}" if field else f"window.{self._whole}")
            case "was":
                return value_in_words(field, was) if field else ""
        return value_in_words(field, now) if field else ""

    def _cell(self, row: int) -> tuple[int, str, Any, Any]:
        if not self._step.changes:
            return int(self._step.lines[row]), "", None, None
        part = int(np.searchsorted(self._starts, row, side="right")) - 1
        change, at = self._step.changes[part], row - int(self._starts[part])
        return int(change.lines[at]), change.field, change.was[at], change.now[at]
