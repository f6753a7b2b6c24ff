"""The program as an operator runs it: one command on an empty folder, stopped, killed, started again."""

import json
import os
import signal
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from server_sync.database.embedded import Embedded
from server_sync.database.migrate import newest
from tests.server.desk import Desk
from tests.server.serving import Serving, over_http, program


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
    first.stop(signal.SIGKILL)
    second = start()  # on the database the first left running
    desk.send = over_http(second.address)
    assert desk("report", report=which).status == 200
    with ThreadPoolExecutor(8) as pool:  # kept together, and each answered only once it was on the disk
        answered = set(pool.map(lambda number: desk_of(second, desk).put_report(b"%d" % number), range(60)))
    second.stop(signal.SIGKILL)
    os.kill(postmaster, signal.SIGKILL)
    third = start()
    desk.send = over_http(third.address)
    assert desk("report", report=which).status == 200
    assert answered <= {one["id"] for one in desk("reports", query="limit=100").json["items"]}
    assert third.stop() == 0
    assert Embedded(data).attach() is None


def desk_of(serving: Serving, desk: Desk) -> Desk:
    """The same device on a line of its own."""
    return Desk(over_http(serving.address), id=desk.id, token=desk.token)


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


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    done = program("--data", str(tmp_path / "taken" / "data"), "migrate")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "cannot be used" in done.stderr


def test_usage() -> None:
    assert program().returncode == 2
    assert program("fly").returncode == 2
    assert program("--version").stdout.strip() == "0.1.0"
