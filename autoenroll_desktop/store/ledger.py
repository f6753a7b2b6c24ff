"""The ledger of what was sent to NAERSA: fingerprints of submissions and line items, hashes of files."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from autoenroll_desktop.domain.sent import Sent
from autoenroll_desktop.store import audit, clients
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.tables import client, sent

SUBMISSION, ITEM, FILE = "submission", "item", "file"
NO_YEAR = 0


def add_sent(
    connection: Connection, employer: str, tax_year: int | None, used: Iterable[tuple[str, str]], stamp: Stamp
) -> None:
    """Note what was sent for an employer and tax year: pairs of kind and fingerprint. The first time counts."""
    owner = clients.ensure(connection, employer, stamp)
    rows = [
        {"client_id": owner.id, "tax_year": tax_year or NO_YEAR, "kind": kind, "fingerprint": one, "sent_at": stamp.at}
        for kind, one in sorted(set(used))
    ]
    if rows:
        connection.execute(insert(sent).on_conflict_do_nothing(), rows)
    audit.add(connection, stamp, Event("marked-sent", owner.id, facts={"used-up": len(rows)}))


def read_sent(connection: Connection, employers: Iterable[str], years: Iterable[int]) -> Sent:
    """What was sent for these employers: identifiers of these tax years, files of any."""
    wanted = [clients.plain_employer(one) for one in employers]
    found: dict[str, dict[str, dt.datetime]] = {SUBMISSION: {}, ITEM: {}, FILE: {}}
    query = (
        select(sent.c.kind, sent.c.fingerprint, sent.c.sent_at)
        .join(client, client.c.id == sent.c.client_id)
        .where(client.c.employer.in_(wanted), sent.c.tax_year.in_([*years, NO_YEAR]) | (sent.c.kind == FILE))
        .order_by(sent.c.sent_at)
    )
    for row in connection.execute(query):
        found[row.kind].setdefault(row.fingerprint, row.sent_at)
    return Sent(frozenset(found[SUBMISSION]), frozenset(found[ITEM]), found[FILE])
