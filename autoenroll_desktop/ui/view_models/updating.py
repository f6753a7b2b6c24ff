"""Newer versions: looked for once a day, told quietly, installed when a person says so."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.ui.tasks import Handlers, TaskProgress, TaskRunner

if TYPE_CHECKING:
    from autoenroll_desktop.actions.install_update import Setup, Told

_FIRST_MS, _AGAIN_MS = 20_000, 3_600_000
_DAY = dt.timedelta(hours=20)


class Updating(QObject):
    """Looks and installs off the UI thread.

    Signals: `changed`; `offered` (Told), a newer version was found; `failed` (exception), after a person asked.

    Attributes:
        told: what came of the last look or installation; None before it. off: why no updates are taken here, "".
        may_install: a person may install it here; otherwise it is only announced. came: bytes fetched so far.
    """

    changed = Signal()
    offered = Signal(object)
    failed = Signal(object)

    def __init__(self, setup: "Callable[[], Setup] | None", clock: Callable[[], dt.datetime]) -> None:
        """`setup`: of this installation, raising AppError where updates are off; None where nothing is looked for."""
        super().__init__()
        self._setup, self._clock = setup, clock
        self.told: Told | None = None
        self.off = ""
        self.may_install = False
        self.came = 0
        self._looked_at: dt.datetime | None = None
        self._work = TaskRunner(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time)

    @property
    def busy(self) -> bool:
        """Whether something is being looked for or installed."""
        return self._work.busy

    @property
    def here(self) -> bool:
        """Whether there is an installation to look for."""
        return self._setup is not None

    def watch(self) -> None:
        """Look once a day from now on."""
        if self._setup is not None:
            self._timer.start(_FIRST_MS)

    def look(self, *, asked: bool = True) -> None:
        """See whether there is a newer version. What goes wrong is told only to a person who asked."""
        self._run(only_look=True, refused=self.failed.emit if asked else _nothing)

    def install(self) -> None:
        """Fetch what is offered, try it out, and have it start next time."""
        self._run(only_look=False, refused=self.failed.emit)

    def stop(self) -> None:
        """Fetch no further; what came is kept and goes on from there."""
        self._work.cancel()

    def close(self) -> None:
        """Stop for good."""
        self._timer.stop()
        self._work.close()

    def _run(self, *, only_look: bool, refused: Callable[[Exception], object]) -> None:
        make = self._setup
        if make is None or self.busy:
            return
        self.came = 0

        def job(progress: TaskProgress) -> "tuple[Told | None, bool, str]":
            from autoenroll_desktop.actions.install_update import install_update

            try:
                setup = make()
            except AppError as off:
                return None, False, str(off)
            came = 0

            def more(size: int) -> None:
                nonlocal came
                came += size
                progress.step("updating", came)

            return install_update(setup, only_look=only_look, progress=more), setup.may_install, ""

        def fail(error: Exception) -> None:
            refused(error)
            self.changed.emit()

        self._work.start(job, Handlers(self._on_told, fail, self.changed.emit, self._on_progress))
        self.changed.emit()

    def _on_told(self, found: "tuple[Told | None, bool, str]") -> None:
        before, (self.told, self.may_install, self.off) = self.told, found
        self._looked_at = self._clock()
        self.changed.emit()
        if self.told is not None and self.told.outcome == "announced" and self.told != before:
            self.offered.emit(self.told)

    def _on_progress(self, _what: str, came: int, _total: int) -> None:
        self.came = came
        self.changed.emit()

    def _on_time(self) -> None:
        moment = self._clock()
        if self._looked_at is None or abs(moment - self._looked_at) > _DAY:
            self.look(asked=False)
        self._timer.start(_AGAIN_MS)


def _nothing(_error: Exception) -> None:
    pass
