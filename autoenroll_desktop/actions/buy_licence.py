"""Buying a licence: the page to pay on opens in the system's browser, and the licence arrives here by itself.

The service is asked, never the browser: the window may be closed, the page may never load. `wait_for_licence` may be
stopped and started again at any time; whatever was paid is found the next time it asks.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from autoenroll_desktop.actions.licence import Home, LicenceRefused, activate, look
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.licensing.standing import Standing
from autoenroll_desktop.sync.licence_api import LicenceApi, NotReached
from server_sync.contract.licence import Outcome
from server_sync.contract.licensing import LicenceNow, LicenceState, Offer, Offers, Order, Price, Seats

__all__ = [
    "Fetched", "LicenceApi", "LicenceNow", "Offers", "Order", "Purchase", "Seats", "begin_purchase", "fetch_licence",
    "tell_order", "tell_price", "wait_for_licence",
]  # fmt: skip
_QUICK, _SLOW, _LONGEST = 1.0, 1.3, 30.0
"""Seconds until the service is asked again: at first, growing by, at most."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """A page to pay on; `key` names the order, so that asking again opens the same page."""

    url: str
    key: UUID


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the service said (`now` is all of it), and where this PC stands now."""

    now: LicenceNow
    standing: Standing

    @property
    def state(self) -> LicenceState:
        """What the office has, in a word."""
        return self.now.state


def begin_purchase(api: LicenceApi, order: Order, key: UUID | None = None) -> Purchase:
    """The page to pay on. Nothing is bought before somebody pays there. Raises NotReached, NotGiven."""
    key = key or uuid4()
    return Purchase(api.order(order, key), key)


def tell_price(price: Price, words: Words) -> str:
    """A price as it is shown: without VAT, and with Irish VAT. Elsewhere the checkout page says what is charged."""
    return words.say(f"licence-price.{price.interval}", net=price.net, gross=price.gross, vat=price.vat_percent)


def tell_order(offers: Offers, order: Order, words: Words) -> str:
    """What an order costs in all, without VAT and with Irish VAT. Raises KeyError: it is not offered."""
    plans = {offer.code: offer for offer in offers.plans}
    addons = {offer.code: offer for offer in offers.addons}
    price = _price(plans[order.plan], order)
    net, gross = price.net, price.gross
    for code, quantity in (("seat", order.extra_seats), ("clients", order.client_packs)):
        if quantity:
            more = _price(addons[code], order)
            net, gross = net + quantity * more.net, gross + quantity * more.gross
    return words.say(f"licence-price.{order.interval}", net=net, gross=gross, vat=price.vat_percent)


def _price(offer: Offer, order: Order) -> Price:
    return next(one for one in offer.prices if one.interval == order.interval)


def fetch_licence(api: LicenceApi, home: Home, now: dt.datetime, words: Words) -> Fetched:
    """Ask the service for this PC's licence and take it. Raises NotReached, NotGiven, LicenceRefused."""
    return _take(api.licence(), home, now, words)


def wait_for_licence(
    api: LicenceApi, home: Home, words: Words, clock: Callable[[], dt.datetime], wait: Callable[[float], bool]
) -> Fetched | None:
    """Ask again and again until the licence is here, or a transfer is on its way; None when `wait` says to stop.

    Args:
        wait: waits so many seconds; False when the person does not want to wait any longer.
    Raises:
        NotGiven, LicenceRefused. The network being away is waited out.
    """
    pause = _QUICK
    while True:
        try:
            found = fetch_licence(api, home, clock(), words)
        except NotReached:
            found = None
        if found is not None and found.state in ("active", "awaiting"):
            return found
        if not wait(pause):
            return None
        pause = min(pause * _SLOW, _LONGEST)


def _take(said: LicenceNow, home: Home, now: dt.datetime, words: Words) -> Fetched:
    if said.token is None:
        return Fetched(said, look(home, now))
    try:
        return Fetched(said, activate(home, said.token.encode(), now, words, from_service=True))
    except LicenceRefused as refused:
        if refused.outcome is Outcome.ROLLED_BACK:  # a newer file was activated here meanwhile
            return Fetched(said, look(home, now))
        raise
