"""Erase this client: the key is destroyed, and nothing of it is found in any page, file or copy."""

from pathlib import Path

import pytest

from autoenroll_desktop.actions.back_up_store import back_up_store, restore_store
from autoenroll_desktop.actions.check_audit import check_audit
from autoenroll_desktop.actions.check_pay_run import Given
from autoenroll_desktop.actions.erase_client import erase_client
from autoenroll_desktop.actions.lock_store import lock_store
from autoenroll_desktop.actions.look_after_store import look_after_store
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.store import clients, erasing, local_copies
from autoenroll_desktop.store.column_maps import keep_map
from autoenroll_desktop.store.erasing import remove_client
from autoenroll_desktop.store.last_folders import keep_folders
from autoenroll_desktop.store.ledger import SUBMISSION, add_sent
from autoenroll_desktop.store.lists import runs_kept
from autoenroll_desktop.store.open_work import drafts, save_draft
from autoenroll_desktop.store.page_search import decrypted_pages, found_in_pages
from autoenroll_desktop.store.recipes import keep_recipe
from autoenroll_desktop.store.store import Store
from autoenroll_desktop.store.verification import verify
from tests.making import ERN, NOW, ppsn
from tests.storing import STAMP, copy_of, keep, new_store, open_again, write_week

OTHER, WORDS = "3390617EH", "a few plain words"
ROWS = [(ppsn(1_000_000 + at), "Aoife", f"Hegarty{at}", "500.00") for at in range(40)]


@pytest.fixture(scope="module")
def two_clients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("two")
    made = new_store(folder / "store")
    for number, day in enumerate(("12/11/2026", "19/11/2026")):
        keep(made, Given(pay=(write_week(folder / f"hegarty{number}.csv", day, ROWS),)))
    keep(made, Given(pay=(write_week(folder / "other.csv", "19/11/2026", ROWS[:2], OTHER),)))
    with made.writing() as connection:
        keep_map(connection, ERN, ["heading of hegarty"], {"columns": {}}, NOW.date(), STAMP)
        theirs, others = ([one.id for one in runs_kept(connection, employer)] for employer in (ERN, OTHER))
        for number, runs in enumerate((theirs, [*theirs, *others], others)):
            save_draft(connection, f"draft {number}", runs, b"steps", STAMP)
        keep_folders(connection, {"open": "/clients/hegarty"})
        keep_recipe(connection, ERN, "recipe of hegarty", "[[step]]", STAMP)
        add_sent(connection, ERN, 2026, [(SUBMISSION, "hegarty's")], STAMP)
    local_copies.copy_now(made, NOW)
    made.close()
    return made.folder


@pytest.fixture
def store(two_clients: Path, tmp_path: Path) -> Store:
    made = copy_of(two_clients, tmp_path / "store")
    yield made
    made.close()


def test_nothing_readable_is_left(store: Store) -> None:
    with store.reading() as connection:
        key = clients.key_of(connection, clients.find(connection, ERN).id)
    store.tidy()
    before = b"".join(decrypted_pages(store.database, store.key))
    assert key in before
    assert ERN.encode() in before
    files = {path.name for path in store.kept.glob("*/*")}
    done = erase_client(store, ERN, STAMP)
    assert (done.erased.runs, done.erased.files, done.erased.found) == (2, 2, 0)
    assert done.erased.searched == len(ROWS) + 2
    assert done.erased.copies == 1
    after = b"".join(decrypted_pages(store.database, store.key))
    assert len(after) > 20_000
    for secret in (key, ERN.encode(), b"hegarty", b"Hegarty", *(row[0].encode() for row in ROWS)):
        assert secret not in after, secret
    for copy in store.backups.iterdir():
        assert key not in b"".join(decrypted_pages(copy, store.key))
    left = {path.name for path in store.kept.glob("*/*")}
    assert len(left) == 1
    assert left < files


def test_the_others_and_the_trail_stay(store: Store) -> None:
    number, _ = check_audit(store)
    erase_client(store, ERN.lower(), STAMP)
    with store.reading() as connection:
        assert [one.employer for one in runs_kept(connection)] == [OTHER]
        assert [one.id for one in drafts(connection)] == ["draft 2"], "what it has a part in has gone with it"
    assert check_audit(store) == (number + 2, [])
    assert all(one.wrong == () for one in verify(store))
    with pytest.raises(AppError, match="Nothing is kept"):
        erase_client(store, ERN, STAMP)


def test_the_search_finds_what_is_there(store: Store) -> None:
    """A search that cannot find proves nothing: the number is found where it is, in a page deleted without overwriting."""
    assert found_in_pages(store.database, store.key, [ERN, "0000000XX"], [b"no such bytes"]) <= 1
    with store.writing() as connection:
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")
        connection.exec_driver_sql("CREATE TABLE scrap (text TEXT)")
        connection.exec_driver_sql("INSERT INTO scrap VALUES ('9999999TT and more')")
    store.tidy()
    assert found_in_pages(store.database, store.key, ["9999999TT"], []) == 1
    raw = store.engine.raw_connection()
    raw.driver_connection.execute("PRAGMA secure_delete = OFF")
    raw.driver_connection.execute("DELETE FROM scrap")
    raw.close()
    store.tidy()
    assert found_in_pages(store.database, store.key, ["9999999TT"], []) == 1


def test_a_crash_after_the_key_went_is_finished_at_the_next_upkeep(store: Store) -> None:
    with store.reading() as connection:
        one = clients.find(connection, ERN)
        key = clients.key_of(connection, one.id)
    with store.writing() as connection:
        remove_client(connection, one.id, STAMP)
    again = open_again(store)
    assert len(local_copies.copies(again.backups)) == 1
    look_after_store(again, STAMP)
    assert len(list(again.kept.glob("*/*"))) == 1
    for copy in again.backups.iterdir():
        assert key not in b"".join(decrypted_pages(copy, again.key))
    assert erasing.finish(again, STAMP) == (0, 0)
    again.close()


def test_a_backup_from_before_is_erased_again_when_restored(store: Store, tmp_path: Path) -> None:
    lock_store(store, WORDS, NOW)
    backup = back_up_store(store, tmp_path / "b.backup", STAMP).path
    assert erase_client(store, ERN, STAMP).backups_elsewhere == 1
    store.close()
    done = restore_store(backup, store.folder, STAMP, passphrase=lambda: WORDS, replace=True)
    assert done.erased_again == 1
    again = open_again(store)
    with again.reading() as connection:
        assert [one.employer for one in runs_kept(connection)] == [OTHER]
    assert check_audit(again)[1] == []
    again.close()
    assert done.aside.is_dir()
