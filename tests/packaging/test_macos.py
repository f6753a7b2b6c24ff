"""What can be said of the macOS files without a Mac: they parse, and name what the build makes."""

import plistlib
import shutil
import subprocess
from pathlib import Path

import pytest

MACOS = Path(__file__).resolve().parents[2] / "packaging" / "macos"


def test_entitlements_are_few() -> None:
    found = plistlib.loads((MACOS / "entitlements.plist").read_bytes())
    assert found == {"com.apple.security.cs.allow-unsigned-executable-memory": True}


@pytest.mark.skipif(shutil.which("sh") is None, reason="no shell")
def test_the_script_parses_and_refuses_to_start_without_its_keys() -> None:
    script = MACOS / "make_app.sh"
    subprocess.run(["sh", "-n", script], check=True)
    told = subprocess.run(
        ["sh", script, "0.1.0"], capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin"}
    )
    assert told.returncode != 0
    assert "signing identity is missing" in told.stderr


def test_the_app_is_what_the_spec_makes(root: Path) -> None:
    spec = (root / "packaging" / "freeze" / "autoenroll.spec").read_text(encoding="utf-8")
    script = (MACOS / "make_app.sh").read_text(encoding="utf-8")
    assert 'name="AutoEnroll Desktop.app"' in spec
    assert "AutoEnroll Desktop.app" in script
