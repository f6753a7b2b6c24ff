"""Grants and what they come to.

Applying the same grants again changes nothing, and every change leaves a line in the ledger.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa

from server_sync.billing.entitlement import Grant, standing
from server_sync.billing.plans import Bought

OPERATOR = "operator"
"""Taken back by hand: only a hand gives it back."""
MAKE = sa.text("insert into licences (office_id) values (:office) on conflict do nothing")
LOCK = sa.text("select version from licences where office_id = :office for update")
READ = sa.text("select * from grants where office_id = :office order by valid_until, cause")
ADD = sa.text(
    "insert into grants (office_id, cause, plan, seats, clients, employees, features, valid_from, valid_until, "
    "granted_at, taken_back) values (:office, :cause, :plan, :seats, :clients, :employees, :features, :valid_from, "
    ":valid_until, :now, :taken_back)"
)
CHANGE = sa.text(
    "update grants set plan = :plan, seats = :seats, clients = :clients, employees = :employees, features = :features, "
    "valid_from = :valid_from, valid_until = :valid_until, taken_back = :taken_back "
    "where office_id = :office and cause = :cause"
)
NOTE = sa.text(
    "insert into licence_ledger (office_id, seq, at, what, cause, plan, seats, valid_until, taken_back) values "
    "(:office, (select coalesce(max(seq), 0) + 1 from licence_ledger where office_id = :office), :now, :what, :cause, "
    ":plan, :seats, :valid_until, :taken_back)"
)
SETTLE = sa.text(
    "update licences set plan = :plan, seats = :seats, clients = :clients, employees = :employees, "
    "features = :features, valid_until = :valid_until, ended = :ended, version = version + 1 "
    "where office_id = :office and (plan, seats, clients, employees, features, valid_until, ended) is distinct from "
    "(cast(:plan as text), cast(:seats as int), cast(:clients as int), cast(:employees as int), "
    "cast(:features as text[]), cast(:valid_until as timestamptz), cast(:ended as text)) returning version"
)


def apply_grants(db: sa.Connection, office: UUID, grants: Iterable[Grant], now: dt.datetime) -> bool:
    """Have these grants, in the office's transaction; ones that are there and not named stay as they are.

    Returns:
        Whether what is licensed changed.
    """
    db.execute(MAKE, {"office": office})
    db.execute(LOCK, {"office": office}).one()
    there = {grant.cause: grant for grant in read_grants(db, office)}
    for grant in grants:
        before = there.get(grant.cause)
        if before is not None and before.taken_back == OPERATOR:
            grant = replace(grant, taken_back=OPERATOR)  # noqa: PLW2901 - whatever Stripe says of its payment
        if before == grant:
            continue
        row = {"office": office, "now": now, **_columns(grant)}
        db.execute(ADD if before is None else CHANGE, row)
        db.execute(NOTE, {**row, "what": _what(before, grant)})
        there[grant.cause] = grant
    found = standing(there.values())
    bought = found.bought or Bought("", 0, None, None, ())
    settled = {
        "office": office, "plan": bought.plan or None, "seats": bought.seats, "clients": bought.clients,
        "employees": bought.employees, "features": list(bought.features), "valid_until": found.valid_until,
        "ended": found.ended,
    }  # fmt: skip
    return db.execute(SETTLE, settled).one_or_none() is not None


def read_grants(db: sa.Connection, office: UUID) -> list[Grant]:
    """The office's grants, the one that ends first foremost."""
    return [
        Grant(
            row.cause, Bought(row.plan, row.seats, row.clients, row.employees, tuple(row.features)),
            row.valid_from, row.valid_until, row.taken_back,
        )
        for row in db.execute(READ, {"office": office})
    ]  # fmt: skip


def _what(before: Grant | None, after: Grant) -> str:
    if before is None:
        return "granted"
    if bool(before.taken_back) == bool(after.taken_back):
        return "changed"
    return "taken-back" if after.taken_back else "given-back"


def _columns(grant: Grant) -> dict[str, object]:
    bought = grant.bought
    return {
        "cause": grant.cause, "plan": bought.plan, "seats": bought.seats, "clients": bought.clients,
        "employees": bought.employees, "features": list(bought.features), "valid_from": grant.valid_from,
        "valid_until": grant.valid_until, "taken_back": grant.taken_back,
    }  # fmt: skip
