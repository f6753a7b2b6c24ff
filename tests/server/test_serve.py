"""The program as an operator runs it: one command on an empty folder, stopped, killed, started again."""

import json
import os
import re
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import requests

from server_sync.database.embedded import Embedded
from server_sync.database.migrate import newest
from tests.server.desk import Desk, Reply, Send

ROOT = Path(__file__).resolve().parents[2]
CLEAN = {
    name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "AUTOENROLL_", "PYTEST_"))
}


def program(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "server_sync.app", *words]
    return subprocess.run(command, cwd=ROOT, env={**CLEAN, **env}, capture_output=True, text=True, check=False)


def over_http(address: str) -> Send:
    session = requests.Session()

    def send(method: str, path: str, headers: dict[str, str], body: bytes | None) -> Reply:
        done = session.request(method, address + path, headers=headers, data=body, timeout=30)
        return Reply(done.status_code, done.content, {name.lower(): value for name, value in done.headers.items()})

    return send


class Serving:
    """The service in a process of its own."""

    def __init__(self, data: Path) -> None:
        command = [sys.executable, "-m", "server_sync.app", "--data", str(data), "serve", "--port", "0"]
        self.log = data.parent / f"{uuid4().hex}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=CLEAN, stdout=log, stderr=subprocess.STDOUT)
        self.address = self._wait()

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def _wait(self) -> str:
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            found = re.search(r"answers at (\S+)", self.said())
            if found:
                return found[1]
            time.sleep(0.02)
        raise AssertionError(self.said())

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(60)


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder for a service, which is ended by its own process ids whatever a test left."""
    with tempfile.TemporaryDirectory(prefix="autoenroll-serve-") as folder:
        Path(folder).chmod(0o711)
        home = Path(folder) / "data"
        yield home
        Embedded(home).stop()


@pytest.fixture
def start(data: Path) -> Iterator[Callable[[], Serving]]:
    """Starts the service on `data`."""
    started: list[Serving] = []

    def again() -> Serving:
        started.append(Serving(data))
        return started[-1]

    yield again
    for one in started:
        if one.process.poll() is None:
            one.stop()


def test_one_command_from_nothing_and_again(data: Path, start: Callable[[], Serving]) -> None:
    first = start()
    desk = Desk(over_http(first.address)).make_office()
    which = desk.put_report(b"kept")
    if os.name != "nt":
        for name in ("keys.json", "postgres-access.json"):
            assert stat.S_IMODE((data / name).stat().st_mode) == 0o600, name
    other = program("--data", str(data), "serve", "--port", "0")
    assert (other.returncode, "Another service runs" in other.stderr) == (1, True)
    counts = program("--data", str(data), "admin", "counts")
    assert str(desk.office) in counts.stdout, counts.stderr
    doctor = program("--data", str(data), "doctor")
    assert (doctor.returncode, doctor.stdout.count("NOT")) == (0, 0), doctor.stdout + doctor.stderr
    assert first.stop() == 0
    lines = [json.loads(line) for line in first.said().splitlines() if line.startswith("{")]
    assert {line["route"] for line in lines if line["event"] == "request"} >= {"make_office", "put_report"}
    assert Embedded(data).attach() is None
    second = start()
    desk.send = over_http(second.address)
    assert desk("report", report=which).status == 200, "tokens of before still count, for the key was kept"
    assert second.stop() == 0


def test_killed_outright_it_comes_back_with_everything(data: Path, start: Callable[[], Serving]) -> None:
    first = start()
    desk = Desk(over_http(first.address)).make_office()
    which = desk.put_report(b"kept")
    running = Embedded(data).attach()
    assert running
    postmaster = int((data / "postgres" / "cluster" / "postmaster.pid").read_text().split()[0])
    _end_children(first.process.pid)
    first.stop(signal.SIGKILL)
    os.kill(postmaster, signal.SIGKILL)
    second = start()
    desk.send = over_http(second.address)
    assert desk("report", report=which).status == 200
    assert second.stop() == 0


def _end_children(parent: int) -> None:
    """Kill the processes a process started, by id."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            os.kill(int(folder.name), signal.SIGKILL)


def test_a_database_of_ones_own(postgres, databases) -> None:
    keys = {
        "AUTOENROLL_SIGNING_KEY": program("admin", "new-key").stdout.strip(),
        "AUTOENROLL_SECRET_KEY": program("admin", "new-key").stdout.strip(),
    }
    given = {
        "DATABASE_URL": databases.serve.replace("postgresql://", "postgres://"),
        "MIGRATE_DATABASE_URL": databases.migrate,
        **keys,
    }
    assert f"revision {newest()}" in program("migrate", **given).stdout
    doctor = program("doctor", **given)
    assert "NOT commits are durable" in doctor.stdout
    assert doctor.returncode == 1
    above = program("doctor", **{**given, "DATABASE_URL": databases.superuser})
    assert "NOT the role postgres is under the walls" in above.stdout


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/x"}, "AUTOENROLL_SIGNING_KEY and AUTOENROLL_SECRET_KEY are not set"),
        ({"DATABASE_URL": "mysql://x", "AUTOENROLL_SIGNING_KEY": "a", "AUTOENROLL_SECRET_KEY": "a"}, "not the address of a PostgreSQL"),
        ({"AUTOENROLL_SIGNING_KEY": "short", "AUTOENROLL_SECRET_KEY": "short"}, "AUTOENROLL_SIGNING_KEY is not 32 bytes"),
        ({"AUTOENROLL_SIGNING_KEY": "A" * 43 + "=", "AUTOENROLL_SECRET_KEY": "A" * 43 + "=", "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/x"}, "does not answer"),
    ],
)  # fmt: skip
def test_what_is_missing_is_told(env: dict[str, str], words: str) -> None:
    done = program("migrate", **env)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_the_service_cannot_change_the_schema(databases) -> None:
    with psycopg.connect(databases.serve) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("create table x (y int)")


def test_usage() -> None:
    assert program().returncode == 2
    assert program("fly").returncode == 2
    assert program("--version").stdout.strip() == "0.1.0"
