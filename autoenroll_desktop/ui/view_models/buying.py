"""Buying a licence and what the service knows of it: offers, the page to pay on, seats, requests of other PCs."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.ui.tasks import Handlers, TaskProgress, TaskRunner
from autoenroll_desktop.ui.view_models.in_turn import InTurn
from autoenroll_desktop.ui.view_models.office_licence import OfficeLicence
from autoenroll_desktop.ui.view_models.office_sync import OfficeSync

if TYPE_CHECKING:
    from autoenroll_desktop.actions.buy_licence import Fetched, LicenceApi, LicenceNow, Offers, Order, Purchase, Seats
    from autoenroll_desktop.actions.office_service import Service

_DAY = dt.timedelta(hours=20)
_HOUR_MS = 3_600_000


class Buying(QObject):
    """Talks to the service about licences, off the UI thread.

    Signals: `changed`; `failed` (exception); `answered` (the content of a licence file for another PC).

    Attributes:
        offers: what can be bought. now: what the office has, as the service last said. seats: those that are taken.
        purchase: the page to pay on while the licence is waited for.
    """

    changed = Signal()
    failed = Signal(object)
    answered = Signal(str)

    def __init__(
        self,
        sync: OfficeSync,
        licence: OfficeLicence,
        service: "Callable[[], Service]",
        clock: Callable[[], dt.datetime],
    ) -> None:
        super().__init__()
        self._sync, self._licence, self._service, self._clock = sync, licence, service, clock
        self.offers: Offers | None = None
        self.now: LicenceNow | None = None
        self.seats: Seats | None = None
        self.purchase: Purchase | None = None
        self._wanted = False  # somebody wants to know as soon as there is an office to ask for
        self._asked_at: dt.datetime | None = None
        self.work = InTurn(self)
        self.work.failed.connect(self.failed)
        self.work.changed.connect(self.changed)
        self._waiting = TaskRunner(self)
        self._hourly = QTimer(self)
        self._hourly.setInterval(_HOUR_MS)
        self._hourly.timeout.connect(self.fetch_daily)
        sync.changed.connect(self._on_sync)

    @property
    def can_ask(self) -> bool:
        """Whether there is an office to ask for."""
        return self._sync.member and self._licence.home is not None

    @property
    def words(self) -> Words:
        """The words of the window."""
        return self._sync.words

    def name_of(self, device: UUID) -> str:
        """What the office calls a device, "" where it is not known here."""
        return next((one.name for one in self._sync.devices if one.id == device), "")

    def watch(self) -> None:
        """Fetch the licence once a day from now on."""
        self._hourly.start()

    def fetch_daily(self) -> None:
        """Fetch the licence if that was not done today; that the network is away is nothing to say."""
        self._licence.standing.look()
        moment = self._clock()
        if self.can_ask and (self._asked_at is None or abs(moment - self._asked_at) > _DAY):
            self._asked_at = moment
            self._fetch(lambda _error: None)

    def look(self) -> None:
        """Ask what can be bought, what the office has, and who holds a seat."""
        self._wanted = not self.can_ask
        if self._wanted:
            return

        def ask(api: "LicenceApi") -> "tuple[Offers, Seats]":
            return api.offers(), api.seats()

        self._fetch(self.failed.emit)
        self._do(ask, self._on_looked)

    def buy(self, order: "Order") -> None:
        """Open the page to pay on in the system's browser, and wait for the licence."""

        def ask(api: "LicenceApi") -> "Purchase":
            from autoenroll_desktop.actions.buy_licence import begin_purchase

            return begin_purchase(api, order)

        self._do(ask, self._on_purchase)

    def open_page(self) -> None:
        """Open the page to pay on once more."""
        if self.purchase is not None:
            QDesktopServices.openUrl(QUrl(self.purchase.url))

    def stop_waiting(self) -> None:
        """Wait no longer; what was paid is found the next time the service is asked."""
        self.purchase = None
        self._waiting.cancel()
        self.changed.emit()

    def open_portal(self) -> None:
        """Open the page for cards, invoices, another plan, or an end."""
        self._do(lambda api: api.portal(), lambda url: QDesktopServices.openUrl(QUrl(url)))

    def release(self, device: UUID) -> None:
        """Give a seat back."""

        def ask(api: "LicenceApi") -> "Seats":
            api.release(device)
            return api.seats()

        self._do(ask, self._on_seats)

    def answer(self, request: str) -> None:
        """Answer the request of a PC without a network; `answered` has the licence file."""
        self._do(lambda api: api.answer(request).content, self.answered.emit)

    def close(self) -> None:
        """Stop for good."""
        self._hourly.stop()
        self.work.close()
        self._waiting.close()

    def _api(self, wait: Callable[[float], bool]) -> "LicenceApi":
        """With this device's token; in a worker only. Raises AppError: this PC is in no office."""
        from autoenroll_desktop.actions.office_service import licence_api

        store = self._sync.desk.opened(self._clock())
        return licence_api(store, replace(self._service(), wait=wait), self.words)

    def _do(
        self,
        ask: "Callable[[LicenceApi], Any]",
        done: Callable[[Any], object],
        refused: Callable[[Any], object] | None = None,
    ) -> None:
        self.work.do(lambda progress: ask(self._api(progress.wait)), done, refused)

    def _fetch(self, refused: Callable[[Any], object]) -> None:
        home, clock, words = self._licence.home, self._clock, self.words
        if home is None:
            return

        def ask(api: "LicenceApi") -> "Fetched":
            from autoenroll_desktop.actions.buy_licence import fetch_licence

            return fetch_licence(api, home(), clock(), words)

        self._do(ask, self._on_fetched, refused)

    def _on_purchase(self, purchase: "Purchase") -> None:
        self.purchase = purchase
        self.open_page()
        home, clock, words = self._licence.home, self._clock, self.words
        assert home is not None

        def job(progress: TaskProgress) -> "Fetched | None":
            from autoenroll_desktop.actions.buy_licence import wait_for_licence

            return wait_for_licence(self._api(progress.wait), home(), words, clock, progress.wait)

        self._waiting.start(job, Handlers(self._on_waited, self._on_wait_failed, _nothing, _nothing))
        self.changed.emit()

    def _on_waited(self, fetched: "Fetched | None") -> None:
        self.purchase = None
        if fetched is not None:
            self._licence.take(fetched.standing)
            self._on_fetched(fetched)
        self.look()

    def _on_wait_failed(self, error: Exception) -> None:
        self.purchase = None
        self.failed.emit(error)
        self.changed.emit()

    def _on_fetched(self, fetched: "Fetched") -> None:
        self._asked_at = self._clock()
        self.now = fetched.now
        self._licence.standing.know(fetched.standing)
        self.changed.emit()

    def _on_looked(self, told: "tuple[Offers, Seats]") -> None:
        self.offers, self.seats = told
        self.changed.emit()

    def _on_seats(self, seats: "Seats") -> None:
        self.seats = seats
        self.changed.emit()

    def _on_sync(self) -> None:
        if self.can_ask and self._wanted:
            self.look()
        elif self.can_ask and self._asked_at is None:
            self.fetch_daily()


def _nothing(*_told: object) -> None:
    pass
