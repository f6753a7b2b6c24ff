"""Lines, gross pay and the three shares, taken and due."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from autoenroll_desktop.domain.money import euro
from autoenroll_desktop.ui.context import Context

if TYPE_CHECKING:
    from autoenroll_desktop.domain.checked_run import CheckedRun

_FIGURES = ("lines", "gross", "expected_employee", "expected_employer", "expected_state")


class TotalsBar(QFrame):
    """Five figures with their captions."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = context.words
        self.setAccessibleName(self._words.say("window.totals"))
        self.figures: dict[str, QLabel] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 0, 4, 0)
        layout.setSpacing(28)
        for name in _FIGURES:
            caption = QLabel(self._words.say(f"total.{name}"), self)
            caption.setObjectName("caption")
            figure = QLabel("", self)
            figure.setObjectName("figure")
            figure.setAccessibleName(self._words.say(f"total.{name}"))
            self.figures[name] = figure
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(caption)
            column.addWidget(figure)
            layout.addLayout(column)
        layout.addStretch()

    def show_totals(self, checked: "CheckedRun") -> None:
        """Show the sums of every run of a check."""
        self.figures["lines"].setText(f"{len(checked.run):,}")
        for name in _FIGURES[1:]:
            self.figures[name].setText(euro(sum(getattr(run, name) for run in checked.runs)))
