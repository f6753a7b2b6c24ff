"""Erasing a client: its key is destroyed, with all that is kept of it, and then it is searched for.

One transaction removes the key and every row; deleted space is overwritten, the write-ahead log is cut, the sealed
files go, and so do the local copies, which hold the key as well. A crash in between is finished by `finish`, for the
erasure is noted in that same transaction. Backups elsewhere cannot be reached; the key file remembers whom to erase
from them when one is restored. What stays is the audit trail, which names nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
import pandas as pd
from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from autoenroll_desktop.store import audit, kept_files, local_copies, sharing
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.clients import Client, key_of
from autoenroll_desktop.store.keys import read_key_file, write_key_file
from autoenroll_desktop.store.last_folders import forget_folders
from autoenroll_desktop.store.lists import people
from autoenroll_desktop.store.open_work import forget_drafts_of
from autoenroll_desktop.store.page_search import found_in_pages
from autoenroll_desktop.store.refusals import translated
from autoenroll_desktop.store.runs import forget_runs
from autoenroll_desktop.store.store import Store
from autoenroll_desktop.store.tables import (
    client,
    client_key,
    client_settings,
    column_map,
    erasure,
    file_client,
    outbox,
    produced,
    recipe,
    run,
    run_file,
    sent,
    snapshot,
)


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did.

    Attributes:
        runs, files, copies: how many runs, sealed files and local copies went.
        searched: for how many things the decrypted database was searched; found: how many of them are still in it.
    """

    runs: int
    files: int
    copies: int
    searched: int
    found: int


def erase(store: Store, one: Client, stamp: Stamp) -> Erased:
    """Erase a client. When this returns it is done; after a crash it is done at the next opening.

    Raises:
        AppError: nothing was erased, or it goes on at the next opening.
    """
    with store.reading() as connection:
        numbers, key = _numbers(connection, one), key_of(connection, one.id)
    with store.writing() as connection:
        runs = remove_client(connection, one.id, stamp)
    files, copies = finish(store, stamp)
    found = found_in_pages(store.database, store.key, numbers, [key])
    facts = {"searched": len(numbers) + 1, "found": found}
    with store.writing() as connection:
        audit.add(
            connection, stamp, Event("erasure-proven" if not found else "erasure-not-proven", one.id, facts=facts)
        )
    return Erased(runs, files, copies, len(numbers) + 1, found)


def remove_client(connection: Connection, client_id: str, stamp: Stamp) -> int:
    """Remove the key and every row of a client; returns how many runs there were."""
    runs = [*connection.execute(select(run.c.id).where(run.c.client_id == client_id)).scalars()]
    connection.execute(delete(produced).where(produced.c.client_id == client_id))
    forget_runs(connection, runs)
    shared = [*connection.execute(select(file_client.c.file_id).where(file_client.c.client_id == client_id)).scalars()]
    connection.execute(update(run_file).where(run_file.c.file_id.in_(shared)).values(file_id=None, name=""))
    kept_files.forget(connection, shared)
    forget_drafts_of(connection, client_id)
    forget_folders(connection)  # their names may tell of the client, and they are soon known again
    sharing.forget_client(connection, client_id)
    for table in (outbox, sent, snapshot, column_map, recipe, client_settings, client_key):
        connection.execute(delete(table).where(table.c.client_id == client_id))
    connection.execute(delete(client).where(client.c.id == client_id))
    connection.execute(
        insert(erasure).on_conflict_do_nothing(), {"client_id": client_id, "at": stamp.at, "finished": False}
    )
    audit.add(connection, stamp, Event("client-erased", client_id, facts={"runs": len(runs)}))
    return len(runs)


def finish(store: Store, stamp: Stamp) -> tuple[int, int]:
    """Do what is left of erasures: log, files, local copies. Returns files and copies removed; (0, 0) for none left."""
    with store.reading() as connection:
        open_ones = [*connection.execute(select(erasure.c.client_id).where(~erasure.c.finished)).scalars()]
    if not open_ones:
        return 0, 0
    with translated():
        file = read_key_file(store.folder)
        assert file is not None
        erased = tuple(dict.fromkeys((*file.erased, *open_ones)))
        write_key_file(store.folder, msgspec.structs.replace(file, erased=erased))
    store.tidy()
    with store.writing() as connection:
        files = kept_files.sweep(connection, store.kept)
        copies = local_copies.remove_all(store.backups)
        connection.execute(update(erasure).where(erasure.c.client_id.in_(open_ones)).values(finished=True))
    store.tidy()
    local_copies.copy_now(store, stamp.at)
    return files, copies


def erase_again(store: Store, ids: Iterable[str], stamp: Stamp) -> int:
    """Erase clients that a restored backup brought back; returns how many it had."""
    with store.writing() as connection:
        there = [*connection.execute(select(client.c.id).where(client.c.id.in_([*ids]))).scalars()]
        for one in there:
            connection.execute(delete(erasure).where(erasure.c.client_id == one))
            remove_client(connection, one, stamp)
    finish(store, stamp)
    return len(there)


def _numbers(connection: Connection, one: Client) -> set[str]:
    """What must be nowhere afterwards, beside the key: the employer number and every PPSN in its pay lines."""
    known = people(connection, one)["ppsn"]
    return {str(value) for value in known if not pd.isna(value)} | ({one.employer} if one.employer else set())
