"""One transaction for everything a check leaves behind: runs, files, AEPN snapshots, audit entries, outbox messages."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, func, insert, select

from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.store import audit, clients, kept_files, runs, snapshots
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.clients import Client
from autoenroll_desktop.store.runs import Kept
from autoenroll_desktop.store.store import Store
from autoenroll_desktop.store.tables import run, run_file


@dataclass(frozen=True, eq=False)
class Original:
    """A file as it was checked, and the employers whose pay is in it."""

    sha256: str
    data: bytes
    employers: frozenset[str]


@dataclass(frozen=True, eq=False)
class Download:
    """AEPN rows (`AEPN_FIELDS`, row) of one employer out of one file, and when they were downloaded."""

    employer: str
    at: dt.datetime
    rows: pd.DataFrame


def keep_check(
    store: Store,
    parts: Iterable[tuple[str, CheckedRun]],
    originals: Sequence[Original],
    downloads: Iterable[Download],
    stamp: Stamp,
) -> list[Kept]:
    """Keep a check, all of it or nothing; what each of its runs became, in their order.

    Args:
        parts: each payroll run with its employer number ("" where files do not say).

    Raises:
        AppError: nothing was kept (the disk is full, the store is in use, …).
    """
    with store.writing() as connection:
        files = {one.sha256: _keep_file(connection, store.kept, one, stamp) for one in originals}
        kept = []
        for employer, checked in parts:
            owner = clients.ensure(connection, employer, stamp)
            kept.append(runs.keep(connection, owner, checked, _open_to(files, owner), stamp))
        for one in downloads:
            owner = clients.ensure(connection, one.employer, stamp)
            snapshots.keep_snapshot(connection, owner, one.rows, one.at, stamp)
        kept_files.forget_unused(connection)
        return kept


def keep_report(store: Store, run_id: str, name: str, data: bytes, stamp: Stamp) -> None:
    """Keep a report that was written of a kept run. Raises AppError."""
    with store.writing() as connection:
        client_id = connection.execute(select(run.c.client_id).where(run.c.id == run_id)).scalar_one()
        keys = clients.keys_of(connection, [client_id])
        file_id = kept_files.keep_file(connection, store.kept, keys, data, stamp)
        mine = run_file.c.run_id == run_id
        same = select(run_file.c.position).where(mine, run_file.c.file_id == file_id)
        if connection.execute(same).first() is not None:
            return
        position = connection.execute(select(func.coalesce(func.max(run_file.c.position), -1) + 1).where(mine)).scalar()
        row = {"run_id": run_id, "position": position, "file_id": file_id, "name": name, "role": "report"}
        connection.execute(insert(run_file), {**row, "sha256": kept_files.sha256_of(data)})
        audit.add(connection, stamp, Event("report-kept", client_id, run_id, after=kept_files.sha256_of(data)))


def files_of(connection: Connection, run_id: str) -> list[tuple[str, str, str | None]]:
    """Name, role and id of a run's files in their order; the id is None for one that is not kept."""
    query = select(run_file.c.name, run_file.c.role, run_file.c.file_id).where(run_file.c.run_id == run_id)
    return [(row.name, row.role, row.file_id) for row in connection.execute(query.order_by(run_file.c.position))]


def _keep_file(connection: Connection, folder: Path, one: Original, stamp: Stamp) -> tuple[str, frozenset[str]]:
    owners = [clients.ensure(connection, employer, stamp).id for employer in sorted(one.employers)]
    return kept_files.keep_file(connection, folder, clients.keys_of(connection, owners), one.data, stamp), frozenset(
        owners
    )


def _open_to(files: Mapping[str, tuple[str, frozenset[str]]], owner: Client) -> dict[str, str]:
    return {sha256: name for sha256, (name, owners) in files.items() if owner.id in owners}
