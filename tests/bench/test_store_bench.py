"""How fast the store is. Seconds are printed; what is asserted are ratios within one run."""

import datetime as dt
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlcipher3.dbapi2
from sqlalchemy import Connection, Engine, create_engine, insert, text

from autoenroll_desktop.actions.check_pay_run import Given, Prepared, check_prepared, prepare
from autoenroll_desktop.actions.keep_check import keep_check
from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.store import lists, runs
from autoenroll_desktop.store.audit import Stamp
from autoenroll_desktop.store.clients import ensure
from autoenroll_desktop.store.engine import WRITE, listen_for_begin
from autoenroll_desktop.store.runs import open_run
from autoenroll_desktop.store.store import Store
from autoenroll_desktop.store.tables import client, client_key, run, series
from autoenroll_desktop.store.upgrade import NEWEST, upgrade_to
from tests.bench.making_files import write_aepns, write_csv
from tests.making import ERN, NOW
from tests.storing import STAMP, new_store

LINES = 20_000
CLIENTS, WEEKS = 200, 500
"""Ten years of 200 clients."""


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> tuple[Prepared, CheckedRun, float]:
    """A run of 20,000 lines with its AEPNs, and the seconds its check took."""
    folder = tmp_path_factory.mktemp("big")
    given = Given(pay=(write_csv(folder / "pay.csv", LINES),), aepn=(write_aepns(folder / "a.json", LINES),))
    started = time.perf_counter()
    prepared = prepare(given, NOW)
    checked = check_prepared(prepared, prepared.gathered.run)
    return prepared, checked, time.perf_counter() - started


def fastest(work: Callable[[], object], rounds: int = 3) -> float:
    """The least seconds of some rounds."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def test_keep_and_open_a_big_run(benchmark, big: tuple[Prepared, CheckedRun, float], tmp_path: Path) -> None:
    """Goals on a quiet machine: kept with its files within 0.3 s, opened within 0.2 s; less than the check took."""
    prepared, checked, check_seconds = big
    folders = iter(range(100))

    def fresh() -> tuple[tuple[Store], dict[str, object]]:
        return (new_store(tmp_path / f"s{next(folders)}"),), {}

    kept: list[tuple[Store, str]] = []

    def keep(store: Store) -> None:
        kept.append((store, keep_check(store, prepared, checked, STAMP)[0].id))

    benchmark.pedantic(keep, setup=fresh, rounds=4)
    store, run_id = kept[-1]

    def read() -> CheckedRun:
        with store.reading() as connection:
            return open_run(connection, run_id)

    assert len(read().run) == LINES
    seconds = fastest(read)
    print(f"keep: {benchmark.stats.stats.min:.3f} s, open: {seconds:.3f} s, check: {check_seconds:.3f} s")
    assert benchmark.stats.stats.min < check_seconds
    assert seconds < check_seconds / 2


def plain_engine(path: Path) -> Engine:
    """The same database, by the same library without a key: plain SQLite; everything else is as the store has it."""
    engine = create_engine(f"sqlite:///{path}", module=sqlcipher3.dbapi2, connect_args={"isolation_level": None})
    listen_for_begin(engine)
    with engine.connect() as connection:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "cache_size = -32768"):
            connection.connection.driver_connection.execute(f"PRAGMA {pragma}")
    with engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
        upgrade_to(connection, NEWEST)
    return engine


def keep_and_read(connection: Connection, checked: CheckedRun, at: int) -> None:
    stamp = Stamp("clerk", NOW + dt.timedelta(seconds=at))
    owner = ensure(connection, f"E{at}", stamp)
    kept = runs.keep(connection, owner, checked, {}, stamp)
    open_run(connection, kept.id)


def test_encryption_costs_little(big: tuple[Prepared, CheckedRun, float], tmp_path: Path) -> None:
    """Keeping and opening the big run, encrypted beside plain: less than one and a half times."""
    checked, store, plain = big[1], new_store(tmp_path / "store"), plain_engine(tmp_path / "plain.db")
    count = iter(range(1000))

    def encrypted() -> None:
        with store.writing() as connection:
            keep_and_read(connection, checked, next(count))

    def unencrypted() -> None:
        with plain.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
            keep_and_read(connection, checked, next(count))

    pairs = [(fastest(encrypted, 2), fastest(unencrypted, 2)) for _ in range(4)]
    ratio = min(one for one, _ in pairs) / min(other for _, other in pairs)
    print(f"encrypted / plain: {ratio:.2f}")
    plain.dispose()
    assert ratio < 1.5


@pytest.fixture(scope="module")
def decade(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store with 100,000 runs of 200 clients, written as rows: their content is not looked at by a list."""
    store = new_store(tmp_path_factory.mktemp("decade") / "store")
    rows, first = [], dt.date(2026, 1, 2)
    for number in range(CLIENTS):
        for week in range(WEEKS):
            day = first + dt.timedelta(days=7 * week)
            moment = dt.datetime(day.year, day.month, day.day, 15, number % 60, tzinfo=dt.UTC)
            rows.append(
                {
                    "id": str(uuid.UUID(int=number * WEEKS + week)), "client_id": f"c{number}", "series_id": f"s{number}-{week}",
                    "version": 1, "checked_at": moment, "kept_at": moment, "tax_year": day.year, "reference": f"{day:%y}-Weekly-{week}",
                    "frequency": "WEEKLY", "first_pay_date": day, "last_pay_date": day, "answer": "ready", "errors": 0, "gates": 0,
                    "warnings": 1, "infos": 2, "cut_off": moment, "lines": 100, "gross": 8_000_000, "employee": 1, "employer": 1,
                    "state": 1, "rule_book": "2026.11.1", "program": "1", "digest": f"{number}-{week}", "files": f"weekly {week} client{number}.csv",
                }
            )  # fmt: skip
    with store.writing() as connection:
        owners = [f"c{number}" for number in range(CLIENTS)]
        base = {"since": NOW, "keep_lines_months": 13, "keep_evidence_years": 6}
        connection.execute(
            insert(client), [{"id": one, "employer": f"{at:07d}{ERN[7:]}", **base} for at, one in enumerate(owners)]
        )
        connection.execute(insert(client_key), [{"client_id": one, "key": b"k" * 32} for one in owners])
        connection.execute(
            insert(series),
            [{"id": one["series_id"], "client_id": one["client_id"], "newest": one["id"]} for one in rows],
        )
        connection.execute(insert(run), rows)
        connection.execute(
            text(
                "INSERT INTO run_search(run_id, text) SELECT id, files || ' ' || reference || ' ' || last_pay_date FROM run"
            )
        )
    return store


def test_ten_years_list_and_search(decade: Store) -> None:
    """Goal: each within 0.1 s. Asserted: none looks at every row, so each is far quicker than counting them once."""

    def seconds(work: Callable[[Connection], object]) -> float:
        def once() -> None:
            with decade.reading() as connection:
                work(connection)

        return fastest(once)

    def found(**wanted: object) -> Callable[[Connection], object]:
        return lambda connection: lists.runs_kept(connection, **wanted)

    with decade.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM run")).scalar() == CLIENTS * WEEKS
        assert [one.files for one in lists.runs_kept(connection, find="weekly 17 client33.csv")] == [
            "weekly 17 client33.csv"
        ]
        assert len(lists.wall(connection, dt.date(2035, 7, 1))) == CLIENTS
    times = {
        "list": seconds(found()),
        "list of a client": seconds(found(employer=f"0000007{ERN[7:]}")),
        "search": seconds(found(find="client199")),
        "search, one found": seconds(found(find="weekly 17 client33.csv")),
        "search, none found": seconds(found(find="zzzz")),
        "wall": seconds(lambda connection: lists.wall(connection, dt.date(2035, 7, 1))),
    }
    every_row = seconds(lambda connection: connection.execute(text("SELECT sum(length(files)) FROM run")).scalar())
    print({name: round(one, 4) for name, one in times.items()}, f"every row: {every_row:.3f} s")
    assert max(times.values()) < every_row * 4


def test_opening_is_quick(benchmark, decade: Store) -> None:
    """Goal: 0.05 s from a closed store of 100,000 runs to its first list."""
    from tests.storing import open_again

    def opened() -> None:
        store = open_again(decade)
        with store.reading() as connection:
            lists.runs_kept(connection)
        store.close()

    benchmark.pedantic(opened, rounds=5)
    print(f"open: {benchmark.stats.stats.min:.3f} s")
