"""Two minutes round the Check page on the sample employer, up to "drop your first file"; nobody has to take it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.preferences import Preferences
from autoenroll_desktop.ui.view_models.check import CheckViewModel
from autoenroll_desktop.ui.view_models.store import StoreViewModel
from autoenroll_desktop.ui.widgets.coach_card import CoachCard

if TYPE_CHECKING:
    from autoenroll_desktop.ui.main_window import MainWindow

STOPS = ("verdict", "findings", "line", "fix", "write", "files", "drop")
"""In this order. The words of one are `tour.NAME-title` and `tour.NAME-text`."""
_DROP = len(STOPS) - 1
_ON_A_FINDING = ("line", "fix")
_TELLING = "contribution-amount"
_SEEN = "tour/seen"
_MOVES = {QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide}


class Tour(QObject):
    """Walks from stop to stop; everything that is pointed at can be used meanwhile.

    It ends by itself as soon as somebody begins with files, or empties the page.
    """

    def __init__(
        self, window: "MainWindow", check: CheckViewModel, store: StoreViewModel, preferences: Preferences
    ) -> None:
        super().__init__(window)
        self._window, self._check, self._store, self._preferences = window, check, store, preferences
        self._at: int | None = None
        self._over: QWidget | None = None
        self._context: Context | None = None
        self.card: CoachCard | None = None
        self._watched: list[QWidget] = []
        self._placing = QTimer(self)
        self._placing.setSingleShot(True)
        self._placing.timeout.connect(self._place)
        check.checked.connect(self._on_checked, Qt.ConnectionType.QueuedConnection)  # after the page has shown it
        check.work.started.connect(self._on_started)
        check.work.stopped.connect(self._placing.start)

    @property
    def stop(self) -> str:
        """The name of the stop, "" where no tour is taken."""
        return STOPS[self._at] if self._at is not None else ""

    def build(self, context: Context, over: QWidget) -> None:
        """The insides of the window were made anew; a tour goes on where it was."""
        self._context, self._over, self.card = context, over, None
        self._watched = []
        if self._at is not None:
            QTimer.singleShot(0, self, self._show)

    def on_first_start(self) -> None:
        """Begin, where this user never saw it and nothing was ever kept here."""
        folder = self._store.desk.folder
        if folder is not None and not folder.exists() and not self._preferences.text(_SEEN):
            self.take()

    def take(self) -> None:
        """Begin with the first stop on the sample employer; one that is under way gets the keyboard back."""
        self._window.go_to("check")
        if self._at is not None and self.card is not None and self.card.isVisible():
            self.card.next_button.setFocus()
            return
        self._window.page.open_sample()
        if self._check.is_sample:  # else the steps that were done are not to be left behind
            self._preferences.keep(_SEEN, "yes")
            self._at = 0

    def go_on(self) -> None:
        """To the next stop; the last one leaves the empty page."""
        if self._at == _DROP:
            self._end()
            self._window.page.drop_zone.open_button.setFocus()
        elif self._at is not None:
            self._at += 1
            if self._at == _DROP:
                self._window.page.start_over()
            self._show()

    def go_back(self) -> None:
        """To the stop before; from the last one the sample employer is opened again."""
        if not self._at:
            return
        self._at -= 1
        if self._check.is_sample:
            self._show()
        else:
            self._window.page.open_sample()

    def skip(self) -> None:
        """End it; the sample is put away, so that the page is as empty as it was."""
        was_sample = self._check.is_sample
        self._end()
        if was_sample:
            self._window.page.start_over()
        self._window.page.opened("")

    # What happens

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES and self._at is not None:
            self._placing.start()
        return super().eventFilter(watched, event)

    def _on_checked(self) -> None:
        if self._at is None or self._check.result is None:
            return
        if self.stop == "drop" or not self._check.is_sample:
            self._end()
        elif self.card is None or not self.card.isVisible():
            self._show()
        else:  # a step was done: whoever did it keeps the keyboard
            self._placing.start()

    def _on_started(self) -> None:
        if self._at is not None and not self._check.is_sample:
            self._end()

    def _show(self) -> None:
        if self._at is None or self._context is None or self._over is None:
            return
        if self.card is None:
            self.card = CoachCard(self._context, self._over)
            self.card.next_wanted.connect(self.go_on)
            self.card.back_wanted.connect(self.go_back)
            self.card.skip_wanted.connect(self.skip)
        if self.stop in _ON_A_FINDING:
            self._show_finding()
        say = self._context.words.say
        self.card.show_stop(say(f"tour.{self.stop}-title"), say(f"tour.{self.stop}-text"), self._at + 1, len(STOPS))
        self._watch()
        self._place()
        self.card.next_button.setFocus()

    def _place(self) -> None:
        if self._at is None or self.card is None:
            return
        page = self._window.page
        if self.stop != "drop" and self._check.result is None and not self._check.work.busy:
            self._end()
        elif page.isVisible() and (self.stop == "drop" or page.shows_result):
            self.card.point_at(self._parts())
        else:
            self.card.put_away()

    def _parts(self) -> tuple[QWidget, ...]:
        """What is pointed at."""
        page = self._window.page
        panel = page.panel
        return {
            "verdict": (panel.banner,),
            "findings": (panel.causes,),
            "line": (panel.grid, panel.inspector),
            "fix": (panel.inspector.suggestion,),
            "write": (panel.report_button, panel.write_button),
            "files": (panel.files,),
            "drop": (page.drop_zone.open_button, page.drop_zone.sample_button),
        }[self.stop]

    def _show_finding(self) -> None:
        """Show the finding that tells most: a wrong amount, with the law and what is certainly right."""
        page = self._window.page
        rows = range(page.findings.rowCount())
        row = next((at for at in rows if (one := page.findings.finding(at)) and one.code == _TELLING), 0)
        if rows and page.inspector.place != (page.findings.finding(row), 0):
            page.show_place(row, 0)

    def _watch(self) -> None:
        """See when what is pointed at moves, or goes out of view."""
        for widget in self._watched:
            widget.removeEventFilter(self)
        self._watched = []
        for part in self._parts():
            around: QWidget | None = part
            while around is not None and around not in self._watched:
                self._watched.append(around)
                around.installEventFilter(self)
                around = around.parentWidget() if around is not self._over else None

    def _end(self) -> None:
        self._at = None
        if self.card is not None:
            self.card.put_away()
