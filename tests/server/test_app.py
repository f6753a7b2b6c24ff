"""The service's program says plainly that there is no service in this release."""

import subprocess
import sys


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "server_sync.app", *words], capture_output=True, text=True, check=False
    )


def test_it_says_so() -> None:
    done = run("serve")
    assert done.returncode == 2
    assert "no central service yet" in done.stderr
    assert run("--version").stdout.strip() == "0.1.0"
