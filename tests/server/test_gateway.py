"""The gateway reads what Stripe says now, through the real library, and translates what goes wrong."""

from collections.abc import Iterator

import pytest

from server_sync.billing.entitlement import awaits_payment, grants_of, standing
from server_sync.billing.gateway import Gateway
from server_sync.billing.plans import load_plans
from server_sync.billing.stripe_errors import StripeRefused, StripeUnavailable
from tests.fake_stripe.server import FakeStripe
from tests.server.buying import NOW, SECRET_KEY, bought, price_of, with_prices

PLANS = load_plans()


@pytest.fixture
def fake() -> Iterator[FakeStripe]:
    with FakeStripe(int(NOW.timestamp())) as fake:
        yield fake


@pytest.fixture
def gateway(fake: FakeStripe) -> Gateway:
    return with_prices(fake)


def test_a_life_of_a_subscription(fake: FakeStripe, gateway: Gateway) -> None:
    customer = gateway.make_customer("office", "key-1")
    assert standing(grants_of(gateway.present(customer), PLANS)).valid_until is None
    subscription = bought(fake, customer)
    first = fake.account.things[subscription["latest_invoice"]]
    found = standing(grants_of(gateway.present(customer), PLANS))
    assert (found.bought and found.bought.plan, found.ended) == ("bureau", "")
    assert found.valid_until is not None
    assert (found.valid_until - NOW).days == 365

    assert gateway.set_quantity(customer, {"year": price_of(fake, "autoenroll-seat-year")["id"]}, 4, "key-2")
    grants = grants_of(gateway.present(customer), PLANS)
    assert [grant.bought.seats for grant in grants] == [9, 9]
    assert len({grant.cause for grant in grants}) == 2

    fake.account.renew(subscription, pays=False)
    assert gateway.present(customer).failing
    assert standing(grants_of(gateway.present(customer), PLANS)).valid_until == found.valid_until
    fake.account.refund(first, 0.4)
    assert standing(grants_of(gateway.present(customer), PLANS)).ended == ""
    for bill in list(fake.account.all("invoice", status="paid")):
        fake.account.refund(bill)
    assert standing(grants_of(gateway.present(customer), PLANS)).ended == "refund"


def test_a_dispute_that_is_won_gives_it_back(fake: FakeStripe, gateway: Gateway) -> None:
    customer = gateway.make_customer("office", "key-1")
    bill = fake.account.things[bought(fake, customer)["latest_invoice"]]
    dispute = fake.account.dispute(bill)
    assert gateway.customer_of_charge(dispute["charge"]) == customer
    assert standing(grants_of(gateway.present(customer), PLANS)).ended == "dispute"
    fake.account.close_dispute(dispute, won=True)
    assert standing(grants_of(gateway.present(customer), PLANS)).ended == ""


def test_a_direct_debit_is_awaited(fake: FakeStripe, gateway: Gateway) -> None:
    customer = gateway.make_customer("office", "key-1")
    subscription = bought(fake, customer, method="sepa_debit")
    assert awaits_payment(gateway.present(customer))
    assert grants_of(gateway.present(customer), PLANS) == ()
    fake.account.settle(fake.account.things[subscription["latest_invoice"]])
    assert not awaits_payment(gateway.present(customer))
    assert len(grants_of(gateway.present(customer), PLANS)) == 1


def test_a_bank_transfer_against_an_invoice(fake: FakeStripe, gateway: Gateway) -> None:
    customer = gateway.make_customer("office", "key-1")
    gateway.set_purchase_order(customer, "PO 4711")
    made, page = gateway.make_invoiced_subscription(
        {"customer": customer, "collection_method": "send_invoice", "days_until_due": 30, "items": [{"price": price_of(fake, "autoenroll-solo-year")["id"]}]}, "key-3",
    )  # fmt: skip
    bill = fake.account.things[fake.account.things[made]["latest_invoice"]]
    assert page == bill["hosted_invoice_url"]
    assert bill["custom_fields"] == [{"name": "Purchase order", "value": "PO 4711"}]
    assert awaits_payment(gateway.present(customer))
    fake.account.settle(bill)
    assert len(grants_of(gateway.present(customer), PLANS)) == 1


def test_prices_are_found_by_key(gateway: Gateway) -> None:
    keys = [one.lookup_key(interval) for one in (*PLANS.plans, *PLANS.addons) for interval in ("month", "year")]
    keys += [f"autoenroll-unknown{number}-year" for number in range(5)]
    found = gateway.prices(keys)
    assert len(found) == 10
    assert (found["autoenroll-bureau-year"].amount, found["autoenroll-bureau-year"].inclusive) == (59_000, False)


def test_many_invoices_come_in_pages(fake: FakeStripe, gateway: Gateway) -> None:
    customer = gateway.make_customer("office", "key-1")
    subscription = bought(fake, customer, "autoenroll-solo-month")
    for _ in range(119):
        fake.account.renew(subscription, pays=True)
    assert len(grants_of(gateway.present(customer), PLANS)) == 120


@pytest.mark.parametrize("fault", ["500", "down"])
def test_a_short_trouble_is_ridden_out(
    fake: FakeStripe, gateway: Gateway, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    troubles = [fault, fault]
    fake.fault = lambda _method, _path: troubles.pop() if troubles else ""
    assert gateway.make_customer("office", "key-1").startswith("cus_")
    assert len(list(fake.account.all("customer"))) == 1


def test_a_lost_answer_makes_nothing_twice(fake: FakeStripe, gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    troubles = ["lost"]
    fake.fault = lambda _method, _path: troubles.pop() if troubles else ""
    customer = gateway.make_customer("office", "key-1")
    assert [one["id"] for one in fake.account.all("customer")] == [customer]


def test_trouble_is_told_without_secrets(fake: FakeStripe, gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    fake.fault = lambda _method, _path: "500"
    with pytest.raises(StripeUnavailable) as unavailable:
        gateway.present("cus_1")
    fake.fault = lambda _method, _path: ""
    with pytest.raises(StripeRefused) as refused:
        gateway.make_portal("cus_nobody", "http://127.0.0.1/")
    assert refused.value.code == "resource_missing"
    for caught in (unavailable, refused):
        assert SECRET_KEY not in repr(caught.value)
        assert caught.value.__cause__ is None
