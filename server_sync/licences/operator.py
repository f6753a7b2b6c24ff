"""What the operator does with licences by hand: for customers on invoice, for schools, for whoever lost a file."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import orjson
import sqlalchemy as sa

from server_sync.billing.entitlement import Grant
from server_sync.billing.plans import Bought, Plans
from server_sync.contract.licence_file import NotARequest, read_request, write_file
from server_sync.database.engine import Database
from server_sync.errors import ServiceError
from server_sync.licences.granting import OPERATOR, apply_grants, read_grants
from server_sync.licences.issuing import NoSeatFree, issue, issue_for_mail
from server_sync.licences.keys import Signer
from server_sync.licences.licences import RELEASE, SEATS

OFFICES = sa.text("select office_id from office_directory where not erased order by created_at, office_id")
KNOWN = sa.text("select 1 from office_directory where office_id = :office and not erased")
MAKE = sa.text("insert into office_directory (office_id) values (:office)")
ROW = sa.text("select * from licences where office_id = :office")
LEDGER = sa.text("select * from licence_ledger where office_id = :office order by seq")


def list_licences(database: Database) -> str:
    """One line an office that ever had a licence."""
    lines = [f"{'office':<36}  {'plan':<12}  {'seats':>9}  {'until':<10}  state"]
    for office in _offices(database):
        with database.transaction(office) as db:
            row = db.execute(ROW, {"office": office}).one_or_none()
            taken = len(db.execute(SEATS, {"office": office}).all())
        if row is None:
            continue
        until = row.valid_until.strftime("%d/%m/%Y") if row.valid_until else "–"
        states = (row.ended, "awaiting" if row.awaiting else "", "failing" if row.failing else "")
        state = ", ".join(one for one in states if one) or "good"
        lines.append(f"{office}  {row.plan or '–':<12}  {f'{taken}/{row.seats}':>9}  {until:<10}  {state}")
    return "\n".join(lines)


def grant(
    database: Database, plans: Plans, office: UUID | None, plan: str, until: dt.datetime, seats: int | None,
    now: dt.datetime,
) -> tuple[UUID, str]:  # fmt: skip
    """Grant a plan until a moment, without a payment here. `office` None: one that is not registered yet.

    Returns:
        The office and the grant's cause. Raises ServiceError.
    """
    what = plans.plan(plan)
    bought = Bought(plan, what.seats, what.clients, what.employees, what.features) if what else None
    if bought is None and plan == "school":
        bought = Bought(plan, 30, None, None, ())
    if bought is None:
        raise ServiceError(
            f"There is no plan {plan}", f"Choose one of: {', '.join(one.code for one in plans.plans)}, school"
        )
    if seats is not None:
        bought = replace(bought, seats=seats)
    return _add(database, office, bought, now, until, now)


def extend(database: Database, office: UUID, until: dt.datetime, now: dt.datetime) -> str:
    """Let what an office has run on until a moment. The grant's cause. Raises ServiceError."""
    with database.transaction(office) as db:
        row = db.execute(ROW, {"office": office}).one_or_none()
    if row is None or row.plan is None:
        raise ServiceError("This office has no licence to extend", "Grant one")
    bought = Bought(row.plan, row.seats, row.clients, row.employees, tuple(row.features))
    return _add(database, office, bought, min(row.valid_until, now), until, now)[1]


def revoke(database: Database, office: UUID, cause: str, now: dt.datetime) -> None:
    """Take a grant back; its copies hold until their snapshot ends. Raises ServiceError: there is no such grant."""
    with database.transaction(office) as db:
        found = next((one for one in read_grants(db, office) if one.cause == cause), None)
        if found is None:
            causes = ", ".join(one.cause for one in read_grants(db, office)) or "it has none"
            raise ServiceError("This office has no such grant", f"Its grants: {causes}")
        apply_grants(db, office, [replace(found, taken_back=OPERATOR)], now)


def release(database: Database, office: UUID, device: UUID) -> None:
    """Free a seat. Raises ServiceError: the device holds none."""
    with database.transaction(office) as db:
        if not db.execute(RELEASE, {"office": office, "device": device}).rowcount:
            raise ServiceError("This device holds no seat of this office")


def licence_file(database: Database, signer: Signer, office: UUID, request: bytes | None, now: dt.datetime) -> str:
    """The content of a licence file: for the PC of a request, or for any of the office. Raises ServiceError."""
    try:
        with database.transaction(office) as db:
            if request is None:
                made = issue_for_mail(db, signer, office, now)
                if made is None:
                    raise ServiceError("This office has no licence that runs", "Grant one")
                return write_file(*made)
            issued = issue(db, signer, office, UUID(read_request(request).device), now, away=True)
    except (NotARequest, ValueError) as error:
        raise ServiceError("This is no licence request", "It is one line that begins with AER1") from error
    except NoSeatFree as error:
        raise ServiceError("Every seat of this office is taken", "Release one, or grant more") from error
    if issued.token is None or issued.licence is None:
        raise ServiceError("This office has no licence", "Grant one")
    return write_file(issued.token, issued.licence)


def export(database: Database) -> Iterator[str]:
    """Every licence, grant and ledger entry, one JSON object a line, for the books."""
    for office in _offices(database):
        with database.transaction(office) as db:
            row = db.execute(ROW, {"office": office}).mappings().one_or_none()
            grants = read_grants(db, office)
            ledger = db.execute(LEDGER, {"office": office}).mappings().all()
        if row is not None:
            yield orjson.dumps({"line": "licence", **row}).decode()
        for one in grants:
            yield orjson.dumps({"line": "grant", "office_id": office, **_as_dict(one)}).decode()
        for entry in ledger:
            yield orjson.dumps({"line": "ledger", **entry}).decode()


def _add(
    database: Database, office: UUID | None, bought: Bought, start: dt.datetime, until: dt.datetime, now: dt.datetime
) -> tuple[UUID, str]:  # fmt: skip
    if until <= now:
        raise ServiceError("That day is over", "Give a day to come")
    cause = f"{OPERATOR}:{uuid4()}"
    known = office or uuid4()
    with database.transaction(known) as db:
        if office is None:
            db.execute(MAKE, {"office": known})
        elif db.execute(KNOWN, {"office": office}).one_or_none() is None:
            raise ServiceError("There is no such office", "Say `new` to make one")
        apply_grants(db, known, [Grant(cause, bought, start, until)], now)
    return known, cause


def _offices(database: Database) -> list[UUID]:
    with database.transaction() as db:
        return list(db.execute(OFFICES).scalars())


def _as_dict(one: Grant) -> dict[str, object]:
    return {
        "cause": one.cause, "plan": one.bought.plan, "seats": one.bought.seats, "valid_from": one.valid_from,
        "valid_until": one.valid_until, "taken_back": one.taken_back,
    }  # fmt: skip
