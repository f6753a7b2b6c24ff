"""Which column is what: each with some of its cells, our guess, how sure it is, and what else it may be."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
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
    from autoenroll_desktop.domain.pay_run import Column, FileRead

_SURE = 80
_LAST_HEADING_ROW = 60
_LONGEST = 16
_PPSN_LIKE = re.compile(r"[0-9][0-9 .-]{5,10}[A-Za-z]{1,2}", re.ASCII)


class ColumnsDialog(SheetDialog):
    """Accepting it means that the columns are what they say; `tables` are the choices as in a mapping file.

    `heading_row_chosen` (0 for none): the columns have to be read anew, and `show_columns` is to be called.
    """

    heading_row_chosen = Signal(int)

    def __init__(
        self, context: Context, file: "FileRead", columns: "Sequence[Column]", fields: Sequence[str],
        *, can_remember: bool, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        say = context.words.say
        super().__init__(
            context,
            say("window.columns-title", name=file.name),
            say("window.columns-about"),
            accept=say("window.use-columns"),
            parent=parent,
        )
        self._columns: tuple[Column, ...] = ()
        self._fields = tuple(fields)
        self.boxes: list[QComboBox] = []
        self._heading_row = file.header_row or 0
        self._chose_row = False
        self.heading_row = QSpinBox(self)
        self.heading_row.setRange(0, _LAST_HEADING_ROW)
        self.heading_row.setSpecialValueText(say("window.no-headings"))
        self.heading_row.setValue(self._heading_row)
        self.heading_row.setAccessibleName(say("window.heading-row"))
        self.heading_row.valueChanged.connect(self._on_heading_row)
        caption = QLabel(say("window.heading-row"), self)
        caption.setBuddy(self.heading_row)
        row = QHBoxLayout()
        row.addWidget(caption)
        row.addWidget(self.heading_row)
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
        self.show_columns(columns)
        self.grow(940, 640)

    def show_columns(self, columns: "Sequence[Column]") -> None:
        """Show these columns in place of those before."""
        self._columns, self.boxes = tuple(columns), []
        inside = QWidget(self)
        inside.setObjectName("plain")
        grid = QGridLayout(inside)
        grid.setContentsMargins(12, 8, 12, 8)
        grid.setHorizontalSpacing(18)
        for at, head in enumerate(("heading", "examples", "is", "sure")):
            label = QLabel(self.words.say(f"window.columns-{head}"), inside)
            label.setObjectName("caption")
            grid.addWidget(label, 0, at)
        for row, column in enumerate(self._columns, 1):
            self._add(grid, row, column, inside)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(len(self._columns) + 1, 1)
        self.area.setWidget(inside)

    @property
    def tables(self) -> dict[str, Any]:
        """The choices, as in a mapping file."""
        chosen = {column.header: str(box.currentData()) for column, box in zip(self._columns, self.boxes, strict=True)}
        file = {"heading_row": self._heading_row} if self._chose_row else {}
        return {"columns": chosen, "file": file}

    @property
    def headers(self) -> list[str]:
        """The headings of the file."""
        return [column.header for column in self._columns]

    def _on_heading_row(self, row: int) -> None:
        self._heading_row, self._chose_row = row, True
        self.heading_row_chosen.emit(row)

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
