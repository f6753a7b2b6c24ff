"""Kept pay runs. A run never changes: checking it again gives the next version, and the newest one counts.

Versions belong together by client, tax year, run reference and pay dates. The pay dates are part of it because some
offices write the same reference on every run; a week must not replace the week before.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, text, update
from sqlalchemy.dialects.sqlite import insert as upsert

from autoenroll_desktop import __version__
from autoenroll_desktop.domain.checked_run import CheckedRun, RunTotals
from autoenroll_desktop.domain.pay_run import FileRead
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.store import audit, outbox
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.clients import Client, key_of
from autoenroll_desktop.store.packing import pack, unpack
from autoenroll_desktop.store.sealing import seal, unseal
from autoenroll_desktop.store.tables import outbox as messages
from autoenroll_desktop.store.tables import produced, run, run_content, run_file, series

LINES, RESULT = "lines", "result"
"""The two parts of a run's content."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a run: its id and version; `new` is False where the same check was kept before."""

    id: str
    version: int
    new: bool


def keep(connection: Connection, client: Client, checked: CheckedRun, files: Mapping[str, str], stamp: Stamp) -> Kept:
    """Keep a checked run of one client with its audit entry and its outbox message.

    Args:
        checked: one payroll run (`checked.runs` has one entry).
        files: sha256 → id of the files of the check that are kept.
    """
    key = key_of(connection, client.id)
    lines, result = pack(checked)
    digest = hashlib.sha256(hashlib.sha256(lines).digest() + hashlib.sha256(_timeless(checked)).digest()).hexdigest()
    series_id = series_of(client, checked.runs[0])
    newest = connection.execute(
        select(run.c.id, run.c.version, run.c.digest)
        .join(series, series.c.newest == run.c.id)
        .where(series.c.id == series_id)
    ).first()
    if newest is not None and newest.digest == digest:
        return Kept(newest.id, newest.version, new=False)
    highest = select(func.coalesce(func.max(run.c.version), 0)).where(run.c.series_id == series_id)
    kept = Kept(str(uuid.uuid4()), int(connection.execute(highest).scalar_one()) + 1, new=True)
    statement = upsert(series).values(id=series_id, client_id=client.id, newest=kept.id)
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"newest": kept.id}))
    row = _row(client, checked, stamp) | {
        "id": kept.id,
        "series_id": series_id,
        "version": kept.version,
        "digest": digest,
    }
    connection.execute(insert(run), row)
    connection.execute(
        insert(run_content),
        [
            {"run_id": kept.id, "part": part, "sealed": seal(key, data, f"{kept.id} {part}")}
            for part, data in ((LINES, lines), (RESULT, result))
        ],
    )
    listed = [_file_row(kept.id, at, file, files) for at, file in enumerate(checked.files)]
    if listed:
        connection.execute(insert(run_file), listed)
    make_findable(connection, client, row)
    facts = {"answer": row["answer"], "version": kept.version, "lines": row["lines"], "rule-book": row["rule_book"]}
    before = newest.digest if newest else ""
    audit.add(connection, stamp, Event("run-kept", client.id, kept.id, before, digest, facts))
    outbox.put(connection, "run-kept", client.id, kept.id, stamp)
    return kept


def open_run(connection: Connection, run_id: str) -> CheckedRun:
    """A kept run as it was checked.

    Raises:
        AppError: it is not kept, or its pay lines were removed when their time was over. SealBroken.
    """
    parts = content(connection, [run_id])
    if (run_id, LINES) not in parts:
        there = connection.execute(select(run.c.id).where(run.c.id == run_id)).first()
        if there is None:
            raise AppError("This run is not kept", "no run has this number", "See 'autoenroll store runs'")
        raise AppError(
            "The pay lines of this run were removed",
            "their time was over",
            "Its verdict, totals and files are still kept",
        )
    return unpack(parts[run_id, LINES], parts[run_id, RESULT])


def client_of(connection: Connection, run_id: str) -> str:
    """The id of the client of a kept run."""
    return str(connection.execute(select(run.c.client_id).where(run.c.id == run_id)).scalar_one())


def newest_of(connection: Connection, client: Client, only: RunTotals) -> str | None:
    """The id of the newest version kept of a payroll run, None where none is."""
    return connection.execute(
        select(series.c.newest).where(series.c.id == series_of(client, only))
    ).scalar_one_or_none()


def ids_beginning(connection: Connection, start: str) -> list[str]:
    """Ids of kept runs that begin so, two at most: enough to tell one from several."""
    query = select(run.c.id).where(run.c.id.startswith(start, autoescape=True)).limit(2)
    return [*connection.execute(query).scalars()] if start else []


def content(connection: Connection, ids: Sequence[str], part: str | None = None) -> dict[tuple[str, str], bytes]:
    """The unsealed parts of some runs, by run and part."""
    query = (
        select(run_content.c.run_id, run_content.c.part, run_content.c.sealed, run.c.client_id)
        .join(run, run.c.id == run_content.c.run_id)
        .where(run_content.c.run_id.in_(ids))
    )
    if part is not None:
        query = query.where(run_content.c.part == part)
    rows = connection.execute(query).all()
    keys = {client_id: key_of(connection, client_id) for client_id in {row.client_id for row in rows}}
    return {(row.run_id, row.part): unseal(keys[row.client_id], row.sealed, f"{row.run_id} {row.part}") for row in rows}


def forget_runs(connection: Connection, ids: Sequence[str]) -> None:
    """Delete runs with all that hangs on them. Files they alone pointed to are left to `kept_files.forget_unused`."""
    chosen = [*ids]
    for table in (run_content, run_file):
        connection.execute(delete(table).where(table.c.run_id.in_(chosen)))
    for one in chosen:
        connection.execute(text("DELETE FROM run_search WHERE run_id = :run"), {"run": one})
    connection.execute(delete(messages).where(messages.c.subject.in_(chosen)))
    connection.execute(update(produced).where(produced.c.run_id.in_(chosen)).values(run_id=None))
    connection.execute(delete(run).where(run.c.id.in_(chosen)))
    connection.execute(delete(series).where(series.c.newest.in_(chosen)))


def series_of(client: Client, only: RunTotals) -> str:
    """The id of what the versions of a payroll run belong to."""
    name = [client.id, only.tax_year, only.payroll_run_reference, only.pay_dates]
    return hashlib.sha256(json.dumps(name).encode()).hexdigest()[:32]


def _timeless(checked: CheckedRun) -> bytes:
    """What makes two checks of a run different, apart from when they were made."""
    said = [(finding.key, len(finding), finding.lines.tolist()) for finding in checked.findings]
    files = [(file.sha256, file.role) for file in checked.files]
    confirmed = sorted((key, places.tolist(), why) for key, (places, why) in checked.confirmed.items())
    answer = (checked.verdict.answer, checked.rule_book, checked.rules_run)
    return json.dumps([said, files, confirmed, answer]).encode()


def _row(client: Client, checked: CheckedRun, stamp: Stamp) -> dict[str, Any]:
    only, counts = checked.runs[0], checked.verdict.counts
    days = checked.run["pay_date"].dropna()
    frequencies = checked.run["pay_frequency"].dropna()
    return {
        "client_id": client.id,
        "checked_at": checked.checked_at,
        "kept_at": stamp.at,
        "tax_year": only.tax_year,
        "reference": only.payroll_run_reference,
        "frequency": str(frequencies.mode().iloc[0]) if len(frequencies) else None,
        "first_pay_date": days.min().date() if len(days) else None,
        "last_pay_date": days.max().date() if len(days) else None,
        "answer": checked.verdict.answer.value,
        "errors": counts["error"],
        "gates": counts["gate"],
        "warnings": counts["warning"],
        "infos": counts["info"],
        "cut_off": checked.verdict.cut_off,
        "lines": only.lines,
        "gross": only.gross,
        "employee": only.expected_employee,
        "employer": only.expected_employer,
        "state": only.expected_state,
        "rule_book": checked.rule_book,
        "program": __version__,
        "files": " · ".join(dict.fromkeys(file.name for file in checked.files if file.rows_kept)),
    }


def _file_row(run_id: str, at: int, file: FileRead, kept: Mapping[str, str]) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "position": at,
        "file_id": kept.get(file.sha256),
        "name": file.name,
        "role": file.role.value,
        "sha256": file.sha256,
    }


def make_findable(connection: Connection, client: Client, row: Mapping[str, Any]) -> None:
    """Have a run found by its file names, reference, employer number and pay dates."""
    words = (row["files"], row["reference"], client.employer, row["first_pay_date"], row["last_pay_date"])
    said = " ".join(str(word) for word in words if word is not None)
    connection.execute(
        text("INSERT INTO run_search(run_id, text) VALUES(:run, :said)"), {"run": row["id"], "said": said}
    )
