"""How far the work is, with Cancel: in the status bar, so that the page stays in view while it goes on."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.view_models.work import Work


class WorkStrip(QWidget):
    """Shows `Work` while there is any."""

    def __init__(self, context: Context, work: Work, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = context.words
        self.text = QLabel("", self)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(160)
        self.bar.setAccessibleName(self._words.say("window.progress"))
        self.cancel_button = QPushButton(self._words.say("window.cancel"), self)
        self.cancel_button.setObjectName("filter")
        self.cancel_button.clicked.connect(work.cancel)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 2, 0, 2)
        for widget in (self.bar, self.text, self.cancel_button):
            layout.addWidget(widget)
        work.started.connect(self.begin)
        work.progressed.connect(self.go_on)
        work.ended.connect(self.hide)
        self.hide()

    def begin(self, what: str) -> None:
        """Something has begun."""
        self.text.setText(self._words.say(f"working.{what}"))
        self.bar.setRange(0, 0)
        self.show()

    def go_on(self, what: str, done: int, total: int) -> None:
        """It is this far."""
        self.text.setText(progress_in_words(self._words, what, done, total))
        self.bar.setRange(0, total)
        self.bar.setValue(done)


def progress_in_words(words: Words, what: str, done: int, total: int) -> str:
    """How far work is, with counts where they are known."""
    key = f"working.{what}-of" if total else f"working.{what}"
    return words.say(key, percent=100 * done // total if total else 0, done=done, total=total)
