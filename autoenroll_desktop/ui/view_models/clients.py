"""What the Clients page shows, and what can be done with a client."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from autoenroll_desktop.ui.view_models.kept import Kept
from autoenroll_desktop.ui.view_models.latest import Latest
from autoenroll_desktop.ui.view_models.sheet import plain_text

if TYPE_CHECKING:
    from autoenroll_desktop.actions.erase_client import ErasedClient
    from autoenroll_desktop.actions.look_at_client import ClientListed, ClientSeen
    from autoenroll_desktop.domain.client_settings import ClientSettings
    from autoenroll_desktop.domain.finding import Finding

Refused = Callable[[Exception], object]


@dataclass(frozen=True, eq=False)
class ClientShown:
    """A client in full.

    Attributes:
        enough: whether its own scheme's shares are (None: cannot be told). findings: those of its newest run.
    """

    seen: "ClientSeen"
    enough: bool | None
    findings: "tuple[Finding, ...]" = ()


class ClientsViewModel(QObject):
    """Signals: `read`, the list is there; `shown`, the chosen client is; `saved` and `added` (name or number); `erased`
    (name, ErasedClient); `failed` (exception).
    """

    read = Signal()
    shown = Signal()
    saved = Signal(str)
    added = Signal(str)
    erased = Signal(str, object)
    failed = Signal(object)

    def __init__(self, kept: Kept, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kept = kept
        self.rows: list[ClientListed] | None = None
        self.chosen: str | None = None
        self.client: ClientShown | None = None
        self._listing, self._looking = Latest(self), Latest(self)
        self._listing.answered.connect(self._on_listed)
        self._looking.answered.connect(self._on_looked)
        for reading in (self._listing, self._looking):
            reading.failed.connect(self.failed)

    @property
    def busy(self) -> bool:
        """Whether something is on its way or being done."""
        return self._listing.busy or self._looking.busy or self.kept.busy

    def look(self) -> None:
        """Read the list anew."""
        kept = self.kept

        def question() -> "list[ClientListed] | None":
            from autoenroll_desktop.actions.look_at_client import list_clients

            return kept.read(list_clients)

        self._listing.ask(question)

    def choose(self, employer: str) -> None:
        """Read a client in full."""
        self.chosen = employer
        kept = self.kept

        def question() -> ClientShown | None:
            from autoenroll_desktop.actions.look_at_client import findings_of, look_at_client, scheme_is_enough

            seen = kept.read(lambda store, now: look_at_client(store, employer, now))
            if seen is None:
                return None
            found = kept.read(lambda store, _now: findings_of(store, seen.runs[0].id)) if seen.runs else ()
            return ClientShown(seen, scheme_is_enough(seen.settings.scheme, kept.now()), found or ())

        self._looking.ask(question)

    def found(self, needle: str) -> "list[ClientListed]":
        """Clients that hold a text in name or number."""
        wanted = plain_text(needle.strip())
        return [one for one in self.rows or () if wanted in plain_text(f"{one.name} {one.employer}")]

    def save(self, settings: "ClientSettings", keep_for: tuple[int, int]) -> None:
        """Keep what is said of the chosen client."""
        employer = self.chosen
        if employer is None:
            return

        def job(store: Any, stamp: Any) -> Any:
            from autoenroll_desktop.actions.change_client import change_client

            change_client(store, employer, settings, stamp, keep_for=keep_for)

        self.kept.change(job, lambda _told: self.saved.emit(settings.name or employer), self.failed.emit)

    def add(self, employer: str, settings: "ClientSettings", done: Callable[[], object], refused: Refused) -> None:
        """Add a client; it is the chosen one then."""

        def job(store: Any, stamp: Any) -> Any:
            from autoenroll_desktop.actions.change_client import add_client

            return add_client(store, employer, settings, stamp)

        def told(number: str) -> None:
            self.chosen = number
            done()
            self.added.emit(settings.name or number)

        self.kept.change(job, told, refused, make=True)

    def erase(self) -> None:
        """Erase the chosen client."""
        employer = self.chosen
        if employer is None:
            return
        name = self.client.seen.settings.name if self.client is not None else ""

        def job(store: Any, stamp: Any) -> Any:
            from autoenroll_desktop.actions.erase_client import erase_client

            return erase_client(store, employer, stamp)

        def told(done: "ErasedClient") -> None:
            self.chosen, self.client = None, None
            self.erased.emit(name or employer, done)

        self.kept.change(job, told, self.failed.emit)

    def close(self) -> None:
        """Stop reading."""
        self._listing.close()
        self._looking.close()

    def _on_listed(self, rows: "list[ClientListed] | None") -> None:
        self.rows = rows
        self.read.emit()

    def _on_looked(self, client: ClientShown | None) -> None:
        self.client = client
        self.shown.emit()
