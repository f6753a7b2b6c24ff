"""The service under granian, as it runs: slow senders, what the log says, what the numbers say."""

import http.client
import os
import selectors
import socket
import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import pytest

from server_sync.contract.fields import CHUNK_SIZE
from server_sync.database.embedded import Embedded
from server_sync.walking import walk_through
from server_sync.web.application import READERS
from tests.server.desk import PASSWORD, Desk, b64, manifest
from tests.server.serving import Serving, over_http, program


@pytest.fixture(scope="module")
def serving() -> Iterator[Serving]:
    with tempfile.TemporaryDirectory(prefix="autoenroll-running-") as folder:
        Path(folder).chmod(0o711)
        data = Path(folder) / "data"
        running = Serving(data)
        yield running
        running.stop()
        Embedded(data).stop()


@pytest.fixture(scope="module")
def desk(serving: Serving) -> Desk:
    return Desk(over_http(serving.address)).make_office()


def begin(serving: Serving, desk: Desk, body: dict, place: int, sent: bytes) -> socket.socket:
    """A connection that has sent the start of a chunk and then stalls."""
    where = urlsplit(serving.address)
    line = socket.create_connection((where.hostname, where.port))
    line.settimeout(30)
    head = (
        f"PUT /v1/uploads/{body['id']}/chunks/{body['chunks'][place]} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {desk.token}\r\n"
        f"Content-Type: application/octet-stream\r\nContent-Length: {CHUNK_SIZE}\r\n\r\n"
    )
    line.sendall(head.encode() + sent)
    return line


def status(line: socket.socket) -> int:
    answer = http.client.HTTPResponse(line)
    answer.begin()
    answer.read()
    return answer.status


def first_answers(lines: list[socket.socket], number: int) -> list[socket.socket]:
    """The first lines that get an answer, as soon as there are so many."""
    answered: list[socket.socket] = []
    with selectors.DefaultSelector() as waiting:
        for line in lines:
            waiting.register(line, selectors.EVENT_READ)
        while len(answered) < number:
            ready = [key.fileobj for key, _ in waiting.select(30)]
            assert ready, f"{len(answered)} of {number} were answered"
            for line in ready:
                waiting.unregister(line)
            answered += ready
    return answered


def test_stalled_uploads_hold_up_nobody_and_can_be_finished(serving: Serving, desk: Desk) -> None:
    chunks = [os.urandom(CHUNK_SIZE) for _ in range(8)]
    body = manifest(chunks)
    assert desk("manifest", body).status == 200
    lines = [begin(serving, desk, body, place, chunk[:500]) for place, chunk in enumerate(chunks)]
    for _ in range(20):
        assert desk("health").status == 200
        assert desk("reports").status == 200
    desk.put_report(b"meanwhile")
    for line, chunk in zip(lines, chunks, strict=True):
        line.sendall(chunk[500:])
    assert [status(line) for line in lines] == [200] * 8
    for line in lines:
        line.close()
    assert desk("complete", upload=body["id"]).json["state"] == "complete"


def test_more_than_there_are_places_for_are_told_to_come_back(serving: Serving, desk: Desk) -> None:
    chunk = os.urandom(CHUNK_SIZE)
    body = manifest([chunk])
    desk("manifest", body)
    lines = [begin(serving, desk, body, 0, b"") for _ in range(40)]
    assert desk("health").status == 200
    assert desk("reports").status == 200
    answered = first_answers(lines, 40 - READERS)
    assert [status(line) for line in answered] == [503] * len(answered)
    for line in lines:
        line.close()
    tries = (desk("put_chunk", chunk, upload=body["id"], sha256=body["chunks"][0]).status for _ in range(500))
    assert next(one for one in tries if one != 503) == 200, "closed lines give their places back"


def test_the_log_and_the_numbers_say_nothing_of_anybody(serving: Serving, desk: Desk) -> None:
    secret = b"1234567FA Aoife Byrne 2000.00"
    which = desk.put_report(secret)
    desk("report", report=which)
    desk("put_report", {"id": which, "kind": "run", "sealed": b64(secret), "name": "Aoife Byrne"})
    other = Desk(desk.send)
    other("sign_in", {"email": desk.email, "password": PASSWORD, "device": other.device()})
    other("sign_in", {"email": "aoife.byrne@example.ie", "password": "wrong " + PASSWORD, "device": other.device()})
    numbers = desk.send("GET", "/metrics", {}, None)
    assert 'autoenroll_requests_total{route="put_report",status="422"}' in numbers.body.decode()
    said = serving.said() + numbers.body.decode()
    assert '"route":"sign_in","status":401' in said
    assert '"route":"put_report","status":422' in said
    for word in (
        desk.email,
        desk.email.split("@")[0],
        "aoife",
        PASSWORD,
        secret.decode(),
        b64(secret),
        desk.token,
        which,
        "127.0.0.1:",
    ):
        assert word
        assert word.lower() not in said.lower().replace(serving.address, ""), word
    assert desk.send("GET", "/metrics", {"X-Forwarded-For": "203.0.113.9"}, None).status == 404


def test_the_doctor_walks_through(serving: Serving) -> None:
    before = program("--data", str(serving.data), "admin", "counts").stdout.count("erased")
    done = program("--data", str(serving.data), "doctor", "--through", serving.address)
    steps = [line for line in done.stdout.splitlines() if line.endswith(" ms)")]
    assert (len(steps), {line[:4] for line in steps}) == (6, {"ok  "}), done.stdout + done.stderr
    assert program("--data", str(serving.data), "admin", "counts").stdout.count("erased") == before + 1


def test_a_walk_says_where_it_stopped_and_leaves_no_office(serving: Serving) -> None:
    """A proxy in front that loses every report, then nothing at all."""
    with Losing(serving.address, "/v1/reports") as front:
        told = walk_through(front.address)
    assert [finding.good for finding in told] == [True, True, False]
    assert "status 502" in told[-1].action
    assert front.asked[-2:] == [("DELETE", "/v1/office"), ("GET", "/v1/reports")]
    assert [finding.good for finding in walk_through("http://127.0.0.1:9")] == [False]


class Losing(ThreadingHTTPServer):
    """A proxy that answers 502 to one path and hands everything else on."""

    daemon_threads = True

    def __init__(self, behind: str, lost: str) -> None:
        super().__init__(("127.0.0.1", 0), Handing)
        self.behind, self.lost = behind, lost
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.asked: list[tuple[str, str]] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class Handing(BaseHTTPRequestHandler):
    server: Losing

    def do_GET(self) -> None:
        self.server.asked.append((self.command, self.path))
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == self.server.lost:
            status, content = 502, b"Bad Gateway"
        else:
            reply = over_http(self.server.behind)(self.command, self.path, dict(self.headers), body or None)
            status, content = reply.status, reply.body
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the base's names

    def log_message(self, *_: object) -> None:
        """Quiet."""
