"""The webhook inbox: which events came, each once, and a job for each in the same transaction.

What an event says is never believed and never kept: its id, kind, customer and object are, and the job reads from
Stripe how things stand now. So an event may come twice, late, or after its successor; one that never comes is found in
Stripe's own list (`reconcile`).
"""

import json

import sqlalchemy as sa
import stripe

from server_sync.billing.gateway import Happened, in_short
from server_sync.database.queue import enqueue

TOLERANCE = 300
"""Seconds a signature is good for, against replays."""
KINDS = (
    "checkout.session.", "customer.subscription.", "invoice.", "charge.refunded", "charge.refund.updated",
    "charge.dispute.", "refund.",
)  # fmt: skip
"""Kinds of event that can change what an office is entitled to, by their beginnings."""
NEEDED = (
    "checkout.session.completed", "checkout.session.async_payment_succeeded", "checkout.session.async_payment_failed",
    "customer.subscription.updated", "customer.subscription.deleted", "invoice.paid", "invoice.payment_failed",
    "charge.refunded", "charge.dispute.created", "charge.dispute.closed",
)  # fmt: skip
"""What Stripe has to send at least; what it does not is found a quarter of an hour later."""
JOB = "stripe-event"

KEEP = sa.text(
    "insert into stripe_events (event_id, kind, customer_id, thing_id, happened_at) "
    "values (:event, :kind, :customer, :thing, :at) on conflict do nothing returning event_id"
)


class NotFromStripe(Exception):
    """The body was not signed by Stripe, or long ago, or is no event."""


def verified(body: bytes, signature: str, secrets: tuple[str, ...]) -> Happened:
    """The event in a signed body. Two secrets are good while one is being replaced.

    Raises:
        NotFromStripe: none of them fits.
    """
    for secret in secrets:
        try:
            stripe.WebhookSignature.verify_header(body, signature, secret, TOLERANCE)
        except (stripe.SignatureVerificationError, UnicodeDecodeError):
            continue
        try:
            return in_short(json.loads(body))
        except (ValueError, KeyError, TypeError) as error:
            raise NotFromStripe("the body is no event") from error
    raise NotFromStripe("no secret fits the signature")


def receive(db: sa.Connection, event: Happened) -> bool:
    """Keep an event and have it handled; False where it had come before, or is of a kind that changes nothing."""
    if not event.kind.startswith(KINDS):
        return False
    row = {"event": event.id, "kind": event.kind, "customer": event.customer, "thing": event.thing, "at": event.at}
    if db.execute(KEEP, row).one_or_none() is None:
        return False
    enqueue(db, JOB, dedupe=f"{JOB}/{event.id}")
    return True
