"""PC A checks and reports offline, is killed in mid-push after any byte, and PC B has each run once, byte for byte.

A few kills in the suite; more than two hundred with `python3 packaging/dev.py campaign sync-kills`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.server.conftest import data, start
from tests.server.serving import Serving

__all__ = ["data", "start"]
CAMPAIGN = os.environ.get("HYPOTHESIS_PROFILE") == "campaign"
TRIALS = 120 if CAMPAIGN else 2


@pytest.mark.skipif(os.name == "nt", reason="needs fork and SIGKILL")
def test_killed_in_mid_push_at_random_bytes(start: Callable[[], Serving], tmp_path: Path, root: Path) -> None:
    seed = str(int.from_bytes(os.urandom(4), "big"))
    command = [sys.executable, "-m", "tests.desktop.sync.killed", str(TRIALS), seed, str(tmp_path), start().address]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    trials = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(trials) == TRIALS + 1, done.stderr[-2000:]
    assert [one for one in trials if one["wrong"]] == [], f"seed {seed}"
    killed = sum(one["killed"] for one in trials)
    assert killed > TRIALS / 2, "the kills came too late to say anything"
    print(f"{TRIALS} trials of {trials[0]['sent']} bytes, {killed} kills, seed {seed}")
