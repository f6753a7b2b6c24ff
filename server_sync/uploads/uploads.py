"""The life of an upload: manifest, chunks, completion; reading and deleting it.

A manifest posted again says what is still missing, so a sender that was cut off at any byte goes on where it was.
"""

import hashlib
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server_sync.changes.feed import note, note_gone, was_deleted
from server_sync.contract.fields import CHUNK_SIZE
from server_sync.contract.problems import Refused
from server_sync.contract.things import ChunkKept, Deleted, Upload
from server_sync.uploads.blobs import Chunks
from server_sync.web.call import Call, Json
from server_sync.web.single import single

INSERT = sa.text(
    "insert into uploads (office_id, id, kind, device_id, size, sha256, chunks) "
    "values (:office, :id, :kind, :device, :size, :sha256, :chunks) on conflict do nothing"
)
READ = (
    "select id, seq, kind, complete, device_id, created_at, size, sha256, chunks from uploads "
    "where office_id = :office and id = :id"
)
LOOK, LOCK = sa.text(READ), sa.text(f"{READ} for update")
COMPLETE = sa.text("update uploads set complete = true, seq = :seq where office_id = :office and id = :id")
DELETE = sa.text("delete from uploads where office_id = :office and id = :id returning kind, size, complete")
LIST = (
    "select state, role, null, body from list_uploads(%(office)s, %(device)s, %(roles)s::text[], %(before)s, %(limit)s)"
)


def manifest(call: Call) -> Upload:
    """Begin an upload, or say how far it has come."""
    new, office = call.body, call.caller.office
    if len(new.chunks) != -(-new.size // CHUNK_SIZE):
        raise Refused("invalid", "at $.chunks: not as many as the size needs")
    if was_deleted(call, "upload", new.id):
        raise Refused("deleted")
    chunks = [bytes.fromhex(one) for one in new.chunks]
    row = {
        "office": office, "id": new.id, "kind": new.kind, "device": call.caller.device, "size": new.size,
        "sha256": bytes.fromhex(new.sha256), "chunks": chunks,
    }  # fmt: skip
    call.db.execute(INSERT, row)
    there = _find(call, LOOK, new.id)
    if (there.kind, there.size, bytes(there.sha256), [bytes(one) for one in there.chunks]) != (
        new.kind, new.size, row["sha256"], chunks,
    ):  # fmt: skip
        raise Refused("exists")
    return _upload(call, there)


def uploads(call: Call) -> Json:
    """A page of complete uploads, newest first."""
    return single(call, LIST, before=call.query.before, limit=call.query.limit)


def upload(call: Call) -> Upload:
    """One upload and what it lacks."""
    return _upload(call, _find(call, LOOK, call.parts["upload"]))


def put_chunk(call: Call) -> ChunkKept:
    """Keep one chunk of an upload, if its bytes are those of its hash and as many as its place needs."""
    name, chunk = call.parts["sha256"], call.body
    found = hashlib.sha256(chunk).digest()
    if found.hex() != name:
        raise Refused("hash-mismatch")
    there = _find(call, LOOK, call.parts["upload"])
    hashes = [bytes(one) for one in there.chunks]
    if found not in hashes:
        raise Refused("not-found", "the manifest does not name this chunk")
    last = there.size - CHUNK_SIZE * (len(hashes) - 1)
    if len(chunk) not in {
        last if at == len(hashes) - 1 else CHUNK_SIZE for at, one in enumerate(hashes) if one == found
    }:
        raise Refused("hash-mismatch", "the chunk is not as long as its place needs")
    _chunks(call).put(call.caller.office, found, chunk)
    return ChunkKept(sha256=name, size=len(chunk))


def chunk(call: Call) -> bytes:
    """One chunk's bytes."""
    found = bytes.fromhex(call.parts["sha256"])
    if found not in {bytes(one) for one in _find(call, LOOK, call.parts["upload"]).chunks}:
        raise Refused("not-found")
    kept = _chunks(call).get(call.caller.office, found)
    if kept is None:
        raise Refused("not-found", "the chunk has not arrived yet")
    return kept


def complete(call: Call) -> Upload:
    """Check the whole upload and show it to the office; asked again, nothing happens."""
    there = _find(call, LOCK, call.parts["upload"])
    if there.complete:
        return _upload(call, there)
    office, blobs = call.caller.office, _chunks(call)
    whole, size = hashlib.sha256(), 0
    for one in there.chunks:
        kept = blobs.get(office, bytes(one))
        if kept is None:
            missing = {bytes(one), *blobs.missing(office, [bytes(each) for each in there.chunks])}
            raise Refused("chunks-missing", missing=sorted(each.hex() for each in missing))
        whole.update(kept)
        size += len(kept)
    if whole.digest() != bytes(there.sha256) or size != there.size:
        raise Refused("hash-mismatch")
    number = note(call, "upload", there.id, kind=there.kind, more=1, size=there.size)
    if blobs.missing(
        office, [bytes(one) for one in there.chunks]
    ):  # swept in the meantime; sweeping waits for this number
        raise Refused("busy", retry_after=1)
    call.db.execute(COMPLETE, {"office": office, "id": there.id, "seq": number})
    return _upload(call, _find(call, LOOK, there.id))


def delete_upload(call: Call) -> Deleted:
    """Delete one; its chunks go when no other upload names them."""
    about = {"office": call.caller.office, "id": call.parts["upload"]}
    row = call.db.execute(DELETE, about).one_or_none()
    if row is None:
        raise Refused("not-found")
    if not row.complete:  # nobody has heard of it, and it was never counted
        return Deleted(
            id=call.parts["upload"], sequence=note(call, "upload", call.parts["upload"], kind=row.kind, gone=True)
        )
    return note_gone(call, "upload", call.parts["upload"], row.kind, row.size)


def _chunks(call: Call) -> Chunks:
    return Chunks(call.db, call.service.database, call.service.storage)


def _find(call: Call, statement: sa.TextClause, which: UUID) -> Any:
    row = call.db.execute(statement, {"office": call.caller.office, "id": which}).one_or_none()
    if row is None:
        raise Refused("not-found")
    return row


def _upload(call: Call, row: Any) -> Upload:
    chunks = [bytes(one) for one in row.chunks]
    missing = set() if row.complete else _chunks(call).missing(call.caller.office, chunks)
    return Upload(
        id=row.id, sequence=row.seq, kind=row.kind, state="complete" if row.complete else "partial",
        device=row.device_id, created_at=row.created_at, size=row.size, sha256=bytes(row.sha256).hex(),
        chunks=[one.hex() for one in chunks],
        missing=[one.hex() for one in dict.fromkeys(chunks) if one in missing],
    )  # fmt: skip
