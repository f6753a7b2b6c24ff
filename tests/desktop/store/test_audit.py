"""The audit trail: added to only, broken by any change, exported so that a stranger can check it."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from autoenroll_desktop.actions.check_audit import check_audit, check_evidence_file, export_audit
from autoenroll_desktop.actions.check_pay_run import Given
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.store import audit
from autoenroll_desktop.store.audit import Event
from autoenroll_desktop.store.evidence import check_evidence
from autoenroll_desktop.store.store import Store
from tests.making import ERN, NOW, ppsn
from tests.storing import STAMP, copy_of, keep, new_store, write_week

ROW = (ppsn(1_000_001), "Aoife", "Byrne", "500.00")


@pytest.fixture(scope="module")
def two_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("two")
    made = new_store(folder / "store")
    keep(made, Given(pay=(write_week(folder / "a.csv", "19/11/2026", [ROW]),)))
    keep(made, Given(pay=(write_week(folder / "b.csv", "19/11/2026", [ROW], "3390617EH"),)))
    made.close()
    return made.folder


@pytest.fixture
def store(two_runs: Path, tmp_path: Path) -> Store:
    made = copy_of(two_runs, tmp_path / "store")
    yield made
    made.close()


def tamper(store: Store, *statements: str) -> None:
    """Change the trail as somebody with the key and a tool could."""
    with store.writing() as connection:
        for trigger in ("audit_UPDATE_refused", "audit_DELETE_refused", "run_UPDATE_refused"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS {trigger}"))
        for statement in statements:
            connection.execute(text(statement))


def test_a_whole_trail_holds(store: Store) -> None:
    number, wrong = check_audit(store)
    assert number == 5
    assert wrong == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE audit SET who = 'somebody' WHERE number = 2", "entry 2 was changed"),
        ("UPDATE audit SET at = '2026-11-26T15:12:00.000001+00:00' WHERE number = 3", "entry 3 was changed"),
        ("UPDATE audit SET facts = '{}' WHERE number = 3", "entry 3 was changed"),
        ("DELETE FROM audit WHERE number = 2", "entry 2 is missing"),
        ("DELETE FROM audit WHERE number = 3", "has no entry that fits"),
        ("UPDATE run SET digest = 'x' WHERE version = 1", "has no entry that fits"),
        ("DELETE FROM audit WHERE number >= 3", "has no entry that fits"),
    ],
)
def test_what_was_changed_shows(store: Store, statement: str, told: str) -> None:
    tamper(store, statement)
    assert any(told in one for one in check_audit(store)[1])


def test_a_recomputed_entry_breaks_the_next_one(store: Store) -> None:
    with store.reading() as connection:
        entry = dict(audit.entries(connection)[1])
    entry["who"] = "somebody"
    tamper(store, f"UPDATE audit SET who = 'somebody', hash = '{audit.hash_of(entry)}' WHERE number = 2")
    assert check_audit(store)[1] == ["entry 3 does not follow the entry before it"]


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 'x'", "DELETE FROM audit"])
def test_the_database_itself_refuses_changes(store: Store, statement: str) -> None:
    with pytest.raises(AppError), store.writing() as connection:
        connection.execute(text(statement))


def test_it_names_nobody(store: Store) -> None:
    with store.reading() as connection:
        said = repr(audit.entries(connection))
    assert not [word for word in (*ROW, ERN, "3390617EH", "a.csv") if word in said]


def test_a_clock_set_back_shows_and_breaks_nothing(store: Store) -> None:
    with store.writing() as connection:
        audit.add(connection, replace(STAMP, at=NOW - dt.timedelta(days=400)), Event("backup-made"))
        last = audit.entries(connection)[-1]
    assert json.loads(last["facts"]) == {"clock-set-back": True}
    assert check_audit(store)[1] == []


def test_evidence_can_be_checked_without_the_store(store: Store, tmp_path: Path) -> None:
    number, key = export_audit(store, tmp_path / "all.json", STAMP)
    assert number == 6
    assert check_evidence_file(tmp_path / "all.json") == (6, [])
    assert export_audit(store, tmp_path / "more.json", STAMP)[1] == key
    assert export_audit(store, tmp_path / "one.json", STAMP, ERN.lower())[0] == 3
    assert check_evidence_file(tmp_path / "one.json") == (3, [])
    assert json.loads((tmp_path / "one.json").read_text())["employer"] == ERN
    with pytest.raises(AppError, match="Nothing is kept"):
        export_audit(store, tmp_path / "none.json", STAMP, "1234567FA")


@given(st.data())
def test_evidence_changed_anywhere_is_not_whole(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    path = evidence_once(tmp_path_factory)
    said = json.loads(path.read_bytes())
    place = data.draw(st.sampled_from([*said, "entry"]))
    if place == "entry":
        entry = data.draw(st.sampled_from(said["entries"]))
        name = data.draw(st.sampled_from([*entry]))
        entry[name] = data.draw(st.text().filter(lambda one: one != entry[name]) | st.integers(10**6))
    else:
        said[place] = data.draw(st.text().filter(lambda one: one != said[place]) | st.none())
        if said[place] == json.loads(path.read_bytes())[place]:
            return
    if place in ("format", "version", "entries"):
        with pytest.raises(AppError, match="not an evidence file"):
            check_evidence(json.dumps(said).encode())
    else:
        assert check_evidence(json.dumps(said).encode())[1]


_ONCE: list[Path] = []


def evidence_once(factory: pytest.TempPathFactory) -> Path:
    if not _ONCE:
        folder = factory.mktemp("evidence")
        made = new_store(folder / "store")
        export_audit(made, folder / "all.json", STAMP)
        made.close()
        _ONCE.append(folder / "all.json")
    return _ONCE[0]


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"\xff", b'{"format": "autoenroll-evidence", "version": 9, "entries": []}']
)
def test_what_is_no_evidence(data: bytes) -> None:
    with pytest.raises(AppError, match="not an evidence file"):
        check_evidence(data)
