"""Keeping, listing, reading and deleting shared documents."""

import hashlib
from typing import Any

import sqlalchemy as sa

from server_sync.changes.feed import note, note_gone, was_deleted
from server_sync.contract.problems import Refused
from server_sync.contract.things import Deleted, Document, DocumentEntry, Documents
from server_sync.web.call import Call

COLUMNS = "id, seq, kind, version, device_id, updated_at, size, hex(sha256) as sha256"
LOCK = sa.text("select kind, version, size from documents where office_id = :office and id = :id for update")
LIST = sa.text(
    f"select {COLUMNS} from documents where office_id = :office and seq < coalesce(:before, 9223372036854775807) "  # noqa: S608 - our own words
    "order by office_id, seq desc limit :limit"
)
READ = sa.text(f"select {COLUMNS}, sealed from documents where office_id = :office and id = :id")  # noqa: S608
INSERT = sa.text(
    "insert into documents (office_id, id, seq, kind, version, device_id, size, sha256, sealed) "  # noqa: S608
    f"values (:office, :id, :seq, :kind, :version, :device, :size, :sha256, :sealed) returning {COLUMNS}"
)
UPDATE = sa.text(
    "update documents set seq = :seq, version = :version, device_id = :device, updated_at = now(), size = :size, "  # noqa: S608
    f"sha256 = :sha256, sealed = :sealed where office_id = :office and id = :id returning {COLUMNS}"
)
DELETE = sa.text("delete from documents where office_id = :office and id = :id returning kind, size")


def put_document(call: Call) -> DocumentEntry:
    """Keep the next version of a document, if it was made from the present one."""
    new, which = call.body, call.parts["document"]
    about = {"office": call.caller.office, "id": which}
    there = call.db.execute(LOCK, about).one_or_none()
    if there is None and was_deleted(call, "document", which):
        raise Refused("deleted")
    if there is not None and there.kind != new.kind:
        raise Refused("exists", "a document of another kind has this id")
    version = there.version if there else 0
    if new.base_version != version:
        raise Refused("version-conflict", version=version)
    number = note(
        call, "document", which, kind=new.kind, version=version + 1, more=0 if there else 1,
        size=len(new.sealed) - (there.size if there else 0),
    )  # fmt: skip
    row = {
        **about, "seq": number, "kind": new.kind, "version": version + 1, "device": call.caller.device,
        "size": len(new.sealed), "sha256": hashlib.sha256(new.sealed).digest(), "sealed": new.sealed,
    }  # fmt: skip
    return DocumentEntry(**_entry(call.db.execute(UPDATE if there else INSERT, row).one()))


def documents(call: Call) -> Documents:
    """A page of documents, newest first."""
    asked = call.query
    about = {"office": call.caller.office, "before": asked.before, "limit": asked.limit}
    items = [DocumentEntry(**_entry(row)) for row in call.db.execute(LIST, about)]
    return Documents(items=items, next=items[-1].sequence if len(items) == asked.limit else None)


def document(call: Call) -> Document:
    """One document with its bytes."""
    row = call.db.execute(READ, {"office": call.caller.office, "id": call.parts["document"]}).one_or_none()
    if row is None:
        raise Refused("not-found")
    return Document(**_entry(row), sealed=bytes(row.sealed))


def delete_document(call: Call) -> Deleted:
    """Delete one; the feed tells the others."""
    row = call.db.execute(DELETE, {"office": call.caller.office, "id": call.parts["document"]}).one_or_none()
    if row is None:
        raise Refused("not-found")
    return note_gone(call, "document", call.parts["document"], row.kind, row.size)


def _entry(row: Any) -> dict[str, Any]:
    return {
        "id": row.id, "sequence": row.seq, "kind": row.kind, "version": row.version, "device": row.device_id,
        "updated_at": row.updated_at, "size": row.size, "sha256": row.sha256,
    }  # fmt: skip
