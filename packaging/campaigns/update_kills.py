"""Kills an update at many points and looks at what is left: a working program, the old one or the new one, each time.

The real update runs against a real release repository over HTTP, in a process of its own that is killed (SIGKILL, no
clean-up of any kind) either just before one of its file operations, each in turn, or at a random moment in between.
Then: what would start is whole and passes its self-test, the installed program is untouched, and the next update
goes through.

    update_kills.py [--points 100] [--seed N]          POSIX only: the points are forks of one process
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
import autoenroll_desktop.updates.fetcher
import autoenroll_desktop.updates.trust
import autoenroll_desktop.updates.unpack
from autoenroll_desktop.actions.install_update import Outcome, Setup, install_update, try_out
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.updates.handover import next_program
from autoenroll_desktop.updates.versions import Versions
from tests.releasing import Publisher, list_files, served, setup_for

LOADED = (autoenroll_desktop.updates.fetcher, autoenroll_desktop.updates.trust, autoenroll_desktop.updates.unpack)
"""Imported here once, so that a fork spends its time on the update."""
OPERATIONS = {"open", "os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.symlink", "os.chmod", "os.truncate"}
OLD, NEW = "0.1.0", "0.2.0"


def main() -> int:
    """Kill, look, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)  # noqa: S311 - no secret
    print(f"seed {arguments.seed}", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        setup = _publish(folder)
        before = list_files(setup.present)
        _measure(setup)  # the first one warms everything up
        operations, seconds = _measure(setup)
        print(f"an update makes {operations} file operations", flush=True)
        left: Counter[str] = Counter()
        killed = point = 0
        while killed < arguments.points and point < 4 * arguments.points:
            point += 1
            by_time = point % 2 == 1
            at = (
                chance.uniform(0, seconds)
                if by_time
                else 1 + (point // 2 * 7919 + chance.randrange(operations)) % operations
            )
            shutil.rmtree(setup.versions.home, ignore_errors=True)
            if not _killed(setup, at):
                continue  # it was done before that moment
            killed += 1
            where = f"after {at:.3f} s" if by_time else f"before file operation {at}"
            left[_look(setup, before, where)] += 1
    told = ", ".join(f"{count} times {name}" for name, count in sorted(left.items()))
    print(f"Killed at {killed} points: {told}; each time a working program, and the next update went through.")
    return 0 if killed == arguments.points else _fail("too few were killed before they were done")


def _publish(folder: Path) -> Setup:
    """A repository served by a process of its own, and a client whose installed program is `OLD`."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.close(reading)
        publisher = Publisher(folder)
        publisher.build(OLD)
        publisher.release(NEW, since=(OLD,), more={f"_internal/{name}.bin": os.urandom(60_000) for name in range(12)})
        publisher.offer(NEW)
        publisher.publish()
        with served(publisher.site) as site:
            (folder / "root.json").write_bytes(publisher.root)
            os.write(writing, site.url.encode())
            os.close(writing)
            while os.getppid() != 1:
                time.sleep(0.2)
        os._exit(0)
    os.close(writing)
    url = os.read(reading, 200).decode()
    os.close(reading)

    class Known:
        root = (folder / "root.json").read_bytes()

    class There:
        pass

    There.url = url
    return setup_for(Known, There, folder / "home", present=folder / "programs" / OLD)


def _measure(setup: Setup) -> tuple[int, float]:
    """The file operations of an undisturbed update, and its seconds."""
    shutil.rmtree(setup.versions.home, ignore_errors=True)
    reading, writing = os.pipe()
    started = time.monotonic()
    if os.fork() == 0:
        count = 0

        def counted(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal count
            count += _ours(event, arguments, setup)

        sys.addaudithook(counted)
        install_update(setup)
        os.write(writing, str(count).encode())
        os._exit(0)
    os.wait()
    seconds = time.monotonic() - started
    os.close(writing)
    count = int(os.read(reading, 20) or b"0")
    os.close(reading)
    return count or _fail("the undisturbed update failed"), seconds


def _ours(event: str, arguments: tuple[object, ...], setup: Setup) -> bool:
    if event == "subprocess.Popen":
        return True
    return event in OPERATIONS and str(arguments[0]).startswith(str(setup.versions.home))


def _killed(setup: Setup, at: float) -> bool:
    """Run an update and kill it at a file operation (a whole number) or a moment; whether it came to that."""
    child = os.fork()
    if child == 0:
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, 2)
        if isinstance(at, int):
            count = 0

            def counted(event: str, arguments: tuple[object, ...]) -> None:
                nonlocal count
                if _ours(event, arguments, setup):  # os.kill is an event as well
                    count += 1
                    if count == at:
                        os.kill(os.getpid(), signal.SIGKILL)

            sys.addaudithook(counted)
        else:
            signal.setitimer(signal.ITIMER_REAL, max(at, 0.001))  # SIGALRM's own action: the process is gone
        _end_with(setup)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status) and os.WEXITSTATUS(status):
        _fail("the update did not go through, and was not killed either")
    return os.WIFSIGNALED(status)


def _end_with(setup: Setup) -> None:
    """Update and end this fork, whatever happens in it."""
    code = 1
    try:
        install_update(setup)
        code = 0
    except AppError as error:
        print(error, flush=True)
    finally:
        os._exit(code)


def _look(setup: Setup, before: list[object], where: str) -> str:
    """Which program is left, after making sure that it works; ends everything if none does."""
    versions: Versions = setup.versions
    program = next_program(versions, OLD, "autoenroll-desktop", counts=False)
    name = OLD if program is None else program.parent.name
    folder = setup.present if program is None else program.parent
    if problem := try_out(folder):
        _fail(f"killed {where}: {name} would start and does not work: {problem}")
    if list_files(setup.present) != before:
        _fail(f"killed {where}: the installed program was changed")
    running = NEW if program is not None else OLD
    told = install_update(Setup(**{**vars(setup), "running": running}))
    if told.outcome not in (Outcome.INSTALLED, Outcome.CURRENT):
        _fail(f"killed {where}: the next update says {told.outcome}")
    chosen = versions.chosen()
    if chosen is None or chosen.version != NEW or try_out(versions.folder(NEW)):
        _fail(f"killed {where}: the next update did not put {NEW} in place")
    return "the old one" if name == OLD else "the new one"


def _fail(why: str) -> int:
    raise SystemExit(f"FAIL {why}")


if __name__ == "__main__":
    sys.exit(main())
