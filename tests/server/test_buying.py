"""An office buys, changes its mind, pays by bank, does not pay, gets its money back: on a real database, through the real
library, with the events as they come."""

import datetime as dt
import random
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
import sqlalchemy as sa
import stripe

from autoenroll_desktop.licensing.standing import licence_standing
from server_sync.billing.refresh import reconcile, refresh_everybody
from server_sync.contract.licence import Checked, Licence, Outcome, check_token, key_id
from server_sync.contract.licence_file import LicenceRequest, read_file, write_request
from server_sync.licences.jobs import licence_acts
from server_sync.licences.keys import Signer, read_seeds
from server_sync.worker import run_one
from tests.fake_stripe.postman import Postman
from tests.fake_stripe.server import FakeStripe
from tests.mail_server import MailServer
from tests.server.buying import SECRET_KEY, WEBHOOK_SECRET
from tests.server.conftest import Clock, Databases
from tests.server.desk import Desk, Reply
from tests.server.shop_desk import OLD_SECRET, ShopDesk, open_desk, order, plain


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture(scope="module")
def shop(databases: Databases, clock: Clock, mail: MailServer) -> Iterator[ShopDesk]:
    with FakeStripe(int(clock().timestamp())) as fake:
        desk = open_desk(fake, databases.serve, clock, mail.address)
        yield desk
        desk.database.close()


@pytest.fixture
def office(shop: ShopDesk) -> Desk:
    return shop.office()


@pytest.fixture
def prompt(shop: ShopDesk) -> Iterator[Postman]:
    """Stripe calls at once, in order, and once."""
    postman = Postman(
        shop.fake.account, lambda body, signature: shop.hook(body, signature).status, WEBHOOK_SECRET, random.Random(1)
    )
    shop.fake.account.tell = lambda event: (
        postman.delivered.append(event) or None if postman._send(event) == 200 else None
    )
    yield postman
    shop.fake.account.tell = lambda event: None


def public_keys(shop: ShopDesk) -> dict[str, bytes]:
    privates = Signer(read_seeds(shop.sells.licence_keys))._keys
    publics = [private.public_key().public_bytes_raw() for private in privates]
    return {key_id(public): public for public in publics}


def read(shop: ShopDesk, reply: Reply, **more: str) -> Licence:
    found: Checked = check_token(str(reply.json["token"]).encode(), public_keys(shop), shop.clock(), **more)  # type: ignore[arg-type]
    assert found.licence is not None
    return found.licence


def buy(shop: ShopDesk, office: Desk, method: str = "card", **more: object) -> dict[str, object]:
    """Order, pay on the page, let the worker work; the session."""
    page = office("checkout", order(**more))
    assert page.status == 200, page.body
    session = shop.session(page.json["url"])
    shop.fake.account.pay(session, method)
    shop.work()
    return session


def bill_of(shop: ShopDesk, session: dict[str, object]) -> dict[str, object]:
    return shop.fake.account.things[str(session["invoice"])]


def test_what_is_offered(office: Desk) -> None:
    offers = office("offers").json
    assert [plan["code"] for plan in offers["plans"]] == ["solo", "bureau", "enterprise"]
    bureau = offers["plans"][1]
    assert (bureau["seats"], bureau["clients"], bureau["employees"]) == (5, 50, None)
    assert bureau["prices"][1] == {
        "interval": "year",
        "net": 59_000,
        "gross": 72_570,
        "vat_percent": 23,
        "currency": "eur",
    }
    assert [addon["code"] for addon in offers["addons"]] == ["seat", "clients"]


def test_a_purchase(shop: ShopDesk, office: Desk, prompt: Postman, mail: MailServer) -> None:
    assert office("licence").json["state"] == "none"
    page = office("checkout", order(extra_seats=2, purchase_order="PO 4711"))
    session = shop.session(page.json["url"])
    assert (session["client_reference_id"], session["automatic_tax"]["enabled"]) == (str(office.office), True)  # type: ignore[index]
    customer = shop.fake.account.things[shop.customer(office.office)]  # type: ignore[arg-type]
    customer["email"] = "payroll@cara.example.ie"
    shop.fake.account.pay(session, "card")
    assert office("licence").json["state"] == "none"  # nothing is granted by the return page, nor in Stripe's call
    shop.work()
    found = office("licence")
    assert (found.json["state"], found.json["seats"], found.json["seats_taken"]) == ("active", 7, 1)
    held = read(shop, found, office=str(office.office))
    assert (held.plan, held.seats, held.clients) == ("bureau", 7, 50)
    assert (held.snapshot_until - held.issued_at, held.valid_until - held.issued_at) == (
        dt.timedelta(days=30),
        dt.timedelta(days=365),
    )
    assert bill_of(shop, session)["custom_fields"] == [{"name": "Purchase order", "value": "PO 4711"}]
    message = mail.messages[-1]
    assert message["To"] == "payroll@cara.example.ie"
    (file,) = message.iter_attachments()
    mailed = check_token(read_file(str(file.get_content()).encode()), public_keys(shop), shop.clock())
    assert mailed.outcome is Outcome.GOOD


def test_the_same_order_again_is_the_same_page(shop: ShopDesk, office: Desk) -> None:
    first = office("checkout", order(), key="the-same-key")
    assert office("checkout", order(), key="the-same-key").json == first.json
    second = office("checkout", order("solo"))
    assert second.json != first.json
    assert shop.session(first.json["url"])["status"] == "expired"  # nobody can pay on both


def test_nobody_buys_twice(shop: ShopDesk, office: Desk, prompt: Postman) -> None:
    buy(shop, office)
    assert office("checkout", order()).slug == "already-bought"
    assert "/p/session/" in office("portal").json["url"]


def test_a_token_is_the_same_until_something_changes(
    shop: ShopDesk, office: Desk, prompt: Postman, clock: Clock
) -> None:
    session = buy(shop, office)
    first = office("licence").json["token"]
    assert office("licence").json["token"] == first
    assert office("set_addon", {"addon": "seat", "quantity": 3}).status == 200
    shop.work()
    changed = read(shop, office("licence"))
    assert changed.seats == 8
    assert changed.serial > read(shop, Reply(200, plain({"token": first}).encode(), {})).serial
    clock.forward(hours=13)
    office.sign()
    assert read(shop, office("licence")).serial == changed.serial + 1
    bills = list(shop.fake.account.all("invoice", customer=session["customer"]))
    assert [bill["billing_reason"] for bill in bills] == ["subscription_update", "subscription_create"]


def test_a_direct_debit_is_a_state_of_its_own(shop: ShopDesk, office: Desk, prompt: Postman) -> None:
    session = buy(shop, office, "sepa_debit")
    found = office("licence").json
    assert (found["state"], found["token"]) == ("awaiting", None)
    shop.fake.account.settle(bill_of(shop, session))
    shop.work()
    assert office("licence").json["state"] == "active"


def test_a_debit_that_bounces_grants_nothing(shop: ShopDesk, office: Desk, prompt: Postman) -> None:
    session = buy(shop, office, "sepa_debit")
    shop.fake.account.bounce(bill_of(shop, session))
    shop.work()
    assert office("licence").json["state"] == "none"


def test_a_bank_transfer(shop: ShopDesk, office: Desk, prompt: Postman) -> None:
    page = office("checkout", order(pay_by="transfer"))
    bill = shop.fake.account.things[page.json["url"].rpartition("/")[2]]
    shop.work()
    assert office("licence").json["state"] == "awaiting"
    shop.fake.account.settle(bill)
    shop.work()
    assert office("licence").json["state"] == "active"


def test_a_failed_renewal_starts_the_grace_and_nothing_else(shop: ShopDesk, office: Desk, prompt: Postman) -> None:
    session = buy(shop, office, interval="month")
    before = read(shop, office("licence"))
    bill = shop.fake.account.renew(shop.fake.account.things[str(session["subscription"])], pays=False)
    shop.work()
    found = office("licence")
    assert found.json["state"] == "failing"
    held = read(shop, found)
    assert (held.valid_until, held.ended) == (before.valid_until, "")
    late = held.valid_until + dt.timedelta(days=1)
    assert licence_standing(msgspec_replace(held, late), late).state == "grace"
    shop.fake.account.settle(bill)
    shop.work()
    assert read(shop, office("licence")).valid_until == before.valid_until + dt.timedelta(days=30)


def msgspec_replace(held: Licence, moment: dt.datetime) -> Licence:
    """The copy that would be fetched at a moment."""
    import msgspec

    return msgspec.structs.replace(held, snapshot_until=moment + dt.timedelta(days=30))


@pytest.mark.parametrize("how", ["refund", "dispute"])
def test_money_taken_back_ends_it_on_the_day_that_was_promised(
    shop: ShopDesk, office: Desk, prompt: Postman, how: str
) -> None:
    session = buy(shop, office)
    promised = read(shop, office("licence")).snapshot_until
    bill = bill_of(shop, session)
    dispute = shop.fake.account.dispute(bill) if how == "dispute" else shop.fake.account.refund(bill)
    shop.work()
    found = office("licence")
    held = read(shop, found)
    assert (found.json["state"], held.ended, held.snapshot_until) == ("ended", how, promised)
    assert not licence_standing(held, promised).may_check
    assert licence_standing(held, promised - dt.timedelta(seconds=1)).may_check
    if dispute is not None:
        shop.fake.account.close_dispute(dispute, won=True)
        shop.work()
        assert office("licence").json["state"] == "active"


def test_seats(shop: ShopDesk, office: Desk, prompt: Postman) -> None:
    buy(shop, office, plan="solo")
    second = office.colleague()
    third = office.colleague()
    assert [desk("licence").status for desk in (office, second)] == [200, 200]
    assert third("licence").slug == "no-seat-free"
    assert {seat["device"] for seat in third("seats").json["items"]} == {str(office.id), str(second.id)}
    assert third("release_seat", device=office.id).json["seats_taken"] == 1
    assert third("licence").status == 200
    assert office("licence").slug == "no-seat-free"
    office("revoke", device=second.id)
    assert office("licence").status == 200  # a revoked device holds no seat
    assert office("release_seat", device=uuid4()).slug == "not-found"


def test_a_pc_without_a_network(shop: ShopDesk, office: Desk, prompt: Postman, clock: Clock) -> None:
    away = uuid4()
    text = write_request(LicenceRequest(device=away.hex, office=str(office.office), made_at=shop.clock(), app="1.0"))
    assert office("licence_file", {"text": text}).slug == "no-licence"
    buy(shop, office, plan="solo")
    made = office("licence_file", {"text": text}).json["content"]
    token = read_file(made.encode())
    late = shop.clock() + dt.timedelta(days=390)
    assert check_token(token, public_keys(shop), late, device=away.hex).outcome is Outcome.GOOD
    assert check_token(token, public_keys(shop), late, device=uuid4().hex).outcome is Outcome.WRONG_DEVICE
    assert [seat["away"] for seat in office("seats").json["items"]] == [True]
    assert office("release_seat", device=away).slug == "seat-held"
    clock.forward(days=31)
    office.sign()
    assert office("release_seat", device=away).json["seats_taken"] == 0
    for wrong in (text[:-1] + "!", "AER1", write_request(LicenceRequest(device="no id", made_at=shop.clock()))):
        assert office("licence_file", {"text": wrong}).slug == "not-a-request"
    foreign = write_request(LicenceRequest(device=away.hex, office=str(uuid4()), made_at=shop.clock()))
    assert office("licence_file", {"text": foreign}).slug == "not-a-request"


@pytest.mark.parametrize("role", ["clerk", "read-only", "it"])
def test_only_leaders_buy(office: Desk, role: str) -> None:
    other = office.colleague(role)
    assert other("checkout", order()).slug == "forbidden"
    assert other("portal").slug == "forbidden"
    assert other("offers").status == 200


def test_what_cannot_be_ordered(office: Desk) -> None:
    assert office("checkout", order("platinum")).slug == "not-offered"
    assert office("checkout", order(interval="week")).slug == "invalid"
    assert office("checkout", order(extra_seats=-1)).slug == "invalid"
    assert office("portal").slug == "no-licence"
    assert office("set_addon", {"addon": "seat", "quantity": 1}).slug == "no-licence"
    assert office("set_addon", {"addon": "castle", "quantity": 1}).slug == "not-offered"


def test_stripe_away(shop: ShopDesk, office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stripe._http_client.HTTPClient._sleep_time_seconds", lambda *_args, **_more: 0)
    shop.fake.fault = lambda _method, _path: "500"
    try:
        for name, body in (("offers", None), ("checkout", order())):
            said = office(name, body)
            assert (said.status, said.slug) == (503, "shop-unavailable")
            assert SECRET_KEY not in str(said.body)
    finally:
        shop.fake.fault = lambda _method, _path: ""
    assert office("checkout", order()).status == 200


# The inbox


def signed(event: object, secret: str = WEBHOOK_SECRET, age: int = 0) -> tuple[bytes, str]:
    body = plain(event)
    header = stripe.WebhookSignature.generate_signature_header(body, secret, int(time.time()) - age)
    return body.encode(), header


def count(shop: ShopDesk, what: str) -> int:
    with shop.database.transaction() as db:
        return int(db.execute(sa.text(f"select count(*) from {what}")).scalar_one())


EVENT = {
    "id": "evt_one",
    "object": "event",
    "created": 1,
    "type": "invoice.paid",
    "data": {"object": {"id": "in_1", "object": "invoice", "customer": "cus_nobody"}},
}


def test_an_event_is_kept_once_and_nothing_of_what_it_says(shop: ShopDesk) -> None:
    event = EVENT | {
        "data": {
            "object": {"id": "in_1", "object": "invoice", "customer": "cus_nobody", "customer_email": "mary@example.ie"}
        }
    }
    before = count(shop, "stripe_events")
    for _ in range(3):
        assert shop.hook(*signed(event)).status == 200
    assert shop.hook(*signed(EVENT, OLD_SECRET)).status == 200  # the secret before is still good
    assert count(shop, "stripe_events") == before + 1
    with shop.database.transaction() as db:
        kept = db.execute(sa.text("select * from stripe_events where event_id = 'evt_one'")).one()
    assert "mary" not in str(kept)
    shop.work()


def refused_letters() -> dict[str, tuple[bytes, str]]:
    body, header = signed(EVENT)
    return {
        "signed by somebody else": signed(EVENT, "whsec_of_somebody_else"), "signed long ago": signed(EVENT, age=400),
        "changed": (body + b" ", header), "not signed": (body, ""), "no signature": (body, "t=1,v1=00"),
        "no event": signed("no event"), "half an event": signed({"id": "evt_x"}), "no text": (b"\xff\xfe", header),
    }  # fmt: skip


@pytest.mark.parametrize("which", list(refused_letters()))
def test_what_stripe_did_not_sign_is_refused(shop: ShopDesk, which: str) -> None:
    before = count(shop, "stripe_events")
    assert shop.hook(*refused_letters()[which]).slug == "bad-webhook"
    assert count(shop, "stripe_events") == before


def test_an_unknown_kind_is_answered_and_forgotten(shop: ShopDesk) -> None:
    before = count(shop, "stripe_events")
    assert shop.hook(*signed(EVENT | {"id": "evt_two", "type": "radar.early_fraud_warning.created"})).status == 200
    assert count(shop, "stripe_events") == before


def test_events_that_never_come_are_found(shop: ShopDesk, office: Desk, clock: Clock) -> None:
    shop.fake.account.now = int(clock().timestamp())
    buy(shop, office)
    assert office("licence").json["state"] == "none"
    assert reconcile(shop.database, shop.service.shop.gateway, clock()) > 0  # type: ignore[arg-type]
    assert reconcile(shop.database, shop.service.shop.gateway, clock()) == 0  # type: ignore[arg-type]
    shop.work()
    assert office("licence").json["state"] == "active"


def test_the_nightly_comparison_needs_no_events(shop: ShopDesk, office: Desk, clock: Clock) -> None:
    buy(shop, office)
    refresh_everybody(shop.database, shop.service.shop.gateway, shop.service.shop.plans, clock())  # type: ignore[arg-type]
    assert office("licence").json["state"] == "active"


def test_a_worker_without_stripe_tries_again(
    shop: ShopDesk, office: Desk, prompt: Postman, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stripe._http_client.HTTPClient._sleep_time_seconds", lambda *_args, **_more: 0)
    page = office("checkout", order())
    shop.fake.account.pay(shop.session(page.json["url"]), "card")
    shop.fake.fault = lambda _method, _path: "500"
    acts = licence_acts(shop.sells)
    while run_one(shop.database, clock(), acts):
        pass
    shop.fake.fault = lambda _method, _path: ""
    assert office("licence").json["state"] == "none"
    clock.forward(minutes=1)
    shop.work()
    assert office("licence").json["state"] == "active"


def test_the_ledger_tells_every_grant_and_its_cause(shop: ShopDesk, office: Desk, prompt: Postman) -> None:
    session = buy(shop, office)
    shop.fake.account.refund(bill_of(shop, session))
    shop.work()
    with shop.database.transaction(office.office) as db:
        entries = db.execute(sa.text("select seq, what, cause, taken_back from licence_ledger order by seq")).all()
    cause = f"stripe:{session['invoice']}"
    assert [tuple(entry) for entry in entries] == [(1, "granted", cause, ""), (2, "taken-back", cause, "refund")]
    with pytest.raises(sa.exc.ProgrammingError), shop.database.transaction(office.office) as db:
        db.execute(sa.text("delete from licence_ledger"))


def test_another_office_sees_nothing_of_it(shop: ShopDesk, office: Desk, prompt: Postman) -> None:
    buy(shop, office)
    other = shop.office()
    assert other("licence").json["state"] == "none"
    with shop.database.transaction(other.office) as db:
        for table in ("licences", "grants", "licence_ledger", "seats"):
            seen = db.execute(
                sa.text(f"select count(*) from {table} where office_id = :office"), {"office": office.office}
            )
            assert seen.scalar_one() == 0
    for statement in (
        "insert into licences (office_id) values (:theirs)",
        "insert into seats (office_id, device_id) values (:theirs, :theirs)",
    ):
        with pytest.raises(sa.exc.ProgrammingError), shop.database.transaction(other.office) as db:
            db.execute(sa.text(statement), {"theirs": office.office})


def test_the_pages_a_browser_comes_back_to(shop: ShopDesk) -> None:
    for path, says in (("/licence/thanks", b"arrives there by itself"), ("/licence/back", b"Nothing was changed")):
        page = shop.send("GET", path, {}, None)
        assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert says in page.body


def test_erasing_an_office_ends_its_subscription(shop: ShopDesk, office: Desk, prompt: Postman) -> None:
    session = buy(shop, office)
    from tests.server.desk import PASSWORD

    assert office("erase_office", {"office": str(office.office), "password": PASSWORD}).status == 202
    shop.work()
    assert shop.fake.account.things[str(session["subscription"])]["status"] == "canceled"
    with shop.database.transaction(office.office) as db:
        assert db.execute(sa.text("select count(*) from licences")).scalar_one() == 0
        assert db.execute(sa.text("select count(*) from licence_ledger")).scalar_one() == 1
    assert shop.work() == 0
