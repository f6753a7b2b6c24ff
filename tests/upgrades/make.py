"""Packs a store as it is now, with data, before a release: `python -m tests.upgrades.make`.

A packed store is never made again: it is what users have. The one of 0001 was made by the code of that version, before
there was an index for searching.
"""

import datetime as dt
import shutil
import sys
import tempfile
from pathlib import Path

from autoenroll_desktop.actions.check_pay_run import check_prepared, prepare
from autoenroll_desktop.actions.keep_check import keep_check
from autoenroll_desktop.actions.open_sample import sample
from autoenroll_desktop.actions.open_store import open_store
from autoenroll_desktop.store.audit import Stamp
from autoenroll_desktop.store.column_maps import keep_map
from autoenroll_desktop.store.ledger import SUBMISSION, add_sent
from autoenroll_desktop.store.produced import Made, add_produced
from autoenroll_desktop.store.recipes import keep_recipe
from autoenroll_desktop.store.upgrade import NEWEST

WORDS = "a few plain words"
EMPLOYER = "8041973UH"


def make(target: Path) -> None:
    """A store with the sample kept, a column map, a recipe, ledger entries, and a message waiting."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "store"
        given, now = sample()
        store = open_store(folder, now, passphrase=lambda: WORDS)
        stamp = Stamp("clerk", now)
        prepared = prepare(given, now)
        keep_check(store, prepared, check_prepared(prepared, prepared.gathered.run), stamp)
        with store.writing() as connection:
            keep_map(connection, EMPLOYER, ["a", "b"], {"columns": {"a": "ppsn"}}, dt.date(2026, 11, 26), stamp)
            keep_recipe(connection, EMPLOYER, "weekly", 'format = "autoenroll-recipe"\n', stamp)
            add_sent(connection, EMPLOYER, 2026, [(SUBMISSION, "abc")], stamp)
            add_produced(connection, EMPLOYER, Made("report", "/reports/weekly.pdf", "ab" * 32, "not_ready"), stamp)
        store.tidy()
        store.close()
        shutil.make_archive(str(target.with_suffix("")), "zip", folder)


if __name__ == "__main__":
    sys.exit(make(Path(__file__).parent / f"{NEWEST}.zip"))
