"""Backups: one sealed file, opened to be sure; restored on another computer; never a half one, never one in place of a whole."""

from pathlib import Path

import pytest

from autoenroll_desktop.actions.back_up_store import back_up_store, restore_store
from autoenroll_desktop.actions.check_audit import check_audit
from autoenroll_desktop.actions.check_pay_run import Given
from autoenroll_desktop.actions.lock_store import lock_store, new_recovery_code
from autoenroll_desktop.actions.open_store import open_store
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.store import keeping, kept_files, local_copies
from autoenroll_desktop.store.keys import KeyMissing
from autoenroll_desktop.store.lists import runs_kept
from autoenroll_desktop.store.opening import nobody
from autoenroll_desktop.store.store import Store
from autoenroll_desktop.store.verification import verify
from tests.making import NOW, ppsn
from tests.storing import STAMP, copy_of, keep, new_store, open_again, write_week

ROW = (ppsn(1_000_001), "Aoife", "Byrne", "500.00")
WORDS = "a few plain words"


def said() -> str:
    return WORDS


@pytest.fixture(scope="module")
def one_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("one")
    made = new_store(folder / "store")
    keep(made, Given(pay=(write_week(folder / "a.csv", "19/11/2026", [ROW]),)))
    made.close()
    return made.folder


@pytest.fixture
def store(one_run: Path, tmp_path: Path) -> Store:
    made = copy_of(one_run, tmp_path / "here" / "store")
    yield made
    made.close()


def test_restored_on_another_computer_by_recovery_code(store: Store, one_run: Path, tmp_path: Path) -> None:
    code = new_recovery_code(store, NOW)
    made = back_up_store(store, tmp_path, STAMP)
    assert made.path.parent == tmp_path
    assert (made.files, made.opens_elsewhere) == (1, True)
    data = made.path.read_bytes()
    assert not [secret for secret in (*ROW, "8000074DH", "a.csv") if secret.encode() in data]
    there = tmp_path / "there" / "store"
    done = restore_store(made.path, there, STAMP, passphrase=said, code=code)
    assert (done.aside, done.erased_again) == (None, 0)
    again = open_store(there, NOW, passphrase=said, make=False)
    with again.reading() as connection:
        one = runs_kept(connection)[0]
        file_id = keeping.files_of(connection, one.id)[0][2]
        assert kept_files.read_file(connection, again.kept, file_id) == (one_run.parent / "a.csv").read_bytes()
    assert all(part.wrong == () for part in verify(again))
    again.close()


def test_restored_by_passphrase_in_place_of_a_store_that_is_moved_aside(store: Store, tmp_path: Path) -> None:
    lock_store(store, WORDS, NOW)
    backup = back_up_store(store, tmp_path / "b.backup", STAMP).path
    keep(store, Given(pay=(write_week(tmp_path / "b.csv", "26/11/2026", [ROW]),)))
    store.close()
    with pytest.raises(AppError, match="store already"):
        restore_store(backup, store.folder, STAMP, passphrase=said)
    with pytest.raises(AppError, match="passphrase is wrong"):
        restore_store(backup, store.folder, STAMP, passphrase=lambda: "no words of mine", replace=True)
    done = restore_store(backup, store.folder, STAMP, passphrase=said, replace=True)
    with open_store(store.folder, NOW, passphrase=said).reading() as connection:
        assert len(runs_kept(connection)) == 1
    with open_store(done.aside, NOW, passphrase=said).reading() as connection:
        assert len(runs_kept(connection)) == 2


def test_who_has_no_key_opens_no_backup(store: Store, tmp_path: Path) -> None:
    made = back_up_store(store, tmp_path / "b.backup", STAMP)
    assert not made.opens_elsewhere
    with pytest.raises(KeyMissing):
        restore_store(made.path, tmp_path / "there", STAMP, passphrase=nobody)
    with pytest.raises(AppError, match="no recovery code"):
        restore_store(made.path, tmp_path / "there", STAMP, passphrase=nobody, code="X")
    assert not (tmp_path / "there").exists()
    assert not list(tmp_path.glob("there*"))


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "other", "header"])
def test_damaged_backups_are_refused_and_change_nothing(store: Store, tmp_path: Path, damage: str) -> None:
    lock_store(store, WORDS, NOW)
    path = back_up_store(store, tmp_path / "b.backup", STAMP).path
    data = bytearray(path.read_bytes())
    match damage:
        case "flip":
            data[len(data) // 2] ^= 1
        case "cut":
            data = data[:-100]
        case "empty":
            data = bytearray()
        case "other":
            data = bytearray(b"SQLite format 3\x00" + bytes(5000))
        case "header":
            data[30] ^= 1
    path.write_bytes(data)
    before = {one: one.read_bytes() for one in store.folder.rglob("*") if one.is_file() and one.suffix != ".db-shm"}
    with pytest.raises(AppError):
        restore_store(path, store.folder, STAMP, passphrase=said, replace=True)
    assert {one: one.read_bytes() for one in store.folder.rglob("*") if one in before} == before
    assert [one.name for one in store.folder.parent.iterdir()] == ["store"]


def test_a_backup_that_cannot_be_written_leaves_the_one_before(store: Store, tmp_path: Path) -> None:
    path = back_up_store(store, tmp_path / "b.backup", STAMP).path
    before = path.read_bytes()
    victim = next(store.kept.glob("*/*"))
    victim.rename(tmp_path / "away")
    with pytest.raises(AppError):
        back_up_store(store, path, STAMP)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.glob(".*")] == []
    with pytest.raises(AppError, match="own folder"):
        back_up_store(store, store.folder / "b.backup", STAMP)
    with pytest.raises(AppError):
        back_up_store(store, tmp_path / "no" / "such" / "folder", STAMP)


def test_local_copies_are_daily_and_the_oldest_go(store: Store) -> None:
    import datetime as dt

    assert local_copies.is_due(store.backups, NOW)
    for day in range(9):
        local_copies.copy_now(store, NOW + dt.timedelta(days=day))
    kept = local_copies.copies(store.backups)
    assert len(kept) == 7
    assert kept[0].name.startswith("daily-20261204")
    last = NOW + dt.timedelta(days=8)
    assert not local_copies.is_due(store.backups, last + dt.timedelta(hours=20))
    assert local_copies.is_due(store.backups, last + dt.timedelta(hours=25))
    assert local_copies.is_due(store.backups, NOW - dt.timedelta(days=60))


def test_a_damaged_database_is_restored_from_a_local_copy(store: Store) -> None:
    lock_store(store, WORDS, NOW)
    copy = local_copies.copy_now(store, NOW)
    store.close()
    data = bytearray(store.database.read_bytes())
    data[4096 * 3 + 100] ^= 1
    store.database.write_bytes(data)
    done = restore_store(copy, store.folder, STAMP, passphrase=said, replace=True)
    assert (done.aside / "store.db").read_bytes() == bytes(data)
    again = open_again(store)
    with again.reading() as connection:
        assert len(runs_kept(connection)) == 1
    assert check_audit(again)[1] == []
    again.close()
