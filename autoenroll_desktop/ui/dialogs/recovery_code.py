"""Shows the recovery code, this once."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.dialogs.sheet_dialog import SheetDialog
from autoenroll_desktop.ui.style import FONT_POINTS


class RecoveryCodeDialog(SheetDialog):
    """The code, to be written down or copied; it is kept nowhere."""

    def __init__(self, context: Context, code: str, parent: QWidget | None = None) -> None:
        say = context.words.say
        super().__init__(
            context, say("store.code-title"), say("store.code-about"), accept=say("store.code-have"), parent=parent
        )
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(1.2 * FONT_POINTS * context.preferences.text_size / 100)
        font.setWeight(QFont.Weight.DemiBold)
        groups = code.split("-")
        half = (len(groups) + 1) // 2
        self.code = QLabel(f"{'-'.join(groups[:half])}-\n{'-'.join(groups[half:])}", self)
        self.code.setObjectName("tile")
        self.code.setFont(font)
        self.code.setMargin(16)
        self.code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.code.setAccessibleName(say("store.code"))
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy_button = QPushButton(say("window.copy"), self)
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(code))
        self.close_button.hide()
        self.foot.insertWidget(0, self.copy_button)
        self.body.addWidget(self.code)
        self.grow(540, 300)
