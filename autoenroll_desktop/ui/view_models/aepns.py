"""What the AEPNs page shows: a client's downloads, one of them, and the history of one person."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.ui.view_models.kept import Kept
from autoenroll_desktop.ui.view_models.latest import Latest
from autoenroll_desktop.ui.view_models.sheet import plain_text

if TYPE_CHECKING:
    from autoenroll_desktop.actions.look_at_aepns import AepnRow, AepnsSeen
    from autoenroll_desktop.actions.look_at_client import ClientListed


class AepnsViewModel(QObject):
    """Signals: `read`, clients and rows are there; `told` (history of the chosen person); `failed` (exception)."""

    read = Signal()
    told = Signal(object)
    failed = Signal(object)

    def __init__(self, kept: Kept, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kept = kept
        self.clients: list[ClientListed] | None = None
        self.employer: str | None = None
        self.snapshot = ""
        self.seen: AepnsSeen | None = None
        self._reading, self._telling = Latest(self), Latest(self)
        self._reading.answered.connect(self._on_read)
        self._telling.answered.connect(self.told)
        for reading in (self._reading, self._telling):
            reading.failed.connect(self.failed)

    @property
    def busy(self) -> bool:
        """Whether something is on its way."""
        return self._reading.busy or self._telling.busy

    def look(self) -> None:
        """Read everything anew, of the client and the download that are chosen."""
        kept, employer, snapshot = self.kept, self.employer, self.snapshot

        def question() -> "tuple[list[ClientListed] | None, str | None, AepnsSeen | None]":
            from autoenroll_desktop.actions.look_at_aepns import look_at_aepns
            from autoenroll_desktop.actions.look_at_client import list_clients

            clients = kept.read(list_clients)
            known = [one.employer for one in clients or ()]
            mine = employer if employer in known else known[0] if known else None
            if mine is None:
                return clients, None, None
            return clients, mine, kept.read(lambda store, _now: look_at_aepns(store, mine, snapshot))

        self._reading.ask(question)

    def choose(self, employer: str, snapshot: str = "") -> None:
        """Show a client, and one of its downloads ("" for the newest)."""
        self.employer, self.snapshot = employer, snapshot
        self.look()

    def tell(self, row: "AepnRow") -> None:
        """Read what the downloads said of a person."""
        kept, employer, key = self.kept, self.employer, row.key
        if employer is None:
            return

        def question() -> object:
            from autoenroll_desktop.actions.look_at_aepns import history_of

            return kept.read(lambda store, _now: history_of(store, employer, key)) or ()

        self._telling.ask(question)

    def found(self, needle: str, *, changed: bool) -> "list[AepnRow]":
        """Rows that hold a text in name, number or ID; only those that changed, if asked for."""
        wanted = plain_text(needle.strip())
        return [
            row
            for row in (self.seen.rows if self.seen is not None else ())
            if (row.change or not changed) and wanted in plain_text(f"{row.name} {row.ppsn} {row.employment_id}")
        ]

    def close(self) -> None:
        """Stop for good."""
        self._reading.close()
        self._telling.close()

    def _on_read(self, answer: "tuple[list[ClientListed] | None, str | None, AepnsSeen | None]") -> None:
        self.clients, self.employer, self.seen = answer
        self.read.emit()


def instruction(row: "AepnRow", words: Words) -> str:
    """What an instruction says, in a few words: "Enrolled from 01/01/2026 at 1.5 % / 1.5 %"."""
    told = words.say(f"status.{row.status}")
    if row.start is not None:
        told += " " + words.say("aepns.from", start=row.start)
    if row.end is not None:
        told += " " + words.say("aepns.until", end=row.end)
    if row.employee is not None and row.employer is not None:
        told += " " + words.say("aepns.at", employee=row.employee, employer=row.employer)
    return told


def change(row: "AepnRow", words: Words) -> str:
    """What changed since the download before, in words; "" for nothing."""
    if row.change == "changed" and row.before is not None:
        return words.say("aepns.changed", before=instruction(row.before, words))
    return words.say(f"aepns.{row.change}") if row.change else ""
