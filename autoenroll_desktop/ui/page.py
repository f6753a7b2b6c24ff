"""What the shell knows of a page, and how a page joins it: one registration."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.ui.commands import Command
from autoenroll_desktop.ui.context import Context


class Page(QWidget):
    """One job.

    Signals: `said`, severity and text for a notice; `go_to`, another page by its name, and a topic there; `preferred`,
    name and value of a preference, which is acted on at once; `files_given`, files to be checked; `pointed`,
    severity and text for a notice, and the page where something can be done about it.
    """

    said = Signal(str, str)
    go_to = Signal(str, str)
    preferred = Signal(str, str)
    files_given = Signal(list)
    pointed = Signal(str, str, str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.words = context.words
        self.theme = context.theme

    def commands(self) -> list[Command]:
        """What a person can do here, for keys and for the palette."""
        return []

    def opened(self, topic: str) -> None:
        """The page comes into view; `topic` says what about, "" for nothing special."""

    def put_away(self) -> None:
        """The page goes out of view: another one comes, or the window is covered."""

    def help_topic(self) -> str:
        """What F1 should open: the finding or field somebody looks at, or the page."""
        return ""

    def tell(self, error: Exception) -> None:
        """Say what went wrong: a refusal in a notice, a mistake of ours in a dialog with what can be passed on."""
        if isinstance(error, AppError):
            self.said.emit("error", str(error))
            return
        from autoenroll_desktop.ui.dialogs.mistake import MistakeDialog, redacted

        MistakeDialog(self.context, redacted(error), self).open()

    def leave(self) -> None:
        """The page goes away for good: stop timers, keep what is to be remembered."""


@dataclass(frozen=True)
class Registration:
    """A page of the rail. Its words are `page.NAME`, its icon `resources/icons/NAME.svg`.

    Attributes:
        build: makes the page, in the context's language and colours.
        at_foot: it stands at the foot of the rail.
        under: the page of the rail it is reached from, "" for one that stands in the rail itself.
    """

    name: str
    build: Callable[[Context], Page]
    at_foot: bool = False
    under: str = ""
