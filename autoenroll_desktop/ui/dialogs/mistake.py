"""Something went wrong on our side: what a person can pass on, with nothing about anybody's pay in it."""

import platform
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton, QWidget

from autoenroll_desktop import __version__
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.dialogs.sheet_dialog import SheetDialog


def redacted(error: BaseException, trace: TracebackType | None = None) -> str:
    """Where in the program it happened, by module, line and function, and versions.

    The error's own text is left out, and so is every value: either may hold a name, a PPSN or somebody's pay.
    """
    frames = traceback.extract_tb(trace or error.__traceback__)
    places = [f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    about = (
        f"AutoEnroll Desktop {__version__}, Python {platform.python_version()}, Qt {qVersion()}, {platform.system()}"
    )
    return "\n".join([about, type(error).__name__, *places])


class MistakeDialog(SheetDialog):
    """The plain dialog at the end of every unhandled error."""

    def __init__(self, context: Context, diagnostics: str, parent: QWidget | None = None) -> None:
        say = context.words.say
        super().__init__(context, say("window.mistake"), say("window.mistake-about"), parent=parent)
        self.text = QPlainTextEdit(diagnostics, self)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(say("window.diagnostics"))
        self.copy_button = QPushButton(say("window.copy"), self)
        self.copy_button.clicked.connect(lambda: QApplication.clipboard().setText(diagnostics))
        self.foot.insertWidget(0, self.copy_button)
        self.body.addWidget(self.text, 1)
        self.grow(600, 400)
