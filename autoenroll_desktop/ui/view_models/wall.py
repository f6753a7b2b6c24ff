"""What the Today page shows: every client, as far as it is asked for, and what can be done about one."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from autoenroll_desktop.ui.view_models.kept import Kept
from autoenroll_desktop.ui.view_models.latest import Latest
from autoenroll_desktop.ui.view_models.sheet import plain_text

if TYPE_CHECKING:
    from autoenroll_desktop.actions.look_at_wall import WallRow

FILTERS = ("all", "to-do", "to-sign", "done")
"""Which clients are shown; the last three are words of `Urgency`."""


class WallViewModel(QObject):
    """Signals: `read`, the rows are there; `failed` (exception); `signed` (name); `written` (path)."""

    read = Signal()
    failed = Signal(object)
    signed = Signal(str)
    written = Signal(Path)

    def __init__(self, kept: Kept, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kept = kept
        self.rows: list[WallRow] | None = None
        self._reading = Latest(self)
        self._reading.answered.connect(self._on_read)
        self._reading.failed.connect(self.failed)

    @property
    def busy(self) -> bool:
        """Whether rows are on their way, or something is being done."""
        return self._reading.busy or self.kept.busy

    def look(self) -> None:
        """Read the wall anew."""
        kept = self.kept

        def question() -> "list[WallRow] | None":
            from autoenroll_desktop.actions.look_at_wall import look_at_wall

            return kept.read(look_at_wall)

        self._reading.ask(question)

    def shown(self, only: str, needle: str) -> "list[WallRow]":
        """Rows of a filter that hold a text in name or number."""
        wanted = plain_text(needle.strip())
        return [
            row
            for row in self.rows or ()
            if only in ("all", filter_of(row)) and wanted in plain_text(f"{row.name} {row.employer}")
        ]

    def counts(self) -> dict[str, int]:
        """How many clients each filter shows."""
        rows = self.rows or ()
        return {only: sum(only in ("all", filter_of(row)) for row in rows) for only in FILTERS}

    def sign_off(
        self, row: "WallRow", by: str, done: Callable[[], object], refused: Callable[[Exception], object]
    ) -> None:
        """Sign the run of a row off."""
        if row.run is None:
            return
        run = row.run.id

        def job(store: Any, stamp: Any) -> Any:
            from autoenroll_desktop.actions.sign_off_run import sign_off_run

            return sign_off_run(store, run, by, stamp)

        def told(_signed: object) -> None:
            done()
            self.signed.emit(row.name or row.employer)

        self.kept.change(job, told, refused)

    def write_evidence(self, employer: str, path: Path) -> None:
        """Write the signed trail of a client to a file."""

        def job(store: Any, stamp: Any) -> Any:
            from autoenroll_desktop.actions.check_audit import export_audit

            return export_audit(store, path, stamp, employer)

        self.kept.change(job, lambda _told: self.written.emit(path), self.failed.emit)

    def close(self) -> None:
        """Stop reading."""
        self._reading.close()

    def _on_read(self, rows: "list[WallRow] | None") -> None:
        self.rows = rows
        self.read.emit()


def filter_of(row: "WallRow") -> str:
    """The filter a row belongs to, "" for one without a date."""
    return {"TO_DO": "to-do", "TO_SIGN": "to-sign", "DONE": "done"}.get(row.urgency.name, "")
