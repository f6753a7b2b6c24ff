"""What Stripe calls: check the signature over the raw body, keep the event's id, answer."""

import structlog

from server_sync.billing.inbox import NotFromStripe, receive, verified
from server_sync.contract.licensing import Received
from server_sync.contract.problems import Refused
from server_sync.web.call import Call

log = structlog.get_logger("server_sync")


def stripe_webhook(call: Call) -> Received:
    """Keep one event. The work is done by the worker; an event that had come before is answered in the same way."""
    secrets = call.service.shop.webhook_secrets
    if not secrets:
        raise Refused("not-sold-here")
    try:
        event = verified(call.body, call.header("Stripe-Signature"), secrets)
    except NotFromStripe as error:
        log.warning("webhook-refused", why=str(error))
        raise Refused("bad-webhook") from None
    receive(call.db, event)
    return Received()
