"""A card that tells about something in the window, and the outline round what it tells about; neither is in the way."""

from collections.abc import Sequence
from itertools import product

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.theme import SPACE

_WIDTH = 380
_EDGE = 16
"""Pixels left free between the card and the edge of the window."""
_AWAY = 14
"""Pixels between the card and what it tells about."""
_GROWN = 5
_PEN = 3
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Outline(QWidget):
    """Shows what is meant; a click goes through it."""

    def __init__(self, context: Context, over: QWidget) -> None:
        super().__init__(over)
        self._ink = QColor(context.theme.accent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._ink, _PEN))
        painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), 9, 9)


class CoachCard(QFrame):
    """Title, a few words, and the way on. Enter goes on, Esc ends it, wherever in the card the keyboard is.

    Signals: `next_wanted`, `back_wanted`, `skip_wanted`.
    """

    next_wanted = Signal()
    back_wanted = Signal()
    skip_wanted = Signal()

    def __init__(self, context: Context, over: QWidget) -> None:
        super().__init__(over)
        self._words, self._over, self._percent = context.words, over, context.preferences.text_size
        self.setObjectName("coach")
        self.outline = Outline(context, over)
        self.title, self.text, self.position = (QLabel("", self) for _ in range(3))
        self.title.setObjectName("coach-title")
        self.position.setObjectName("muted")
        for label in (self.title, self.text):
            label.setWordWrap(True)
        say = context.words.say
        self.skip_button = QPushButton(say("tour.skip"), self)
        self.skip_button.setObjectName("link")
        self.back_button, self.next_button = QPushButton(say("tour.back"), self), QPushButton("", self)
        self.next_button.setProperty("primary", "true")
        self.skip_button.clicked.connect(self.skip_wanted)
        self.back_button.clicked.connect(self.back_wanted)
        self.next_button.clicked.connect(self.next_wanted)
        self._lay_out()
        self.hide()

    def show_stop(self, title: str, text: str, at: int, total: int) -> None:
        """Tell this, as stop `at` (from 1) of `total`."""
        say = self._words.say
        self.title.setText(title)
        self.text.setText(text)
        self.position.setText(say("tour.position", at=at, total=total))
        self.back_button.setVisible(at > 1)
        self.skip_button.setVisible(at < total)
        self.next_button.setText(say("tour.next" if at < total else "tour.done"))
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.next_button.setAccessibleDescription(f"{self.position.text()}. {title}. {text}")

    def point_at(self, parts: Sequence[QWidget]) -> None:
        """Stand beside these parts of the window, with an outline round them; in the middle where none is in view."""
        room = self._over.rect()
        meant = QRect()
        for part in parts:
            if part.isVisible():
                meant = meant.united(QRect(part.mapTo(self._over, QPoint()), part.size()))
        if meant.isValid():
            self.outline.setGeometry(meant.adjusted(-_GROWN, -_GROWN, _GROWN, _GROWN).intersected(room))
        self.outline.setVisible(meant.isValid())
        self.outline.raise_()
        self.setGeometry(beside(meant, self._size(room), room))
        self.show()
        self._column.activate()  # other words on the buttons have other widths
        self.raise_()

    def put_away(self) -> None:
        """Go out of view."""
        self.outline.hide()
        self.hide()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _plain(event):
            event.accept()  # inside the card these keys mean the card
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not _plain(event):
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape:
            self.skip_wanted.emit()
        elif self.back_button.hasFocus():
            self.back_wanted.emit()
        elif self.skip_button.hasFocus():
            self.skip_wanted.emit()
        else:
            self.next_wanted.emit()

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.position)
        foot.addStretch()
        for button in (self.skip_button, self.back_button, self.next_button):
            foot.addWidget(button)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SPACE + 4, SPACE + 2, SPACE + 4, SPACE + 2)
        self._column.setSpacing(SPACE - 4)
        self._column.addWidget(self.title)
        self._column.addWidget(self.text)
        self._column.addSpacing(4)
        self._column.addLayout(foot)

    def _size(self, room: QRect) -> QSize:
        self.ensurePolished()
        least = self._column.minimumSize().width()
        width = max(min(_WIDTH * self._percent // 100, room.width() - 2 * _EDGE), least)
        return QSize(width, self._column.heightForWidth(width) + 2 * self.frameWidth())


def beside(meant: QRect, size: QSize, room: QRect) -> QRect:
    """Where a card of a size stands in a room so that it covers as little as can be of what is meant.

    Below, then to the right, to the left and above; where it fits nowhere beside, in the corner that covers least.
    An invalid `meant` puts it in the middle.
    """
    card = QRect(QPoint(), size)
    if not meant.isValid():
        card.moveCenter(room.center())
        return card
    middle = meant.center() - card.center()
    below, above = meant.bottom() + _AWAY, meant.top() - _AWAY - size.height()
    right, left = meant.right() + _AWAY, meant.left() - _AWAY - size.width()
    lowest, rightmost = room.bottom() - _EDGE - size.height(), room.right() - _EDGE - size.width()
    places = [
        QPoint(meant.left() + _AWAY, below), QPoint(right, middle.y()), QPoint(left, middle.y()),
        QPoint(meant.left(), above), *(QPoint(*one) for one in product((rightmost, _EDGE), (lowest, _EDGE))),
    ]  # fmt: skip
    inside = [
        QRect(QPoint(max(_EDGE, min(one.x(), rightmost)), max(_EDGE, min(one.y(), lowest))), size) for one in places
    ]

    def covered(one: QRect) -> int:
        both = one.intersected(meant)
        return both.width() * both.height() if both.isValid() else 0

    return min(inside, key=covered)


def _plain(event: QKeyEvent) -> bool:
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return held == Qt.KeyboardModifier.NoModifier and event.key() in (*_ENTER, Qt.Key.Key_Escape)
