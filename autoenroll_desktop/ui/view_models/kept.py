"""What is kept, as pages read it and change it. The page that shows something asks for it; changes are made in turn."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal

from autoenroll_desktop.actions.desk import Desk, DeskState
from autoenroll_desktop.ui.tasks import Handlers, TaskProgress, TaskRunner
from autoenroll_desktop.ui.view_models.check import Clock

if TYPE_CHECKING:
    from autoenroll_desktop.actions.open_store import Stamp, Store

T = TypeVar("T")


class Kept(QObject):
    """The store as pages see it. `changed`: what they show may be other now."""

    changed = Signal()

    def __init__(self, desk: Desk, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._clock = desk, clock
        self._tasks = TaskRunner(self)
        self._waiting: list[tuple[Callable[[], Any], Callable[[Any], object], Callable[[Exception], object]]] = []
        self._closed = False

    @property
    def state(self) -> DeskState:
        """How things stand with the store."""
        return self._desk.state

    @property
    def why(self) -> str:
        """Why nothing can be read, "" where it can or nobody knows."""
        return str(self._desk.refused) if self._desk.refused is not None else ""

    @property
    def busy(self) -> bool:
        """Whether a change is being made."""
        return self._tasks.busy or bool(self._waiting)

    def now(self) -> dt.datetime:
        """The clock."""
        return self._clock()

    def read(self, question: "Callable[[Store, dt.datetime], T]") -> T | None:
        """The answer out of the store, None where there is none to ask. For a worker. Raises AppError."""
        now = self._clock()
        store = self._desk.store(now, make=False)
        return question(store, now) if store is not None else None

    def change(
        self,
        job: "Callable[[Store, Stamp], Any]",
        done: Callable[[Any], object],
        refused: Callable[[Exception], object],
        *,
        make: bool = False,
    ) -> None:
        """Change what is kept, after the changes asked for before; `done` gets what the job returns.

        Args:
            make: make a store where there is none.
        """
        if self._closed:
            return
        self._waiting.append((partial(self._with_store, job, make=make), done, refused))
        if not self._tasks.busy:
            self._next()

    def close(self) -> None:
        """Stop for good."""
        self._closed = True
        self._waiting.clear()
        self._tasks.close()

    def _with_store(self, job: "Callable[[Store, Stamp], Any]", *, make: bool) -> Any:
        from autoenroll_desktop.actions.open_store import stamp

        now = self._clock()
        if make:
            self._desk.store(now)
        return job(self._desk.opened(now), stamp(now))

    def _next(self) -> None:
        if not self._waiting:
            return
        job, done, refused = self._waiting.pop(0)

        def run(_progress: TaskProgress) -> Any:
            return job()

        def end(answer: Callable[[Any], object], told: Any) -> None:
            answer(told)
            self.changed.emit()
            if not self._tasks.busy:
                self._next()

        self._tasks.start(run, Handlers(partial(end, done), partial(end, refused), _nothing, _nothing))


def _nothing(*_told: object) -> None:
    pass
