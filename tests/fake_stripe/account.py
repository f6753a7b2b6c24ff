"""What happens in a Stripe account: people buy, cards fail, banks take days, invoices are refunded, time passes."""

import copy
import threading
from collections.abc import Callable, Iterator
from typing import Any

from tests.fake_stripe import shapes
from tests.fake_stripe.shapes import Object

DAY = 86_400
LENGTH = {"month": 30 * DAY, "year": 365 * DAY}


class Account:
    """One account. `now` is its clock in seconds; `tell` is called with each new event."""

    def __init__(self, now: int, *, base: str = "http://stripe.invalid") -> None:
        self.now = now
        self.base = base
        self.lock = threading.RLock()
        self.things: dict[str, Object] = {}
        self.events: list[Object] = []
        self.tell: Callable[[Object], None] = lambda event: None
        self._count = 0

    def identity(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}_{self._count:014d}"

    def all(self, kind: str, **wanted: Any) -> Iterator[Object]:
        """Everything of a kind with these fields, newest first, as Stripe lists."""
        for thing in reversed(list(self.things.values())):
            if thing["object"] == kind and all(thing.get(name) == value for name, value in wanted.items()):
                yield thing

    def add(self, thing: Object) -> Object:
        self.things[thing["id"]] = thing
        return thing

    def emit(self, kind: str, of: Object) -> None:
        event = shapes.event(self.identity("evt"), self.now, kind, copy.deepcopy(of))
        self.events.append(event)
        self.tell(event)

    # Buying

    def subscribe(self, buyer: str, lines: list[tuple[Object, int]], params: Object) -> Object:
        identity = self.identity("sub")
        end = self.now + LENGTH[lines[0][0]["recurring"]["interval"]]
        items = [shapes.item(self.identity("si"), identity, at, quantity, self.now, end) for at, quantity in lines]
        made = self.add(shapes.subscription(identity, self.now, buyer, items, params))
        self.emit("customer.subscription.created", made)
        self.bill(made, [(one, self.whole(one), False) for one in items], "subscription_create")
        if made["collection_method"] == "send_invoice":
            self.become(made, "active")
        return made

    def whole(self, item: Object) -> int:
        return int(item["price"]["unit_amount"] * item["quantity"])

    def bill(self, of: Object, lines: list[tuple[Object, int, bool]], reason: str) -> Object:
        identity = self.identity("in")
        made = [
            shapes.invoice_line(self.identity("il"), identity, item, amount, (self.now, item["current_period_end"]), proration=proration)
            for item, amount, proration in lines
        ]  # fmt: skip
        fields = self.things[of["customer"]]["invoice_settings"]["custom_fields"]
        bill = self.add(shapes.invoice(identity, self.now, of, made, reason, fields))
        bill["hosted_invoice_url"] = f"{self.base}/i/{identity}"
        of["latest_invoice"] = identity
        self.emit("invoice.finalized", bill)
        return bill

    def pay(self, session: Object, method: str) -> None:
        """The buyer pays on the checkout page: "card" settles at once, "sepa_debit" later (`settle`, `bounce`)."""
        lines = [(self.things[line["price"]], int(line.get("quantity", 1))) for line in session.pop("_lines")]
        made = self.subscribe(session["customer"], lines, session.pop("_subscription"))
        bill = self.things[made["latest_invoice"]]
        session.update(status="complete", subscription=made["id"], invoice=bill["id"], url=None)
        session.update(amount_subtotal=bill["subtotal"], amount_total=bill["total"])
        if method == "card":
            session["payment_status"] = "paid"
            self.settle(bill)
        self.emit("checkout.session.completed", session)

    def settle(self, bill: Object) -> None:
        """The money of an invoice arrives."""
        intent = self.identity("pi")
        self.add(shapes.charge(self.identity("ch"), self.now, bill, intent))
        bill.update(status="paid", amount_paid=bill["total"], amount_remaining=0, attempted=True)
        bill["status_transitions"]["paid_at"] = self.now
        paid = shapes.invoice_payment(self.identity("inpay"), self.now, bill, intent)
        bill["payments"] = shapes.listed([paid], f"/v1/invoice_payments?invoice={bill['id']}")
        self.emit("invoice.paid", bill)
        of = self.subscription_of(bill)
        if of["status"] in ("incomplete", "past_due", "unpaid"):
            self.become(of, "active")
        session = next((one for one in self.all("checkout.session", invoice=bill["id"])), None)
        if session is not None and session["payment_status"] == "unpaid" and session["status"] == "complete":
            session["payment_status"] = "paid"
            self.emit("checkout.session.async_payment_succeeded", session)

    def bounce(self, bill: Object) -> None:
        """The bank says no."""
        bill.update(attempt_count=bill["attempt_count"] + 1, attempted=True)
        self.emit("invoice.payment_failed", bill)
        of = self.subscription_of(bill)
        self.become(of, "incomplete_expired" if of["status"] == "incomplete" else "past_due")
        if of["status"] == "incomplete_expired":
            bill["status"] = "void"
            self.emit("invoice.voided", bill)

    # Later

    def renew(self, of: Object, *, pays: bool) -> Object:
        """A new period begins; its invoice is paid, or the card fails (or wants its owner's approval)."""
        for item in of["items"]["data"]:
            length = LENGTH[item["price"]["recurring"]["interval"]]
            item["current_period_start"] = item["current_period_end"]
            item["current_period_end"] += length
        lines = [(item, self.whole(item), False) for item in of["items"]["data"]]
        bill = self.bill(of, lines, "subscription_cycle")
        self.emit("customer.subscription.updated", of)
        if pays:
            self.settle(bill)
        else:
            self.bounce(bill)
        return bill

    def change(self, of: Object, item: Object, quantity: int) -> None:
        """Another quantity in mid-term: the rest of the period is invoiced and paid at once."""
        before, item["quantity"] = item["quantity"], quantity
        length = item["current_period_end"] - item["current_period_start"]
        left = max(0, item["current_period_end"] - self.now)
        amount = round(item["price"]["unit_amount"] * (quantity - before) * left / length)
        self.emit("customer.subscription.updated", of)
        if amount > 0:
            self.settle(self.bill(of, [(item, amount, True)], "subscription_update"))

    def cancel(self, of: Object, *, now: bool) -> None:
        if now:
            of.update(status="canceled", canceled_at=self.now, ended_at=self.now)
            self.emit("customer.subscription.deleted", of)
        else:
            of.update(cancel_at_period_end=True, cancel_at=of["items"]["data"][0]["current_period_end"])
            self.emit("customer.subscription.updated", of)

    def refund(self, bill: Object, part: float = 1.0) -> None:
        paid = self.charge_of(bill)
        amount = min(round(paid["amount"] * part), paid["amount"] - paid["amount_refunded"])
        paid["amount_refunded"] += amount
        paid["refunded"] = paid["amount_refunded"] == paid["amount"]
        made = self.add(shapes.refund(self.identity("re"), self.now, paid, amount))
        self.emit("refund.created", made)
        self.emit("charge.refunded", paid)

    def dispute(self, bill: Object) -> Object:
        paid = self.charge_of(bill)
        paid["disputed"] = True
        made = self.add(shapes.dispute(self.identity("du"), self.now, paid))
        self.emit("charge.dispute.created", made)
        return made

    def close_dispute(self, of: Object, *, won: bool) -> None:
        of["status"] = "won" if won else "lost"
        self.emit("charge.dispute.closed", of)

    def become(self, of: Object, status: str) -> None:
        if of["status"] != status:
            of["status"] = status
            self.emit("customer.subscription.updated", of)

    def subscription_of(self, bill: Object) -> Object:
        return self.things[bill["parent"]["subscription_details"]["subscription"]]

    def charge_of(self, bill: Object) -> Object:
        intent = bill["payments"]["data"][0]["payment"]["payment_intent"]
        return next(self.all("charge", payment_intent=intent))
