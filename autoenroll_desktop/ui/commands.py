"""Everything a person can do, by name: the keys, the palette and the menus are made from these."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from autoenroll_desktop.domain.words import Words

Keys = str | QKeySequence.StandardKey


def _always() -> bool:
    return True


@dataclass(frozen=True)
class Command:
    """One thing to do. Its words are `action.NAME`.

    Attributes:
        keys: the shortcut, or "".
        possible: whether it can be done now.
    """

    name: str
    act: Callable[[], object]
    keys: Keys = ""
    possible: Callable[[], bool] = _always

    def run(self) -> None:
        """Do it, if it can be done now."""
        if self.possible():
            self.act()


def action_for(command: Command, words: Words, parent: QWidget) -> QAction:
    """The command as something with a shortcut."""
    action = QAction(words.say(f"action.{command.name}"), parent)
    action.setObjectName(command.name)
    if command.keys:
        action.setShortcut(QKeySequence(command.keys))
    action.triggered.connect(partial(Command.run, command))  # a bound method would not keep the command alive
    return action
