"""A full disk and failing writes at every place of the work on a store: told in plain words, and nothing lost.

A dozen of each in the suite; every page of every job with `python3 packaging/dev.py campaign disk-faults`. What is not
covered: reads that fail, and an fsync that lies; no file system here can be made to do that.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

CAMPAIGN = os.environ.get("HYPOTHESIS_PROFILE") == "campaign"
TRIALS = 10_000 if CAMPAIGN else 12

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs fork and file size limits")


def trials(kind: str, folder: Path, root: Path) -> list[dict[str, object]]:
    seed = str(int.from_bytes(os.urandom(4), "big"))
    command = [sys.executable, "-m", "tests.desktop.store.faulted", kind, str(TRIALS), seed, str(folder)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr[-2000:]
    assert [one for one in found if one["wrong"]] == [], f"seed {seed}"
    print(len(found), "trials:", dict(Counter(one["end"] for one in found)))
    return found


def test_writes_that_fail(tmp_path: Path, root: Path) -> None:
    told = [one for one in trials("fails", tmp_path, root) if one["end"] != "ok"]
    assert told
    assert {one["end"] for one in told} <= {
        "told: The disk is full",
        "told: The disk failed while the store was used",
        "told: The store cannot be opened",
    }


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if (
        sys.platform != "linux"
        or os.geteuid() != 0
        or subprocess.run(command, check=False, capture_output=True).returncode
    ):
        pytest.skip("making a small disk takes root on Linux, and leave to mount")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk(small_disk: Path, root: Path) -> None:
    told = {one["end"] for one in trials("full", small_disk, root) if one["end"] != "ok"}
    assert told
    assert told <= {"told: The disk is full", "told: The disk failed while the store was used"}
