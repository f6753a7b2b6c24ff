"""Which lines of a result are in view: those a person looks for, in the order asked for."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from autoenroll_desktop.ui.view_models.latest import Latest
from autoenroll_desktop.ui.view_models.sheet import Arrangement, Sheet, arranged
from autoenroll_desktop.ui.widgets.result_panel import ResultPanel


class LinesInView(QObject):
    """Works out what is in view off the UI thread, and shows it in a panel.

    Signals: `shown` (the place to go to: key of a finding and number, or None); `failed` (exception).
    """

    shown = Signal(object)
    failed = Signal(object)

    def __init__(self, panel: ResultPanel, sheet: Callable[[], Sheet | None]) -> None:
        """`sheet`: the lines of the result in the panel, None while there is none."""
        super().__init__(panel)
        self._panel, self._sheet = panel, sheet
        self._then: tuple[str, int] | None = None
        self.showing = False
        self._arranging = Latest(self)
        self._arranging.answered.connect(self._on_arranged)
        self._arranging.failed.connect(self.failed)
        panel.only.currentIndexChanged.connect(self._as_asked)
        panel.search.textChanged.connect(self._as_asked)
        panel.lines.sort_wanted.connect(self._on_sort)

    @property
    def busy(self) -> bool:
        """Whether it is being worked out what is in view."""
        return self._arranging.busy

    def arrange(self, *, go_to: tuple[str, int] | None = None, **sorting: Any) -> None:
        """Work out which lines are in view. `go_to`: the place to show after that. `sorting`: sort and descending."""
        sheet, before, place = self._sheet(), self._panel.lines.arrangement, self._panel.inspector.place
        if sheet is None:
            return
        self._then = go_to
        wanted = Arrangement(
            only=str(self._panel.only.currentData()),
            needle=self._panel.search.text(),
            sort=sorting.get("sort", before.sort),
            descending=sorting.get("descending", before.descending),
            key=go_to[0] if go_to is not None else place[0].key if place is not None else "",
        )
        self._arranging.ask(lambda: (sheet, arranged(sheet, wanted), wanted))

    def show_all(self, go_to: tuple[str, int]) -> None:
        """Take search and filter away, for a place that is not in view."""
        for part in (self._panel.search, self._panel.only):
            part.blockSignals(True)
        self._panel.search.clear()
        self._panel.only.setCurrentIndex(0)
        for part in (self._panel.search, self._panel.only):
            part.blockSignals(False)
        self.arrange(go_to=go_to)

    def close(self) -> None:
        """Stop for good."""
        self._arranging.close()

    def _as_asked(self) -> None:
        self.arrange()

    def _on_sort(self, column: str, descending: bool) -> None:
        self.arrange(sort=column, descending=descending)

    def _on_arranged(self, told: tuple[Sheet, Any, Arrangement]) -> None:
        sheet, lines, wanted = told
        if sheet is not self._sheet():
            return
        self.showing = True
        self._panel.lines.show(sheet, lines, wanted)
        self.showing = False
        self._panel.grid.show_changes(bool(sheet.was))
        self._panel.show_how_many(len(lines), len(sheet))
        then, self._then = self._then, None
        self.shown.emit(then)
