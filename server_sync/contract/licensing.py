"""Messages about licences: offered, bought and held. Money is whole cents, without VAT where nothing is said."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from server_sync.contract.fields import Answer, Count, Positive, Request

Interval = Literal["month", "year"]
PayBy = Literal["card", "transfer"]
LicenceState = Literal["none", "awaiting", "active", "failing", "ended"]
"""Nothing bought; money on its way; paid; a renewal is owed; taken back (with the day it counts from in the token)."""
PlanCode = Annotated[str, Meta(pattern="^[a-z-]{1,40}$", max_length=40)]
Url = Annotated[str, Meta(max_length=4096)]
TokenText = Annotated[str, Meta(max_length=4096, pattern=r"^[!-~]*$")]


class Price(Answer, frozen=True, kw_only=True):
    """What something costs. `gross` is with VAT as in Ireland; Stripe works out the VAT of other places."""

    interval: Interval
    net: Count
    gross: Count
    vat_percent: Count
    currency: Annotated[str, Meta(pattern="^[a-z]{3}$", min_length=3, max_length=3)]


class Offer(Answer, frozen=True, kw_only=True):
    """A plan, or an add-on to one. clients, employees: the most of each, None without a limit."""

    code: PlanCode
    title: str
    about: str
    seats: Count
    clients: Count | None
    employees: Count | None
    features: list[str]
    prices: list[Price]


class Offers(Answer, frozen=True, kw_only=True):
    """What can be bought now. Prices are without VAT; what is paid, and the VAT in it, stands on the checkout page."""

    plans: list[Offer]
    addons: list[Offer]


class Order(Request, frozen=True, kw_only=True):
    """An office wants to buy. `purchase_order` stands on its invoices."""

    plan: PlanCode
    interval: Interval
    extra_seats: Annotated[int, Meta(ge=0, le=1000)] = 0
    client_packs: Annotated[int, Meta(ge=0, le=1000)] = 0
    pay_by: PayBy = "card"
    purchase_order: Annotated[str, Meta(max_length=30, pattern=r"^[^\u0000-\u001f]*$")] = ""


class Page(Answer, frozen=True, kw_only=True):
    """A page to open in the system's browser. A checkout page lapses after a day, the portal's within minutes."""

    url: Url


class AddonQuantity(Request, frozen=True, kw_only=True):
    """How many of an add-on there shall be. The difference for the rest of the period is invoiced at once."""

    addon: PlanCode
    quantity: Annotated[int, Meta(ge=0, le=1000)]


class Received(Answer, frozen=True, kw_only=True):
    """It was received."""


class LicenceNow(Answer, frozen=True, kw_only=True):
    """What the office has, and this device's token. `token` None: nothing was ever granted."""

    state: LicenceState
    token: TokenText | None
    plan: PlanCode | None
    valid_until: dt.datetime | None
    seats: Count
    seats_taken: Count


class Seat(Answer, frozen=True, kw_only=True):
    """A device that holds a seat. `away`: one without a network, seated by a request."""

    device: UUID
    away: bool
    taken_at: dt.datetime


class Seats(Answer, frozen=True, kw_only=True):
    """Every seat that is taken, of `seats`."""

    items: list[Seat]
    seats: Count


class SeatReleased(Answer, frozen=True, kw_only=True):
    """The seat is free again."""

    device: UUID
    seats_taken: Count


class RequestText(Request, frozen=True, kw_only=True):
    """A licence request, as a PC without a network wrote it."""

    text: Annotated[str, Meta(min_length=1, max_length=2000, pattern=r"^[^\u0000]*$")]


class LicenceFile(Answer, frozen=True, kw_only=True):
    """The content of the licence file that answers it, and its serial."""

    content: Annotated[str, Meta(max_length=8192)]
    serial: Positive
