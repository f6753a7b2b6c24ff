"""What is kept, as pages read it and change it. The page that shows something asks for it; changes are made in turn."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal

from autoenroll_desktop.actions.desk import Desk, DeskState
from autoenroll_desktop.ui.tasks import TaskProgress
from autoenroll_desktop.ui.view_models.check import Clock
from autoenroll_desktop.ui.view_models.in_turn import InTurn

if TYPE_CHECKING:
    from autoenroll_desktop.actions.open_store import Stamp, Store

T = TypeVar("T")


class Kept(QObject):
    """The store as pages see it. `changed`: what they show may be other now."""

    changed = Signal()

    def __init__(self, desk: Desk, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._clock = desk, clock
        self._turn = InTurn(self)
        self._turn.ended.connect(self.changed)

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
        return self._turn.busy

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
        self._turn.do(partial(self._with_store, job, make=make), done, refused)

    def close(self) -> None:
        """Stop for good."""
        self._turn.close()

    def _with_store(self, job: "Callable[[Store, Stamp], Any]", _progress: TaskProgress, *, make: bool) -> Any:
        from autoenroll_desktop.actions.open_store import stamp

        now = self._clock()
        if make:
            self._desk.store(now)
        return job(self._desk.opened(now), stamp(now))
