"""What the licence says before and after a check, the same for the window and the terminal."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autoenroll_desktop.domain.words import Words

if TYPE_CHECKING:
    from autoenroll_desktop.actions.licence import Home, Standing
    from autoenroll_desktop.domain.checked_run import CheckedRun


@dataclass(frozen=True, slots=True)
class LicenceGate:
    """Stands before every new check; reading, reopening and exporting never come past it.

    Attributes:
        home: where the licence lives. clock: the PC's own, whatever moment a check is made for.
    """

    home: "Callable[[], Home]"
    clock: Callable[[], dt.datetime]

    def before(self, words: Words) -> "Standing":
        """Where this PC stands, when a new check may start. Raises CheckStopped where it may not, AppError."""
        from autoenroll_desktop.actions.licence import start_check

        return start_check(self.home(), self.clock(), words)

    def after(self, standing: "Standing", checked: "CheckedRun", words: Words) -> tuple[str, ...]:
        """Note which employers were checked; a sentence for each limit of the licence that is gone beyond."""
        from autoenroll_desktop.actions.licence import over_limits, use

        lines = checked.run.lines
        employers = lines["employer_registration_number"].dropna().astype(str).unique()
        size = use(self.home(), employers, int(lines["ppsn"].nunique()), self.clock())
        return over_limits(standing, size, words)
