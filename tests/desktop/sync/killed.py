"""A PC killed while it sends: after any byte, again and again, then let go on. A program of its own, for it forks.

`python -m tests.desktop.sync.killed TRIALS SEED FOLDER ADDRESS` prints a line of JSON a trial.
"""

import json
import os
import random
import shutil
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from requests.adapters import HTTPAdapter

from autoenroll_desktop.actions.office_service import Service, membership
from autoenroll_desktop.actions.office_service import calling as calling_service
from autoenroll_desktop.store.keeping import keep_report
from autoenroll_desktop.store.ledger import SUBMISSION, add_sent
from tests.storing import copy_of, new_store
from tests.syncing import Pc, contents, session_over

ROWS = [("1234567FA", "Aoife", "Byrne", "700.00"), ("7654321PA", "Sean", "Kelly", "812.50")]
PARTS = 5
"""Things that wait: two runs, two reports, a mark."""


def template(folder: Path, service: Service) -> Path:
    """A closed store of a PC that worked offline: runs, a small and a large report, a mark of what was sent."""
    pc = Pc(new_store(folder / "template"), service)
    chance = random.Random(7)
    for day, size in (("2026-11-19", 2_000), ("2026-11-26", 2_300_000)):
        run_id = pc.check(folder, day, ROWS)
        keep_report(pc.store, run_id, "report.pdf", chance.randbytes(size), pc.stamp())
    with pc.store.writing() as connection:
        add_sent(connection, "8000074DH", 2026, [(SUBMISSION, "abc")], pc.stamp())
    pc.store.tidy()
    pc.store.close()
    return folder / "template"


def synced(folder: Path, service: Service, die_after: int) -> tuple[bool, int]:
    """Sync in a child that kills itself once it has sent so many bytes; whether it came to the end, bytes it sent."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        sent = 0
        send_all = socket.socket.sendall

        def sendall(self: socket.socket, data: Any, *flags: int) -> None:
            nonlocal sent
            data = bytes(data)
            if sent + len(data) >= die_after >= 0:
                send_all(self, data[: die_after - sent], *flags)
                os.kill(os.getpid(), signal.SIGKILL)
            sent += len(data)
            send_all(self, data, *flags)

        socket.socket.sendall = sendall  # type: ignore[method-assign]
        code = 1
        try:
            pc = Pc(_opened(folder), service)
            code = 0 if pc.sync().standing == "in-sync" else 1
            os.write(write, str(sent).encode())
        finally:
            os._exit(code)
    os.close(write)
    with os.fdopen(read) as said:
        told = said.read()
    _, status = os.waitpid(child, 0)
    return status == 0, int(told or 0)


def _opened(folder: Path) -> Any:
    from tests.storing import KEY, STAMP, open_with_key, read_key_file

    file = read_key_file(folder)
    assert file is not None
    return open_with_key(folder, file, KEY, STAMP, computer="test")


def trial(source: Path, folder: Path, service: Service, chance: random.Random, whole: int) -> dict[str, Any]:
    """One PC killed up to three times in mid-push, and what the other one has of it in the end."""
    first = Pc(copy_of(source, folder / "a"), service)
    second = Pc(new_store(folder / "b"), service)
    first.make_office()
    first.let_in(second)
    expected = contents(first.store)
    first.store.close()
    offsets = [chance.randrange(whole) for _ in range(chance.randrange(1, 4))] if whole else []
    killed = sum(not synced(folder / "a", service, at)[0] for at in offsets)
    done, sent = synced(folder / "a", service, -1)
    second.sync()
    first = Pc(_opened(folder / "a"), service)
    wrong = [] if done else ["it did not come to its end"]
    first.sync()
    here, there = contents(first.store), contents(second.store)
    wrong += [part for part in expected if part != "documents" and here[part] != expected[part]]
    wrong += [f"other {part}" for part in here if here[part] != there[part]]
    me = membership(first.store)
    assert me is not None
    with calling_service(first.store, service, me) as caller:
        kept = caller.ask("office")
    if (kept.reports, kept.uploads) != (PARTS, 1):
        wrong.append(f"the service holds {kept.reports} reports and {kept.uploads} uploads")
    for pc in (first, second):
        pc.store.close()
    return {"offsets": offsets, "killed": killed, "sent": sent, "wrong": wrong}


def main(trials: int, seed: int, folder: Path, address: str) -> None:
    """Print a line a trial; the first one is not killed and tells how many bytes there are to be killed in."""
    service = Service(address, connect=session_over(HTTPAdapter()))  # which waits where the service asks for a pause
    source = template(folder, service)
    chance = random.Random(seed)
    whole = 0
    for number in range(trials + 1):
        place = folder / f"trial-{number}"
        place.mkdir()
        told = trial(source, place, service, chance, whole)
        whole = whole or told["sent"]
        print(json.dumps(told), flush=True)
        shutil.rmtree(place)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
