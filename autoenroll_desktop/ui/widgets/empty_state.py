"""What stands where there is nothing to show: why that is, and what can be done about it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from autoenroll_desktop.actions.desk import DeskState
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.icons import pixmap

_WIDTH = 520


class EmptyState(QWidget):
    """A sign, a headline, a sentence or two, and buttons; the first of them is the one to press."""

    def __init__(
        self, context: Context, sign: str, buttons: Sequence[tuple[str, Callable[[], object]]], parent: QWidget
    ) -> None:
        super().__init__(parent)
        percent, theme = context.preferences.text_size, context.theme
        picture = QLabel(self)
        picture.setPixmap(pixmap(sign, theme.accent, theme.window, 48 * percent // 100, self.devicePixelRatioF()))
        self.title, self.text = QLabel(self), QLabel(self)
        self.title.setObjectName("title")
        self.text.setObjectName("muted")
        self.text.setWordWrap(True)
        self.text.setFixedWidth(_WIDTH * percent // 100)
        row = QHBoxLayout()
        row.addStretch()
        self.buttons = []
        for at, (caption, act) in enumerate(buttons):
            button = QPushButton(caption, self)
            button.setProperty("primary", "true" if at == 0 else "false")
            button.clicked.connect(act)
            row.addWidget(button)
            self.buttons.append(button)
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.setSpacing(14)
        layout.addStretch(2)
        for widget in (picture, self.title, self.text):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addLayout(row)
        layout.addStretch(3)

    def say(self, title: str, text: str) -> None:
        """What there is to say."""
        self.title.setText(title)
        self.text.setText(text)
        self.text.setMinimumHeight(max(0, self.text.heightForWidth(self.text.width())))


def say_nothing_kept(
    empty: EmptyState, context: Context, state: DeskState, why: str, none_yet: tuple[str, str]
) -> None:
    """Say why nothing is shown; `none_yet` is the headline and sentence where there is just nothing yet."""
    say = context.words.say
    if state in (DeskState.KEPT, DeskState.CLOSED):
        empty.say(*none_yet)
    else:
        about = say(f"store.state-{state}-about")
        empty.say(say(f"store.state-{state}"), about if state is not DeskState.REFUSED or not why else why)
