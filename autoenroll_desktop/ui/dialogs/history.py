"""What was done, step by step, with a way back to any point."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPushButton, QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.dialogs.sheet_dialog import SheetDialog
from autoenroll_desktop.ui.icons import icon
from autoenroll_desktop.ui.widgets.step_words import step_in_words

if TYPE_CHECKING:
    from autoenroll_desktop.actions.fixing import Step


class HistoryDialog(SheetDialog):
    """`back_wanted` (how many steps are to stay done). Steps that were undone stand below, to be done again."""

    back_wanted = Signal(int)

    def __init__(
        self, context: Context, done: "tuple[Step, ...]", undone: "tuple[Step, ...]", parent: QWidget | None = None
    ) -> None:
        say = context.words.say
        super().__init__(context, say("window.history"), say("window.history-about"), parent=parent)
        self.list = QListWidget(self)
        self.list.setAccessibleName(say("window.history"))
        self.list.addItem(QListWidgetItem(icon("file", self.theme.muted), say("window.as-read")))
        for step in done:
            self.list.addItem(QListWidgetItem(icon("fix", self.theme.accent), step_in_words(step, context.words, None)))
        for step in reversed(undone):
            item = QListWidgetItem(
                icon("redo", self.theme.muted),
                say("window.undone-step", step=step_in_words(step, context.words, None)),
            )
            item.setForeground(QColor(self.theme.muted))
            self.list.addItem(item)
        self.list.setCurrentRow(len(done))
        self.list.setWordWrap(True)
        self.back_button = QPushButton(say("window.back-to"), self)
        self.back_button.setProperty("primary", "true")
        self.foot.addWidget(self.back_button)
        self.back_button.clicked.connect(self._back)
        self.list.itemDoubleClicked.connect(self._back)
        self.body.addWidget(self.list, 1)
        self.list.setFocus()
        self.grow(620, 460)

    def _back(self) -> None:
        self.back_wanted.emit(self.list.currentRow())
        self.accept()
