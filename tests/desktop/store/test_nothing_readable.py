"""A stolen laptop shows nothing: every PPSN, name and amount of the sample is looked for in everything a check leaves.

Done twice, with stores of different keys: four letters can stand in encrypted bytes by chance, but not in both.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pytest

from autoenroll_desktop.actions.check_pay_run import check_pay_run
from autoenroll_desktop.actions.open_sample import sample as sample_given
from autoenroll_desktop.domain.money import plain
from autoenroll_desktop.domain.pay_run import FIELDS, Kind
from tests.killed_window import TYPED

WORDS = "a few plain words"
EMPLOYER = "Hibernia Foods"
FILES = ("weekly-2026-11-26.csv", "monthly-2026-11-27.xlsx")


def needles() -> dict[str, list[bytes]]:
    """Every PPSN, name and amount of the sample's pay lines, in the ways they could be written."""
    lines = check_pay_run(*sample_given()).run.lines
    texts: set[str] = set()
    for field in ("ppsn", "first_name", "family_name"):
        texts.update(str(one) for one in lines[field] if not pd.isna(one))
    for field, kind in FIELDS.items():
        if kind is Kind.MONEY:
            texts.update(plain(int(one)) for one in lines[field].dropna() if abs(int(one)) >= 10_000)
    return {text: [text.encode(), text.encode("utf-16-le")] for text in texts if len(text) >= 4}


def found(files: Iterable[Path], wanted: dict[str, list[bytes]]) -> set[str]:
    contents = [path.read_bytes() for path in files if path.is_file()]
    return {text for text, ways in wanted.items() if any(way in data for way in ways for data in contents)}


CRASH = """
import os, sys
from pathlib import Path
from autoenroll_desktop import paths
from autoenroll_desktop.actions.open_store import open_store
from autoenroll_desktop.store.lists import runs_kept
from autoenroll_desktop.store.runs import open_run
import datetime as dt, faulthandler
faulthandler.enable()
if os.name != "nt":
    import resource
    most = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))  # as on a machine that keeps core dumps
store = open_store(paths.store(), dt.datetime.now(dt.UTC), passphrase=lambda: os.environ["AUTOENROLL_PASSPHRASE"])
with store.writing() as connection:
    runs = [open_run(connection, one.id) for one in runs_kept(connection)]
    print(sum(len(one.run) for one in runs), flush=True)
    os.kill(os.getpid(), int(sys.argv[1]))
"""


def use(folder: Path, sample: Path, *, crash: bool) -> Path:
    """What a clerk does in a week, in a home of its own: check, look after, back up; and what happens in a crash."""
    data, temporary, work = (folder / name for name in ("data", "temporary", "work"))
    for one in (data, temporary, work):
        one.mkdir(parents=True)
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("TMP", "TEMP")},
        "AUTOENROLL_DATA": str(data),
        "AUTOENROLL_PASSPHRASE": WORDS,
        "TMPDIR": str(temporary),
        "HOME": str(folder / "home"),
        "PYTHONPATH": str(Path(__file__).parents[3]),
        "QT_QPA_PLATFORM": "offscreen",
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        done = subprocess.run([sys.executable, *arguments], env=environment, cwd=work, capture_output=True, check=False)
        with (folder / "log.txt").open("ab") as log:
            log.write(done.stderr)
        return done

    program = ("-m", "autoenroll_desktop.cli")
    for name in FILES:
        check = run(*program, "check", str(sample / name), "--aepn", str(sample / "aepn-2026-11-26.json"))
        assert check.returncode == 1
        assert b"Kept as run" in check.stderr
    for verb in (["upkeep"], ["backup", str(folder / "work" / "b.backup")]):
        assert run(*program, "store", *verb).returncode == 0, verb
    if os.name != "nt":  # a window with steps in no file yet, a recipe, folders named after the client; then killed
        for one in (work / EMPLOYER, work / "out"):
            one.mkdir()
        files = [shutil.copy(sample / name, work / EMPLOYER) for name in (FILES[0], "aepn-2026-11-26.json")]
        killed = run("-m", "tests.killed_window", str(data), str(work / "out"), *map(str, files))
        assert killed.returncode == -signal.SIGKILL
        assert int(killed.stdout) > 1
        for one in (work / EMPLOYER, work / "out"):
            shutil.rmtree(one)  # the payroll office's own files, which are as readable as it wants them
    for number in (signal.SIGSEGV, signal.SIGKILL) if crash and os.name != "nt" else ():
        crashed = run("-c", CRASH, str(int(number)))
        assert crashed.returncode == -number
        assert crashed.stdout.strip() == b"41"
    return folder


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    sample = Path(__file__).parents[3] / "resources" / "sample"
    return [use(tmp_path_factory.mktemp("home"), sample, crash=crash) for crash in (True, False)]


def test_the_search_finds_what_is_readable(sample: Path) -> None:
    wanted = needles()
    assert len(wanted) > 200
    assert len(found([sample / "weekly-2026-11-26.csv"], wanted)) > 100


def test_nothing_readable_is_on_the_disk(used: list[Path]) -> None:
    wanted = needles()
    files = [[path for path in folder.rglob("*") if path.is_file()] for folder in used]
    wanted |= {text: [text.encode(), text.encode("utf-16-le")] for text in (EMPLOYER, TYPED)}
    assert {"store.db", "store.keys", "b.backup", "log.txt"} <= {path.name for path in files[0]}
    assert any(path.parent.parent.name == "kept" for path in files[0])
    readable = found(files[0], wanted) & found(files[1], wanted)
    assert readable == set()
    assert found([path for path in files[0] if path.name == "log.txt"], wanted) == set()


def test_no_memory_image_is_left(used: list[Path]) -> None:
    for folder in used:
        assert [path.name for path in (folder / "work").iterdir()] == ["b.backup"]
        assert list((folder / "temporary").iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no core limit")
def test_core_dumps_are_off_once_a_store_is_open(used: list[Path]) -> None:
    import resource

    from tests.storing import new_store

    new_store(used[0] / "another").close()
    assert resource.getrlimit(resource.RLIMIT_CORE) == (1, 1)
