"""The tree tells the story, and the project speaks only of itself."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOP = {
    "pyproject.toml",
    "requirements.lock",
    "README.md",
    "autoenroll_desktop",
    "server_sync",
    "resources",
    "tests",
    "packaging",
}
VAGUE = {"utils", "helpers", "managers", "common", "misc"}


def tracked() -> list[Path]:
    if shutil.which("git") is None:
        pytest.skip("git is not there")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode or not listed.stdout:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]


def test_top_level_is_fixed() -> None:
    names = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in names if not name.startswith(".")} == TOP


def test_names_and_sizes() -> None:
    for path in tracked():
        assert path.stem not in VAGUE, path
        if path.suffix == ".py" and "tests" not in path.parts and "packaging" not in path.parts:
            lines = len(path.read_text(encoding="utf-8").splitlines())
            assert lines <= 500, f"{path.relative_to(ROOT)} has {lines} lines"


def test_no_registry_no_secret_no_machine() -> None:
    hosts = ["py" + "pi.org", "python" + "hosted", "npm" + "js.", "--index" + "-url", "deb." + "debian.org"]
    for path in tracked():
        if path.suffix in (".ttf", ".xlsx", ".png", ".zip"):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")  # tests/data holds other encodings
        found = [host for host in hosts if host in text and path.name not in ("dev.py", "test_tree.py")]
        assert not found, f"{path.relative_to(ROOT)}: {found}"
        if "tests" not in path.parts:
            assert not re.search(r"([sr]k_(live|test)|whsec)_\w{8}", text), path
        assert not re.search(r"sk_" + r"live_|BEGIN (EC |RSA )?PRIVATE KEY", text), path


def test_readme_tells_the_tree() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for package in sorted((ROOT / "autoenroll_desktop").iterdir()):
        if package.is_dir() and (package / "__init__.py").exists():
            assert f"{package.name}/" in readme, package.name
    for command in ("python3 packaging/dev.py run", "python3 packaging/dev.py test"):
        assert command in readme
    for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", readme):
        assert (ROOT / picture).exists(), picture
