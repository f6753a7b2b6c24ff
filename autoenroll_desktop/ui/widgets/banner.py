"""The verdict: sign, word, colour, one line why, and the time left."""

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.icons import pixmap
from autoenroll_desktop.ui.theme import SPACE
from autoenroll_desktop.ui.view_models.check import Clock

if TYPE_CHECKING:
    from autoenroll_desktop.domain.checked_run import CheckedRun

DUBLIN = ZoneInfo("Europe/Dublin")


class VerdictBanner(QFrame):
    """Shows `CheckedRun.verdict` and counts down to its cut-off every second."""

    def __init__(self, context: Context, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._theme, self._clock = context.words, context.theme, clock
        self._size = context.preferences.text_size / 100
        self._checked: CheckedRun | None = None
        self._pinned = False
        self.setObjectName("banner")
        self.sign, self.word, self.reason = QLabel(self), QLabel(self), QLabel(self)
        self.countdown, self.cut_off = QLabel(self), QLabel(self)
        self.reason.setWordWrap(True)
        say = self._words.say
        self.word.setAccessibleName(say("window.verdict"))
        self.reason.setAccessibleName(say("window.reason"))
        self.countdown.setAccessibleName(say("window.time-left"))
        self.cut_off.setAccessibleName(say("window.cut-off"))
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(2)
        right.setSpacing(2)
        left.addWidget(self.word)
        left.addWidget(self.reason)
        for label in (self.countdown, self.cut_off):
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
            right.addWidget(label)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE + 6, SPACE - 2, SPACE + 6, SPACE - 2)
        layout.setSpacing(SPACE + 2)
        layout.addWidget(self.sign)
        layout.addLayout(left, 1)
        layout.addLayout(right)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.tick)

    def show_verdict(self, checked: "CheckedRun", *, pinned: bool) -> None:
        """Show a run's verdict; `pinned` when the clock stands still (the sample employer)."""
        self._checked, self._pinned = checked, pinned
        answer, theme, size = checked.verdict.answer.value, self._theme, self._size
        ink, soft = theme.severity(answer)
        self.sign.setPixmap(pixmap(answer, ink, soft, round(40 * size), self.devicePixelRatioF()))
        self.word.setText(self._words.say(f"verdict.{answer}"))
        self.reason.setText(self._words.tally(checked))
        self.setStyleSheet(f"#banner {{ background: {soft}; border: 1px solid {ink}; border-radius: 10px; }}")
        self.word.setStyleSheet(f"color: {ink}; font-size: {17 * size:g}pt; font-weight: 700;")
        self.reason.setStyleSheet(f"color: {theme.text};")
        self.countdown.setStyleSheet(f"color: {ink}; font-size: {15 * size:g}pt; font-weight: 600;")
        self.cut_off.setStyleSheet(f"color: {theme.text};")
        self.tick()
        self._timer.start()

    def tick(self) -> None:
        """Count down."""
        cut_off = self._checked.verdict.cut_off if self._checked is not None else None
        if cut_off is None:
            self.countdown.setText("")
            self.cut_off.setText("")
            return
        left = cut_off - self._clock()
        if left < dt.timedelta():
            self.countdown.setText(self._words.say("window.closed"))
        else:
            hours, rest = divmod(int(left.total_seconds()), 3600)
            days, hours = divmod(hours, 24)
            minutes, seconds = divmod(rest, 60)
            clock = f"{hours:02d}:{minutes:02d}:{seconds:02d}"
            key = "window.left-days" if days else "window.left"
            self.countdown.setText(self._words.say(key, days=days, clock=clock))
        local = cut_off.astimezone(DUBLIN)
        text = self._words.say("window.cut-off-at", day=f"{local:%d/%m/%Y}", time=f"{local:%H:%M}")
        if self._pinned:
            here = self._clock().astimezone(DUBLIN)
            text += "\n" + self._words.say("window.sample-clock", moment=f"{here:%d/%m/%Y %H:%M}")
        self.cut_off.setText(text)

    def stop(self) -> None:
        """Stop counting."""
        self._timer.stop()
