"""A kept run as it travels, and as it is taken over by another PC of the office: the same run, once.

The run keeps its id, its parts and its files byte for byte. Client, series and version are this store's own: a client
is told by its employer number, and of several versions the one kept last counts, on every PC the same.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from autoenroll_desktop.domain.shared import NotOurs, Parcel
from autoenroll_desktop.store import audit, clients, kept_files
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.clients import Client, key_of
from autoenroll_desktop.store.packing import totals_of
from autoenroll_desktop.store.runs import RESULT, content, make_findable, series_of
from autoenroll_desktop.store.sealing import seal
from autoenroll_desktop.store.tables import client, file_client, run, run_content, run_file, series


class RunRow(msgspec.Struct):
    """A row of `run` without what is a store's own."""

    checked_at: dt.datetime
    kept_at: dt.datetime
    tax_year: int | None
    reference: str | None
    frequency: str | None
    first_pay_date: dt.date | None
    last_pay_date: dt.date | None
    answer: str
    errors: int
    gates: int
    warnings: int
    infos: int
    cut_off: dt.datetime | None
    lines: int
    gross: int
    employee: int
    employer: int
    state: int
    rule_book: str
    program: str
    digest: str
    files: str


class RunFile(msgspec.Struct):
    """A file of a run. `blob` names its content, "" where it is not kept; `owners` are employer numbers."""

    position: int
    name: str
    role: str
    sha256: str
    blob: str
    owners: list[str]


class RunHead(msgspec.Struct):
    """The particulars of a run."""

    id: str
    employer_number: str
    row: RunRow
    parts: list[str]
    files: list[RunFile]


def run_parcel(connection: Connection, folder: Path, subject: str, run_id: str) -> Parcel | None:
    """A run as it travels; None where it is not kept any more. Raises AppError, SealBroken."""
    row = connection.execute(select(run).where(run.c.id == run_id)).mappings().one_or_none()
    if row is None:
        return None
    number = connection.execute(select(client.c.employer).where(client.c.id == row["client_id"])).scalar_one()
    parts = {part: data for (_, part), data in content(connection, [run_id]).items()}
    blobs: dict[str, bytes] = dict(parts)
    files = []
    query = select(run_file).where(run_file.c.run_id == run_id, run_file.c.role != "report")
    for one in connection.execute(query.order_by(run_file.c.position)):
        blob, owners = "", _owners(connection, one.file_id)
        if one.file_id is not None and owners:
            blob = f"file-{one.position}"
            blobs[blob] = kept_files.read_file(connection, folder, one.file_id)
        files.append(RunFile(one.position, one.name, one.role, one.sha256, blob, owners))
    about = RunRow(**{name: row[name] for name in RunRow.__struct_fields__})
    head = RunHead(run_id, number, about, sorted(parts), files)
    return Parcel("run", subject, msgspec.msgpack.encode(head), blobs, row["client_id"])


def take_run(connection: Connection, folder: Path, parcel: Parcel, stamp: Stamp) -> tuple[str, str]:
    """Take a run over; its client and its id. One that is here already is left as it is. Raises NotOurs."""
    try:
        head = msgspec.msgpack.decode(parcel.head, type=RunHead)
        only = totals_of(parcel.blobs[RESULT])
        parts = {part: parcel.blobs[part] for part in head.parts}
        files = {one.position: parcel.blobs[one.blob] for one in head.files if one.blob}
    except (msgspec.MsgspecError, KeyError, IndexError):
        raise NotOurs from None
    owner = clients.ensure(connection, head.employer_number, stamp)
    if connection.execute(select(run.c.id).where(run.c.id == head.id)).first() is not None:
        return owner.id, head.id
    series_id = series_of(owner, only)
    newest = select(run.c.kept_at, run.c.id).join(series, series.c.newest == run.c.id)
    before = connection.execute(newest.where(series.c.id == series_id)).first()
    if before is None or (before.kept_at, before.id) < (head.row.kept_at, head.id):
        statement = upsert(series).values(id=series_id, client_id=owner.id, newest=head.id)
        connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"newest": head.id}))
    row = _row(connection, head, owner, series_id)
    connection.execute(insert(run), row)
    key = key_of(connection, owner.id)
    sealed = [
        {"run_id": head.id, "part": part, "sealed": seal(key, data, f"{head.id} {part}")}
        for part, data in parts.items()
    ]
    connection.execute(insert(run_content), sealed)
    _keep_files(connection, folder, head, files, stamp)
    make_findable(connection, owner, row)
    facts = {"answer": row["answer"], "version": row["version"], "lines": row["lines"], "received": True}
    audit.add(connection, stamp, Event("run-kept", owner.id, head.id, "", head.row.digest, facts))
    return owner.id, head.id


def _row(connection: Connection, head: RunHead, owner: Client, series_id: str) -> dict[str, Any]:
    query = select(func.coalesce(func.max(run.c.version), 0)).where(run.c.series_id == series_id)
    version = int(connection.execute(query).scalar_one()) + 1
    own = {"id": head.id, "client_id": owner.id, "series_id": series_id, "version": version}
    return {name: getattr(head.row, name) for name in RunRow.__struct_fields__} | own


def _keep_files(connection: Connection, folder: Path, head: RunHead, files: Mapping[int, bytes], stamp: Stamp) -> None:
    for one in head.files:
        file_id = None
        if one.position in files:
            owners = [clients.ensure(connection, employer, stamp).id for employer in one.owners]
            keys = clients.keys_of(connection, owners)
            file_id = kept_files.keep_file(connection, folder, keys, files[one.position], stamp)
        row = {"run_id": head.id, "position": one.position, "file_id": file_id, "name": one.name, "role": one.role}
        connection.execute(insert(run_file), {**row, "sha256": one.sha256})


def _owners(connection: Connection, file_id: str | None) -> list[str]:
    query = select(client.c.employer).join(file_client, file_client.c.client_id == client.c.id)
    return [*connection.execute(query.where(file_client.c.file_id == file_id).order_by(client.c.employer)).scalars()]
