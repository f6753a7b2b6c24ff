"""What this PC's licence allows, as the status bar says it."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.ui.view_models.latest import Latest

if TYPE_CHECKING:
    from autoenroll_desktop.actions.licence import Home, Standing, Told


class LicenceStanding(QObject):
    """Looks off the UI thread; `changed` when something is known. Without a `home` there is nothing to say."""

    changed = Signal()

    def __init__(
        self, home: "Callable[[], Home] | None", clock: Callable[[], dt.datetime], parent: QObject | None = None
    ) -> None:
        """`clock`: the PC's own, whatever moment the window was asked to stand at."""
        super().__init__(parent)
        self._home, self._clock = home, clock
        self.standing: Standing | None = None
        self._looking = Latest(self)
        self._looking.answered.connect(self.know)
        self._looking.failed.connect(lambda _error: None)  # the Office page and the terminal say what is wrong

    def look(self) -> None:
        """See where this PC stands."""
        home, clock = self._home, self._clock
        if home is not None:

            def question() -> "Standing":
                from autoenroll_desktop.actions.licence import look

                return look(home(), clock())

            self._looking.ask(question)

    def know(self, standing: "Standing") -> None:
        """This is where it stands now; what is being looked at is older."""
        self._looking.forget()
        self.standing = standing
        self.changed.emit()

    def close(self) -> None:
        """Stop for good."""
        self._looking.close()


def told(standing: "Standing", words: Words) -> "Told":
    """The standing in words."""
    from autoenroll_desktop.actions.licence import tell_standing

    return tell_standing(standing, words)
