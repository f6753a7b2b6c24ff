"""A service that sells, in this process, on a real database and against the fake Stripe."""

import datetime as dt
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from server_sync.billing.selling import Selling
from server_sync.database.engine import Database
from server_sync.licences.jobs import licence_acts
from server_sync.licences.keys import new_pair
from server_sync.settings import Settings
from server_sync.web.application import build
from server_sync.web.call import Service
from server_sync.worker import run_one
from tests.fake_stripe.server import FakeStripe
from tests.server.buying import SECRET_KEY, WEBHOOK_SECRET, with_prices
from tests.server.desk import Desk, Reply, Send, in_process

OLD_SECRET = "whsec_the_one_before_0123456789"


def selling(fake: FakeStripe, mail: str = "") -> Selling:
    return Selling(
        licence_keys=new_pair(), stripe_key=SECRET_KEY, stripe_base=fake.url, webhook_secrets=(WEBHOOK_SECRET, OLD_SECRET),
        public_url="https://service.example.ie", smtp_url=mail, mail_from="licences@example.ie" if mail else "",
    )  # fmt: skip


def settings(url: str, sells: Selling) -> Settings:
    return Settings(
        data=Path(os.devnull), database_url=url, migrate_url=url, signing_keys=(os.urandom(32),), secret_key=os.urandom(32),
        audience="test", requests_per_minute=1_000_000, places=2, selling=sells,
    )  # fmt: skip


@dataclass
class ShopDesk:
    """The service, its worker, and Stripe."""

    fake: FakeStripe
    url: str
    sells: Selling
    send: Send
    service: Service
    clock: Callable[[], dt.datetime]

    @property
    def database(self) -> Database:
        return self.service.database

    def office(self) -> Desk:
        return Desk(self.send).make_office()

    def hook(self, body: bytes, signature: str) -> Reply:
        return self.send(
            "POST", "/v1/stripe/webhook", {"Stripe-Signature": signature, "Content-Type": "application/json"}, body
        )

    def work(self, most: int = 1000) -> int:
        """Let the worker do what is due; how many jobs it took."""
        acts = licence_acts(self.sells)
        return next(number for number in range(most) if not run_one(self.database, self.clock(), acts))

    def customer(self, office: UUID) -> str:
        with self.database.transaction() as db:
            return str(
                db.execute(
                    sa.text("select customer_id from customer_directory where office_id = :o"), {"o": office}
                ).scalar_one()
            )

    def session(self, url: str) -> dict[str, object]:
        return self.fake.account.things[url.rpartition("/")[2]]


def open_desk(fake: FakeStripe, url: str, clock: Callable[[], dt.datetime], mail: str = "") -> ShopDesk:
    with_prices(fake)
    sells = selling(fake, mail)
    app, service = build(settings(url, sells), url, clock=clock)
    return ShopDesk(fake, url, sells, in_process(app), service, clock)


def order(plan: str = "bureau", interval: str = "year", **more: object) -> dict[str, object]:
    return {"plan": plan, "interval": interval, **more}


def plain(event: object) -> str:
    return json.dumps(event)
