"""Keeping, listing, reading and deleting reports."""

from collections.abc import Sequence

import psycopg
import sqlalchemy as sa

from server_sync.changes.feed import note_gone
from server_sync.contract.problems import Refused
from server_sync.contract.things import Deleted, Report
from server_sync.web.call import Call, Json
from server_sync.web.single import decided, single

PUT = (
    "select state, role, problem, body from put_report(%(office)s, %(device)s, %(roles)s::text[], %(key)s, "
    "%(fingerprint)s, %(id)s, %(kind)s, %(sealed)s, %(uploads)s::uuid[])"
)
PUT_MANY = (
    "select apart, state, role, problem, body from put_reports(%(offices)s::uuid[], %(devices)s::uuid[], "
    "%(roles)s::text[], %(keys)s::text[], %(fingerprints)b::bytea[], %(ids)s::uuid[], %(kinds)s::text[], "
    "%(sealed)b::bytea[], %(uploads)s::text[]) order by place"
)
LIST = (
    "select state, role, null, body from list_reports(%(office)s, %(device)s, %(roles)s::text[], %(before)s, %(limit)s)"
)
READ = sa.text(
    "select id, seq, kind, device_id, created_at, size, hex(sha256) as sha256, uploads, sealed "
    "from reports where office_id = :office and id = :id"
)
DELETE = sa.text("delete from reports where office_id = :office and id = :id returning kind, size")


def put_report(call: Call) -> Json:
    """Keep a report: one statement, which takes the key, the number and the row together."""
    new = call.body
    about = {"key": call.key, "fingerprint": call.fingerprint, "id": new.id, "kind": new.kind}
    return single(call, PUT, **about, sealed=new.sealed, uploads=new.uploads)


def put_reports(calls: Sequence[Call]) -> list[Json | Refused | None]:
    """Keep several reports in one transaction; None for each that has to be kept by itself.

    Where one of them makes the whole statement fail, all of them have to.
    """
    bodies = [call.body for call in calls]
    about = {
        "offices": [call.office for call in calls], "devices": [call.device for call in calls],
        "roles": calls[0].about["roles"], "keys": [call.key for call in calls],
        "fingerprints": [call.fingerprint for call in calls], "ids": [new.id for new in bodies],
        "kinds": [new.kind for new in bodies], "sealed": [new.sealed for new in bodies],
        "uploads": [f"{{{','.join(map(str, new.uploads))}}}" for new in bodies],
    }  # fmt: skip
    try:
        rows = calls[0].service.database.rows(PUT_MANY, about)
    except psycopg.Error:
        return [None] * len(calls)
    return [None if apart else decided(call, *rest) for call, (apart, *rest) in zip(calls, rows, strict=True)]


def reports(call: Call) -> Json:
    """A page of reports, newest first."""
    return single(call, LIST, before=call.query.before, limit=call.query.limit)


def report(call: Call) -> Report:
    """One report with its bytes."""
    row = call.db.execute(READ, {"office": call.caller.office, "id": call.parts["report"]}).one_or_none()
    if row is None:
        raise Refused("not-found")
    return Report(
        id=row.id, sequence=row.seq, kind=row.kind, device=row.device_id, created_at=row.created_at, size=row.size,
        sha256=row.sha256, uploads=row.uploads, sealed=bytes(row.sealed),
    )  # fmt: skip


def delete_report(call: Call) -> Deleted:
    """Delete one; the feed tells the others."""
    row = call.db.execute(DELETE, {"office": call.caller.office, "id": call.parts["report"]}).one_or_none()
    if row is None:
        raise Refused("not-found")
    return note_gone(call, "report", call.parts["report"], row.kind, row.size)
