"""What is finished and shared, by kind: runs, reports kept with them, AEPN snapshots, marks of what was sent to NAERSA.

A run's message is put into the outbox with the run. The others are rows that are only ever added, so their messages are
made from them, once each, before anything is sent; what was there before the office is shared the same way.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
from sqlalchemy import ColumnElement, Connection, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from autoenroll_desktop.domain.shared import NotOurs, NotYet, Parcel, Waiting
from autoenroll_desktop.store import audit, clients, kept_files
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.sealing import seal, unseal
from autoenroll_desktop.store.shared_runs import run_parcel, take_run
from autoenroll_desktop.store.tables import client, outbox, run, run_file, sent, snapshot

Used = list[tuple[str, str]]
"""Kind and fingerprint of submissions and the like."""
Mark = tuple[str, int, dt.datetime]
"""Client, tax year and moment."""
RUN, REPORT, SNAPSHOT, SENT = "run-kept", "report-kept", "snapshot-kept", "sent-marked"
"""Kinds of message."""
KIND_OF = {RUN: "run", REPORT: "report", SNAPSHOT: "other", SENT: "ledger"}
"""The word of each on the wire."""


class ReportHead(msgspec.Struct):
    """A report that was kept with a run."""

    run: str
    name: str
    sha256: str


class SnapshotHead(msgspec.Struct):
    """An AEPN snapshot."""

    id: str
    employer: str
    downloaded_at: dt.datetime
    rows: int
    digest: str


class SentHead(msgspec.Struct):
    """What was marked as sent at one time."""

    employer: str
    tax_year: int
    at: dt.datetime
    used: Used


def gather(connection: Connection, stamp: Stamp, *, reports: bool) -> None:
    """Put a message for everything of these kinds that has none yet."""
    report = select(run.c.client_id, run_file.c.run_id, run_file.c.sha256).join(run, run.c.id == run_file.c.run_id)
    kept = report.where(run_file.c.role == "report", run_file.c.file_id.is_not(None))
    found = (
        [(REPORT, row.client_id, f"{row.run_id} {row.sha256}") for row in connection.execute(kept)] if reports else []
    )
    found += [
        (SNAPSHOT, row.client_id, row.id) for row in connection.execute(select(snapshot.c.client_id, snapshot.c.id))
    ]
    found += [(SENT, mark[0], _named(mark, used)) for mark, used in _marks(connection).items()]
    known = {*connection.execute(select(outbox.c.key)).scalars()}
    rows = [
        {"key": f"{kind}:{subject}", "kind": kind, "client_id": owner, "subject": subject, "put_at": stamp.at}
        for kind, owner, subject in found
        if f"{kind}:{subject}" not in known
    ]
    if rows:
        connection.execute(upsert(outbox).on_conflict_do_nothing(index_elements=["key"]), rows)


def waiting(connection: Connection, most_tries: int, *, reports: bool) -> list[Waiting]:
    """Every message that was not sent yet, oldest first, but those that were refused so many times.

    Args:
        reports: False keeps back those of reports, whenever they were put: where a policy forbids sending them.
    """
    columns = (outbox.c.number, outbox.c.kind, outbox.c.subject, outbox.c.client_id, outbox.c.tries)
    query = select(*columns).where(outbox.c.done_at.is_(None), outbox.c.tries < most_tries).order_by(outbox.c.number)
    if not reports:
        query = query.where(outbox.c.kind != REPORT)
    return [Waiting(*row) for row in connection.execute(query)]


def waiting_count(connection: Connection, *, reports: bool) -> int:
    """How many messages wait in the outbox; without `reports`, how many of those that are ever to go."""
    query = select(func.count()).select_from(outbox).where(outbox.c.done_at.is_(None))
    if not reports:
        query = query.where(outbox.c.kind != REPORT)
    return int(connection.execute(query).scalar_one())


def parcel_of(connection: Connection, folder: Path, one: Waiting) -> Parcel | None:
    """What a message is about, ready to be sealed; None where it is not kept any more. Raises AppError."""
    subject = f"{one.kind}:{one.subject}"
    if one.kind == RUN:
        return run_parcel(connection, folder, subject, one.subject)
    makers: Mapping[str, Callable[[], tuple[msgspec.Struct, dict[str, bytes]] | None]] = {
        REPORT: lambda: _report(connection, folder, one),
        SNAPSHOT: lambda: _snapshot(connection, one),
        SENT: lambda: _sent(connection, one),
    }
    made = makers[one.kind]() if one.kind in makers else None
    if made is None:
        return None
    return Parcel(KIND_OF[one.kind], subject, msgspec.msgpack.encode(made[0]), made[1], one.client_id)


def take(connection: Connection, folder: Path, parcel: Parcel, stamp: Stamp) -> str:
    """Take over what came; the client it belongs to. What is here already is left as it is.

    Raises:
        NotOurs: a newer version's. NotYet: its run is not here. AppError, SealBroken.
    """
    kind = parcel.subject.partition(":")[0]
    if KIND_OF.get(kind) != parcel.kind:
        raise NotOurs
    try:
        if kind == RUN:
            owner, subject = take_run(connection, folder, parcel, stamp)
        elif kind == REPORT:
            owner, subject = _take_report(connection, folder, parcel, stamp)
        elif kind == SNAPSHOT:
            owner, subject = _take_snapshot(connection, parcel, stamp)
        else:
            owner, subject = _take_sent(connection, parcel, stamp)
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError):
        raise NotOurs from None
    row = {"key": f"{kind}:{subject}", "kind": kind, "client_id": owner, "subject": subject, "put_at": stamp.at}
    statement = upsert(outbox).values(**row, done_at=stamp.at)
    connection.execute(statement.on_conflict_do_nothing(index_elements=["key"]))
    return owner


def _report(connection: Connection, folder: Path, one: Waiting) -> tuple[ReportHead, dict[str, bytes]] | None:
    run_id, sha256 = one.subject.split(" ")
    mine = run_file.c.run_id == run_id, run_file.c.sha256 == sha256, run_file.c.role == "report"
    row = connection.execute(select(run_file.c.name, run_file.c.file_id).where(*mine)).first()
    if row is None or row.file_id is None:
        return None
    return ReportHead(run_id, row.name, sha256), {"report": kept_files.read_file(connection, folder, row.file_id)}


def _take_report(connection: Connection, folder: Path, parcel: Parcel, stamp: Stamp) -> tuple[str, str]:
    head = msgspec.msgpack.decode(parcel.head, type=ReportHead)
    owner = connection.execute(select(run.c.client_id).where(run.c.id == head.run)).scalar_one_or_none()
    subject = f"{head.run} {head.sha256}"
    if owner is None:  # on its way still, or removed here when its time was over
        raise NotYet
    mine = run_file.c.run_id == head.run
    if connection.execute(select(run_file.c.position).where(mine, run_file.c.sha256 == head.sha256)).first() is None:
        keys = clients.keys_of(connection, [owner])
        file_id = kept_files.keep_file(connection, folder, keys, parcel.blobs["report"], stamp)
        last = select(func.coalesce(func.max(run_file.c.position), -1)).where(mine)
        row = {"run_id": head.run, "position": int(connection.execute(last).scalar_one()) + 1, "file_id": file_id}
        connection.execute(insert(run_file), {**row, "name": head.name, "role": "report", "sha256": head.sha256})
        audit.add(connection, stamp, Event("report-kept", owner, head.run, after=head.sha256, facts={"received": True}))
    return owner, subject


def _snapshot(connection: Connection, one: Waiting) -> tuple[SnapshotHead, dict[str, bytes]] | None:
    query = select(snapshot, client.c.employer).join(client, client.c.id == snapshot.c.client_id)
    row = connection.execute(query.where(snapshot.c.id == one.subject)).first()
    if row is None:
        return None
    data = unseal(clients.key_of(connection, row.client_id), row.sealed, row.id)
    return SnapshotHead(row.id, row.employer, row.downloaded_at, row.rows, row.digest), {"rows": data}


def _take_snapshot(connection: Connection, parcel: Parcel, stamp: Stamp) -> tuple[str, str]:
    head = msgspec.msgpack.decode(parcel.head, type=SnapshotHead)
    owner = clients.ensure(connection, head.employer, stamp)
    data = parcel.blobs["rows"]
    row = {"id": head.id, "client_id": owner.id, "downloaded_at": head.downloaded_at, "kept_at": stamp.at}
    more = {"rows": head.rows, "digest": head.digest}
    sealed = seal(clients.key_of(connection, owner.id), data, head.id)
    statement = upsert(snapshot).values(**row, **more, sealed=sealed).on_conflict_do_nothing()
    if connection.execute(statement).rowcount:
        facts: dict[str, str | int | bool] = {"rows": head.rows, "received": True}
        audit.add(connection, stamp, Event("snapshot-kept", owner.id, head.id, after=head.digest, facts=facts))
    return owner.id, head.id


def _marks(connection: Connection, *where: ColumnElement[bool]) -> dict[Mark, Used]:
    """What was marked as sent, by client, tax year and moment."""
    found: dict[Mark, Used] = {}
    for row in connection.execute(select(sent).where(*where).order_by(sent.c.kind, sent.c.fingerprint)):
        found.setdefault((row.client_id, row.tax_year, row.sent_at), []).append((row.kind, row.fingerprint))
    return found


def _named(mark: Mark, used: Used) -> str:
    """What a mark is called; by what it used up, too, for two PCs may mark at one moment."""
    owner, year, at = mark
    return f"{owner} {year} {at.isoformat()} {hashlib.sha256(msgspec.json.encode(sorted(used))).hexdigest()[:16]}"


def _sent(connection: Connection, one: Waiting) -> tuple[SentHead, dict[str, bytes]] | None:
    owner, year, at = one.subject.split(" ")[:3]
    mark = owner, int(year), dt.datetime.fromisoformat(at)
    mine = sent.c.client_id == owner, sent.c.tax_year == mark[1], sent.c.sent_at == mark[2]
    used = _marks(connection, *mine).get(mark, [])
    number = connection.execute(select(client.c.employer).where(client.c.id == owner)).scalar_one_or_none()
    if number is None or one.subject != _named(mark, used):  # of a mark that grew since, a message of its own tells
        return None
    return SentHead(number, *mark[1:], used), {}


def _take_sent(connection: Connection, parcel: Parcel, stamp: Stamp) -> tuple[str, str]:
    head = msgspec.msgpack.decode(parcel.head, type=SentHead)
    owner = clients.ensure(connection, head.employer, stamp)
    mine = {"client_id": owner.id, "tax_year": head.tax_year, "sent_at": head.at}
    rows = [{**mine, "kind": kind, "fingerprint": one} for kind, one in head.used]
    new = sum(connection.execute(upsert(sent).values(**row).on_conflict_do_nothing()).rowcount for row in rows)
    if new:
        facts: dict[str, str | int | bool] = {"used-up": new, "received": True}
        audit.add(connection, stamp, Event("marked-sent", owner.id, facts=facts))
    return owner.id, _named((owner.id, head.tax_year, head.at), head.used)
