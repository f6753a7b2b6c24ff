"""Stores for tests: made in a temporary folder with a key of their own, without keyring or passphrase."""

import datetime as dt
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from autoenroll_desktop.actions.check_pay_run import Given, check_prepared, prepare
from autoenroll_desktop.actions.keep_check import keep_check
from autoenroll_desktop.actions.open_store import memory_of
from autoenroll_desktop.domain.memory import Memory
from autoenroll_desktop.store.audit import Stamp
from autoenroll_desktop.store.keys import KeyFile, proof_of, read_key_file, write_key_file
from autoenroll_desktop.store.opening import open_with_key
from autoenroll_desktop.store.runs import Kept
from autoenroll_desktop.store.sealing import new_key
from autoenroll_desktop.store.store import Store
from tests.making import NOW

STAMP = Stamp("clerk", NOW)
KEY = new_key()
HEAD = "PPSN,Employment ID,First Name,Surname,Pay Date,Gross Pay,AE Employee,AE Employer,Line Item ID,Pay Frequency,Employer Number\n"


def new_store(folder: Path) -> Store:
    """A fresh store; all of one test run have the same key, because making tables anew each time would take a minute."""
    template = _template()
    shutil.copytree(template, folder)
    file = read_key_file(folder)
    assert file is not None
    return open_with_key(folder, file, KEY, STAMP, computer="test")


@cache
def _template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="store-", dir=os.environ["AUTOENROLL_DATA"])) / "store"
    store = str(uuid.uuid4())
    file = KeyFile(store=store, proof=proof_of(KEY, store))
    write_key_file(folder, file)
    open_with_key(folder, file, KEY, STAMP, computer="test").close()
    return folder


def copy_of(folder: Path, target: Path) -> Store:
    """A copy of a closed store, opened: what a module's tests begin with is made once."""
    shutil.copytree(folder, target)
    file = read_key_file(target)
    assert file is not None
    return open_with_key(target, file, KEY, STAMP, computer="test")


def open_again(store: Store, at: dt.datetime = NOW, **options: object) -> Store:
    """The same store opened once more, as another process would."""
    file = read_key_file(store.folder)
    assert file is not None
    return open_with_key(store.folder, file, store.key, Stamp("clerk", at), computer="test", **options)  # type: ignore[arg-type]


def memory(store: Store) -> Memory:
    return memory_of(store)


def write_week(path: Path, day: str, rows: Iterable[tuple[str, str, str, str]], employer: str = "8000074DH") -> Path:
    """A pay file: PPSN, first name, family name and gross of each line; contributions at 1.5 %."""
    lines = []
    for at, (ppsn, first, family, gross) in enumerate(rows, 1):
        share = f"{round(float(gross) * 0.015, 2):.2f}"
        lines.append(f"{ppsn},1,{first},{family},{day},{gross},{share},{share},{day}-{at},WEEKLY,{employer}\n")
    path.write_text(HEAD + "".join(lines), encoding="utf-8")
    return path


def keep(store: Store, given: Given, at: dt.datetime = NOW, now: dt.datetime = NOW) -> list[Kept]:
    """Check files as a clerk would, and keep the check."""
    prepared = prepare(given, now)
    return keep_check(store, prepared, check_prepared(prepared, prepared.gathered.run), Stamp("clerk", at))
