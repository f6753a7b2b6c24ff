"""Every store there ever was opens in this version, with everything in it; a newer one is refused and left alone."""

import zipfile
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import autoenroll_desktop.store.migrations as steps
from autoenroll_desktop.actions.check_pay_run import check_pay_run
from autoenroll_desktop.actions.open_sample import sample
from autoenroll_desktop.actions.open_store import open_store
from autoenroll_desktop.store import audit, outbox
from autoenroll_desktop.store.clients import find
from autoenroll_desktop.store.column_maps import find_map
from autoenroll_desktop.store.ledger import read_sent
from autoenroll_desktop.store.lists import runs_kept
from autoenroll_desktop.store.local_copies import faults_of
from autoenroll_desktop.store.produced import produced_files
from autoenroll_desktop.store.recipes import recipes_of
from autoenroll_desktop.store.runs import open_run
from autoenroll_desktop.store.tables import metadata
from autoenroll_desktop.store.upgrade import NEWEST, STEPS, NewerStore
from autoenroll_desktop.store.verification import verify
from tests.making import NOW
from tests.storing import new_store, open_again
from tests.upgrades.make import EMPLOYER, WORDS

PACKED = sorted(Path(__file__).parent.glob("*.zip"))


def unpacked(path: Path, folder: Path) -> Path:
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    return folder


@pytest.mark.parametrize("packed", PACKED, ids=lambda path: path.stem)
def test_an_older_store_opens_with_everything_in_it(packed: Path, tmp_path: Path) -> None:
    folder = unpacked(packed, tmp_path / "store")
    store = open_store(folder, NOW, passphrase=lambda: WORDS)
    given, now = sample()
    checked = check_pay_run(given, now)
    with store.reading() as connection:
        listed = runs_kept(connection)
        assert len(listed) == 2
        assert sum(len(open_run(connection, one.id).run) for one in listed) == len(checked.run)
        assert len(runs_kept(connection, find="26-Weekly")) == 1
        assert find_map(connection, EMPLOYER, ["a", "b"]).tables == {"columns": {"a": "ppsn"}}
        assert [one.name for one in recipes_of(connection, find(connection, EMPLOYER))] == ["weekly"]
        assert read_sent(connection, [EMPLOYER], [2026]).submissions == {"abc"}
        assert len(outbox.waiting(connection)) == 2
        assert len(produced_files(connection, EMPLOYER)) == (packed.stem >= "0003")
        last = audit.entries(connection)[-1]
    assert all(part.wrong == () for part in verify(store))
    if packed.stem != NEWEST:
        assert last["what"] == "store-upgraded"
        copies = list(store.backups.glob(f"before-{packed.stem}-*.db"))
        assert len(copies) == 1
        assert faults_of(copies[0], store.key) == []
    store.close()
    open_store(folder, NOW, passphrase=lambda: WORDS).close()
    assert len(list(folder.glob("backups/*"))) == (packed.stem != NEWEST)


def test_every_released_step_has_a_packed_store() -> None:
    assert {path.stem for path in PACKED} >= set(STEPS[:-1])


def test_the_steps_are_those_of_alembic() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(steps.__file__).parent))
    config.set_main_option("path_separator", "os")
    found = [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(found)) == STEPS


def test_the_tables_are_those_the_steps_make(tmp_path: Path) -> None:
    store = new_store(tmp_path / "store")
    with store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        apart = [one for one in compare_metadata(context, metadata) if "run_search" not in str(one)]
    assert [one for one in apart if one[0] != "remove_index"] == []
    store.close()


def test_a_newer_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    store = new_store(tmp_path / "store")
    with store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.tidy()
    store.close()
    before = store.database.read_bytes()
    with pytest.raises(NewerStore, match="newer version"):
        open_again(store)
    assert store.database.read_bytes() == before
    assert not store.backups.exists()


def test_an_upgrade_that_cannot_be_copied_first_is_not_done(tmp_path: Path) -> None:
    folder = unpacked(PACKED[0], tmp_path / "store")
    (folder / "backups").write_text("in the way")
    before = (folder / "store.db").read_bytes()
    with pytest.raises(Exception, match="folder cannot be used"):
        open_store(folder, NOW, passphrase=lambda: WORDS)
    assert (folder / "store.db").read_bytes() == before
