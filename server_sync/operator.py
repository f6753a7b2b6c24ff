"""What an operator can look up: offices in counts and sizes, never what they hold."""

import datetime as dt
from collections import Counter
from uuid import UUID

import sqlalchemy as sa

from server_sync.database.engine import Database

OFFICES = sa.text("select office_id, created_at, erased from office_directory order by created_at, office_id")
FLEET = sa.text(
    "select release, count(*) as devices from devices where office_id = :office and state = 'active' "
    "and seen_on >= :since group by release"
)
LATELY = dt.timedelta(days=30)
PAGE = sa.text(
    "select office_id from office_directory where not erased and (cast(:after as uuid) is null or office_id > :after) "
    "order by office_id limit 200"
)
HEAD = sa.text("select reports, documents, uploads, stored_bytes, change_seq from heads where office_id = :office")


def counts(url: str) -> str:
    """One line an office: id, day it was made, reports, documents, uploads, bytes."""
    database = Database(url, 1)
    lines = [f"{'office':<36}  {'since':<10}  {'reports':>8}  {'documents':>9}  {'uploads':>8}  {'bytes':>14}"]
    try:
        with database.transaction() as db:
            offices = db.execute(OFFICES).all()
        for office in offices:
            with database.transaction(office.office_id) as db:
                head = db.execute(HEAD, {"office": office.office_id}).one()
            numbers = f"{head.reports:>8}  {head.documents:>9}  {head.uploads:>8}  {head.stored_bytes:>14}"
            erased = "  erased" if office.erased else ""
            lines.append(f"{office.office_id}  {office.created_at:%Y-%m-%d}  {numbers}{erased}")
    finally:
        database.close()
    return "\n".join(lines)


def fleet(url: str, today: dt.date) -> str:
    """One line a version: how many active devices got a token with it in the last thirty days, the most first."""
    database = Database(url, 1)
    devices: Counter[str] = Counter()
    offices: Counter[str] = Counter()
    after: UUID | None = None
    try:
        while True:
            with database.transaction() as db:
                page = [one for (one,) in db.execute(PAGE, {"after": after})]
            for office in page:
                with database.transaction(office) as db:
                    for row in db.execute(FLEET, {"office": office, "since": today - LATELY}):
                        devices[row.release or "not said"] += row.devices
                        offices[row.release or "not said"] += 1
            if not page:
                break
            after = page[-1]
    finally:
        database.close()
    lines = [f"{'version':<14}  {'devices':>8}  {'offices':>8}"]
    lines += [f"{release:<14}  {count:>8}  {offices[release]:>8}" for release, count in devices.most_common()]
    return "\n".join([*lines, f"{'all':<14}  {devices.total():>8}"])
