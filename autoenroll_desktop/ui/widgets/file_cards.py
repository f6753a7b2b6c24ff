"""The health of each file: what it is, what was kept, what was left out. One small card a file, side by side."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.icons import icon, severity_icon

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

    from autoenroll_desktop.domain.checked_run import CheckedRun
    from autoenroll_desktop.domain.pay_run import FileRead

_GAP = 8
_MOST = 24


class FileCards(QWidget):
    """Those that do not fit are behind the last button. `file_wanted` (position of the file): tell more about it."""

    file_wanted = Signal(int)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._theme = context.words, context.theme
        self._files: tuple[FileRead, ...] = ()
        self._cards: list[QPushButton] = []
        self._shown = 0
        self.setAccessibleName(self._words.say("window.files"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(_GAP)
        self.more_button = QPushButton("", self)
        self.more_button.setObjectName("file-card")
        self.more_button.clicked.connect(self._show_more)
        self._row.addWidget(self.more_button)
        self._row.addStretch()

    def show_files(self, checked: "CheckedRun") -> None:
        """Show the files of a run."""
        if checked.files == self._files:
            return
        for card in self._cards:
            self._row.removeWidget(card)
            card.deleteLater()
        self._files = checked.files
        self._cards = [self._card(at, file) for at, file in enumerate(checked.files[:_MOST])]
        for at, card in enumerate(self._cards):
            self._row.insertWidget(at, card)
            card.show()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show as many cards as there is room for."""
        widths = [card.sizeHint().width() + _GAP for card in self._cards]
        self.more_button.setText(self._words.say("window.more-files", count=len(self._files)))
        room = self.width()
        if sum(widths) > room or len(self._files) > len(self._cards):
            room -= self.more_button.sizeHint().width() + _GAP
        self._shown = 0
        for card, width in zip(self._cards, widths, strict=True):
            room -= width
            fits = room >= -_GAP and self._shown == self._cards.index(card)
            card.setVisible(fits)
            self._shown += fits
        left = len(self._files) - self._shown
        self.more_button.setVisible(left > 0)
        self.more_button.setText(self._words.say("window.more-files", count=left))
        heights = [card.sizeHint().height() for card in self._cards]
        self.setFixedHeight(max(heights, default=0))
        self.more_button.setFixedHeight(max(heights, default=40))

    def _show_more(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for at in range(self._shown, len(self._files)):
            detail, sign = self._told(self._files[at])
            action = menu.addAction(sign, f"{self._files[at].name}  ({detail})")
            action.triggered.connect(lambda _checked=False, at=at: self.file_wanted.emit(at))
        menu.popup(self.more_button.mapToGlobal(self.more_button.rect().bottomLeft()))

    def _told(self, file: "FileRead") -> "tuple[str, QIcon]":
        from autoenroll_desktop.actions.choose_columns import in_doubt

        say = self._words.say
        if file.error:
            return say("window.file-failed"), severity_icon("error", self._theme)
        if file.left_out:
            return say("window.file-left-out"), severity_icon("info", self._theme)
        skipped = len(file.rows_skipped)
        key = "window.file-skipped" if skipped else "window.file-whole"
        role = say(f"role.{file.role.value}")
        detail = say(key, role=role, kind=file.kind, rows=file.rows_kept, skipped=skipped)
        return detail, severity_icon("warning", self._theme) if in_doubt(file) else icon("file", self._theme.muted)

    def _card(self, at: int, file: "FileRead") -> QPushButton:
        detail, sign = self._told(file)
        card = QPushButton(sign, f"{file.name}\n{detail}", self)
        card.setObjectName("file-card")
        card.setToolTip(file.error or file.left_out or self._words.say("window.file-more"))
        card.setAccessibleName(f"{file.name}: {detail}")
        card.clicked.connect(lambda: self.file_wanted.emit(at))
        return card
