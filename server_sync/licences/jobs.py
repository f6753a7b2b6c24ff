"""The worker's jobs about licences: handling events, finding missed ones, comparing everybody, sending the file."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from uuid import UUID

import sqlalchemy as sa

from server_sync.billing.gateway import Gateway
from server_sync.billing.inbox import JOB
from server_sync.billing.plans import Plans
from server_sync.billing.refresh import MAIL, end_billing, handle_events, reconcile, refresh_everybody
from server_sync.billing.selling import Selling
from server_sync.billing.shop import open_shop
from server_sync.database.engine import Database
from server_sync.database.queue import enqueue
from server_sync.licences.issuing import issue_for_mail
from server_sync.licences.keys import Signer
from server_sync.licences.mail import Mailer, licence_mail

END = "end-billing"
"""Enqueued where an office is erased (`accounts.offices`)."""
RECONCILE, COMPARE = "reconcile-stripe", "compare-stripe"
Act = Callable[[Database, UUID | None, dt.datetime], None]

CUSTOMER = sa.text("select customer_id, version, mailed_version from licences where office_id = :office")
MAILED = sa.text("update licences set mailed_version = greatest(mailed_version, :version) where office_id = :office")


def licence_acts(selling: Selling) -> dict[str, Act]:
    """The jobs by kind; none where nothing is sold. Raises ServiceError."""
    shop, mailer = open_shop(selling), selling.mailer()
    acts: dict[str, Act] = {}
    if shop.gateway is not None:
        acts[JOB] = partial(_events, shop.gateway, shop.plans)
        acts[RECONCILE] = partial(_reconcile, shop.gateway, shop.plans)
        acts[COMPARE] = partial(_compare, shop.gateway, shop.plans)
        acts[END] = partial(_end, shop.gateway)
        acts[MAIL] = partial(_mail, shop.gateway, shop.signer, mailer)
    return acts


def plan_licence_jobs(database: Database, now: dt.datetime) -> None:
    """Have missed events looked for at the next quarter of an hour, and everybody compared at the next night."""
    with database.transaction() as db:
        for kind, every in ((RECONCILE, 900), (COMPARE, 86_400)):
            due = dt.datetime.fromtimestamp((now.timestamp() // every + 1) * every, dt.UTC)
            enqueue(db, kind, dedupe=f"{kind}/{due:%Y%m%d%H%M}", run_at=due)


def _events(gateway: Gateway, plans: Plans, database: Database, _office: UUID | None, now: dt.datetime) -> None:
    handle_events(database, gateway, plans, now)


def _reconcile(gateway: Gateway, plans: Plans, database: Database, _office: UUID | None, now: dt.datetime) -> None:
    reconcile(database, gateway, now)
    handle_events(database, gateway, plans, now)


def _compare(gateway: Gateway, plans: Plans, database: Database, _office: UUID | None, now: dt.datetime) -> None:
    refresh_everybody(database, gateway, plans, now)


def _end(gateway: Gateway, database: Database, office: UUID | None, _now: dt.datetime) -> None:
    if office is not None:
        end_billing(database, gateway, office)


def _mail(
    gateway: Gateway, signer: Signer | None, mailer: Mailer | None,
    database: Database, office: UUID | None, now: dt.datetime,
) -> None:  # fmt: skip
    """Send the licence file of an office whose licence changed; once a change, again only where sending failed."""
    if office is None or signer is None or mailer is None:
        return
    with database.transaction(office) as db:
        row = db.execute(CUSTOMER, {"office": office}).one_or_none()
        made = issue_for_mail(db, signer, office, now) if row and row.mailed_version < row.version else None
    if row is None or made is None or row.customer_id is None:
        return
    address = gateway.email(row.customer_id)
    if address:
        mailer.send(licence_mail(mailer.sender, address, *made))
    with database.transaction(office) as db:
        db.execute(MAILED, {"office": office, "version": row.version})
