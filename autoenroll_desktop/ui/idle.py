"""Notices that nobody has used the keyboard or the mouse for a while."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal

_USED = frozenset(
    (
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.Drop,
    )
)


class Idle(QObject):
    """`still`, after so many milliseconds without either. It watches only while there is something to wait for."""

    still = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.still)
        self._watching = False

    def wait(self, milliseconds: int) -> None:
        """Wait that long from now on, each time anew; 0 for never."""
        application = QCoreApplication.instance()
        if application is None:
            return
        if self._watching:
            application.removeEventFilter(self)
            self._timer.stop()
        self._watching = milliseconds > 0
        if self._watching:
            self._timer.start(milliseconds)
            application.installEventFilter(self)

    def again(self) -> None:
        """Wait once more, as if somebody had used the keyboard."""
        if self._watching:
            self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        del watched
        if event.type() in _USED:
            self._timer.start()
        return False
