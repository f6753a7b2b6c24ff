"""What every part of the window is given: the words, the colours, what is remembered, and how to ask a person."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.ui.folders import Folders
from autoenroll_desktop.ui.preferences import Preferences
from autoenroll_desktop.ui.theme import Theme

ChooseFiles = Callable[[], list[Path]]
ChooseSave = Callable[[str, str], Path | None]
"""Suggested name and kinds of file → where to write, None for nowhere."""


def _no_parent() -> QWidget | None:
    return QApplication.activeWindow()


@dataclass
class Asking:
    """How a person is asked for files. Whoever drives the window without a person puts answers in place of dialogs."""

    files: ChooseFiles | None = None
    save: ChooseSave | None = None
    leave: Callable[[], bool] | None = None
    parent: Callable[[], QWidget | None] = field(default=_no_parent)

    def for_files(self, words: Words, folder: str, kinds: str) -> list[Path]:
        """Files to open; none when the person thought better of it."""
        if self.files is not None:
            return self.files()
        names, _ = QFileDialog.getOpenFileNames(self.parent(), words.say("window.choose"), folder, kinds)
        return [Path(name) for name in names]

    def may_leave(self, context: "Context", steps: int) -> bool:
        """Whether steps that were not written anywhere may be left behind."""
        if self.leave is not None:
            return self.leave()
        from autoenroll_desktop.ui.dialogs.sheet_dialog import SheetDialog

        say = context.words.say
        dialog = SheetDialog(
            context,
            say("window.leave-title"),
            say("window.leave-about", steps=steps),
            accept=say("window.leave"),
            parent=self.parent(),
        )
        return bool(dialog.exec())

    def where_to_save(self, words: Words, suggested: str, kinds: str) -> Path | None:
        """Where to write to; None when the person thought better of it."""
        if self.save is not None:
            return self.save(suggested, kinds)
        name, _ = QFileDialog.getSaveFileName(self.parent(), words.say("window.write"), suggested, kinds)
        return Path(name) if name else None


@dataclass(frozen=True)
class Context:
    """What a part of the window is made with. Another language or theme is another context, and new parts."""

    words: Words
    theme: Theme
    preferences: Preferences
    asking: Asking
    folders: Folders = field(default_factory=Folders)
