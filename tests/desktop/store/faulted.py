"""Does work on a store while the disk is full, or fails at some byte, and looks whether that was told and lost nothing.

`python -m tests.desktop.store.faulted KIND TRIALS SEED FOLDER` prints one JSON object a trial. KIND `fails`: no file may
grow over a limit (RLIMIT_FSIZE), so the first write beyond it fails, at every place there is. KIND `full`: FOLDER is a
small disk of its own, filled until so many pages are free. After the fault the same work is done again without it.
"""

import json
import os
import random
import resource
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.store import clients
from tests.desktop.store.killed import JOBS, KEYS, World, begin, opened
from tests.making import ERN

PAGE = 4096
WORK = ("check", "backup", "erase", "migrate", "queue", "make", "produced", "draft")
MOST = {
    "check": 60, "backup": 150, "erase": 90, "migrate": 120, "queue": 20, "make": 60, "produced": 30, "draft": 40,
}  # fmt: skip
"""Pages after which no fault is left to find; a trial beyond it just passes."""


def done(world: World, job: str, place: Path, limit: int | None) -> tuple[list[str], str]:
    """Do a job in a child under a limit; what it said, and how it ended: "ok", "told: …" or "raised …"."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        end = "raised"
        try:
            os.close(reading)
            if limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            JOBS[job][0](world, place, lambda text: os.write(writing, f"{text}\n".encode()) and None)
            end = "ok"
        except AppError as error:
            end = f"told: {error.title}" + (f" ({error.why})" if "mistake of ours" in error.why else "")
        except BaseException as error:  # noqa: BLE001 - whatever it is, the parent is told
            end = f"raised {type(error).__name__}"
        finally:
            os.write(writing, f"{end}\n".encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode().split("\n")[:-1]
    os.waitpid(child, 0)
    return said[:-1], said[-1]


def trial(world: World, job: str, place: Path, fault: Callable[[], tuple[list[str], str]]) -> dict[str, object]:
    """One fault; then what the store is like, and whether the same work goes through without it."""
    said, end = fault()
    wrong = [*JOBS[job][1](world, place, said)] if job not in ("make", "migrate") else []
    again, end_again = ([], "ok") if end == "ok" else done(world, job, place, None)
    if end_again != "ok" and not (job == "erase" and "Nothing is kept" in end_again):
        wrong.append(f"once more: {end_again}")
    wrong += [*JOBS[job][1](world, place, [*said, *again])]
    if end.startswith("raised") or not end:
        wrong.append(end)
    return {"job": job, "end": end, "wrong": wrong}


def main(kind: str, trials: int, seed: int, folder: Path) -> None:
    """Do the trials: with all of them asked for every number of pages is tried, with fewer some at random."""
    chance = random.Random(seed)
    home = folder if kind == "fails" else folder.with_name("home")
    home.mkdir(exist_ok=True)
    world, place = World(home), folder / "trial" / "store"
    store = opened(home / "begin")
    with store.reading() as connection:
        KEYS[ERN] = clients.key_of(connection, clients.named(connection, ERN).id)
    store.close()
    cases = [(job, pages) for job in WORK for pages in range(MOST[job])]
    for job, pages in chance.sample(cases, min(trials, len(cases))):
        begin(world, job, place)
        if kind == "fails":
            told = trial(world, job, place, lambda job=job, pages=pages: done(world, job, place, PAGE * pages))
        else:
            told = trial(world, job, place, lambda job=job, pages=pages: on_full_disk(world, job, place, pages))
        print(json.dumps({**told, "pages": pages}), flush=True)


def on_full_disk(world: World, job: str, place: Path, pages: int) -> tuple[list[str], str]:
    """Fill the disk up to some free pages, do the job, and free the disk again."""
    ballast = place.parent.parent / "ballast"
    free = shutil.disk_usage(place.parent).free
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(PAGE, free - PAGE * pages))
    try:
        return done(world, job, place, None)
    finally:
        ballast.unlink()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
