"""Short messages in the corner that never stop anybody's work; good news goes by itself, trouble stays."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.icons import icon, pixmap

_STAYS_MS, _OFFER_MS = 8_000, 20_000
_WIDTH = 420
_MOST = 4
_FOOT = 64
"""Pixels left free below, where the buttons of the pages are."""


class Notice(QFrame):
    """One message."""

    def __init__(
        self, context: Context, severity: str, text: str, action: tuple[str, Callable[[], object]] | None,
        parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        theme, say = context.theme, context.words.say
        self.setObjectName("notice")
        ink = theme.severity(severity)[0]
        self.setStyleSheet(f"#notice {{ border: 1px solid {ink}; }}")
        sign = QLabel(self)
        sign.setPixmap(
            pixmap(severity, ink, theme.surface, 20 * context.preferences.text_size // 100, self.devicePixelRatioF())
        )
        self.text = QLabel(text, self)
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setAccessibleName(text if severity == "ready" else f"{say(f'severity.{severity}')}: {text}")
        self.close_button = QToolButton(self)
        self.close_button.setIcon(icon("close", theme.muted))
        self.close_button.setAccessibleName(say("window.dismiss"))
        self.close_button.setToolTip(say("window.dismiss"))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 8, 10)
        row.setSpacing(10)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)
        if action is not None:
            button = QPushButton(action[0], self)
            button.clicked.connect(action[1])
            row.addWidget(button)
        self._beside: list[QWidget] = [sign, *self.findChildren(QPushButton), self.close_button]
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)

    def fit(self, width: int) -> None:
        """Take this width, and the height the text needs then."""
        self.setFixedWidth(width)
        layout = self.layout()
        assert layout is not None
        margins = layout.contentsMargins()
        taken = sum(widget.sizeHint().width() + layout.spacing() for widget in self._beside)
        room = max(width - taken - margins.left() - margins.right(), 60)
        self.text.setFixedWidth(room)
        height = max(self.text.heightForWidth(room), self.close_button.sizeHint().height())
        self.setFixedHeight(height + margins.top() + margins.bottom())


class Notices(QWidget):
    """The messages over the lower right corner of a widget."""

    def __init__(self, context: Context, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._over = context, over
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.shown: list[Notice] = []
        over.installEventFilter(self)
        self.hide()

    def say(self, severity: str, text: str, action: tuple[str, Callable[[], object]] | None = None) -> None:
        """Show a message; an empty one takes away those that stand there."""
        if not text:
            for notice in tuple(self.shown):
                self._drop(notice)
            return
        notice = Notice(self._context, severity, text, action, self)
        notice.close_button.clicked.connect(lambda: self._drop(notice))
        self.shown.append(notice)
        self._column.addWidget(notice)
        if severity in ("info", "ready"):
            timer = QTimer(notice)
            timer.setSingleShot(True)
            timer.timeout.connect(lambda: self._drop(notice))
            timer.start(_STAYS_MS if severity == "ready" or action is None else _OFFER_MS)
        if len(self.shown) > _MOST:
            self._drop(self.shown[0])
        self._place()

    @property
    def text(self) -> str:
        """What the latest message says, "" for none."""
        return self.shown[-1].text.text() if self.shown else ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _drop(self, notice: Notice) -> None:
        if notice in self.shown:
            self.shown.remove(notice)
            self._column.removeWidget(notice)
            notice.hide()
            notice.deleteLater()
            self._place()

    def _place(self) -> None:
        self.setVisible(bool(self.shown))
        width = min(_WIDTH * self._context.preferences.text_size // 100, self._over.width() - 32)
        width = max(width, 100)
        for notice in self.shown:
            notice.fit(width)
        height = sum(notice.height() + self._column.spacing() for notice in self.shown)
        self.setGeometry(self._over.width() - width - 16, self._over.height() - height - _FOOT, width, height)
        self.raise_()
