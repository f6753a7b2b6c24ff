"""Bringing what an office is entitled to in line with what Stripe says now."""

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
import structlog

from server_sync.billing.entitlement import awaits_payment, grants_of
from server_sync.billing.gateway import Gateway
from server_sync.billing.inbox import receive
from server_sync.billing.plans import Plans
from server_sync.billing.stripe_errors import StripeRefused, StripeUnavailable
from server_sync.database.engine import Database
from server_sync.database.queue import enqueue
from server_sync.licences.granting import apply_grants

BACK = dt.timedelta(days=4)
"""How far back Stripe's own list of events is read each hour: it calls for three days."""
KEPT = dt.timedelta(days=90)
"""How long it is remembered that an event came."""
PAGE = 200

ALONE = sa.text("select pg_advisory_xact_lock(hashtextextended('billing/' || cast(:office as text), 0))")
PATIENT = sa.text(
    "select set_config('idle_in_transaction_session_timeout', '180s', true), set_config('lock_timeout', '60s', true)"
)
OPEN = sa.text("select event_id from stripe_events where customer_id = :customer and handled_at is null")
NEXT = sa.text(
    "select event_id, kind, customer_id, thing_id from stripe_events where handled_at is null "
    "order by received_at limit :limit"
)
HANDLED = sa.text("update stripe_events set handled_at = :now where event_id = any(:events)")
NAMED = sa.text("update stripe_events set customer_id = :customer where event_id = :event")
OFFICE = sa.text("select office_id from customer_directory where customer_id = :customer")
CUSTOMER = sa.text("select customer_id from customer_directory where office_id = :office")
CUSTOMERS = sa.text(
    "select office_id from customer_directory where cast(:after as uuid) is null or office_id > :after "
    "order by office_id limit :limit"
)
PAYMENT = sa.text("update licences set awaiting = :awaiting, failing = :failing where office_id = :office")
FORGET = sa.text("delete from stripe_events where handled_at is not null and received_at < :before")
FORGET_CUSTOMER = sa.text("delete from customer_directory where customer_id = :customer")
OF_A_CHARGE = ("charge.dispute.", "charge.refund.updated", "refund.")
"""Kinds of event that name the charge and not the customer."""
MAIL = "mail-licence"

log = structlog.get_logger("server_sync")


def handle_events(database: Database, gateway: Gateway, plans: Plans, now: dt.datetime) -> None:
    """Handle every event that is open. One office's trouble holds up no other: the first error is raised at the end."""
    trouble: Exception | None = None
    with database.transaction() as db:
        found = db.execute(NEXT, {"limit": PAGE}).all()
    seen: set[str] = set()
    for row in found:
        try:
            customer = row.customer_id or _find_customer(database, gateway, row.event_id, row.kind, row.thing_id)
            if not customer or customer not in seen:
                _handle_customer(database, gateway, plans, customer, row.event_id, now)
            seen.add(customer)
        except StripeRefused as error:  # gone from Stripe for good: asking again would not change that
            log.warning("stripe-refused", event=row.event_id, code=error.code)
            _close(database, row.event_id, now)
        except (StripeUnavailable, sa.exc.DBAPIError) as error:
            trouble = trouble or error
    if trouble is not None:
        raise trouble


def refresh_office(database: Database, gateway: Gateway, plans: Plans, office: UUID, now: dt.datetime) -> bool:
    """Read how things stand and apply it; one worker at a time for an office, so that nothing old overtakes.

    Returns:
        Whether what is licensed changed. Raises StripeUnavailable; nothing is changed then.
    """
    with database.transaction(office) as db:
        db.execute(PATIENT)
        db.execute(ALONE, {"office": office})
        customer = db.execute(CUSTOMER, {"office": office}).scalar()
        if customer is None:
            return False
        events = db.execute(OPEN, {"customer": customer}).scalars().all()
        present = gateway.present(customer)
        changed = apply_grants(db, office, grants_of(present, plans), now)
        db.execute(PAYMENT, {"office": office, "awaiting": awaits_payment(present), "failing": present.failing})
        db.execute(HANDLED, {"events": list(events), "now": now})
        if changed:
            enqueue(db, MAIL, office=office)
    return changed


def reconcile(database: Database, gateway: Gateway, now: dt.datetime) -> int:
    """Find events that never came in Stripe's own list, and have them handled. How many there were."""
    listed = list(gateway.happened_since(now - BACK))
    with database.transaction() as db:
        missed = sum(receive(db, event) for event in listed)
        db.execute(FORGET, {"before": now - KEPT})
    return missed


def refresh_everybody(database: Database, gateway: Gateway, plans: Plans, now: dt.datetime) -> None:
    """Compare every office with Stripe, whatever events came: the net under the net."""
    after: UUID | None = None
    while True:
        with database.transaction() as db:
            page = db.execute(CUSTOMERS, {"after": after, "limit": PAGE}).scalars().all()
        if not page:
            return
        for office in page:
            refresh_office(database, gateway, plans, office, now)
        after = page[-1]


def end_billing(database: Database, gateway: Gateway, office: UUID) -> None:
    """An office was erased: end its subscription, and forget whose customer it was."""
    with database.transaction() as db:
        customer = db.execute(CUSTOMER, {"office": office}).scalar()
    if customer is None:
        return
    gateway.close_checkouts(customer)
    gateway.end(customer)
    with database.transaction() as db:
        db.execute(FORGET_CUSTOMER, {"customer": customer})


def _handle_customer(
    database: Database, gateway: Gateway, plans: Plans, customer: str, event: str, now: dt.datetime
) -> None:
    with database.transaction() as db:
        office = db.execute(OFFICE, {"customer": customer}).scalar()
    if office is not None:
        refresh_office(database, gateway, plans, office, now)
        return
    _close(database, event, now)  # somebody else's customer in the same Stripe account


def _close(database: Database, event: str, now: dt.datetime) -> None:
    with database.transaction() as db:
        db.execute(HANDLED, {"events": [event], "now": now})


def _find_customer(database: Database, gateway: Gateway, event: str, kind: str, thing: str) -> str:
    """Whose event it is, where it names only a charge; kept, so that it is asked once."""
    if not kind.startswith(OF_A_CHARGE):
        return ""
    try:
        customer = gateway.customer_of_charge(thing)
    except StripeRefused:
        return ""
    with database.transaction() as db:
        db.execute(NAMED, {"event": event, "customer": customer})
    return customer
