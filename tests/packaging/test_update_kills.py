"""The short form of the campaign that kills updates; the long one is `dev.py campaign update-kills`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(os.name == "nt", reason="the campaign forks")
def test_a_killed_update_leaves_a_working_program(root: Path) -> None:
    script = [sys.executable, "packaging/campaigns/update_kills.py", "--points", "8"]
    done = subprocess.run(script, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Killed at 8 points" in done.stdout
