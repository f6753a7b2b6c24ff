"""Which column is what: each with some of its cells, our guess, how sure it is, and what else it may be."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSpinBox,
    QWidget,
)

from autoenroll_desktop.domain.identifiers import mask_ppsn
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.dialogs.sheet_dialog import SheetDialog
from autoenroll_desktop.ui.icons import pixmap

if TYPE_CHECKING:
    from autoenroll_desktop.actions.look_at_columns import ColumnsLook
    from autoenroll_desktop.domain.pay_run import Column

_SURE = 80
_LAST_HEADING_ROW = 60
_LONGEST = 16
_PART_OF_SUM = "sum"
"""Why a column is what it is, where its amounts are added to those of others."""
_PPSN_LIKE = re.compile(r"[0-9][0-9 .-]{5,10}[A-Za-z]{1,2}", re.ASCII)


class ColumnsDialog(SheetDialog):
    """Accepting it means that the columns are what they say; `tables` are the choices as in a mapping file.

    `other_wanted` (tables with another sheet or heading row): look at the file anew, and call `show_look`.
    """

    other_wanted = Signal(dict)

    def __init__(
        self, context: Context, look: "ColumnsLook", fields: Sequence[str],
        *, can_remember: bool, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        say = context.words.say
        super().__init__(
            context,
            say("window.columns-title", name=look.path.name),
            say("window.columns-about"),
            accept=say("window.use-columns"),
            parent=parent,
        )
        self._fields = tuple(fields)
        self._look = look
        self.boxes: list[QComboBox] = []
        self.heading_row = QSpinBox(self)
        self.heading_row.setRange(0, _LAST_HEADING_ROW)
        self.heading_row.setSpecialValueText(say("window.no-headings"))
        self.heading_row.setAccessibleName(say("window.heading-row"))
        self.sheet = QComboBox(self)
        self.sheet.addItems(list(look.sheets))
        self.sheet.setCurrentText(look.sheet or "")
        self.sheet.setAccessibleName(say("window.about-sheet"))
        row = QHBoxLayout()
        for word, field in (("window.about-sheet", self.sheet), ("window.heading-row", self.heading_row)):
            caption = QLabel(say(word), self)
            caption.setBuddy(field)
            row.addWidget(caption)
            row.addWidget(field)
            caption.setVisible(field is not self.sheet or len(look.sheets) > 1)
            field.setVisible(field is not self.sheet or len(look.sheets) > 1)
        row.addStretch()
        self.area = QScrollArea(self)
        self.area.setObjectName("card")
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setAccessibleName(say("window.columns-of"))
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.remember = QCheckBox(say("window.remember-columns"), self)
        self.remember.setChecked(can_remember)
        self.remember.setVisible(can_remember)
        self.body.addLayout(row)
        self.body.addWidget(self.area, 1)
        self.body.addWidget(self.remember)
        self.show_look(look)
        self.heading_row.valueChanged.connect(self._on_heading_row)
        self.sheet.currentTextChanged.connect(self._on_sheet)
        self.grow(940, 640)

    def show_look(self, look: "ColumnsLook") -> None:
        """Show the columns of another look at the same file in place of those before."""
        self._look, self.boxes = look, []
        with QSignalBlocker(self.heading_row):
            self.heading_row.setValue(look.heading_row or 0)
        inside = QWidget(self)
        inside.setObjectName("plain")
        grid = QGridLayout(inside)
        grid.setContentsMargins(12, 8, 12, 8)
        grid.setHorizontalSpacing(18)
        for at, head in enumerate(("heading", "examples", "is", "sure")):
            label = QLabel(self.words.say(f"window.columns-{head}"), inside)
            label.setObjectName("caption")
            grid.addWidget(label, 0, at)
        for row, column in enumerate(look.columns, 1):
            self._add(grid, row, column, inside)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(len(look.columns) + 1, 1)
        self.area.setWidget(inside)

    @property
    def tables(self) -> dict[str, Any]:
        """The choices, as in a mapping file; what was chosen before and is not shown here stays."""
        columns: dict[str, str] = {}
        sums: dict[str, list[str]] = {}
        for column, box in zip(self._look.columns, self.boxes, strict=True):
            field = str(box.currentData())
            if column.because == _PART_OF_SUM and field == column.field:
                sums.setdefault(field, []).append(column.header)
            else:
                columns[column.header] = field
        return {**self._look.choices.as_dict(), "columns": columns, "sums": sums}

    @property
    def headers(self) -> list[str]:
        """The headings of the file."""
        return [column.header for column in self._look.columns]

    def _on_heading_row(self, row: int) -> None:
        self.other_wanted.emit({"file": {"sheet": self._look.choices.sheet, "heading_row": row}})

    def _on_sheet(self, name: str) -> None:
        self.other_wanted.emit({"file": {"sheet": name}})

    def _add(self, grid: QGridLayout, row: int, column: "Column", parent: QWidget) -> None:
        say, theme = self.words.say, self.theme
        head = QLabel(column.header, parent)
        head.setObjectName("heading")
        told = "   ".join(_shown(text, column.field) for text in column.examples)
        examples = QLabel(told or say("window.column-empty"), parent)
        examples.setObjectName("muted")
        box = QComboBox(parent)
        box.setAccessibleName(say("window.column-is", header=column.header))
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.addItem(say("window.column-unused"), "")
        for field in self._fields:
            box.addItem(say(f"field.{field}"), field)
        box.setCurrentIndex(max(0, box.findData(column.field)))
        self.boxes.append(box)
        doubtful = bool(column.field) and column.confidence < _SURE
        sure = QWidget(parent)
        line = QGridLayout(sure)
        line.setContentsMargins(0, 0, 0, 0)
        sign = QLabel(sure)
        if column.field:
            word = "warning" if doubtful else "ready"
            ink = theme.severity(word)[0]
            sign.setPixmap(pixmap(word, ink, theme.surface, 15, self.devicePixelRatioF()))
        text = QLabel(
            say("window.sure", percent=column.confidence, because=say(f"evidence.{column.because}"))
            if column.field
            else "",
            sure,
        )
        text.setObjectName("muted")
        line.addWidget(sign, 0, 0)
        line.addWidget(text, 0, 1)
        line.setColumnStretch(1, 1)
        for at, widget in enumerate((head, examples, box, sure)):
            grid.addWidget(widget, row, at)


def _shown(text: str, field: str) -> str:
    """A value as an example: not too long, and masked where it is or may be a PPSN."""
    if field in ("ppsn", "previous_ppsn") or _PPSN_LIKE.fullmatch(text.strip()):
        return mask_ppsn(text.strip())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
