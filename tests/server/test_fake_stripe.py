"""The fake is honest: the real library reads it, and knows every field it sends and every parameter it takes."""

from collections.abc import Iterator

import pytest
import stripe

from tests.fake_stripe import shapes
from tests.fake_stripe.account import DAY
from tests.fake_stripe.library import CLASSES, unknown_fields, unknown_params
from tests.fake_stripe.server import FakeStripe

NOW = 1_795_000_000


@pytest.fixture
def fake() -> Iterator[FakeStripe]:
    with FakeStripe(NOW) as fake:
        yield fake


@pytest.fixture
def client(fake: FakeStripe) -> stripe.StripeClient:
    return stripe.StripeClient("sk_test_fake", base_addresses={"api": fake.url}, max_network_retries=0)


def buy(fake: FakeStripe, client: stripe.StripeClient, method: str = "card") -> dict[str, object]:
    product = client.v1.products.create({"name": "Bureau"})
    price = client.v1.prices.create(
        {
            "product": product.id,
            "currency": "eur",
            "unit_amount": 60_000,
            "recurring": {"interval": "year"},
            "lookup_key": "bureau",
        }
    )
    customer = client.v1.customers.create({"name": "Cara Payroll Bureau"})
    session = client.v1.checkout.sessions.create(
        {"mode": "subscription", "customer": customer.id, "line_items": [{"price": price.id, "quantity": 1}],
         "success_url": "http://127.0.0.1/thanks", "cancel_url": "http://127.0.0.1/back"}
    )  # fmt: skip
    fake.account.pay(fake.account.things[session.id], method)
    return fake.account.things[session.id]


def test_every_field_is_one_the_library_knows(fake: FakeStripe, client: stripe.StripeClient) -> None:
    session = buy(fake, client)
    bill = fake.account.things[str(session["invoice"])]
    fake.account.close_dispute(fake.account.dispute(bill), won=True)
    fake.account.refund(bill)
    client.v1.billing_portal.sessions.create({"customer": str(session["customer"]), "return_url": "http://127.0.0.1/"})
    fake.account.add(shapes.webhook_endpoint("we_00000000000001", NOW, "https://127.0.0.1/hook", ["*"]))
    assert [one.enabled_events for one in client.v1.webhook_endpoints.list().data] == [["*"]]
    seen = {"event", "subscription_item", "line_item", "invoice_payment"}
    for thing in (*fake.account.things.values(), *fake.account.events):
        assert unknown_fields(thing) == []
        seen.add(thing["object"])
    assert seen == set(CLASSES)


def test_the_comparison_finds_what_is_wrong() -> None:
    wrong = {
        "object": "invoice",
        "parent": {"subscription_details": {"abo": 1}},
        "lines": {"object": "list", "data": [{"object": "line_item", "sum": 1}]},
        "paid_out": 1,
    }
    assert unknown_fields(wrong) == ["invoice.parent.subscription_details.abo", "invoice.lines.sum", "invoice.paid_out"]
    assert unknown_params("POST /v1/checkout/sessions", {"line_items": [{"prise": "x"}], "mode": "subscription"}) == [
        "line_items.prise"
    ]


def test_the_library_reads_a_purchase(fake: FakeStripe, client: stripe.StripeClient) -> None:
    session = buy(fake, client)
    customer = str(session["customer"])
    (subscription,) = client.v1.subscriptions.list({"customer": customer, "status": "all"}).auto_paging_iter()
    assert subscription.status == "active"
    assert subscription["items"].data[0].current_period_end == NOW + 365 * DAY
    (bill,) = client.v1.invoices.list({"customer": customer, "expand": ["data.payments"]}).auto_paging_iter()
    assert (bill.status, bill.total) == ("paid", 73_800)
    assert bill.payments is not None
    assert bill.payments.data[0].payment.payment_intent == next(fake.account.all("charge"))["payment_intent"]
    kinds = [event.type for event in client.v1.events.list({"limit": 100}).auto_paging_iter()]
    assert kinds[0] == "checkout.session.completed"


def test_a_direct_debit_takes_its_time(fake: FakeStripe, client: stripe.StripeClient) -> None:
    session = buy(fake, client, "sepa_debit")
    bill = fake.account.things[str(session["invoice"])]
    assert (session["payment_status"], bill["status"], fake.account.subscription_of(bill)["status"]) == (
        "unpaid",
        "open",
        "incomplete",
    )
    fake.account.settle(bill)
    assert (session["payment_status"], fake.account.subscription_of(bill)["status"]) == ("paid", "active")
    assert fake.account.events[-1]["type"] == "checkout.session.async_payment_succeeded"


def test_lists_come_in_pages(fake: FakeStripe, client: stripe.StripeClient) -> None:
    made = [client.v1.customers.create({"name": str(number)}).id for number in range(25)]
    listed = [
        event.data.object["id"] for event in client.v1.events.list({"types": ["customer.created"]}).auto_paging_iter()
    ]
    assert listed == made[::-1]


def test_the_same_key_answers_the_same(fake: FakeStripe, client: stripe.StripeClient) -> None:
    first = client.v1.customers.create({"name": "One"}, {"idempotency_key": "k"})
    assert client.v1.customers.create({"name": "One"}, {"idempotency_key": "k"}).id == first.id
    with pytest.raises(stripe.IdempotencyError):
        client.v1.customers.create({"name": "Two"}, {"idempotency_key": "k"})


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("500", stripe.APIError),
        ("429", stripe.RateLimitError),
        ("lost", stripe.APIConnectionError),
        ("down", stripe.APIConnectionError),
    ],
)
def test_any_call_can_fail(fake: FakeStripe, client: stripe.StripeClient, fault: str, error: type[Exception]) -> None:
    fake.fault = lambda _method, _path: fault
    with pytest.raises(error):
        client.v1.customers.create({"name": "One"})
    assert len(list(fake.account.all("customer"))) == (fault == "lost")


def test_what_stripe_would_refuse(client: stripe.StripeClient, fake: FakeStripe) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="unknown parameter"):
        client.v1.customers.create({"nom": "Un"})  # type: ignore[typeddict-unknown-key]
    with pytest.raises(stripe.InvalidRequestError, match="No such"):
        client.v1.subscriptions.retrieve("sub_nothing")
    with pytest.raises(stripe.AuthenticationError):
        stripe.StripeClient("sk_wrong", base_addresses={"api": fake.url}).v1.customers.create({})
