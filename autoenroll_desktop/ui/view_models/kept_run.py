"""A kept run as it was checked: read out of the store, shown and reported, never changed."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.ui.tasks import TaskProgress
from autoenroll_desktop.ui.view_models.kept import Kept
from autoenroll_desktop.ui.view_models.latest import Latest
from autoenroll_desktop.ui.view_models.sheet import Sheet, sheet_from
from autoenroll_desktop.ui.view_models.work import Work

if TYPE_CHECKING:
    from autoenroll_desktop.domain.checked_run import CheckedRun


@dataclass(frozen=True, eq=False)
class RunSeen:
    """A run with its arrays; `client` is the name of its employer, else its number."""

    id: str
    checked: "CheckedRun"
    sheet: Sheet
    client: str


class KeptRunViewModel(QObject):
    """Signals: `read` (RunSeen), `failed` (exception), `written` (path)."""

    read = Signal(object)
    failed = Signal(object)
    written = Signal(Path)

    def __init__(self, kept: Kept, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kept = kept
        self.seen: RunSeen | None = None
        self._reading = Latest(self)
        self._reading.answered.connect(self._on_read)
        self._reading.failed.connect(self.failed)
        self.work = Work(self)
        self.work.failed.connect(self.failed)

    @property
    def busy(self) -> bool:
        """Whether a run is on its way, or a report being written."""
        return self._reading.busy or self.work.busy

    def look(self, run: str) -> None:
        """Open a run by its id."""
        kept = self.kept

        def question() -> RunSeen | None:
            return kept.read(lambda store, _now: _open(store, run))

        self._reading.ask(question)

    def write_report(self, path: Path, words: Words) -> None:
        """Write the PDF report of the run."""
        seen = self.seen
        if seen is None:
            return
        checked = seen.checked

        def job(progress: TaskProgress) -> Path:
            from autoenroll_desktop.actions.export_report import export_report

            return export_report(checked, path, words=words, progress=progress)

        self.work.run("reporting", job, self.written.emit)

    def close(self) -> None:
        """Stop for good."""
        self._reading.close()
        self.work.close()

    def _on_read(self, seen: RunSeen | None) -> None:
        self.seen = seen
        if seen is not None:
            self.read.emit(seen)


def _open(store: Any, run: str) -> RunSeen:
    from autoenroll_desktop.actions.look_at_client import names_of_clients
    from autoenroll_desktop.actions.open_run import open_kept_run

    number, checked = open_kept_run(store, run)
    employer = checked.runs[0].employer_registration_number or ""
    return RunSeen(number, checked, sheet_from(checked, {}), names_of_clients(store).get(employer) or employer)
