"""What tests of buying share: a fake Stripe with our prices in it, and a gateway to it."""

import datetime as dt

from server_sync.billing.gateway import Gateway
from server_sync.billing.plans import INTERVALS, load_plans
from tests.fake_stripe.server import FakeStripe
from tests.fake_stripe.shapes import Object

NOW = dt.datetime(2026, 11, 25, 9, 0, tzinfo=dt.UTC)
SECRET_KEY = "sk_test_fake_secret_0123456789"
WEBHOOK_SECRET = "whsec_fake_secret_0123456789"


def with_prices(fake: FakeStripe) -> Gateway:
    """Our prices, made as the operator makes them."""
    gateway = Gateway(SECRET_KEY, fake.url)
    plans = load_plans()
    for one in (*plans.plans, *plans.addons):
        for interval in INTERVALS:
            price = {"currency": plans.currency, "interval": interval, "amount": one.net[interval]}
            gateway.push_price(f"autoenroll-{one.code}", one.title, plans.tax_code, one.lookup_key(interval), price)
    return gateway


def price_of(fake: FakeStripe, lookup_key: str) -> Object:
    return next(fake.account.all("price", lookup_key=lookup_key))


def bought(fake: FakeStripe, customer: str, lookup_key: str = "autoenroll-bureau-year", method: str = "card") -> Object:
    """The subscription of somebody who bought on the checkout page."""
    made = fake.api._make_session(
        {"mode": "subscription", "customer": customer, "line_items": [{"price": price_of(fake, lookup_key)["id"]}]}
    )
    fake.account.pay(made, method)
    return fake.account.things[made["subscription"]]
