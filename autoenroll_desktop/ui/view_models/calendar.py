"""What the Calendar page shows, and the same as appointments."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.ui.tasks import TaskProgress
from autoenroll_desktop.ui.view_models.kept import Kept
from autoenroll_desktop.ui.view_models.latest import Latest
from autoenroll_desktop.ui.view_models.sheet import plain_text
from autoenroll_desktop.ui.view_models.time_left import DUBLIN
from autoenroll_desktop.ui.view_models.work import Work

if TYPE_CHECKING:
    from autoenroll_desktop.actions.look_at_calendar import Appointment, Coming

KINDS = ("all", "pay-date", "window", "notice", "holiday")
"""What is shown; all but the first are words of `Kind`."""
_REMIND = {"pay-date": 120}
"""Minutes before a cut-off."""


class CalendarViewModel(QObject):
    """Signals: `read`, what is coming is there; `written` (path); `failed` (exception)."""

    read = Signal()
    written = Signal(Path)
    failed = Signal(object)

    def __init__(self, kept: Kept, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kept = kept
        self.coming: list[Coming] | None = None
        self._reading = Latest(self)
        self._reading.answered.connect(self._on_read)
        self._reading.failed.connect(self.failed)
        self._work = Work(self)
        self._work.failed.connect(self.failed)

    @property
    def busy(self) -> bool:
        """Whether something is on its way or being written."""
        return self._reading.busy or self._work.busy

    def look(self) -> None:
        """Read what is coming anew."""
        kept = self.kept

        def question() -> "list[Coming] | None":
            from autoenroll_desktop.actions.look_at_calendar import look_at_calendar

            return kept.read(look_at_calendar)

        self._reading.ask(question)

    def shown(self, kind: str, needle: str) -> "list[Coming]":
        """What is of a kind and of a client that is searched for; holidays are everybody's."""
        wanted = plain_text(needle.strip())
        return [
            one
            for one in self.coming or ()
            if kind in ("all", one.kind) and (not one.employer or wanted in plain_text(f"{one.client} {one.employer}"))
        ]

    def counts(self) -> dict[str, int]:
        """How much there is of each kind."""
        coming = self.coming or ()
        return {kind: sum(kind in ("all", one.kind) for one in coming) for kind in KINDS}

    def write(self, path: Path, coming: "list[Coming]", words: Words) -> None:
        """Write these as an iCalendar file."""
        now, entries = self.kept.now(), [*appointments(coming, words)]

        def job(_progress: TaskProgress) -> Path:
            from autoenroll_desktop.actions.look_at_calendar import write_calendar

            return write_calendar(path, entries, now)

        self._work.run("writing", job, self.written.emit)

    def close(self) -> None:
        """Stop for good."""
        self._reading.close()
        self._work.close()

    def _on_read(self, coming: "list[Coming] | None") -> None:
        self.coming = coming
        self.read.emit()


def what(one: "Coming", words: Words) -> str:
    """What is coming, in a few words."""
    if one.kind == "holiday":
        return words.say(f"holiday.{one.closed}")
    return words.say(f"calendar.{one.kind}{'' if one.people == 1 or not one.people else 's'}", count=one.people)


def about(one: "Coming", words: Words) -> str:
    """What more there is to say of it, "" for nothing."""
    if one.kind == "pay-date" and one.moment is not None:
        local = one.moment.astimezone(DUBLIN)
        if one.closed:
            why = words.say(f"closed.{one.closed}")
            return words.say("calendar.moved", why=why, bank_day=one.bank_day, time=f"{local:%H:%M}")
        return words.say("calendar.cut-off", time=f"{local:%H:%M}")
    if one.kind == "window":
        return words.say("calendar.until", until=one.until)
    return words.say(f"calendar.about-{one.kind}")


def appointments(coming: "list[Coming]", words: Words) -> "Iterator[Appointment]":
    """The same for other calendars; a cut-off is the half hour before it, with a reminder."""
    from autoenroll_desktop.actions.look_at_calendar import Appointment

    for one in coming:
        title = " · ".join(part for part in (what(one, words), one.client or one.employer) if part)
        yield Appointment(one.day, title, about(one, words), one.until, one.moment, _REMIND.get(one.kind))
