"""Keeping runs: one transaction, versions, lists, search, the wall, and opening again."""

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from autoenroll_desktop.actions.check_pay_run import Given, check_pay_run
from autoenroll_desktop.actions.open_run import open_kept_run
from autoenroll_desktop.actions.open_sample import sample
from autoenroll_desktop.actions.show_ppsns import note_ppsns_shown
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.store import audit, keeping, kept_files, outbox
from autoenroll_desktop.store.clients import find
from autoenroll_desktop.store.lists import people, runs_kept, versions, wall
from autoenroll_desktop.store.runs import open_run
from autoenroll_desktop.store.store import Store
from autoenroll_desktop.store.tables import run
from tests.making import NOW, ppsn
from tests.storing import STAMP, keep, new_store, write_week

ONE, TWO = (ppsn(1_000_001), "Aoife", "Byrne", "500.00"), (ppsn(1_000_002), "Seán", "Walsh", "900.00")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = new_store(tmp_path / "store")
    yield made
    made.close()


def test_a_check_is_kept_with_everything_in_one_transaction(store: Store) -> None:
    given, now = sample()
    kept = keep(store, given, now=now)
    assert [(one.version, one.new) for one in kept] == [(1, True), (1, True)]
    checked = check_pay_run(given, now)
    with store.reading() as connection:
        listed = {one.id: one for one in runs_kept(connection)}
        assert [listed[one.id].reference for one in kept] == ["26-Weekly-48", "26-Monthly-11"]
        assert sum(one.gross for one in listed.values()) == sum(one.gross for one in checked.runs)
        told = [entry["subject"] for entry in audit.entries(connection) if entry["what"] == "run-kept"]
        assert told == [one.id for one in kept]
        assert [one.subject for one in outbox.waiting(connection)] == [one.id for one in kept]
        for name, role, file_id in keeping.files_of(connection, kept[0].id):
            path = Path(next(file.path for file in checked.files if (file.name, file.role) == (name, role)))
            assert kept_files.read_file(connection, store.kept, file_id) == path.read_bytes()
        back = [open_run(connection, one.id) for one in kept]
    assert sum(len(one.run) for one in back) == len(checked.run)
    assert sum(one.verdict.counts["error"] for one in back) == checked.verdict.counts["error"]
    assert {f.key for one in back for f in one.findings} == {f.key for f in checked.findings}
    assert sum(sum(one.buckets.values()) for one in back) >= sum(checked.buckets.values())


def test_checking_again_is_a_new_version_and_the_same_is_none(store: Store, tmp_path: Path) -> None:
    path = write_week(tmp_path / "w48.csv", "26/11/2026", [ONE, TWO])
    first = keep(store, Given(pay=(path,)))[0]
    again = keep(store, Given(pay=(path,)), now=NOW + dt.timedelta(minutes=1))[0]
    assert again.id == first.id
    assert not again.new
    write_week(path, "26/11/2026", [ONE, (*TWO[:3], "901.00")])
    second = keep(store, Given(pay=(path,)))[0]
    assert (second.version, second.new) == (2, True)
    with store.reading() as connection:
        assert [one.id for one in runs_kept(connection)] == [second.id]
        assert [one.id for one in versions(connection, first.id)] == [second.id, first.id]
        assert open_run(connection, first.id).run["gross_pay"].tolist() == [50000, 90000]
        assert len(outbox.waiting(connection)) == 2


def test_a_run_is_never_changed(store: Store, tmp_path: Path) -> None:
    keep(store, Given(pay=(write_week(tmp_path / "w.csv", "26/11/2026", [ONE]),)))
    with pytest.raises(AppError), store.writing() as connection:
        connection.execute(update(run).values(answer="ready"))


def test_the_same_reference_on_every_week_replaces_no_week(store: Store, tmp_path: Path) -> None:
    for day in ("19/11/2026", "26/11/2026"):
        path = write_week(tmp_path / f"{day[:2]}.csv", day, [ONE])
        assert keep(store, Given(pay=(path,), tax_year=2026, run_reference="Weekly"))[0].version == 1
    with store.reading() as connection:
        assert len(runs_kept(connection)) == 2


def test_a_file_that_changed_since_is_told_of_but_not_kept(store: Store, tmp_path: Path) -> None:
    from autoenroll_desktop.actions.check_pay_run import check_prepared, prepare
    from autoenroll_desktop.actions.keep_check import keep_check

    path = write_week(tmp_path / "w.csv", "26/11/2026", [ONE])
    prepared = prepare(Given(pay=(path,)), NOW)
    path.write_text("something else")
    kept = keep_check(store, prepared, check_prepared(prepared, prepared.gathered.run), STAMP)
    with store.reading() as connection:
        assert keeping.files_of(connection, kept[0].id) == [("w.csv", "pay", None)]


def test_lists_and_search(store: Store, tmp_path: Path) -> None:
    for number, employer in enumerate(("8000074DH", "3390617EH")):
        path = write_week(tmp_path / f"pá-{employer}.csv", "26/11/2026", [ONE], employer)
        keep(store, Given(pay=(path,)), now=NOW + dt.timedelta(hours=number))
    with store.reading() as connection:

        def found(**wanted: object) -> list[str]:
            return [one.employer for one in runs_kept(connection, **wanted)]

        assert found() == ["3390617EH", "8000074DH"]
        assert found(limit=1, skip=1) == ["8000074DH"]
        assert found(employer="8000074DH") == ["8000074DH"]
        assert found(find="pá-33906") == ["3390617EH"]
        assert found(find="PÁ-33906") == ["3390617EH"]
        assert found(find="2026-11-26") == found()
        assert found(find="pá") == found()
        assert found(find='x"y OR *') == []
        assert found(find="  ") == found()


def test_the_wall(store: Store, tmp_path: Path) -> None:
    keep(store, Given(pay=(write_week(tmp_path / "a.csv", "26/11/2026", [ONE]),)))
    keep(store, Given(pay=(write_week(tmp_path / "b.csv", "19/11/2026", [ONE], "3390617EH"),)))
    with store.reading() as connection:
        on_wall = wall(connection, dt.date(2026, 11, 26))
        assert [(one.client.employer, one.next_pay_date, one.state) for one in on_wall] == [
            ("3390617EH", dt.date(2026, 11, 26), ""),
            ("8000074DH", dt.date(2026, 11, 26), "incomplete"),
        ]
        assert wall(connection, dt.date(2026, 12, 1))[0].next_pay_date == dt.date(2026, 12, 3)


def test_people_as_last_seen(store: Store, tmp_path: Path) -> None:
    keep(store, Given(pay=(write_week(tmp_path / "a.csv", "19/11/2026", [ONE]),)))
    married = (ONE[0], "Aoife", "Murphy", "500.00")
    keep(store, Given(pay=(write_week(tmp_path / "b.csv", "26/11/2026", [married, TWO]),)))
    with store.reading() as connection:
        known = people(connection, find(connection, "8000074DH"))
    assert known[["ppsn", "family_name"]].to_numpy().tolist() == [[ONE[0], "Murphy"], [TWO[0], "Walsh"]]


def test_opening_by_the_beginning_of_its_number(store: Store, tmp_path: Path) -> None:
    kept = keep(store, Given(pay=(write_week(tmp_path / "a.csv", "19/11/2026", [ONE]),)))[0]
    run_id, checked = open_kept_run(store, kept.id[:6].upper())
    assert run_id == kept.id
    assert len(checked.run) == 1
    for wrong in ("", "zz", "%", "_"):
        with pytest.raises(AppError, match="no one run"):
            open_kept_run(store, wrong)


def test_showing_ppsns_is_noted(store: Store, tmp_path: Path) -> None:
    kept = keep(store, Given(pay=(write_week(tmp_path / "a.csv", "19/11/2026", [ONE]),)))
    note_ppsns_shown(store, [kept[0].id], STAMP)
    with store.reading() as connection:
        last = audit.entries(connection)[-1]
    assert (last["what"], last["who"], last["subject"]) == ("ppsns-shown", "clerk", kept[0].id)


def test_a_message_is_queued_once_and_done_once(store: Store, tmp_path: Path) -> None:
    kept = keep(store, Given(pay=(write_week(tmp_path / "a.csv", "19/11/2026", [ONE]),)))[0]
    with store.writing() as connection:
        message = outbox.waiting(connection)[0]
        outbox.put(connection, message.kind, message.client_id, message.subject, STAMP)
        assert [one.subject for one in outbox.waiting(connection)] == [kept.id]
        outbox.done(connection, message.number, STAMP)
        outbox.put(connection, message.kind, message.client_id, message.subject, STAMP)
        assert outbox.waiting(connection) == []


def test_what_goes_wrong_half_way_leaves_nothing(store: Store, tmp_path: Path) -> None:
    path = write_week(tmp_path / "a.csv", "19/11/2026", [ONE])
    with store.writing() as connection:
        connection.exec_driver_sql("CREATE TRIGGER stop BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'stop'); END")
    with pytest.raises((AppError, SQLAlchemyError)):
        keep(store, Given(pay=(path,)))
    with store.writing() as connection:
        assert runs_kept(connection) == []
        assert [entry["what"] for entry in audit.entries(connection)] == ["store-made"]
        assert kept_files.sweep(connection, store.kept) == 1
