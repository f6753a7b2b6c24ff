"""Everything that can be done now, found by typing a few letters of it (Ctrl+K)."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from autoenroll_desktop.ui.commands import Command
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.delegates.with_keys import KEYS, WithKeys
from autoenroll_desktop.ui.view_models.sheet import plain_text

_COMMAND = int(Qt.ItemDataRole.UserRole)
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


def matches(needle: str, text: str) -> bool:
    """Whether every word typed begins a word of the text, in any order: "fi al" finds "Fix all alike"."""
    words = plain_text(text).split()
    return all(any(word.startswith(part) for word in words) for part in plain_text(needle).split())


class CommandPalette(QDialog):
    """Runs the chosen command after it has closed."""

    def __init__(self, context: Context, commands: Sequence[Command], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        say = context.words.say
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("palette")
        self.setWindowTitle(say("action.palette"))
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(say("window.palette"))
        self.search.setAccessibleName(say("window.palette"))
        self.list = QListWidget(self)
        self.list.setAccessibleName(say("window.commands"))
        self.list.setItemDelegate(WithKeys(context.theme, self.list))
        self._commands = [(say(f"action.{one.name}"), one) for one in commands if one.possible()]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self.search)
        layout.addWidget(self.list)
        self.search.textChanged.connect(self._fill)
        self.search.returnPressed.connect(self._run)
        self.list.itemClicked.connect(self._run)
        self.search.installEventFilter(self)
        self._fill("")
        percent = context.preferences.text_size
        self.resize(560 * percent // 100, 420 * percent // 100)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = watched is self.search and event.type() == QEvent.Type.KeyPress
        return pressed and isinstance(event, QKeyEvent) and event.key() in _MOVES and self.list.event(event)

    def _fill(self, needle: str) -> None:
        self.list.clear()
        for text, command in self._commands:
            if matches(needle, text):
                keys = QKeySequence(command.keys).toString(QKeySequence.SequenceFormat.NativeText)
                item = QListWidgetItem(text)
                item.setData(_COMMAND, command)
                item.setData(KEYS, keys)
                self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _run(self) -> None:
        if self.list.currentRow() < 0:
            return
        command = self.list.currentItem().data(_COMMAND)
        self.close()
        if isinstance(command, Command):
            command.run()
