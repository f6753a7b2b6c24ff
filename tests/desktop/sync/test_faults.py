"""Whatever goes wrong on the way, in whatever order: both stores end alike, nothing is lost, nothing is there twice.

Four schedules in the suite, a thousand with `python3 packaging/dev.py campaign sync-faults`.
"""

import datetime as dt
import os
import random
import shutil
from pathlib import Path

import pytest

from autoenroll_desktop.store.clients import find, set_retention
from autoenroll_desktop.store.column_maps import keep_map
from autoenroll_desktop.store.keeping import keep_report
from autoenroll_desktop.store.ledger import SUBMISSION, add_sent
from autoenroll_desktop.store.recipes import keep_recipe
from autoenroll_desktop.store.sharing import SPOILT, things_in
from tests.faulty import Faulty
from tests.making import NOW
from tests.server.conftest import Databases
from tests.syncing import InProcess, Pc, contents, new_pc

CAMPAIGN = os.environ.get("HYPOTHESIS_PROFILE") == "campaign"
SCHEDULES = 1000 if CAMPAIGN else 4
SHARE = 8 if CAMPAIGN else 2
"""Schedules a test; several workers share them."""
FOUND = (3682651763, 1900184508)
"""Schedules that were wrong once: the answer to the deletion of a spoilt report was lost, and with it the report; two
PCs marked something as sent at the same moment, and one of the marks stayed where it was."""
EMPLOYERS = ("8000074DH", "8041973UH")
PPSNS = ("1234567FA", "7654321PA", "1111111HA")


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs of several employers, checked once and copied into stores."""
    return tmp_path_factory.mktemp("pool")


def work(pc: Pc, folder: Path, chance: random.Random, number: int) -> None:
    """Something a clerk does."""
    employer = chance.choice(EMPLOYERS)
    pc.clock += dt.timedelta(minutes=chance.randrange(1, 50))
    what = chance.randrange(6)
    if what == 0:
        rows = [(ppsn, "Aoife", "Byrne", f"{chance.randrange(300, 900)}.00") for ppsn in PPSNS]
        run_id = pc.check(folder, f"2026-11-{chance.randrange(10, 29)}", rows, employer)
        if chance.random() < 0.5:
            size = chance.choice((100, 300_000, 1_300_000))
            keep_report(pc.store, run_id, "report.pdf", chance.randbytes(size), pc.stamp())
        return
    with pc.store.writing() as connection:
        if what == 1:
            keep_recipe(connection, employer, chance.choice(("weekly", "monthly")), f"text {number}\n", pc.stamp())
        elif what == 2:
            add_sent(connection, employer, 2026, [(SUBMISSION, f"{number}")], pc.stamp())
        elif what == 3:
            keep_map(connection, employer, ["a", "b"], {"n": number}, NOW.date(), pc.stamp())
        elif (owner := find(connection, employer)) is not None:
            set_retention(connection, owner, chance.randrange(6, 30), chance.randrange(3, 9), pc.stamp())


@pytest.mark.parametrize("share", range(-(-SCHEDULES // SHARE)))
def test_both_stores_converge(built: tuple[object, object], databases: Databases, tmp_path: Path, share: int) -> None:
    databases.forget_rates()
    seeds = [int.from_bytes(os.urandom(4), "big") for _ in range(min(SHARE, SCHEDULES - share * SHARE))]
    seeds += FOUND if share == 0 else ()
    for number, seed in enumerate(seeds):
        folder = tmp_path / str(number)
        folder.mkdir()
        one_schedule(built[0], folder, seed)
        shutil.rmtree(folder)


def one_schedule(app: object, folder: Path, seed: int) -> None:
    chance = random.Random(seed)
    ways = [Faulty(InProcess(app), seed + at, 0.0) for at in (1, 2)]
    pcs = [new_pc(folder / name, way) for name, way in zip("ab", ways, strict=True)]
    pcs[0].make_office()
    pcs[0].let_in(pcs[1])
    done: list[dict[str, object]] = []
    for way in ways:
        way.rate = chance.choice((0.1, 0.3, 0.5))
    for number in range(chance.randrange(4, 9)):
        pc = chance.choice(pcs)
        work(pc, folder, chance, number)
        done.append(contents(pc.store))
        if chance.random() < 0.6:
            chance.choice(pcs).sync()
    for way in ways:
        way.rate = 0.0
    said = f"seed {seed}: {settle(pcs)}"
    left, right = (contents(pc.store) for pc in pcs)
    for part in left:
        assert left[part] == right[part], f"{said} {part}"
    for before in done:
        assert before["runs"].items() <= _by_id(left["runs"], before["runs"]), said
        assert before["sent"] <= left["sent"], said
    for pc in pcs:
        with pc.store.reading() as connection:
            assert things_in(connection, SPOILT) == [], said
        pc.store.close()


def settle(pcs: list[Pc]) -> list[tuple[str, str, int]]:
    """Sync in turn over a network that works, a few rounds at most; where each PC stands then."""
    for _ in range(8):
        states = [pc.sync() for pc in pcs]
        if all(one.standing == "in-sync" and not one.waiting for one in states):
            left, right = (contents(pc.store) for pc in pcs)
            if left == right:
                break
    return [(one.standing, one.trouble, one.waiting) for one in states]


def _by_id(after: dict, before: dict):
    """What stands now of the runs there were then; a report kept with one later does not make it another run."""
    told = {}
    for one, (employer, row, parts, files) in after.items():
        if one in before:
            then = before[one][3]
            told[one] = (employer, row, parts, [file for file in files if file in then])
    return told.items()
