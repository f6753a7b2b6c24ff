"""The service in a process of its own, as an operator runs it, and a client that talks to it over HTTP."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import requests

from tests.server.desk import Reply, Send

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

    def __init__(self, data: Path, **env: str) -> None:
        self.data = data
        command = [sys.executable, "-m", "server_sync.app", "--data", str(data), "serve", "--port", "0"]
        self.log = data.parent / f"{uuid4().hex}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env={**CLEAN, **env}, stdout=log, stderr=subprocess.STDOUT
            )
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
