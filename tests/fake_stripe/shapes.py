"""Objects as Stripe sends them: only fields the library's types know, all those the service could rely on."""

from typing import Any

API_VERSION = "2026-10-28.endive"
VAT = 23
Object = dict[str, Any]


def listed(data: list[Object], url: str, *, more: bool = False) -> Object:
    return {"object": "list", "data": data, "has_more": more, "url": url}


def price(identity: str, now: int, params: Object) -> Object:
    return {
        "id": identity, "object": "price", "active": True, "billing_scheme": "per_unit", "created": now,
        "currency": params["currency"], "livemode": False, "lookup_key": params.get("lookup_key"), "metadata": params.get("metadata", {}),
        "nickname": params.get("nickname"), "product": params["product"], "tax_behavior": params.get("tax_behavior", "unspecified"),
        "recurring": {"interval": params["recurring"]["interval"], "interval_count": 1, "meter": None, "usage_type": "licensed"},
        "type": "recurring", "unit_amount": int(params["unit_amount"]), "unit_amount_decimal": params["unit_amount"],
    }  # fmt: skip


def customer(identity: str, now: int, params: Object) -> Object:
    return {
        "id": identity, "object": "customer", "created": now, "email": params.get("email"), "name": params.get("name"),
        "livemode": False, "metadata": params.get("metadata", {}), "balance": 0, "delinquent": False,
        "invoice_settings": {"custom_fields": None, "default_payment_method": None, "footer": None, "rendering_options": None} | params.get("invoice_settings", {}),
    }  # fmt: skip


def webhook_endpoint(identity: str, now: int, url: str, kinds: list[str], status: str = "enabled") -> Object:
    return {
        "id": identity, "object": "webhook_endpoint", "api_version": None, "application": None, "created": now,
        "description": None, "enabled_events": kinds, "livemode": False, "metadata": {}, "status": status, "url": url,
    }  # fmt: skip


def session(identity: str, now: int, params: Object, url: str) -> Object:
    return {
        "id": identity, "object": "checkout.session", "mode": params["mode"], "status": "open", "payment_status": "unpaid",
        "client_reference_id": params.get("client_reference_id"), "customer": params.get("customer"), "created": now,
        "expires_at": now + 86_400, "success_url": params.get("success_url"), "cancel_url": params.get("cancel_url"),
        "url": url, "subscription": None, "invoice": None, "livemode": False, "metadata": params.get("metadata", {}),
        "currency": "eur", "amount_subtotal": 0, "amount_total": 0, "payment_method_types": ["card", "sepa_debit"],
        "automatic_tax": {"enabled": _true(params.get("automatic_tax")), "liability": None, "provider": None, "status": None},
        "tax_id_collection": {"enabled": _true(params.get("tax_id_collection")), "required": "never"},
    }  # fmt: skip


def item(identity: str, subscription: str, at: Object, quantity: int, start: int, end: int) -> Object:
    return {
        "id": identity, "object": "subscription_item", "created": start, "current_period_start": start, "current_period_end": end,
        "metadata": {}, "price": at, "quantity": quantity, "subscription": subscription, "discounts": [], "tax_rates": [],
    }  # fmt: skip


def subscription(identity: str, now: int, buyer: str, items: list[Object], params: Object) -> Object:
    return {
        "id": identity, "object": "subscription", "customer": buyer, "created": now, "start_date": now, "status": "incomplete",
        "items": listed(items, f"/v1/subscription_items?subscription={identity}"), "cancel_at": None, "cancel_at_period_end": False,
        "canceled_at": None, "ended_at": None, "collection_method": params.get("collection_method", "charge_automatically"),
        "currency": "eur", "latest_invoice": None, "livemode": False, "metadata": params.get("metadata", {}),
        "days_until_due": int(params["days_until_due"]) if "days_until_due" in params else None, "description": None,
    }  # fmt: skip


def invoice_line(
    identity: str, bill: str, of: Object, amount: int, period: tuple[int, int], *, proration: bool
) -> Object:
    details = {
        "invoice_item": None, "proration": proration, "proration_details": None, "subscription": of["subscription"], "subscription_item": of["id"],
    }  # fmt: skip
    return {
        "id": identity, "object": "line_item", "amount": amount, "subtotal": amount, "currency": "eur", "description": None,
        "discountable": True, "discounts": [], "invoice": bill, "livemode": False, "metadata": {}, "quantity": of["quantity"],
        "parent": {"type": "subscription_item_details", "invoice_item_details": None, "subscription_item_details": details},
        "period": {"start": period[0], "end": period[1]}, "subscription": of["subscription"],
        "pricing": {"type": "price_details", "price_details": {"price": of["price"]["id"], "product": of["price"]["product"]}, "unit_amount_decimal": of["price"]["unit_amount_decimal"]},
    }  # fmt: skip


def invoice(identity: str, now: int, of: Object, lines: list[Object], reason: str, fields: Any) -> Object:
    net = sum(line["amount"] for line in lines)
    total = net + round(net * VAT / 100)
    parent = {
        "type": "subscription_details",
        "quote_details": None,
        "subscription_details": {
            "subscription": of["id"],
            "metadata": of["metadata"],
            "subscription_proration_date": None,
        },
    }
    return {
        "id": identity, "object": "invoice", "customer": of["customer"], "created": now, "currency": "eur", "status": "open",
        "billing_reason": reason, "collection_method": of["collection_method"], "lines": listed(lines, f"/v1/invoices/{identity}/lines"),
        "parent": parent, "period_start": now, "period_end": now, "subtotal": net, "total": total, "total_excluding_tax": net,
        "amount_due": total, "amount_paid": 0, "amount_remaining": total, "attempt_count": 0, "attempted": False,
        "custom_fields": fields, "number": f"AE-{identity[-6:]}", "livemode": False, "metadata": {}, "payments": None,
        "hosted_invoice_url": None, "due_date": None, "next_payment_attempt": None,
        "status_transitions": {"finalized_at": now, "marked_uncollectible_at": None, "paid_at": None, "voided_at": None},
    }  # fmt: skip


def charge(identity: str, now: int, bill: Object, intent: str) -> Object:
    return {
        "id": identity, "object": "charge", "amount": bill["total"], "amount_captured": bill["total"], "amount_refunded": 0,
        "captured": True, "created": now, "currency": "eur", "customer": bill["customer"], "disputed": False, "livemode": False,
        "metadata": {}, "paid": True, "payment_intent": intent, "refunded": False, "status": "succeeded",
    }  # fmt: skip


def invoice_payment(identity: str, now: int, bill: Object, intent: str) -> Object:
    return {
        "id": identity, "object": "invoice_payment", "amount_paid": bill["total"], "amount_requested": bill["total"], "created": now,
        "currency": "eur", "invoice": bill["id"], "is_default": True, "livemode": False, "status": "paid",
        "payment": {"type": "payment_intent", "payment_intent": intent},
        "status_transitions": {"canceled_at": None, "paid_at": now},
    }  # fmt: skip


def dispute(identity: str, now: int, of: Object) -> Object:
    return {
        "id": identity, "object": "dispute", "amount": of["amount"], "charge": of["id"], "created": now, "currency": "eur",
        "livemode": False, "metadata": {}, "payment_intent": of["payment_intent"], "reason": "product_not_received",
        "status": "needs_response", "is_charge_refundable": False,
    }  # fmt: skip


def refund(identity: str, now: int, of: Object, amount: int) -> Object:
    return {
        "id": identity, "object": "refund", "amount": amount, "charge": of["id"], "created": now, "currency": "eur",
        "metadata": {}, "payment_intent": of["payment_intent"], "reason": None, "status": "succeeded",
    }  # fmt: skip


def portal(identity: str, now: int, params: Object, url: str) -> Object:
    return {
        "id": identity, "object": "billing_portal.session", "configuration": "bpc_fake", "created": now, "customer": params["customer"],
        "livemode": False, "return_url": params.get("return_url"), "url": url, "on_behalf_of": None, "locale": None, "flow": None,
    }  # fmt: skip


def event(identity: str, now: int, kind: str, of: Object) -> Object:
    return {
        "id": identity, "object": "event", "api_version": API_VERSION, "created": now, "type": kind, "livemode": False,
        "pending_webhooks": 1, "request": None, "data": {"object": of},
    }  # fmt: skip


def _true(setting: Any) -> bool:
    return isinstance(setting, dict) and str(setting.get("enabled")).lower() == "true"
