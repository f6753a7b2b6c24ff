"""What an office does to buy: see the offers, open a checkout page, open the portal, change an add-on."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
import structlog
from stripe.params import SubscriptionCreateParams
from stripe.params.checkout import SessionCreateParams

from server_sync.accounts.audit import record
from server_sync.billing.gateway import Gateway, PriceNow
from server_sync.billing.plans import INTERVALS, Plan, Plans
from server_sync.billing.shop import Shop
from server_sync.billing.stripe_errors import StripeRefused, StripeUnavailable
from server_sync.contract.licensing import LicenceNow, Offer, Offers, Order, Page, Price
from server_sync.contract.problems import Refused
from server_sync.licences.licences import licence
from server_sync.web.call import Call

TRANSFER_DAYS = 30
"""Days an office has to pay an invoice by bank transfer."""
CUSTOMER = sa.text("select customer_id from customer_directory where office_id = :office")
KEEP_CUSTOMER = sa.text(
    "insert into customer_directory (customer_id, office_id) values (:customer, :office) "
    "on conflict (office_id) do nothing"
)
KEEP_ROW = sa.text(
    "insert into licences (office_id, customer_id) values (:office, :customer) "
    "on conflict (office_id) do update set customer_id = excluded.customer_id"
)

PATIENT = sa.text("select set_config('idle_in_transaction_session_timeout', '120s', true)")

T = TypeVar("T")
log = structlog.get_logger("server_sync")


def offers(call: Call) -> Offers:
    """What can be bought now, with the prices as Stripe has them; what has no price there is not offered."""
    if call.service.shop.gateway is None:
        return Offers(plans=[], addons=[])
    shop, gateway = _open(call)
    keys = [one.lookup_key(interval) for one in (*shop.plans.plans, *shop.plans.addons) for interval in INTERVALS]
    prices = _asked(shop, lambda: gateway.prices(keys))
    plans, addons = (
        [found for one in group if (found := _offer(one, prices, shop.plans.vat_percent))]
        for group in (shop.plans.plans, shop.plans.addons)
    )
    return Offers(plans=plans, addons=addons)


def checkout(call: Call) -> Page:
    """A page to pay on: Stripe's checkout for cards and debits, an invoice's page for a bank transfer."""
    shop, gateway = _open(call)
    order: Order = call.body
    wanted = _wanted(shop.plans, order)
    prices = _asked(shop, lambda: gateway.prices([key for key, _ in wanted]))
    if any(key not in prices for key, _ in wanted):
        raise Refused("not-offered", "that plan has no price for that interval")
    customer = _customer(call, shop, gateway)
    if _asked(shop, lambda: gateway.runs(customer)):
        raise Refused("already-bought")
    _asked(shop, lambda: gateway.close_checkouts(customer))
    if order.purchase_order:
        _asked(shop, lambda: gateway.set_purchase_order(customer, order.purchase_order))
    lines = [(prices[key].id, quantity) for key, quantity in wanted]
    key = f"{call.caller.office}/{call.key}"
    if order.pay_by == "transfer":
        _, url = _asked(
            shop, lambda: gateway.make_invoiced_subscription(_invoiced(customer, lines, call.caller.office), key)
        )
    else:
        _, url = _asked(
            shop, lambda: gateway.make_checkout(_session(shop.public_url, customer, lines, call.caller.office), key)
        )
    record(call, "checkout")
    return Page(url=url)


def portal(call: Call) -> Page:
    """Stripe's portal for cards, invoices, plan changes and cancellation. Its address is nobody else's business."""
    shop, gateway = _open(call)
    customer = call.db.execute(CUSTOMER, {"office": call.caller.office}).scalar()
    if customer is None:
        raise Refused("no-licence")
    return Page(url=_asked(shop, lambda: gateway.make_portal(customer, f"{shop.public_url}/licence/back")))


def set_addon(call: Call) -> LicenceNow:
    """Another quantity of an add-on. What is licensed changes once it is paid, which for a card is at once."""
    shop, gateway = _open(call)
    addon = shop.plans.addon(call.body.addon)
    if addon is None:
        raise Refused("not-offered")
    customer = call.db.execute(CUSTOMER, {"office": call.caller.office}).scalar()
    if customer is None:
        raise Refused("no-licence")
    key = f"{call.caller.office}/{call.key}"
    prices = _asked(shop, lambda: gateway.prices([addon.lookup_key(interval) for interval in INTERVALS]))
    ids = {interval: prices[name].id for interval in INTERVALS if (name := addon.lookup_key(interval)) in prices}
    if not _asked(shop, lambda: gateway.set_quantity(customer, ids, call.body.quantity, key)):
        raise Refused("no-licence")
    record(call, "addon-changed")
    return licence(call)


def _open(call: Call) -> tuple[Shop, Gateway]:
    shop = call.service.shop
    if shop.gateway is None or shop.signer is None:
        raise Refused("not-sold-here")
    call.db.execute(PATIENT)
    return shop, shop.gateway


def _asked(shop: Shop, ask: Callable[[], T]) -> T:
    """What Stripe answers; few ask at once, so that a slow Stripe never takes every place of this process."""
    if not shop.counter.acquire(timeout=5):
        raise Refused("busy", retry_after=5)
    try:
        return ask()
    except StripeUnavailable as error:
        log.warning("stripe-unavailable", error=str(error))
        raise Refused("shop-unavailable", retry_after=5) from None
    except StripeRefused as error:
        log.warning("stripe-refused", code=error.code)
        raise Refused("shop-unavailable", retry_after=60) from None
    finally:
        shop.counter.release()


def _offer(plan: Plan, prices: dict[str, PriceNow], vat_percent: int) -> Offer | None:
    """A plan as it is offered; None where Stripe has no price for it."""
    found = [(interval, prices[key]) for interval in INTERVALS if (key := plan.lookup_key(interval)) in prices]
    shown = [_price(interval, price, vat_percent) for interval, price in found]
    if not shown:
        return None
    return Offer(
        code=plan.code, title=plan.title, about=plan.about, seats=plan.seats, clients=plan.clients,
        employees=plan.employees, features=list(plan.features), prices=shown,
    )  # fmt: skip


def _price(interval: str, price: PriceNow, vat_percent: int) -> Price:
    """With and without Irish VAT, in whole cents, half a cent up."""
    if price.inclusive:
        gross, net = price.amount, (price.amount * 200 + 100 + vat_percent) // (2 * (100 + vat_percent))
    else:
        net, gross = price.amount, (price.amount * (100 + vat_percent) + 50) // 100
    return Price(
        interval="year" if interval == "year" else "month",
        net=net,
        gross=gross,
        vat_percent=vat_percent,
        currency=price.currency,
    )


def _wanted(plans: Plans, order: Order) -> list[tuple[str, int]]:
    """The order as lookup keys and quantities. Raises Refused: not-found."""
    plan = plans.plan(order.plan)
    if plan is None:
        raise Refused("not-offered", "there is no such plan")
    wanted = [(plan, 1)]
    for code, quantity in (("seat", order.extra_seats), ("clients", order.client_packs)):
        addon = plans.addon(code)
        if quantity and addon is not None:
            wanted.append((addon, quantity))
    return [(one.lookup_key(order.interval), quantity) for one, quantity in wanted]


def _customer(call: Call, shop: Shop, gateway: Gateway) -> str:
    """The office's customer, made at its first order. Kept at once, or an event of it would find no office."""
    office = call.caller.office
    known = call.db.execute(CUSTOMER, {"office": office}).scalar()
    if known is not None:
        return str(known)
    made = _asked(shop, lambda: gateway.make_customer(str(office), f"{office}/customer"))
    with call.service.database.transaction(office) as db:
        db.execute(KEEP_CUSTOMER, {"customer": made, "office": office})
        db.execute(KEEP_ROW, {"customer": made, "office": office})
    return made


def _session(public_url: str, customer: str, lines: list[tuple[str, int]], office: UUID) -> SessionCreateParams:
    """A checkout for businesses: VAT number, VAT by address, an invoice for every payment."""
    return {
        "mode": "subscription",
        "customer": customer,
        "client_reference_id": str(office),
        "line_items": [{"price": price, "quantity": quantity} for price, quantity in lines],
        "subscription_data": {"metadata": {"office": str(office)}},
        "automatic_tax": {"enabled": True},
        "tax_id_collection": {"enabled": True},
        "billing_address_collection": "required",
        "customer_update": {"name": "auto", "address": "auto"},
        "success_url": f"{public_url}/licence/thanks",
        "cancel_url": f"{public_url}/licence/back",
    }


def _invoiced(customer: str, lines: list[tuple[str, int]], office: UUID) -> SubscriptionCreateParams:
    """A subscription whose invoices are paid by bank transfer."""
    return {
        "customer": customer,
        "collection_method": "send_invoice",
        "days_until_due": TRANSFER_DAYS,
        "items": [{"price": price, "quantity": quantity} for price, quantity in lines],
        "metadata": {"office": str(office)},
    }
