"""What stands over the whole window while it is locked: nothing of any client, and a field for the passphrase."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.icons import pixmap
from autoenroll_desktop.ui.theme import SPACE
from autoenroll_desktop.ui.widgets.passphrase_form import PassphraseForm


class LockCover(QWidget):
    """`given` (the passphrase, "" where the store has none and a click is enough)."""

    given = Signal(str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        say, theme, percent = context.words.say, context.theme, context.preferences.text_size
        sign = QLabel(self)
        sign.setPixmap(pixmap("lock", theme.accent, theme.window, 54 * percent // 100, self.devicePixelRatioF()))
        title = QLabel(say("store.locked-title"), self)
        title.setObjectName("title")
        self.about = QLabel("", self)
        self.about.setObjectName("muted")
        self._words = context.words
        self.form = PassphraseForm(context, parent=self)
        self.form.setFixedWidth(320 * percent // 100)
        self.button = QPushButton(say("store.unlock"), self)
        self.button.setProperty("primary", "true")
        self.button.clicked.connect(self._give)
        self.form.entered.connect(self._give)
        layout = QVBoxLayout(self)
        layout.setSpacing(SPACE)
        layout.addStretch(2)
        for widget in (sign, title, self.about, self.form, self.button):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def ask(self, *, passphrase: bool) -> None:
        """Begin to ask; without a passphrase a click uncovers the window."""
        self.form.clear()
        self.form.setVisible(passphrase)
        self.about.setText(self._words.say("store.locked-about" if passphrase else "store.covered-about"))
        (self.form if passphrase else self.button).setFocus()

    def refuse(self, error: Exception) -> None:
        """Say why it stays locked."""
        self.button.setEnabled(True)
        self.form.refuse(str(error))

    def _give(self) -> None:
        if self.form.isVisibleTo(self) and not self.form.complete:
            return
        self.button.setEnabled(False)
        self.given.emit(self.form.text)
