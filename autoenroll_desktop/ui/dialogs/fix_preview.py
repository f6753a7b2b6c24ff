"""Before a step is done: every cell it changes, and what it does to the verdict and the totals."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractItemView, QFrame, QGridLayout, QHeaderView, QLabel, QTableView, QWidget

from autoenroll_desktop.domain.money import euro
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.dialogs.sheet_dialog import SheetDialog
from autoenroll_desktop.ui.models.changes import ChangesModel

if TYPE_CHECKING:
    from autoenroll_desktop.actions.fix_pay_run import Effect
    from autoenroll_desktop.domain.checked_run import CheckedRun
    from autoenroll_desktop.domain.pay_run import PayRun

_WIDTHS = (64, 200, 150, 150, 150)


class EffectTable(QFrame):
    """Verdict, counts and amounts taken, before and after."""

    def __init__(
        self, context: Context, before: "CheckedRun", after: "CheckedRun", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        say = context.words.say
        self.setObjectName("tile")
        grid = QGridLayout(self)
        grid.setContentsMargins(14, 10, 14, 10)
        grid.setHorizontalSpacing(24)
        sides = (before, after)
        rows = [(say("window.verdict"), *(say(f"verdict.{side.verdict.answer.value}") for side in sides))]
        for severity in ("error", "gate", "warning"):
            counts = [side.verdict.counts[severity] for side in sides]
            if any(counts):
                rows.append((say(f"severities.{severity}"), *(f"{count:,}" for count in counts)))
        for name in ("gross_pay", "ae_employee", "ae_employer"):
            sums = [int(side.run[name].sum()) for side in sides]
            rows.append((say(f"total.{name}"), *map(euro, sums)))
        for at, (caption, was, now) in enumerate(rows):
            told = QLabel(caption, self)
            told.setObjectName("muted")
            grid.addWidget(told, at, 0)
            grid.addWidget(QLabel(was, self), at, 1)
            grid.addWidget(QLabel("→" if was != now else "=", self), at, 2)
            after_text = QLabel(now, self)
            after_text.setObjectName("heading" if was != now else "muted")
            grid.addWidget(after_text, at, 3)
        grid.setColumnStretch(4, 1)


class FixPreview(SheetDialog):
    """Accepting it means that the step is to be done."""

    def __init__(
        self, context: Context, effect: "Effect", title: str, origin: "PayRun", parent: QWidget | None = None
    ) -> None:
        """`origin`: the run as it was read."""
        say = context.words.say
        places = effect.step.cells or len(effect.step.lines)
        super().__init__(
            context, title, say("window.preview-about", count=places), accept=say("window.do-fix"), parent=parent
        )
        self.effect = effect
        self.table = QTableView(self)
        self.table.setAccessibleName(say("window.preview-cells"))
        self.table.setModel(ChangesModel(effect.step, origin, context.words, self))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        percent = context.preferences.text_size
        for at, width in enumerate(_WIDTHS):
            self.table.setColumnWidth(at, width * percent // 100)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.body.addWidget(EffectTable(context, effect.before, effect.after, self))
        self.body.addWidget(self.table, 1)
        self.grow(760, 560)
