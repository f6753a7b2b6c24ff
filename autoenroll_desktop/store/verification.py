"""Looks a whole store over: pages, tables, the audit chain, every kept run and every sealed file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.store import audit, kept_files
from autoenroll_desktop.store.clients import everyone
from autoenroll_desktop.store.engine import faults
from autoenroll_desktop.store.open_work import drafts
from autoenroll_desktop.store.packing import unpack
from autoenroll_desktop.store.recipes import recipes_of
from autoenroll_desktop.store.runs import LINES, RESULT, content
from autoenroll_desktop.store.snapshots import read_snapshots, snapshots
from autoenroll_desktop.store.store import Store
from autoenroll_desktop.store.tables import kept_file, run, run_content


@dataclass(frozen=True, slots=True)
class Looked:
    """What one part of the look came to: how many there are, and what is wrong with which."""

    part: str
    number: int
    wrong: tuple[str, ...]


def verify(store: Store) -> Iterator[Looked]:
    """Look everything over, part by part: database, audit, runs, files, snapshots, work. Nothing is changed."""
    yield _database(store)
    for part, look in (
        ("audit", _audit),
        ("runs", _runs),
        ("files", _files),
        ("snapshots", _snapshots),
        ("work", _work),
    ):
        try:
            with store.reading() as connection:
                number, wrong = look(store, connection)
            yield Looked(part, number, tuple(wrong))
        except AppError as error:
            yield Looked(part, 0, (str(error),))


def _database(store: Store) -> Looked:
    try:
        with store.reading() as connection:
            pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
            return Looked("database", pages, tuple(faults(connection)))
    except AppError as error:
        return Looked("database", 0, (error.title,))


def _audit(_store: Store, connection: Connection) -> tuple[int, list[str]]:
    chain = audit.entries(connection)
    untold = [f"run {one} has no entry that fits" for one in audit.runs_without_entry(connection)]
    return len(chain), [*audit.faults(chain), *untold]


def _runs(_store: Store, connection: Connection) -> tuple[int, list[str]]:
    ids = [*connection.execute(select(run_content.c.run_id).distinct()).scalars()]
    number = int(connection.execute(select(func.count()).select_from(run)).scalar_one())
    return number, [*_unopened(ids, lambda one: _open(connection, one))]


def _open(connection: Connection, run_id: str) -> None:
    parts = content(connection, [run_id])
    unpack(parts[run_id, LINES], parts[run_id, RESULT])


def _files(store: Store, connection: Connection) -> tuple[int, list[str]]:
    ids = [*connection.execute(select(kept_file.c.id)).scalars()]
    return len(ids), [*_unopened(ids, lambda one: kept_files.read_file(connection, store.kept, one))]


def _snapshots(_store: Store, connection: Connection) -> tuple[int, list[str]]:
    ids = [(owner, one) for owner in everyone(connection) for one, _, _ in snapshots(connection, owner)]
    owners = {one: owner for owner, one in ids}
    return len(ids), [*_unopened([*owners], lambda one: read_snapshots(connection, owners[one], [one]))]


def _work(_store: Store, connection: Connection) -> tuple[int, list[str]]:
    recipes = [len(recipes_of(connection, one)) for one in everyone(connection)]
    return len(drafts(connection)) + sum(recipes), []


def _unopened(ids: list[str], opener: Callable[[str], object]) -> Iterator[str]:
    for one in ids:
        try:
            opener(one)
        except (AppError, OSError, ValueError, KeyError, SQLAlchemyError) as error:
            yield f"{one}: {error if isinstance(error, AppError) else type(error).__name__}"
