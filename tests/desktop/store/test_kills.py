"""Kill -9 at random points of check, fix, migrate, make, backup, erase, queue writes, notes of written files and drafts:
nothing is lost, nothing twice.

Twenty-seven kills in the suite; five hundred with `python3 packaging/dev.py campaign kills`.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

CAMPAIGN = os.environ.get("HYPOTHESIS_PROFILE") == "campaign"
TRIALS = 500 if CAMPAIGN else 27


@pytest.mark.skipif(os.name == "nt", reason="needs fork and SIGKILL")
def test_killed_at_random_points(tmp_path: Path, root: Path) -> None:
    seed = str(int.from_bytes(os.urandom(4), "big"))
    command = [sys.executable, "-m", "tests.desktop.store.killed", str(TRIALS), seed, str(tmp_path)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    trials = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(trials) == TRIALS, done.stderr[-2000:]
    assert [one for one in trials if one["wrong"]] == [], f"seed {seed}"
    killed = Counter(one["job"] for one in trials if not one["done"])
    some = sum(1 for one in trials if one["said"] and not one["done"])
    assert sum(killed.values()) > (TRIALS / 2 if CAMPAIGN else 0), "the kills came too late to say anything"
    assert some > TRIALS / 20 or not CAMPAIGN, "the kills came too early to say anything"
    print(f"{TRIALS} trials, killed before the end: {dict(killed)}; {some} of these had finished part of the work")
