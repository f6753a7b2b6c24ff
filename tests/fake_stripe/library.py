"""What the installed `stripe` library says Stripe's objects and parameters are made of."""

import re
import sys
from typing import Any

import stripe
import stripe.billing_portal
import stripe.checkout
import stripe.params.billing_portal
import stripe.params.checkout

CLASSES: dict[str, Any] = {
    one.OBJECT_NAME: one
    for one in (
        stripe.Customer, stripe.Product, stripe.Price, stripe.checkout.Session, stripe.Subscription, stripe.SubscriptionItem,
        stripe.Invoice, stripe.InvoiceLineItem, stripe.InvoicePayment, stripe.Charge, stripe.Refund, stripe.Dispute,
        stripe.billing_portal.Session, stripe.Event, stripe.WebhookEndpoint,
    )
}  # fmt: skip
PARAMS: dict[str, Any] = {
    "POST /v1/customers": stripe.params.CustomerCreateParams,
    "POST /v1/customers/ID": stripe.params.CustomerModifyParams,
    "POST /v1/products": stripe.params.ProductCreateParams,
    "POST /v1/prices": stripe.params.PriceCreateParams,
    "GET /v1/prices": stripe.params.PriceListParams,
    "GET /v1/checkout/sessions": stripe.params.checkout.SessionListParams,
    "POST /v1/checkout/sessions": stripe.params.checkout.SessionCreateParams,
    "POST /v1/checkout/sessions/ID/expire": stripe.params.checkout.SessionExpireParams,
    "GET /v1/subscriptions": stripe.params.SubscriptionListParams,
    "POST /v1/subscriptions": stripe.params.SubscriptionCreateParams,
    "POST /v1/subscriptions/ID": stripe.params.SubscriptionModifyParams,
    "GET /v1/invoices": stripe.params.InvoiceListParams,
    "GET /v1/charges": stripe.params.ChargeListParams,
    "GET /v1/disputes": stripe.params.DisputeListParams,
    "GET /v1/webhook_endpoints": stripe.params.WebhookEndpointListParams,
    "GET /v1/events": stripe.params.EventListParams,
    "POST /v1/billing_portal/sessions": stripe.params.billing_portal.SessionCreateParams,
}
_FREE = {"metadata"}


def unknown_fields(thing: dict[str, Any]) -> list[str]:
    """Fields of an object, at any depth, that the library's type of it does not have."""
    return list(_unknown(thing, CLASSES[thing["object"]], str(thing["object"])))


def unknown_params(route: str, params: dict[str, Any]) -> list[str]:
    """Parameters of a call, at any depth, that the library's type of it does not have."""
    return list(_unknown(params, PARAMS[route], "")) if route in PARAMS else sorted(params.keys() - {"expand"})


def _unknown(value: Any, kind: Any, place: str) -> Any:
    if isinstance(value, list):
        for one in value:
            yield from _unknown(one, kind, place)
    elif isinstance(value, dict):
        kind = CLASSES.get(str(value.get("object")), kind)
        annotations = _annotations(kind)
        for name, inner in value.items():
            if str(value.get("object")) == "list" and name == "data":
                yield from _unknown(inner, kind, place)
            elif str(value.get("object")) == "list" and name in ("object", "has_more", "url"):
                continue
            elif name not in annotations:
                yield f"{place}.{name}".lstrip(".")
            elif name not in _FREE and isinstance(inner, dict | list):
                yield from _unknown(inner, _inner_kind(kind, annotations[name]), f"{place}.{name}")


def _annotations(kind: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in reversed(getattr(kind, "__mro__", (kind,))):
        found |= {
            name: str(getattr(text, "__forward_arg__", text))
            for name, text in getattr(one, "__annotations__", {}).items()
        }
    return found


def _inner_kind(kind: Any, annotation: str) -> Any:
    """The class an annotation speaks of: nested in the class, in its module, or in the library."""
    for name in reversed(re.findall(r"[A-Z]\w+", annotation)):
        for place in (kind, sys.modules[kind.__module__], stripe):
            found = getattr(place, name, None)
            if isinstance(found, type) and getattr(found, "__annotations__", None) and name != "ListObject":
                return found
    return type("Nothing", (), {"__annotations__": {}})
