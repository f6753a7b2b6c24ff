"""Keeping, listing, reading and deleting reports."""

import sqlalchemy as sa

from server_sync.changes.feed import note_gone
from server_sync.contract.problems import Refused
from server_sync.contract.things import Deleted, Report
from server_sync.web.call import Call, Json
from server_sync.web.single import single

PUT = (
    "select state, role, problem, body from put_report(%(office)s, %(device)s, %(roles)s::text[], %(key)s, "
    "%(fingerprint)s, %(id)s, %(kind)s, %(sealed)s, %(uploads)s::uuid[])"
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
