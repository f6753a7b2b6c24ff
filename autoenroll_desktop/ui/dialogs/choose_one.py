"""One question with a few answers."""

from collections.abc import Mapping

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.dialogs.sheet_dialog import SheetDialog


class ChooseOne(SheetDialog):
    """`chosen` is the key of the answer; the first one to begin with."""

    def __init__(
        self, context: Context, title: str, about: str, options: Mapping[str, str], accept: str,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(context, title, about, accept=accept, parent=parent)
        self.chosen = next(iter(options))
        group = QButtonGroup(self)
        for at, (key, text) in enumerate(options.items()):
            button = QRadioButton(text, self)
            button.setChecked(at == 0)
            button.toggled.connect(lambda on, key=key: self._choose(on, key))
            group.addButton(button)
            self.body.addWidget(button)
        self.grow(480, 220)

    def _choose(self, on: bool, key: str) -> None:
        if on:
            self.chosen = key
