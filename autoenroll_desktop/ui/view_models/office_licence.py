"""What a person does with this PC's licence: bring one in, ask for one, give a seat back, buy one."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.ui.tasks import TaskProgress
from autoenroll_desktop.ui.view_models.in_turn import InTurn
from autoenroll_desktop.ui.view_models.standing import LicenceStanding

if TYPE_CHECKING:
    from autoenroll_desktop.actions.licence import Home, Standing

_LONGEST = 65_536


class OfficeLicence(QObject):
    """Works on the licence off the UI thread; nothing here needs a network.

    Signals: `changed`, what is known may be another; `failed` (exception); `taken` (Standing), a licence was brought
    in; `asked` (the request's text, the same as a QR code in SVG).

    Attributes:
        ordered: why the licence file an administrator named was not taken, "" for nothing to say.
    """

    changed = Signal()
    failed = Signal(object)
    taken = Signal(object)
    asked = Signal(str, str)

    def __init__(
        self,
        home: "Callable[[], Home] | None",
        clock: Callable[[], dt.datetime],
        standing: LicenceStanding,
        parent: QObject | None = None,
    ) -> None:
        """`home`: None where nothing is remembered, as with the sample employer."""
        super().__init__(parent)
        self.home, self.clock, self.standing = home, clock, standing
        self.ordered = ""
        self._work = InTurn(self)
        self._work.failed.connect(self.failed)
        self._work.changed.connect(self.changed)
        standing.changed.connect(self.changed)

    @property
    def busy(self) -> bool:
        """Whether something is being done."""
        return self._work.busy

    def look(self, words: Words) -> None:
        """See where this PC stands, and whether what an administrator ordered holds."""
        home, clock = self.home, self.clock
        if home is None:
            return
        self.standing.look()

        def job(_progress: TaskProgress) -> str:
            from autoenroll_desktop.actions.licence import ordered_refused

            return ordered_refused(home(), clock(), words)

        self._work.do(job, self._on_ordered)

    def activate_file(self, path: Path, words: Words) -> None:
        """Take a licence file."""

        def content() -> bytes:
            try:
                with path.open("rb") as file:
                    return file.read(_LONGEST)
            except OSError as error:
                why, action = error.strerror or "", words.say("office.choose-licence")
                raise AppError(words.say("office.unreadable", name=path.name), why, action) from error

        self._activate(content, words)

    def activate_text(self, text: str, words: Words) -> None:
        """Take a licence that was pasted."""
        self._activate(text.encode, words)

    def ask(self, app: str) -> None:
        """Make the request of a PC without a network; `asked` has it. `app` is the program's version."""
        home, clock = self.home, self.clock
        if home is None:
            return

        def job(_progress: TaskProgress) -> tuple[str, str]:
            from autoenroll_desktop.actions.draw_request import draw_request
            from autoenroll_desktop.actions.licence import request

            text = request(home(), clock(), app)
            return text, draw_request(text)

        self._work.do(job, lambda told: self.asked.emit(*told))

    def take(self, standing: "Standing") -> None:
        """A licence came in: everybody is told."""
        self.standing.know(standing)
        self.taken.emit(standing)

    def close(self) -> None:
        """Stop for good."""
        self._work.close()

    def _activate(self, content: Callable[[], bytes], words: Words) -> None:
        home, clock = self.home, self.clock
        if home is None:
            return

        def job(_progress: TaskProgress) -> "Standing":
            from autoenroll_desktop.actions.licence import activate

            return activate(home(), content(), clock(), words)

        self._work.do(job, self.take)

    def _on_ordered(self, why: str) -> None:
        self.ordered = why
