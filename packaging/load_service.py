"""Load on the central service, as it runs, on this machine: `python3 packaging/dev.py campaign service-load`.

Starts the service on an empty folder with PostgreSQL beside it, fills one office with reports, and measures requests a
second with wrk where it is installed (else it says so and measures only the uploads). Everything shares this machine's
cores, so each number stands beside those of a bare WSGI and a bare ASGI callable under the same server, of the same minutes.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import psutil  # noqa: E402 - comes with the test tools

from server_sync.contract.fields import CHUNK_SIZE  # noqa: E402
from server_sync.database.embedded import Embedded  # noqa: E402
from tests.server.desk import Desk, manifest  # noqa: E402
from tests.server.serving import Serving, over_http  # noqa: E402

SECONDS = 4
ROUNDS = 3
CONNECTIONS = 48
BARE = """
from granian.constants import Interfaces
from granian.server import Server

def wsgi(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]

async def asgi(scope, receive, send):
    assert scope["type"] == "http"
    await send({{"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]}})
    await send({{"type": "http.response.body", "body": b"ok"}})

if __name__ == "__main__":
    Server("bare_{kind}:{kind}", port={port}, interface=Interfaces.{upper}, workers=1, log_enabled=False{more}).serve()
"""
POST = """
local tokens = {{{tokens}}}
local counter, thread = 0, 0
function setup(t) t:set("which", thread); thread = thread + 1 end
function init() math.randomseed(os.time() * 1000 + which) end
local function hex(n) local s = "" for i = 1, n do s = s .. string.format("%x", math.random(0, 15)) end return s end
local sealed = "{sealed}"
function request()
  counter = counter + 1
  local id = hex(8) .. "-" .. hex(4) .. "-4" .. hex(3) .. "-8" .. hex(3) .. "-" .. hex(12)
  local headers = {{["Content-Type"] = "application/json", ["Idempotency-Key"] = id,
    ["Authorization"] = "Bearer " .. tokens[counter % #tokens + 1]}}
  return wrk.format("POST", "/v1/reports", headers, '{{"id":"' .. id .. '","kind":"run","sealed":"' .. sealed .. '"}}')
end
"""
GET = """
local tokens = {{{tokens}}}
local counter = 0
function request()
  counter = counter + 1
  return wrk.format("GET", "{path}", {{["Authorization"] = "Bearer " .. tokens[counter % #tokens + 1]}})
end
"""


def main() -> int:
    """Measure and print a table."""
    with tempfile.TemporaryDirectory(prefix="autoenroll-load-") as folder:
        Path(folder).chmod(0o711)
        data = Path(folder) / "data"
        serving = Serving(data, REQUESTS_PER_MINUTE="10000000", STRANGERS_PER_MINUTE="10000000")
        try:
            measure(serving, Path(folder))
        finally:
            serving.stop()
            Embedded(data).stop()
    return 0


def measure(serving: Serving, folder: Path) -> None:
    """All measurements on a running service."""
    send = over_http(serving.address)
    desks = [Desk(send).make_office() for _ in range(8)]
    for desk in desks:
        for _ in range(60):
            desk.put_report(os.urandom(300))
    tokens = ", ".join(f'"{desk.token}"' for desk in desks)
    if shutil.which("wrk"):
        bare = {kind: bare_server(folder, kind) for kind in ("wsgi", "asgi")}
        scripts = {
            "bare WSGI": (bare["wsgi"][1], None),
            "bare ASGI": (bare["asgi"][1], None),
            "health": (f"{serving.address}/health", None),
            "list of 50": (serving.address, GET.format(tokens=tokens, path="/v1/reports")),
            "changes of 50": (serving.address, GET.format(tokens=tokens, path="/v1/changes")),
            "write of 2 KB": (serving.address, POST.format(tokens=tokens, sealed="QUJD" * 500)),
        }
        try:
            rates = load(scripts, folder, serving)
        finally:
            for process, _ in bare.values():
                process.terminate()
                process.wait()
        wsgi, asgi = (middle([one[0] for one in rates[f"bare {kind}"]]) for kind in ("WSGI", "ASGI"))
        print(
            f"{'':<16}{'a second':>10}{'lowest':>10}{'highest':>10}{'p50 ms':>9}{'p95 ms':>9}{'not 2xx':>9}{'of WSGI':>9}{'of ASGI':>9}{'CPU us':>9}"
        )
        for name, rounds in rates.items():
            speeds = [one[0] for one in rounds]
            cells = f"{middle(speeds):>10.0f}{min(speeds):>10.0f}{max(speeds):>10.0f}{middle([r[1] for r in rounds]):>9.1f}{middle([r[2] for r in rounds]):>9.1f}"
            print(
                f"{name:<16}{cells}{sum(r[3] for r in rounds):>9}{middle(speeds) / wsgi:>9.3f}{middle(speeds) / asgi:>9.3f}{middle([r[4] for r in rounds]):>9.0f}",
                flush=True,
            )
    else:
        print("wrk is not installed: only uploads are measured")
    uploads(desks, serving)
    trickling(desks[0], serving)


def load(
    scripts: dict[str, tuple[str, str | None]], folder: Path, serving: Serving
) -> dict[str, list[tuple[float, float, float, int, float]]]:
    """Interleaved rounds of wrk: (requests a second, p50 ms, p95 ms, failed, microseconds of the server's CPU a request)."""
    found: dict[str, list[tuple[float, float, float, int, float]]] = {name: [] for name in scripts}
    report = "function done(s, l, r) io.write(string.format('P %f %f\\n', l:percentile(50), l:percentile(95))) end\n"
    for _ in range(ROUNDS):
        for name, (address, script) in scripts.items():
            file = folder / "load.lua"
            file.write_text((script or "") + report)
            before = cpu(serving)
            command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency", "-s", str(file), address]
            said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])
            total = int(re.search(r"(\d+) requests in", said)[1])
            p50, p95 = (float(one) / 1000 for one in re.search(r"P ([\d.]+) ([\d.]+)", said).groups())
            failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
            found[name].append(
                (rate, p50, p95, int(failed[1]) if failed else 0, (cpu(serving) - before) / max(total, 1) * 1e6)
            )
    return found


def bare_server(folder: Path, kind: str) -> tuple[subprocess.Popen[bytes], str]:
    """The same server with nothing behind it."""
    from server_sync.database.embedded import free_port

    port = free_port()
    more = ", blocking_threads=4" if kind == "wsgi" else ""
    (folder / f"bare_{kind}.py").write_text(BARE.format(port=port, kind=kind, upper=kind.upper(), more=more))
    process = subprocess.Popen([sys.executable, f"bare_{kind}.py"], cwd=folder)
    time.sleep(1.5)
    return process, f"http://127.0.0.1:{port}/"


def upload(desk: Desk, size: int = 10) -> float:
    """Seconds one upload of `size` MiB takes, manifest and completion included."""
    chunks = [os.urandom(CHUNK_SIZE) for _ in range(size)]
    body = manifest(chunks)
    started = time.perf_counter()
    assert desk("manifest", body).status == 200
    for chunk, name in zip(chunks, body["chunks"], strict=True):
        while desk("put_chunk", chunk, upload=body["id"], sha256=name).status == 503:
            pass
    assert desk("complete", upload=body["id"]).status == 200
    return time.perf_counter() - started


def uploads(desks: list[Desk], serving: Serving) -> None:
    """One upload alone, then many at once."""
    alone = [upload(desks[0]) for _ in range(5)]
    print(f"10 MiB upload alone: {middle(alone):.2f} s (slowest {max(alone):.2f} s)")
    began, cpu_before, done = time.perf_counter(), cpu(serving), []

    def run(desk: Desk) -> None:
        mine = Desk(over_http(serving.address), token=desk.token)
        done.extend(upload(mine) for _ in range(5))

    threads = [threading.Thread(target=run, args=(desk,)) for desk in desks[:4]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    passed = time.perf_counter() - began
    each = (cpu(serving) - cpu_before) / len(done)
    print(
        f"{len(done)} uploads of 10 MiB, 4 at once: {len(done) / passed * 60:.0f} a minute, slowest {max(done):.2f} s; ",
        end="",
    )
    print(
        f"{each:.2f} s of CPU each with PostgreSQL, so 100 a minute take {each * 100 / 60 / (os.cpu_count() or 1):.0%} of this machine"
    )


def trickling(desk: Desk, serving: Serving) -> None:
    """How /health fares beside eight uploads that send 500 bytes a second."""
    import socket

    where, body = urlsplit(serving.address), manifest([bytes(CHUNK_SIZE)])
    desk("manifest", body)
    head = f"PUT /v1/uploads/{body['id']}/chunks/{body['chunks'][0]} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {desk.token}\r\nContent-Type: application/octet-stream\r\nContent-Length: {CHUNK_SIZE}\r\n\r\n"
    lines = [socket.create_connection((where.hostname, where.port)) for _ in range(8)]
    for line in lines:
        line.sendall(head.encode())
    taken = []
    for _ in range(30):
        for line in lines:
            try:
                line.sendall(bytes(50))
            except OSError:
                continue
        started = time.perf_counter()
        assert desk("health").status == 200
        taken.append(time.perf_counter() - started)
        time.sleep(0.1)
    print(
        f"/health beside 8 uploads of 500 B/s: median {middle(taken) * 1000:.1f} ms, slowest {max(taken) * 1000:.1f} ms"
    )
    for line in lines:
        line.close()


def cpu(serving: Serving) -> float:
    """Seconds of CPU the service has used so far: its processes, and PostgreSQL's."""
    service = psutil.Process(serving.process.pid)
    tree = [service, *service.children(recursive=True)]
    total = sum(one.cpu_times().user + one.cpu_times().system for one in tree)
    postmaster = psutil.Process(int((serving.data / "postgres/cluster/postmaster.pid").read_text().split()[0]))
    for one in [postmaster, *postmaster.children()]:
        times = one.cpu_times()
        total += times.user + times.system + times.children_user + times.children_system
    return total


def middle(values: list[float]) -> float:
    """The median."""
    return sorted(values)[len(values) // 2]


if __name__ == "__main__":
    sys.exit(main())
