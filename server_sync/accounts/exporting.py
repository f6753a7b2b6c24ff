"""Everything an office keeps here, line by line, so that its owner can take it away. Sealed it came, sealed it
leaves.
"""

import base64
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from server_sync.accounts.audit import record
from server_sync.database.engine import Database
from server_sync.storage.interface import Storage, StorageFailed
from server_sync.web.call import Call, Stream

ROWS = 20
BASE64 = "translate(encode({0}, 'base64'), E'\\n', '')"
HASHES = "(select array_agg(hex(one)) from unnest(chunks) one)"
LINKS = "hex(prev_hash) as previous, hex(hash) as hash"
PARTS = {
    "person": ("people", "id", "id, role, joined_at"),
    "device": ("devices", "id", "id, person_id, state, created_at, approved_by, approved_at, revoked_at"),
    "invitation": ("invitations", "id", "id, role, created_by, created_at, expires_at, used_by"),
    "document": ("documents", "id", f"id, kind, version, device_id, updated_at, {BASE64.format('sealed')} as sealed"),
    "report": ("reports", "id", f"id, kind, device_id, created_at, uploads, {BASE64.format('sealed')} as sealed"),
    "upload": (
        "uploads", "id",
        f"id, kind, complete, device_id, created_at, size, hex(sha256) as sha256, {HASHES} as chunks",
    ),
    "chunk": ("chunks", "sha256", f"sha256 as id, hex(sha256) as sha256, {BASE64.format('bytes')} as bytes, place"),
    "licence": ("licences", "office_id", "office_id as id, plan, seats, clients, employees, valid_until, ended"),
    "grant": ("grants", "cause", "cause as id, plan, seats, valid_from, valid_until, granted_at, taken_back"),
    "seat": ("seats", "device_id", "device_id as id, away, taken_at"),
    "audit": ("audit", "seq", f"seq as id, at, person_id, device_id, action, subject, {LINKS}"),
}  # fmt: skip
"""Kind of line → table, what it is paged by, columns."""


def export_office(call: Call) -> Stream:
    """Start the export. Pages are read while it is sent, each in a transaction of its own."""
    record(call, "exported", call.caller.office)
    return Stream(_lines(call.service.database, call.service.storage, call.caller.office))


def _lines(database: Database, storage: Storage | None, office: UUID) -> Iterator[bytes]:
    yield orjson.dumps({"line": "export", "format": "autoenroll-office", "version": 1, "office": office}) + b"\n"
    count = 1
    for kind, (table, key, columns) in PARTS.items():
        after: Any = None
        rows = 1 if kind == "chunk" else ROWS
        while True:
            where = f"and {key} > :after" if after is not None else ""
            statement = (
                f"select {columns} from {table} where office_id = :office {where} "  # noqa: S608 - our own words
                f"order by office_id, {key} limit {rows}"
            )
            about = {"office": office} | ({"after": after} if after is not None else {})
            with database.transaction(office) as db:
                page = db.execute(sa.text(statement), about).mappings().all()
            if not page:
                break
            for row in page:
                fields = {name: value for name, value in row.items() if not isinstance(value, bytes | memoryview)}
                if kind == "chunk" and (place := fields.pop("place")) is not None:
                    fields["bytes"] = _stored(storage, place)
                yield orjson.dumps({"line": kind, **fields}) + b"\n"
            count += len(page)
            after = page[-1]["id"]
    yield orjson.dumps({"line": "end", "lines": count}) + b"\n"


def _stored(storage: Storage | None, place: str) -> str | None:
    """Bytes of the storage in base64, None where it has lost them. Raises StorageFailed: the export ends early."""
    if storage is None:
        raise StorageFailed("not-set")
    content = storage.get(place)
    return None if content is None else base64.b64encode(content).decode()
