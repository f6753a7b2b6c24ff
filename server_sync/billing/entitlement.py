"""What an office is entitled to, worked out from what Stripe says now. Pure: no call, no clock, no database.

Every paid invoice is one grant, named by the invoice: so a payment can neither be granted twice nor be missed, in
whatever order its events come. A refund in full or a dispute takes its grant back, as long as Stripe shows it so; a
dispute that is won gives it back. Plan, seats and limits are those of the subscription as it stands now.
The alternative, to add up events, goes wrong with the first one lost.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from server_sync.billing.plans import Bought, Plans

Items = tuple[tuple[str, int], ...]
"""Lookup key of a price, and its quantity."""


@dataclass(frozen=True)
class Subscription:
    """A subscription as it stands.

    `running`: not cancelled. `failing`: a renewal could not be collected and is still owed.
    """

    id: str
    running: bool
    items: Items
    failing: bool = False


@dataclass(frozen=True)
class Invoice:
    """An invoice. `covers`: from when until when its lines run; None where it has none of ours.

    `taken_back`: "refund" or "dispute" where its money was given back or is being fought over, else "".
    """

    id: str
    subscription: str
    paid: bool
    awaiting: bool
    covers: tuple[dt.datetime, dt.datetime] | None
    taken_back: str = ""


@dataclass(frozen=True)
class Present:
    """Everything Stripe says of one customer now."""

    subscriptions: tuple[Subscription, ...] = ()
    invoices: tuple[Invoice, ...] = ()

    @property
    def failing(self) -> bool:
        """Whether a renewal is owed."""
        return any(one.failing for one in self.subscriptions)


@dataclass(frozen=True)
class Grant:
    """Time granted, and why. `cause` is unique: "stripe:INVOICE" or "operator:ID"."""

    cause: str
    bought: Bought
    valid_from: dt.datetime
    valid_until: dt.datetime
    taken_back: str = ""


@dataclass(frozen=True)
class Standing:
    """What all grants of an office come to.

    Attributes:
        bought: plan and limits; None where nothing was ever granted.
        valid_until: how far it is paid; for a licence taken back, how far it was.
        ended: why it was taken back, "" while it stands.
    """

    bought: Bought | None
    valid_until: dt.datetime | None
    ended: str = ""


def grants_of(present: Present, plans: Plans) -> tuple[Grant, ...]:
    """A grant for each paid invoice of ours, oldest first."""
    bought = {one.id: plans.bought(one.items) for one in present.subscriptions}
    found = [
        Grant(f"stripe:{invoice.id}", what, *invoice.covers, taken_back=invoice.taken_back)
        for invoice in present.invoices
        if invoice.paid and invoice.covers and (what := bought.get(invoice.subscription))
    ]
    return tuple(sorted(found, key=lambda grant: (grant.valid_until, grant.cause)))


def awaits_payment(present: Present) -> bool:
    """Whether money is on its way: a bank transfer or direct debit that is neither here nor refused."""
    running = {one.id for one in present.subscriptions if one.running}
    return any(invoice.awaiting and invoice.subscription in running for invoice in present.invoices)


def standing(grants: Iterable[Grant]) -> Standing:
    """What the grants come to: the one that runs longest counts.

    Where one that ran longer was taken back, the licence has ended for that reason, unless what is left still runs
    past it or the taken one had been replaced by a later payment.
    """
    ordered = sorted(grants, key=lambda grant: (grant.valid_until, not grant.taken_back, grant.cause))
    if not ordered:
        return Standing(None, None)
    good = [grant for grant in ordered if not grant.taken_back]
    last = ordered[-1]
    if last.taken_back and not any(grant.valid_until > last.valid_from for grant in good):
        return Standing(last.bought, last.valid_until, last.taken_back)
    best = good[-1]
    return Standing(best.bought, best.valid_until)
