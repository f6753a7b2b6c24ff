"""The central service's licence routes, as the desktop calls them. No secret of Stripe is ever on this side."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID, uuid4

import msgspec
import requests

from autoenroll_desktop.errors import AppError
from server_sync.contract.licensing import (
    AddonQuantity,
    LicenceFile,
    LicenceNow,
    Offers,
    Order,
    Page,
    RequestText,
    SeatReleased,
    Seats,
)
from server_sync.contract.problems import Problem, slug_of

T = TypeVar("T")
_TIMEOUT = (5, 30)
_LATER = "Everything else goes on; try again in a minute"


class NotReached(AppError):
    """The service did not answer, or not to the point: no network, a proxy's page, a short trouble there."""


class NotGiven(AppError):
    """The service said no. `slug` is the problem's own word."""

    def __init__(self, slug: str, title: str, why: str) -> None:
        super().__init__(title, why, "Ask whoever looks after the office's licence" if slug == "forbidden" else "")
        self.slug = slug


class LicenceApi:
    """One office's access. `token` gives a bearer token that is good now. Constructing it connects to nothing."""

    def __init__(self, address: str, token: Callable[[], str], session: requests.Session) -> None:
        self._address = address.rstrip("/")
        self._token = token
        self._session = session

    def offers(self) -> Offers:
        """What can be bought. Raises NotReached, NotGiven; so do all below."""
        return self._ask("GET", "/v1/offers", Offers)

    def order(self, order: Order, key: UUID) -> str:
        """The page to pay on. The same `key` again answers the same page and buys nothing twice."""
        return self._ask("POST", "/v1/checkout", Page, order, key).url

    def portal(self) -> str:
        """The portal's page: good for minutes, for whoever holds it."""
        return self._ask("POST", "/v1/portal", Page).url

    def licence(self) -> LicenceNow:
        """What the office has, and this PC's token."""
        return self._ask("GET", "/v1/licence", LicenceNow)

    def set_addon(self, addon: str, quantity: int, key: UUID) -> LicenceNow:
        """Another quantity of an add-on ("seat", "clients")."""
        return self._ask("PUT", "/v1/licence/addons", LicenceNow, AddonQuantity(addon=addon, quantity=quantity), key)

    def seats(self) -> Seats:
        """Every seat that is taken."""
        return self._ask("GET", "/v1/licence/seats", Seats)

    def release(self, device: UUID) -> SeatReleased:
        """Free a seat."""
        return self._ask("DELETE", f"/v1/licence/seats/{device}", SeatReleased, key=uuid4())

    def answer(self, request: str) -> LicenceFile:
        """The licence file for a PC without a network."""
        return self._ask("POST", "/v1/licence/files", LicenceFile, RequestText(text=request), uuid4())

    def _ask(self, method: str, path: str, kind: type[T], message: Any = None, key: UUID | None = None) -> T:
        headers = {"Authorization": f"Bearer {self._token()}"}
        if message is not None:
            headers["Content-Type"] = "application/json"
        if key is not None:
            headers["Idempotency-Key"] = str(key)
        body = None if message is None else msgspec.json.encode(message)
        try:
            answer = self._session.request(
                method, self._address + path, data=body, headers=headers, timeout=_TIMEOUT, allow_redirects=False
            )
            content = answer.content
        except requests.RequestException as error:
            raise NotReached("The service cannot be reached", type(error).__name__, _LATER) from None
        try:
            if answer.ok:
                return msgspec.json.decode(content, type=kind)
            problem = msgspec.json.decode(content, type=Problem)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            why = "something between here and there answered in its place"
            raise NotReached("The service cannot be reached", why, _LATER) from None
        if problem.status >= 500 or problem.status == 429:
            raise NotReached(problem.title, "", _LATER)
        raise NotGiven(slug_of(problem), problem.title, problem.detail or "")
