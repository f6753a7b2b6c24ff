"""Lives of offices under every kind of trouble with events, and in the end the licence is what Stripe says it is.

One schedule: offices buy by card and by bank, renew, fail to, change seats, cancel, are refunded and fight over payments,
over weeks; Stripe's calls come twice, late by up to three days, out of order, forged, or never; Stripe fails calls; the
service is started anew in between. Afterwards three things hold: the licence equals what is paid in Stripe, counted there
by other means; no payment has two grants; no grant is without a payment. The suite runs a few; `dev.py campaign webhooks`
runs 2,000.
"""

import datetime as dt
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
import sqlalchemy as sa

from server_sync.billing.gateway import Gateway
from server_sync.database.engine import Database
from server_sync.licences.jobs import COMPARE, licence_acts, plan_licence_jobs
from server_sync.web.application import build
from server_sync.worker import run_one
from tests.fake_stripe.account import DAY
from tests.fake_stripe.postman import Postman
from tests.fake_stripe.server import FakeStripe
from tests.fake_stripe.shapes import Object
from tests.server.buying import WEBHOOK_SECRET, bought, price_of, with_prices
from tests.server.conftest import Databases
from tests.server.desk import in_process
from tests.server.shop_desk import selling, settings

START = 1_795_683_600
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "campaign"
SCHEDULES, PARTS = (2000, 40) if LONG else (16, 4)
CLEAR = sa.text("delete from customer_directory")
MAKE = sa.text("insert into office_directory (office_id) values (:office)")
LINK = sa.text("insert into customer_directory (customer_id, office_id) values (:customer, :office)")
ROW = sa.text("insert into licences (office_id, customer_id) values (:office, :customer)")
STATE = sa.text("select plan, seats, valid_until, ended, awaiting, failing from licences where office_id = :office")
GRANTS = sa.text("select cause, taken_back from grants where office_id = :office")
LEDGER = sa.text(
    "select cause, count(*) from licence_ledger where office_id = :office and what = 'granted' group by cause"
)


@dataclass
class World:
    """The service, its worker and Stripe, with a clock of their own."""

    fake: FakeStripe
    databases: Databases
    gateway: Gateway
    up: bool = True

    def __post_init__(self) -> None:
        self.sells = selling(self.fake)
        self.start()

    def clock(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.fake.account.now, dt.UTC)

    def start(self) -> None:
        """Start the service anew: nothing but the database and the settings is carried over."""
        app, service = build(settings(self.databases.serve, self.sells), self.databases.serve, clock=self.clock)
        self.send, self.database = in_process(app), service.database
        self.acts = licence_acts(self.sells)

    def restart(self) -> None:
        self.database.close()
        self.start()

    def hook(self, body: bytes, signature: str) -> int:
        headers = {"Stripe-Signature": signature, "Content-Type": "application/json"}
        return self.send("POST", "/v1/stripe/webhook", headers, body).status

    def work(self) -> None:
        acts = {**self.acts, COMPARE: _not_tonight} if self.up else self.acts
        while run_one(self.database, self.clock(), acts):
            pass


@pytest.fixture(scope="module")
def world(databases: Databases) -> Iterator[World]:
    with FakeStripe(START) as fake:
        world = World(fake, databases, with_prices(fake))
        yield world
        world.database.close()


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stripe._http_client.HTTPClient._sleep_time_seconds", lambda *_args, **_more: 0)


@pytest.mark.parametrize("part", range(PARTS))
def test_the_licence_is_what_stripe_says(world: World, part: int) -> None:
    for seed in range(part, SCHEDULES, PARTS):
        run_schedule(world, seed)


def run_schedule(world: World, seed: int) -> None:
    """Even seeds: the service is up all the time, and its look every quarter of an hour has to be enough. Odd ones: it
    may be away for weeks, and the comparison of the night has to make up for it.
    """
    dice = random.Random(seed)
    account = world.fake.account
    account.events.clear()
    postman = Postman(account, world.hook, WEBHOOK_SECRET, dice)
    offices = [_office(world, dice) for _ in range(dice.randint(1, 2))]
    up = world.up = seed % 2 == 0
    for _ in range(dice.randint(4, 10)):
        _live(world, dice, dice.choice(offices)[1])
        account.now += dice.choice((0, 1, 60, 3600))
        world.fake.fault = _unwell(dice) if dice.random() < 0.3 else _well
        postman.deliver_due()
        if dice.random() < 0.7:
            world.work()
        if dice.random() < 0.15:
            world.restart()
        world.fake.fault = _well
        if up:
            _look(world, 900)
        account.now += dice.choice((0, DAY, 3 * DAY, 10 * DAY))
    postman.deliver_due()
    _look(world, 900 if up else DAY)
    for office, customer in offices:
        _compare(world, seed, office, customer)
    assert postman.refused == postman.forged, seed
    with world.database.transaction() as db:  # the next schedule compares its own offices only
        db.execute(CLEAR)


def _look(world: World, seconds: int) -> None:
    """The jobs that are due by themselves become due, and are done; whatever failed before is tried again."""
    plan_licence_jobs(world.database, world.clock())
    world.fake.account.now += seconds
    world.work()


def _office(world: World, dice: random.Random) -> tuple[UUID, str]:
    office = UUID(int=dice.getrandbits(128), version=4)
    customer = world.gateway.make_customer(str(office), f"{office}/customer")
    with world.database.transaction(office) as db:
        db.execute(MAKE, {"office": office})
        db.execute(LINK, {"customer": customer, "office": office})
        db.execute(ROW, {"office": office, "customer": customer})
    return office, customer


def _live(world: World, dice: random.Random, customer: str) -> None:
    """Something happens in a customer's life; what cannot happen just now does not."""
    account = world.fake.account
    running = [one for one in account.all("subscription", customer=customer) if one["status"] in ("active", "past_due")]
    if not running:
        plan = f"autoenroll-{dice.choice(('solo', 'bureau', 'enterprise'))}-{dice.choice(('month', 'year'))}"
        bought(world.fake, customer, plan, dice.choice(("card", "card", "sepa_debit")))
        return
    subscription = running[0]
    bills = list(account.all("invoice", customer=customer))
    paid = [bill for bill in bills if bill["status"] == "paid"]
    disputes = [one for one in account.all("dispute") if account.things[one["charge"]]["customer"] == customer]
    events: list[Callable[[], object]] = [
        lambda: account.renew(subscription, pays=True),
        lambda: account.renew(subscription, pays=True),
        lambda: account.renew(subscription, pays=False),
        lambda: _change_seats(world, dice, subscription),
        lambda: account.cancel(subscription, now=dice.random() < 0.5),
        *(lambda bill=bill: account.settle(bill) for bill in bills if bill["status"] == "open"),
        *(lambda bill=bill: account.refund(bill, dice.choice((0.3, 1.0, 1.0))) for bill in paid[:2]),
        *(lambda bill=bill: account.dispute(bill) for bill in paid[:1]),
        *(lambda one=one: account.close_dispute(one, won=dice.random() < 0.7) for one in disputes[:1]),
    ]
    dice.choice(events)()


def _change_seats(world: World, dice: random.Random, subscription: Object) -> None:
    interval = subscription["items"]["data"][0]["price"]["recurring"]["interval"]
    price = price_of(world.fake, f"autoenroll-seat-{interval}")
    line = {"price": price["id"], "quantity": str(dice.randint(1, 9))}
    known = next((item for item in subscription["items"]["data"] if item["price"]["id"] == price["id"]), None)
    if known:
        line = {"id": known["id"], "quantity": line["quantity"]}
    world.fake.api._change_subscription(subscription["id"], {"items": [line]})


def _not_tonight(_database: Database, _office: UUID | None, _now: dt.datetime) -> None:
    """The comparison of the night, left out where the look every quarter of an hour has to be enough."""


def _well(_method: str, _path: str) -> str:
    return ""


def _unwell(dice: random.Random) -> Callable[[str, str], str]:
    """Stripe answers most calls, and fails some."""
    troubles = ("500", "429", "lost", "down")
    return lambda _method, _path: dice.choice(troubles) if dice.random() < 0.3 else ""


def _compare(world: World, seed: int, office: UUID, customer: str) -> None:
    """The state in the database against the fake's own books."""
    account = world.fake.account
    paid = [bill for bill in account.all("invoice", customer=customer) if bill["status"] == "paid"]
    with world.database.transaction(office) as db:
        state = db.execute(STATE, {"office": office}).one()
        grants = {row.cause: row.taken_back for row in db.execute(GRANTS, {"office": office})}
        granted = {row.cause: row.count for row in db.execute(LEDGER, {"office": office})}
    assert grants == {f"stripe:{bill['id']}": _taken(world, bill) for bill in paid}, seed
    assert granted == dict.fromkeys(grants, 1), seed
    good = [bill for bill in paid if not _taken(world, bill)]
    until = max((_end(bill) for bill in good), default=None)
    if not paid:
        assert state.plan is None, seed
    elif state.ended:
        last = max(paid, key=_end)
        assert until is None or until <= last["lines"]["data"][0]["period"]["start"], seed
    else:
        assert until is not None, seed
        assert state.valid_until.timestamp() == until, seed
    subscriptions = list(account.all("subscription", customer=customer))
    assert state.failing == any(one["status"] == "past_due" for one in subscriptions), seed
    if good and not state.ended:
        _compare_seats(account.subscription_of(max(good, key=_end)), state.seats, seed)


def _compare_seats(subscription: Object, seats: int, seed: int) -> None:
    by_plan = {"solo": 2, "bureau": 5, "enterprise": 25}
    expected = 0
    for item in subscription["items"]["data"]:
        _, code, _ = item["price"]["lookup_key"].split("-")
        expected += by_plan[code] if code in by_plan else item["quantity"]
    assert seats == expected, seed


def _end(bill: Object) -> int:
    return max(line["period"]["end"] for line in bill["lines"]["data"])


def _taken(world: World, bill: Object) -> str:
    charge = world.fake.account.charge_of(bill)
    if charge["refunded"]:
        return "refund"
    disputes = world.fake.account.all("dispute", charge=charge["id"])
    return "dispute" if any(one["status"] != "won" for one in disputes) else ""


def test_a_wrong_comparison_would_be_noticed(world: World) -> None:
    """The books are compared in earnest: a grant too many, or one too few, is found."""
    office, customer = _office(world, random.Random(77))
    bought(world.fake, customer)
    with pytest.raises(AssertionError):
        _compare(world, 0, office, customer)
