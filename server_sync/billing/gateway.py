"""Stripe, as far as we use it: the only module that speaks to it, through its own library.

Every object is read as it stands now; nothing is taken from an event's body. Which version of Stripe's API that is goes
with the library's version, so the account's own default never matters.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import stripe
from stripe.params import CustomerModifyParams, SubscriptionCreateParams
from stripe.params.checkout import SessionCreateParams

from server_sync.billing.entitlement import Invoice, Present, Subscription
from server_sync.billing.stripe_errors import translated

_OVER = ("canceled", "incomplete_expired")
_OWED = ("past_due", "unpaid")
_NO_LOSS = ("won", "warning_needs_response", "warning_under_review", "warning_closed", "prevented")
TIMEOUT = 10
"""Seconds a call may take; the library tries twice more by itself, with the same idempotency key."""


@dataclass(frozen=True)
class PriceNow:
    """A price as Stripe has it: whole cents in `currency`. `inclusive`: VAT is in the figure."""

    id: str
    lookup_key: str
    amount: int
    currency: str
    inclusive: bool


@dataclass(frozen=True)
class Happened:
    """An event in short: what kind, when, and whose and what object it is about ("" where it does not say)."""

    id: str
    kind: str
    at: dt.datetime
    customer: str
    thing: str


class Gateway:
    """One Stripe account. Constructing it connects to nothing."""

    def __init__(self, secret_key: str, base: str = "") -> None:
        http = stripe.RequestsClient(timeout=TIMEOUT)
        addresses: dict[str, str] = {"api": base} if base else {}
        self._client = stripe.StripeClient(
            secret_key, http_client=http, max_network_retries=2, base_addresses=addresses or None  # type: ignore[arg-type]
        )  # fmt: skip

    def present(self, customer: str) -> Present:
        """Everything Stripe says of a customer now. Raises StripeUnavailable, StripeRefused."""
        with translated():
            subscriptions = list(
                self._client.v1.subscriptions.list(
                    {"customer": customer, "status": "all", "limit": 100}
                ).auto_paging_iter()
            )
            taken = dict(self._taken_back(customer))
            status = {one.id: str(one.status) for one in subscriptions}
            bills = self._client.v1.invoices.list({"customer": customer, "limit": 100, "expand": ["data.payments"]})
            invoices = tuple(_invoice(bill, status, taken) for bill in bills.auto_paging_iter())
        return Present(tuple(map(_subscription, subscriptions)), invoices)

    def email(self, customer: str) -> str:
        """The customer's address, "" where there is none. It is never kept here."""
        with translated():
            return self._client.v1.customers.retrieve(customer).email or ""

    def prices(self, lookup_keys: list[str]) -> dict[str, PriceNow]:
        """The active prices under these keys."""
        with translated():
            listed = self._client.v1.prices.list({"lookup_keys": lookup_keys[:10], "active": True, "limit": 100})
            rest = self.prices(lookup_keys[10:]) if len(lookup_keys) > 10 else {}  # Stripe takes ten at a time
        return rest | {
            str(one.lookup_key): PriceNow(
                one.id, str(one.lookup_key), one.unit_amount or 0, one.currency, one.tax_behavior == "inclusive"
            )
            for one in listed.data
        }

    def told_at(self, address: str) -> set[str]:
        """The kinds of event Stripe sends to an address; "*" for all of them."""
        with translated():
            listed = self._client.v1.webhook_endpoints.list({"limit": 100})
            return {
                kind
                for one in listed.auto_paging_iter()
                if one.url == address and one.status == "enabled"
                for kind in one.enabled_events
            }

    def make_customer(self, office: str, key: str) -> str:
        """A customer for an office; the same again for the same key."""
        with translated():
            return self._client.v1.customers.create({"metadata": {"office": office}}, {"idempotency_key": key}).id

    def runs(self, customer: str) -> bool:
        """Whether the customer has a subscription that is neither cancelled nor given up."""
        with translated():
            listed = self._client.v1.subscriptions.list({"customer": customer, "limit": 100})
            return any(one.status not in _OVER for one in listed.auto_paging_iter())

    def close_checkouts(self, customer: str) -> None:
        """Let open checkout pages lapse, so that nobody pays on two of them."""
        with translated():
            listed = self._client.v1.checkout.sessions.list({"customer": customer, "status": "open", "limit": 100})
            for one in listed.auto_paging_iter():
                self._client.v1.checkout.sessions.expire(one.id)

    def set_purchase_order(self, customer: str, text: str) -> None:
        """The purchase-order text that stands on the customer's invoices from now on."""
        changes: CustomerModifyParams = {
            "invoice_settings": {"custom_fields": [{"name": "Purchase order", "value": text}]}
        }
        with translated():
            self._client.v1.customers.update(customer, changes)

    def make_checkout(self, params: SessionCreateParams, key: str) -> tuple[str, str]:
        """A checkout session: its id and the address of its page."""
        with translated():
            made = self._client.v1.checkout.sessions.create(params, {"idempotency_key": key})
        return made.id, made.url or ""

    def make_invoiced_subscription(self, params: SubscriptionCreateParams, key: str) -> tuple[str, str]:
        """A subscription paid by bank transfer: its id and the address of its first invoice's page."""
        with translated():
            made = self._client.v1.subscriptions.create(params, {"idempotency_key": key})
            bill = self._client.v1.invoices.retrieve(str(made.latest_invoice))
        return made.id, bill.hosted_invoice_url or ""

    def make_portal(self, customer: str, return_url: str) -> str:
        """The address of the customer's portal: good for minutes, for whoever holds it. Never log or keep it."""
        with translated():
            return self._client.v1.billing_portal.sessions.create({"customer": customer, "return_url": return_url}).url

    def set_quantity(self, customer: str, prices: Mapping[str, str], quantity: int, key: str) -> bool:
        """Another quantity of an add-on; the difference for the rest of the period is invoiced and paid at once.

        Until it is paid the quantity stays as it was. `prices`: the add-on's price by interval; the plan's own counts.
        False where there is no running subscription, or no price for its interval.
        """
        with translated():
            listed = self._client.v1.subscriptions.list({"customer": customer, "limit": 100})
            running = next((one for one in listed.data if one.status in ("active", "past_due")), None)
            items = running["items"].data if running else []
            plan = items[0].price.recurring if items else None
            price = prices.get(str(plan.interval)) if plan else None
            if running is None or price is None:
                return False
            item = next((one.id for one in items if one.price.id == price), None)
            self._client.v1.subscriptions.update(
                running.id,
                {
                    "items": [{"id": item, "quantity": quantity}] if item else [{"price": price, "quantity": quantity}],
                    "proration_behavior": "always_invoice",
                    "payment_behavior": "pending_if_incomplete",
                },
                {"idempotency_key": key},
            )
        return True

    def end(self, customer: str) -> None:
        """Cancel whatever still runs, at once. Invoices and receipts stay at Stripe, as the law of the books wants."""
        with translated():
            listed = self._client.v1.subscriptions.list({"customer": customer, "limit": 100})
            for one in list(listed.auto_paging_iter()):
                self._client.v1.subscriptions.cancel(one.id)

    def push_price(
        self, product: str, title: str, tax_code: str, lookup_key: str, price: Mapping[str, str | int]
    ) -> None:
        """Make a price, and its product where there is none. `price`: currency, interval, amount in whole cents."""
        with translated():
            try:
                self._client.v1.products.create({"id": product, "name": title, "tax_code": tax_code})
            except stripe.InvalidRequestError as error:
                if error.code != "resource_already_exists":
                    raise
            interval = "year" if price["interval"] == "year" else "month"
            self._client.v1.prices.create(
                {
                    "product": product, "lookup_key": lookup_key, "currency": str(price["currency"]),
                    "tax_behavior": "exclusive", "unit_amount": int(price["amount"]),
                    "recurring": {"interval": interval},
                }
            )  # fmt: skip

    def happened_since(self, moment: dt.datetime) -> Iterator[Happened]:
        """Stripe's own list of events since then, newest first; it goes back 30 days."""
        with translated():
            listed = self._client.v1.events.list({"created": {"gte": int(moment.timestamp())}, "limit": 100})
            yield from (in_short(event.to_dict()) for event in listed.auto_paging_iter())

    def customer_of_charge(self, charge: str) -> str:
        """Whose charge it is: a dispute or a refund does not say."""
        with translated():
            return str(self._client.v1.charges.retrieve(charge).customer or "")

    def _taken_back(self, customer: str) -> Iterator[tuple[str, str]]:
        """Payment intents whose money went back, each with the reason."""
        for charge in self._client.v1.charges.list({"customer": customer, "limit": 100}).auto_paging_iter():
            if charge.refunded:
                yield str(charge.payment_intent), "refund"
            elif charge.disputed:
                disputes = self._client.v1.disputes.list({"charge": charge.id, "limit": 100})
                if any(one.status not in _NO_LOSS for one in disputes.data):
                    yield str(charge.payment_intent), "dispute"


def in_short(event: Mapping[str, object]) -> Happened:
    """An event as decoded from JSON. Raises KeyError, TypeError or ValueError where it is none."""
    data = event["data"]
    thing = data["object"] if isinstance(data, dict) else None
    if not isinstance(thing, dict):
        raise TypeError("an event without an object")
    customer = thing["id"] if thing.get("object") == "customer" else thing.get("customer")
    at = dt.datetime.fromtimestamp(int(str(event["created"])), dt.UTC)
    about = thing.get("charge") if thing.get("object") in ("dispute", "refund") else thing.get("id")
    return Happened(str(event["id"]), str(event["type"]), at, str(customer or ""), str(about or ""))


def _subscription(one: stripe.Subscription) -> Subscription:
    items = tuple((str(item.price.lookup_key), item.quantity or 0) for item in one["items"].data)
    return Subscription(one.id, one.status not in _OVER, items, one.status in _OWED)


def _invoice(bill: stripe.Invoice, status: Mapping[str, str], taken: Mapping[str, str]) -> Invoice:
    parent = bill.parent.subscription_details if bill.parent else None
    subscription = str(parent.subscription) if parent else ""
    lines = [line for line in bill.lines.data if line.parent and line.parent.type == "subscription_item_details"]
    covers = (
        (_moment(min(line.period.start for line in lines)), _moment(max(line.period.end for line in lines)))
        if lines
        else None
    )
    intents = [str(one.payment.payment_intent) for one in bill.payments.data] if bill.payments else []
    back = next((taken[intent] for intent in intents if intent in taken), "")
    slow = bill.collection_method == "send_invoice" or status.get(subscription) == "incomplete"
    return Invoice(bill.id, subscription, bill.status == "paid", bill.status == "open" and slow, covers, back)


def _moment(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
