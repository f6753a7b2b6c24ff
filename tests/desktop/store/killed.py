"""Does one kind of work on a store in a child process and kills it with SIGKILL at a random moment, many times over.

`python -m tests.desktop.store.killed TRIALS SEED FOLDER` prints one JSON object a trial. What the child has finished it
says through a pipe; after the kill the store is opened, looked over, and compared with what was said. Everything is
imported before the first fork, so that a trial is short and the moment falls into the work.
"""

import json
import os
import random
import shutil
import signal
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import alembic.command  # noqa: F401 - before the fork
import sqlcipher3.dbapi2  # noqa: F401
from sqlalchemy import select

from autoenroll_desktop.actions.check_pay_run import Given, Prepared, check_prepared, prepare
from autoenroll_desktop.actions.keep_check import keep_check
from autoenroll_desktop.actions.look_after_store import look_after_store
from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.store import audit, clients, outbox
from autoenroll_desktop.store.backup import back_up, unpack_backup
from autoenroll_desktop.store.erasing import erase
from autoenroll_desktop.store.keys import read_key_file
from autoenroll_desktop.store.lists import runs_kept, versions
from autoenroll_desktop.store.open_work import drafts, save_draft
from autoenroll_desktop.store.opening import open_store, open_with_key
from autoenroll_desktop.store.page_search import decrypted_pages
from autoenroll_desktop.store.produced import Made, add_produced, produced_files
from autoenroll_desktop.store.recipes import keep_recipe, recipes_of
from autoenroll_desktop.store.store import Store
from autoenroll_desktop.store.tables import outbox as messages
from autoenroll_desktop.store.tables import run
from autoenroll_desktop.store.verification import verify
from tests.making import ERN, NOW, ppsn
from tests.storing import KEY, STAMP, new_store, write_week
from tests.upgrades.make import WORDS

Say = Callable[[str], None]
OTHER = "3390617EH"
ROWS = [(ppsn(1_000_000 + at), "Aoife", f"Byrne{at}", "500.00") for at in range(60)]
PACKED = Path(__file__).parents[2] / "upgrades" / "0001.zip"


class World:
    """Checks made once, and a store with two clients to begin each trial with."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.checks: list[tuple[Prepared, CheckedRun]] = []
        for at in range(6):
            rows = [(*row[:3], f"{500 + at}.00") for row in ROWS]
            path = write_week(folder / f"w{at}.csv", f"{12 + at // 2:02d}/11/2026", rows, OTHER if at % 2 else ERN)
            prepared = prepare(Given(pay=(path,)), NOW)
            self.checks.append((prepared, check_prepared(prepared, prepared.gathered.run)))
        store = new_store(folder / "begin")
        for prepared, checked in self.checks[:2]:
            keep_check(store, prepared, checked, STAMP)
        store.tidy()
        store.close()
        back_up(opened(folder / "begin"), folder / "earlier.backup", STAMP)


def opened(folder: Path) -> Store:
    file = read_key_file(folder)
    assert file is not None
    return open_with_key(folder, file, KEY, STAMP, computer="test")


# The work: each says what it has finished


def work_check(world: World, folder: Path, say: Say) -> None:
    store = opened(folder)
    for prepared, checked in world.checks[2:]:
        for kept in keep_check(store, prepared, checked, STAMP):
            say(kept.id)


def work_fix(world: World, folder: Path, say: Say) -> None:
    store = opened(folder)
    prepared, checked = world.checks[0]
    for at in range(4):
        fixed = replace(checked, confirmed={"ppsn-format": (checked.findings[0].lines[:0], f"looked at {at}")})
        for kept in keep_check(store, prepared, fixed, STAMP):
            say(kept.id)


def work_migrate(_world: World, folder: Path, say: Say) -> None:
    open_store(folder, STAMP, passphrase=lambda: WORDS, computer="test").close()
    say("upgraded")


def work_make(_world: World, folder: Path, say: Say) -> None:
    open_store(folder, STAMP, passphrase=lambda: WORDS, computer="test").close()
    say("made")


def work_backup(_world: World, folder: Path, say: Say) -> None:
    back_up(opened(folder), folder.parent / "b.backup", STAMP)
    say("backed up")


def work_erase(_world: World, folder: Path, say: Say) -> None:
    store = opened(folder)
    with store.reading() as connection:
        one = clients.named(connection, ERN)
    erase(store, one, STAMP)
    say("erased")


def work_queue(_world: World, folder: Path, say: Say) -> None:
    store = opened(folder)
    with store.reading() as connection:
        waiting = outbox.waiting(connection)
    for message in waiting:
        with store.writing() as connection:
            outbox.done(connection, message.number, STAMP)
            outbox.put(connection, message.kind, message.client_id, message.subject, STAMP)
            audit.add(connection, STAMP, audit.Event("sent", message.client_id, message.subject))
        say(message.subject)


def work_produced(_world: World, folder: Path, say: Say) -> None:
    store = opened(folder)
    for at in range(6):
        made = Made("corrected", f"/out/w{at}.csv", "ab" * 32, "ready", items=frozenset({f"{at:032x}"}))
        with store.writing() as connection:
            number = add_produced(connection, ERN, made, STAMP)
        say(number)


def work_draft(_world: World, folder: Path, say: Say) -> None:
    store = opened(folder)
    with store.reading() as connection:
        runs = [one.id for one in runs_kept(connection)]
    for at in range(8):
        with store.writing() as connection:
            save_draft(connection, "the same files", runs, f"{at}".encode(), STAMP)
            keep_recipe(connection, ERN, "WEEKLY", f"{at}", STAMP)
        say(f"{at}")


# What must hold afterwards: each yields what does not


def whole(store: Store) -> Iterator[str]:
    yield from (f"{part.part}: {one}" for part in verify(store) for one in part.wrong)
    with store.reading() as connection:
        kept = set(connection.execute(select(run.c.id)).scalars())
        queued = [*connection.execute(select(messages.c.subject)).scalars()]
    if sorted(queued) != sorted(kept):
        yield "a run is queued twice, or not at all"


def after_keeping(_world: World, folder: Path, said: list[str]) -> Iterator[str]:
    store = opened(folder)
    yield from whole(store)
    with store.reading() as connection:
        kept = {one.id for newest in runs_kept(connection) for one in versions(connection, newest.id)}
    if missing := set(said) - kept:
        yield f"{len(missing)} finished runs are missing"
    if len(kept) > len(set(said)) + 3:
        yield "there is more than was begun"
    look_after_store(store, STAMP)
    yield from whole(store)
    store.close()


def after_opening(_world: World, folder: Path, said: list[str]) -> Iterator[str]:
    store = open_store(folder, STAMP, passphrase=lambda: WORDS, computer="test")
    yield from whole(store)
    with store.reading() as connection:
        if (folder / "kept").exists() and len(runs_kept(connection)) != 2:
            yield "the upgrade lost runs"
    del said
    store.close()


def after_backup(_world: World, folder: Path, _said: list[str]) -> Iterator[str]:
    store = opened(folder)
    yield from whole(store)
    store.close()
    fresh = folder.parent / "unpacked"
    with (folder.parent / "b.backup").open("rb") as file:
        unpack_backup(file, fresh, lambda _: KEY)
    shutil.rmtree(fresh)


def after_erasing(_world: World, folder: Path, said: list[str]) -> Iterator[str]:
    key = KEYS[ERN]
    store = opened(folder)
    look_after_store(store, STAMP)
    yield from whole(store)
    with store.reading() as connection:
        there = clients.find(connection, ERN) is not None
    if there and said:
        yield "what was erased is there"
    if not there:
        store.tidy()
        for path in (store.database, *store.backups.glob("*.db")):
            if key in b"".join(decrypted_pages(path, KEY)):
                yield f"the key is still in {path.name}"
    store.close()


def after_queue(_world: World, folder: Path, said: list[str]) -> Iterator[str]:
    store = opened(folder)
    yield from whole(store)
    with store.reading() as connection:
        waiting = {one.subject for one in outbox.waiting(connection)}
        sent = [entry["subject"] for entry in audit.entries(connection) if entry["what"] == "sent"]
    if waiting & set(said):
        yield "a message that was done waits again"
    if len(sent) != len(set(sent)) or set(sent) & waiting:
        yield "a message is done twice, or done and waiting"
    store.close()


def after_produced(_world: World, folder: Path, said: list[str]) -> Iterator[str]:
    store = opened(folder)
    yield from whole(store)
    with store.reading() as connection:
        listed = [one.id for one in produced_files(connection)]
        told = [entry["subject"] for entry in audit.entries(connection) if entry["what"] == "file-produced"]
    if set(said) - set(listed):
        yield "a file that was noted is not listed"
    if sorted(told) != sorted(listed):
        yield "the list and the trail do not agree"
    store.close()


def after_draft(_world: World, folder: Path, said: list[str]) -> Iterator[str]:
    store = opened(folder)
    yield from whole(store)
    with store.reading() as connection:
        steps = [int(one.content) for one in drafts(connection)]
        kept = [int(one.text) for one in recipes_of(connection, clients.named(connection, ERN))]
    if said and not (len(steps) == 1 and steps[0] - int(said[-1]) in (0, 1)):
        yield "the steps saved last are not there"
    if steps != kept:
        yield "steps and recipe of one transaction do not agree"
    store.close()


JOBS = {
    "check": (work_check, after_keeping),
    "fix": (work_fix, after_keeping),
    "migrate": (work_migrate, after_opening),
    "make": (work_make, after_opening),
    "backup": (work_backup, after_backup),
    "erase": (work_erase, after_erasing),
    "queue": (work_queue, after_queue),
    "produced": (work_produced, after_produced),
    "draft": (work_draft, after_draft),
}
KEYS: dict[str, bytes] = {}


def begin(world: World, job: str, folder: Path) -> None:
    """The store a trial begins with."""
    shutil.rmtree(folder.parent, ignore_errors=True)
    folder.parent.mkdir()
    if job == "migrate":
        with zipfile.ZipFile(PACKED) as archive:
            archive.extractall(folder)
    elif job != "make":
        shutil.copytree(world.folder / "begin", folder)
        shutil.copy(world.folder / "earlier.backup", folder.parent / "b.backup")


def killed_after(world: World, job: str, folder: Path, seconds: float | None) -> tuple[list[str], float, bool]:
    """Do a job in a child and kill it; what it said, how long it lived, and whether it was done before the kill."""
    while signal.sigtimedwait([signal.SIGCHLD], 0):
        pass  # the end of the child before this one
    reading, writing = os.pipe()
    started = time.perf_counter()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reading)
            JOBS[job][0](world, folder, lambda text: os.write(writing, f"{text}\n".encode()) and None)
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    if seconds is not None:
        signal.sigtimedwait([signal.SIGCHLD], seconds)
    with os.fdopen(reading, "rb") as pipe:
        if seconds is not None:
            os.kill(child, signal.SIGKILL)
        said = pipe.read().decode().split("\n")[:-1]
    _, status = os.waitpid(child, 0)
    lived = time.perf_counter() - started
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError(f"{job} failed by itself")
    return said, lived, os.WIFEXITED(status)


def main(trials: int, seed: int, folder: Path) -> None:
    """Do the trials, job after job, each killed at a random moment of the time the whole job takes."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
    chance, world = random.Random(seed), World(folder)
    store = opened(folder / "begin")
    with store.reading() as connection:
        KEYS[ERN] = clients.key_of(connection, clients.named(connection, ERN).id)
    store.close()
    place, whole_time = folder / "trial" / "store", {}
    for job in JOBS:
        begin(world, job, place)
        whole_time[job] = killed_after(world, job, place, None)[1]
    for trial in range(trials):
        job = [*JOBS][trial % len(JOBS)]
        begin(world, job, place)
        said, lived, done = killed_after(world, job, place, chance.random() * whole_time[job])
        whole_time[job] = lived if done else whole_time[job] * 1.1  # the machine is not always as busy
        wrong = [*JOBS[job][1](world, place, said)]
        print(json.dumps({"job": job, "lived": lived, "said": len(said), "done": done, "wrong": wrong}), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
