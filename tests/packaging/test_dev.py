"""The one script a newcomer runs."""

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "packaging" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def setting_up() -> ModuleType:
    return _module("setting_up")


@pytest.fixture
def dev(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(ROOT / "packaging")  # where Python puts it for a script
    return _module("dev")


def test_usage_and_unknown_verb() -> None:
    script = [sys.executable, "packaging/dev.py"]
    shown = subprocess.run([*script, "-h"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert shown.returncode == 0
    assert "run" in shown.stdout
    wrong = subprocess.run([*script, "fly"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
    assert "no verb 'fly'" in wrong.stderr


def test_only_the_standard_library() -> None:
    for name in ("dev", "setting_up"):
        text = (ROOT / "packaging" / f"{name}.py").read_text(encoding="utf-8")
        modules = set(re.findall(r"^(?:import|from) (\w+)", text, re.MULTILINE))
        assert modules <= {*sys.stdlib_module_names, "setting_up"}


def test_display_is_looked_for(setting_up: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setting_up.sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert not setting_up.has_display()
    monkeypatch.setenv("DISPLAY", ":1")
    assert setting_up.has_display()


def test_missing_libraries_are_named(setting_up: ModuleType) -> None:
    assert not setting_up.library_present("libnothing-of-that-name.so.9")
    assert set(setting_up.QT_OFFSCREEN.values()) >= {"libgl1", "libegl1", "libxkbcommon0"}


def test_children_keep_their_byte_code(setting_up: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert "PYTHONDONTWRITEBYTECODE" not in setting_up.child_environment()


def test_the_stamp_follows_the_lock(setting_up: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("a==1")
    monkeypatch.setattr(setting_up, "LOCK", lock)
    before = setting_up.fingerprint()
    lock.write_text("a==2")
    assert setting_up.fingerprint() != before


def test_the_lock_is_pinned_by_hash_and_complete() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z])", lock.strip())
    for entry in entries:
        assert re.match(r"[a-z0-9.-]+==\S+", entry), entry[:60]
        assert "--hash=sha256:" in entry, entry[:60]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {entry.split("==")[0] for entry in entries}
    for requirement in wanted:
        assert re.match(r"[a-z0-9-]+", requirement)[0] in names, requirement
    assert "://" not in lock


def test_campaigns_name_what_is_there(dev: ModuleType) -> None:
    for campaign in dev.CAMPAIGNS.values():
        named = [word for word in campaign.what if "/" in word]
        assert named, campaign
        assert all((ROOT / word).exists() for word in named), campaign
        if campaign.is_program:
            script = [sys.executable, "-m", "py_compile", *named]
            assert subprocess.run(script, cwd=ROOT, capture_output=True, check=False).returncode == 0, campaign
