"""Everything that can be wrong around a store: each has a clear answer, and nothing is lost."""

import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from autoenroll_desktop.actions.check_audit import check_audit
from autoenroll_desktop.actions.check_pay_run import Given
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.store import audit
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.keys import read_key_file
from autoenroll_desktop.store.lists import runs_kept
from autoenroll_desktop.store.opening import open_with_key
from autoenroll_desktop.store.place import kind_of, on_network
from autoenroll_desktop.store.refusals import StoreBusy, StoreDamaged
from autoenroll_desktop.store.store import Store
from autoenroll_desktop.store.verification import verify
from tests.making import NOW, ppsn
from tests.storing import KEY, STAMP, keep, new_store, open_again, write_week

ROW = (ppsn(1_000_001), "Aoife", "Byrne", "500.00")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = new_store(tmp_path / "store")
    yield made
    made.close()


def kept_week(store: Store, folder: Path, day: str = "19/11/2026") -> None:
    keep(store, Given(pay=(write_week(folder / f"{day[:2]}.csv", day, [ROW]),)))


OTHER = """
import sys
from pathlib import Path
from autoenroll_desktop.actions.check_pay_run import Given
from tests.storing import keep
from tests.desktop.store.test_trouble import opened
store = opened(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
for name in sys.argv[3:]:
    print(keep(store, Given(pay=(Path(name),)))[0].id, flush=True)
"""


def opened(folder: Path, key: bytes, **options: object) -> Store:
    """A store as another process opens it."""
    return open_with_key(folder, read_key_file(folder), key, STAMP, computer="test", **options)


def test_two_processes_at_once_lose_nothing(store: Store, tmp_path: Path) -> None:
    files = [write_week(tmp_path / f"{at}.csv", f"{at + 1:02d}/11/2026", [ROW]) for at in range(12)]
    command = [sys.executable, "-c", OTHER, str(store.folder), KEY.hex()]
    running = [
        subprocess.Popen([*command, *map(str, files[half::2])], stdout=subprocess.PIPE, text=True) for half in (0, 1)
    ]
    told = {line for one in running for line in one.communicate()[0].split()}
    assert [one.returncode for one in running] == [0, 0]
    with store.reading() as connection:
        assert {one.id for one in runs_kept(connection)} == told
    assert len(told) == 12
    assert check_audit(store)[1] == []


def test_a_writer_that_waits_in_vain_is_told(store: Store, tmp_path: Path) -> None:
    impatient = open_again(store, wait=0.05)
    with store.writing() as connection:
        audit.add(connection, STAMP, Event("used"))
        with pytest.raises(StoreBusy, match="in use by another"):
            kept_week(impatient, tmp_path)
        with impatient.reading() as reader:
            assert runs_kept(reader) == []
    kept_week(impatient, tmp_path)
    impatient.close()


def test_on_a_network_drive_one_computer_at_a_time(store: Store, tmp_path: Path) -> None:
    store.close()
    here = open_again(store, network=True, wait=0.05)
    kept_week(here, tmp_path)
    with pytest.raises(StoreBusy, match="another computer"):
        open_again(store, network=True, wait=0.05)
    assert not list(store.folder.glob("store.db-*m*"))
    here.close()
    there = open_again(store, network=True, wait=0.05)
    with there.reading() as connection:
        assert len(runs_kept(connection)) == 1
    there.close()


MOUNTS = """22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
36 22 0:32 / /home/a\\040b rw,relatime shared:1 - cifs //server/share rw
37 22 0:33 / /mnt/nfs rw - nfs4 server:/x rw
38 37 0:34 / /mnt/nfs/local rw - ext4 /dev/sdb1 rw
broken line
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/x", "ext4"),
        ("/home/a b/c", "cifs"),
        ("/mnt/nfs/a", "nfs4"),
        ("/mnt/nfs/local/a", "ext4"),
        ("/mnt/nfsx", "ext4"),
    ],
)
def test_network_drives_are_told_from_disks(folder: str, kind: str) -> None:
    assert kind_of(Path(folder), MOUNTS) == kind
    assert kind_of(Path(folder), "") == ""


def test_this_computers_disk_is_none_of_the_network(tmp_path: Path) -> None:
    assert not on_network(tmp_path / "not" / "there" / "yet")


def test_opened_on_another_computer_is_looked_over_and_noted(store: Store, tmp_path: Path) -> None:
    kept_week(store, tmp_path)
    store.close()
    file = read_key_file(store.folder)
    for computer in ("other", "other", "test"):
        open_with_key(store.folder, file, KEY, STAMP, computer=computer).close()
    again = open_again(store)
    with again.reading() as connection:
        noted = [entry["what"] for entry in audit.entries(connection)]
    assert noted.count("store-opened-on-another-computer") == 2
    again.close()
    damage(store.database, 5)
    with pytest.raises(StoreDamaged, match="on its way from another computer"):
        open_with_key(store.folder, file, KEY, STAMP, computer="other")


def damage(path: Path, page: int) -> None:
    """Change one bit in a page."""
    with path.open("r+b") as file:
        file.seek(4096 * page + 1000)
        byte = file.read(1)[0]
        file.seek(4096 * page + 1000)
        file.write(bytes([byte ^ 1]))


@pytest.mark.parametrize("page", [0, 1, 5, -1])
def test_a_corrupted_page_is_told_and_left(store: Store, tmp_path: Path, page: int) -> None:
    kept_week(store, tmp_path)
    store.tidy()
    store.close()
    size = store.database.stat().st_size // 4096
    damage(store.database, page % size)
    before = store.database.read_bytes()
    try:
        again = open_again(store)
        looked = {one.part: one.wrong for one in verify(again)}
        assert looked["database"]
        again.close()
    except StoreDamaged as error:
        assert "store restore" in error.action  # noqa: PT017 - a page may be read at once or later
    assert store.database.read_bytes() == before


def test_rubbish_in_place_of_the_database(store: Store) -> None:
    store.close()
    store.database.write_bytes(b"rubbish" * 1000)
    with pytest.raises(StoreDamaged, match="damaged"):
        open_again(store)
    assert store.database.read_bytes() == b"rubbish" * 1000


def test_another_stores_database_is_told(store: Store, tmp_path: Path) -> None:
    store.close()
    file = read_key_file(store.folder)
    stranger = type(file)(store="other", proof=file.proof)
    with pytest.raises(StoreDamaged, match="another store's"):
        open_with_key(store.folder, stranger, KEY, STAMP, computer="test")


def test_a_changed_or_missing_sealed_file_is_told(store: Store, tmp_path: Path) -> None:
    for day in ("12/11/2026", "19/11/2026"):
        kept_week(store, tmp_path, day)
    first, second = sorted(store.kept.glob("*/*"))
    first.write_bytes(first.read_bytes()[:-1])
    second.unlink()
    wrong = {one.part: one.wrong for one in verify(store)}
    assert len(wrong["files"]) == 2
    assert not any(wrong[part] for part in ("database", "audit", "runs", "snapshots"))


def test_a_clock_set_back_loses_nothing(store: Store, tmp_path: Path) -> None:
    path = write_week(tmp_path / "a.csv", "19/11/2026", [ROW])
    keep(store, Given(pay=(path,)))
    back = NOW - dt.timedelta(days=3650)
    write_week(path, "19/11/2026", [(*ROW[:3], "501.00")])
    keep(store, Given(pay=(path,)), at=back, now=back)
    with store.reading() as connection:
        newest = runs_kept(connection)[0]
    assert (newest.version, newest.gross) == (2, 50_100)
    assert check_audit(store)[1] == []


READ_ONLY = """
import os, resource, sys
from pathlib import Path
import alembic.command, sqlcipher3.dbapi2
from autoenroll_desktop.errors import AppError
from tests.desktop.store.test_trouble import opened
if os.geteuid() == 0:  # modes do not bind root
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    opened(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
except AppError as error:
    print(error)
"""


@pytest.mark.skipif(os.name == "nt", reason="folders are not made read-only by mode on Windows")
def test_a_read_only_folder(store: Store) -> None:
    store.close()
    with tempfile.TemporaryDirectory() as temporary:
        Path(temporary).chmod(0o755)
        folder = shutil.copytree(store.folder, Path(temporary) / "store")
        for path in (*folder.iterdir(), folder):
            path.chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(folder), KEY.hex()], capture_output=True, text=True, check=False
        )
        folder.chmod(0o755)
        assert "cannot be written to" in done.stdout, done.stderr[-500:]
        assert (folder / "store.db").read_bytes() == store.database.read_bytes()


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("")
    from autoenroll_desktop.actions.open_store import open_store

    with pytest.raises(AppError):
        open_store(tmp_path / "store", NOW, passphrase=lambda: "a few plain words")
    assert (tmp_path / "store").read_text() == ""


def test_errors_never_tell_what_was_to_be_written(store: Store) -> None:
    with pytest.raises(AppError) as told, store.writing() as connection:
        connection.exec_driver_sql("INSERT INTO client VALUES ('1234567FA', 'Byrne', NULL, 1, 1)")
    chain = [told.value, told.value.__cause__, told.value.__context__ if not told.value.__suppress_context__ else None]
    assert not [one for one in chain if one is not None and "Byrne" in str(one)]


def test_who_and_when_are_as_they_were_given(store: Store) -> None:
    with store.writing() as connection:
        audit.add(connection, replace(STAMP, who="Ó Briain"), Event("used"))
        last = audit.entries(connection)[-1]
    assert (last["who"], last["at"]) == ("Ó Briain", NOW)
    assert Stamp("x", NOW) != STAMP
