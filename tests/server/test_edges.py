"""Requests nobody should make, and what every answer carries."""

import datetime as dt
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import psycopg
import pytest
import structlog

from server_sync.contract.version import PROTOCOL
from server_sync.database import binaries
from server_sync.database.embedded import QUICK, SERVE, Embedded
from server_sync.errors import ServiceError
from server_sync.settings import Settings
from server_sync.web import watching
from server_sync.web.application import build
from server_sync.web.call import Service
from tests.server.conftest import Clock, Databases
from tests.server.desk import Desk, b64, in_process


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status", "slug"),
    [
        ("GET", "/v1/nothing", {}, None, 404, "not-found"),
        ("GET", "/v1/reports/not-an-id", {}, None, 404, "not-found"),
        ("PUT", "/v1/uploads/7d2f6a4e-8a43-4b43-9f51-0d7d6a1f2b11/chunks/XYZ", {"Content-Type": "application/octet-stream"}, b"x", 404, "not-found"),
        ("PATCH", "/v1/reports", {}, None, 405, "method-not-allowed"),
        ("GET", "/v1/reports?limit=0", {}, None, 422, "invalid"),
        ("GET", "/v1/reports?limit=x", {}, None, 422, "invalid"),
        ("GET", "/v1/reports?limit=1&limit=2", {}, None, 422, "invalid"),
        ("GET", "/v1/reports?page=2", {}, None, 422, "invalid"),
        ("GET", "/v1/changes?after=99999999999999999999", {}, None, 422, "invalid"),
        ("GET", "/v1/reports", {"Autoenroll-Protocol": str(PROTOCOL + 1)}, None, 400, "protocol-unsupported"),
        ("GET", "/v1/reports", {"Autoenroll-Protocol": "one"}, None, 400, "protocol-unsupported"),
        ("GET", "/v1/reports", {"Authorization": "Basic YTpi"}, None, 401, "unauthenticated"),
        ("POST", "/v1/reports", {"Content-Type": "application/json", "Idempotency-Key": ""}, b"{}", 400, "idempotency-key-missing"),
        ("POST", "/v1/reports", {"Content-Type": "application/json", "Idempotency-Key": "with space"}, b"{}", 400, "idempotency-key-missing"),
        ("POST", "/v1/reports", {"Content-Type": "application/json"}, b"{", 400, "malformed"),
        ("POST", "/v1/reports", {"Content-Type": "application/json"}, b"\xff\xfe", 400, "malformed"),
        ("POST", "/v1/reports", {"Content-Type": "application/json"}, b"[" * 100_000, 422, "invalid"),
        ("POST", "/v1/reports", {"Content-Type": "text/plain"}, b"{}", 415, "wrong-media"),
        ("POST", "/v1/reports", {"Content-Type": "application/json"}, b"x" * 400_000, 413, "too-large"),
        ("PUT", "/v1/people/me/password", {"Content-Type": "application/json"}, b'{"password":"\\u0000aaaaaaaaaaaa","new_password":"bbbbbbbbbbbb"}', 422, "invalid"),
    ],
)  # fmt: skip
def test_a_bad_request_is_told_plainly(
    office: Desk, method: str, path: str, headers: dict[str, str], body: bytes | None, status: int, slug: str
) -> None:
    full = {"Authorization": f"Bearer {office.token}", "Idempotency-Key": uuid4().hex} | headers
    reply = office.send(method, path, full, body)
    assert (reply.status, reply.slug) == (status, slug), reply.body
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json["status"] == status
    assert "Traceback" not in reply.body.decode()


def test_every_answer_carries_its_headers(office: Desk) -> None:
    for reply in (
        office("health"),
        office("reports"),
        office.send("GET", "/nowhere", {}, None),
        office.send("GET", "/openapi.json", {}, None),
    ):
        assert reply.headers["cache-control"] == "no-store"
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["autoenroll-protocol"] == str(PROTOCOL)
    assert office("reports").headers["x-request-id"] != office("reports").headers["x-request-id"]


def test_a_whole_number_may_be_written_with_a_point(office: Desk) -> None:
    """To JSON Schema 1.0 is an integer."""
    body = b'{"kind":"client","base_version":0.0,"sealed":"YQ=="}'
    headers = {
        "Authorization": f"Bearer {office.token}",
        "Idempotency-Key": uuid4().hex,
        "Content-Type": "application/json",
    }
    assert office.send("PUT", f"/v1/documents/{uuid4()}", headers, body).status == 200
    assert (
        office.send(
            "PUT", f"/v1/documents/{uuid4()}", headers | {"Idempotency-Key": uuid4().hex}, body.replace(b"0.0", b"0.5")
        ).slug
        == "invalid"
    )


def test_a_busy_device_is_slowed_on_every_process_together(settings: Settings, databases: Databases) -> None:
    """Two processes share the count through PostgreSQL."""
    clock = Clock(dt.datetime(2027, 1, 1, tzinfo=dt.UTC))
    few = Settings(
        **{name: getattr(settings, name) for name in settings.__dataclass_fields__} | {"requests_per_minute": 60}
    )
    built: list[tuple[Any, Service]] = [build(few, databases.serve, clock=clock) for _ in range(2)]
    one, other = (in_process(app) for app, _ in built)
    desk = Desk(one).make_office()
    there = Desk(other, id=desk.id, token=desk.token)
    answers = [turn("devices").status for _ in range(45) for turn in (desk, there)]
    assert answers.count(429) > 0
    assert 60 <= answers.count(200) <= 64, "each process counts a little by itself before it adds it up"
    clock.forward(minutes=1)
    assert desk("devices").status == 200
    for _, service in built:
        service.database.close()


def test_a_lost_connection_is_replaced_unseen(office: Desk, databases: Databases) -> None:
    office("reports")
    office("devices")
    with psycopg.connect(databases.superuser) as above:
        above.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'autoenroll' and datname = current_database()"
        )
    assert office("reports").status == 200
    assert office("devices").status == 200
    assert office("put_report", {"id": str(uuid4()), "kind": "run", "sealed": b64(b"x")}).status == 201


def test_a_log_that_is_gone_fails_no_request(office: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "log").open("wb") as file:
        logger = structlog.wrap_logger(
            structlog.BytesLogger(file), processors=[structlog.processors.JSONRenderer(serializer=orjson.dumps)]
        )
        monkeypatch.setattr(watching, "log", logger)
        assert office("reports").status == 200
    assert b"reports" in (tmp_path / "log").read_bytes()
    assert office("reports").status == 200
    assert office("reports", query="limit=0").status == 422


def test_a_database_that_is_away_is_told_as_busy(settings: Settings) -> None:
    app, service = build(settings, "postgresql://nobody:x@127.0.0.1:9/none", clock=Clock())
    reply = Desk(in_process(app))("health")
    assert (reply.status, reply.slug) == (503, "busy")
    service.database.close()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="autoenroll-edges-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root gives PostgreSQL another account")
def test_as_root_from_a_closed_folder_the_programs_are_copied(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    (closed / "pg").symlink_to(binaries.installed())
    account = binaries.unprivileged()
    assert account
    monkeypatch.setattr(binaries, "installed", lambda: closed / "pg")
    copy = binaries.reachable(account, open_folder)
    assert copy == open_folder / binaries.RELEASE
    assert binaries.reachable(account, open_folder) == copy
    closed_home = closed / "home"
    closed_home.mkdir()
    with pytest.raises(ServiceError, match="cannot reach"):
        binaries.reachable(account, closed_home)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="the other tests are this one where we are not root")
def test_an_ordinary_user_needs_no_other_account(open_folder: Path) -> None:
    home = open_folder / "home"
    home.mkdir()
    account = binaries.unprivileged()
    assert account
    os.chown(home, account.uid, account.gid)
    copy = binaries.reachable(account, open_folder)  # this checkout may be in a folder of root's own
    code = (
        "import sys, pathlib; from server_sync.database import binaries, embedded as e; import psycopg\n"
        f"binaries.installed = lambda: pathlib.Path({str(copy)!r})\n"
        "with e.embedded(pathlib.Path(sys.argv[1]), e.QUICK) as running:\n"
        "    print(psycopg.connect(running.url(e.SERVE)).execute('select current_user').fetchone()[0])\n"
    )
    path = os.pathsep.join(
        [str(Path(__file__).resolve().parents[2]), *(one for one in sys.path if "site-packages" in one)]
    )
    environment = {"HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": path}
    for python in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        try:
            done = subprocess.run(
                [python, "-c", code, str(home / "data")], cwd=home, capture_output=True, text=True, check=False, env=environment, **account.options()
            )  # fmt: skip
        except OSError:
            continue  # this Python is in a folder of root's own
        assert done.stdout.strip() == SERVE, done.stderr
        return
    pytest.skip("every Python here is in a folder of root's own")


def test_an_interrupted_start_is_begun_again(open_folder: Path) -> None:
    """A start that was cut off leaves a half-made cluster beside, never in, its place."""
    home = open_folder / "data"
    (home / "postgres" / "fresh").mkdir(parents=True)
    (home / "postgres" / "fresh" / "PG_VERSION").write_text("18")
    (home / "postgres-access.json").write_text('{"postgres": "of before"}')
    server = Embedded(home, QUICK)
    running = server.start()
    try:
        with psycopg.connect(running.url(SERVE)) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(f"postgresql://{SERVE}:wrong@127.0.0.1:{running.port}/autoenroll")
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(f"postgresql://{SERVE}@127.0.0.1:{running.port}/autoenroll")
    finally:
        server.stop()
