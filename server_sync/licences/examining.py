"""Whether licences can be sold and handed out here: what `autoenroll-server doctor` says of it."""

import datetime as dt

import sqlalchemy as sa

from server_sync.billing.inbox import NEEDED
from server_sync.billing.plans import INTERVALS
from server_sync.billing.selling import Selling
from server_sync.billing.shop import Shop, open_shop
from server_sync.billing.stripe_errors import StripeRefused, StripeUnavailable
from server_sync.contract.routes import BY_NAME
from server_sync.database.engine import Database
from server_sync.doctor import Finding

LATE = dt.timedelta(hours=1)
WAITING = sa.text("select count(*) from stripe_events where handled_at is null and received_at < :before")


def examine_selling(selling: Selling, url: str, now: dt.datetime) -> list[Finding]:
    """Check keys, prices, mail and the inbox; nothing is asked where nothing is sold."""
    shop = open_shop(selling)
    keys = len(shop.signer.names) if shop.signer else 0
    if shop.gateway is None:
        return [Finding(keys != 1, "licences are signed with two keys, or there are none", "admin keys new")]
    late = _late(url, now)
    return [
        Finding(keys >= 2, "licences are signed with one of two keys", "admin keys new"),
        _prices(shop),
        _told(shop),
        Finding(bool(selling.smtp_url), "licence files are mailed", "set SMTP_URL and MAIL_FROM"),
        Finding(late == 0, f"{late} events of Stripe wait for more than an hour", "look at the worker's log"),
    ]


def _prices(shop: Shop) -> Finding:
    keys = [one.lookup_key(interval) for one in (*shop.plans.plans, *shop.plans.addons) for interval in INTERVALS]
    assert shop.gateway is not None
    try:
        missing = len(set(keys) - shop.gateway.prices(keys).keys())
    except StripeUnavailable:
        return Finding(False, "Stripe answers", "check the network, then the status page of Stripe")
    except StripeRefused as error:
        return Finding(False, f"Stripe takes the key ({error.code})", "check STRIPE_SECRET_KEY and its rights")
    return Finding(missing == 0, f"{len(keys) - missing} of {len(keys)} prices are in Stripe", "admin plans push")


def _told(shop: Shop) -> Finding:
    address = f"{shop.public_url}{BY_NAME['stripe_webhook'].path}"
    assert shop.gateway is not None
    try:
        told = shop.gateway.told_at(address)
    except StripeUnavailable:
        return Finding(False, "Stripe answers", "check the network, then the status page of Stripe")
    except StripeRefused as error:
        return Finding(False, f"Stripe says what it sends here ({error.code})", "let the key read webhook endpoints")
    missing = [] if "*" in told else [kind for kind in NEEDED if kind not in told]
    return Finding(not missing, f"Stripe sends its events to {address}", f"have it send {', '.join(missing)}")


def _late(url: str, now: dt.datetime) -> int:
    database = Database(url, 1)
    try:
        with database.transaction() as db:
            return int(db.execute(WAITING, {"before": now - LATE}).scalar_one())
    finally:
        database.close()
