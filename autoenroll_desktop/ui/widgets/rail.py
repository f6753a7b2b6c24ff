"""The rail: one button a page, those at the foot below."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.icons import icon, pixmap
from autoenroll_desktop.ui.page import Registration
from autoenroll_desktop.ui.theme import SPACE

_WIDTH = 114


class Rail(QFrame):
    """`page_chosen`: the name of a page."""

    page_chosen = Signal(str)

    def __init__(self, context: Context, pages: Sequence[Registration], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        percent, theme = context.preferences.text_size, context.theme
        sign = QLabel(self)
        side = 22 * percent // 100
        sign.setPixmap(pixmap("mark", theme.accent, theme.on_accent, side, self.devicePixelRatioF()))
        name = QLabel("AutoEnroll", self)
        name.setObjectName("brand")
        brand = QHBoxLayout()
        brand.setContentsMargins(6, 2, 0, 10)
        brand.setSpacing(8)
        brand.addWidget(sign)
        brand.addWidget(name, 1)
        self.buttons: dict[str, QToolButton] = {}
        group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE - 4, SPACE, SPACE - 4, SPACE)
        layout.setSpacing(4)
        layout.addLayout(brand)
        for foot in (False, True):
            for page in pages:
                if page.at_foot is foot:
                    button = self._button(context, page, side)
                    group.addButton(button)
                    layout.addWidget(button)
            if not foot:
                layout.addStretch()
        inside = max(
            _WIDTH * percent // 100,
            brand.sizeHint().width(),
            *(button.sizeHint().width() for button in self.buttons.values()),
        )
        for button in self.buttons.values():
            button.setFixedWidth(inside)
        self.setFixedWidth(inside + 2 * (SPACE - 4) + 1)

    def show_page(self, name: str) -> None:
        """Mark a page's button."""
        self.buttons[name].setChecked(True)

    def _button(self, context: Context, page: Registration, side: int) -> QToolButton:
        button = QToolButton(self)
        caption = context.words.say(f"page.{page.name}")
        button.setText(f"  {caption}")
        button.setAccessibleName(caption)
        button.setIcon(icon(page.name, context.theme.text, context.theme.raised))
        button.setIconSize(QSize(side - 3, side - 3))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda: self.page_chosen.emit(page.name))
        self.buttons[page.name] = button
        return button
