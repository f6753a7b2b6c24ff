"""The release steps as people do them: the ceremony's and the publisher's commands, one after the other."""

import contextlib
import io
import json
import sys
from pathlib import Path

import pytest

from autoenroll_desktop.actions.install_update import Outcome, install_update
from tests.releasing import PLATFORM, Publisher, served, setup_for

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging" / "release"))
import ceremony
import make_update
import publish

KEYS = ("root-a", "root-b", "root-c", "build-a", "build-b", "build-c", "channels", "snapshot", "timestamp")


def said(step: object, *words: object) -> str:
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        assert step([str(word) for word in words]) == 0
    return told.getvalue()


@pytest.fixture
def safe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of keys, each made by its command."""
    monkeypatch.setenv("AUTOENROLL_PASSPHRASE", "correct horse battery")
    for name in KEYS:
        said(ceremony.main, "make-key", tmp_path / "safe" / name)
    return tmp_path / "safe"


def started(safe: Path, site: Path) -> Path:
    """The ceremony up to a signed root; its path."""
    roles = {
        "root": KEYS[:3],
        "targets": KEYS[3:6],
        "channels": KEYS[6:7],
        "snapshot": KEYS[7:8],
        "timestamp": KEYS[8:],
    }
    words = [word for role, names in roles.items() for word in (f"--{role}", *(safe / f"{name}.pub" for name in names))]
    said(ceremony.main, "start", site, *words)
    root = site / "metadata" / "1.root.json"
    assert "root: 1 of 2" in said(ceremony.main, "sign", root, "--key", safe / "root-a")
    assert "root" not in said(ceremony.main, "sign", root, "--key", safe / "root-c")
    return root


def test_from_keys_to_a_client_that_updates(safe: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    root = started(safe, site)
    bundle = Publisher(tmp_path / "program").build("0.2.0")
    with contextlib.redirect_stdout(io.StringIO()) as told:
        sys.argv = [
            "make_update.py",
            "--bundle",
            str(bundle),
            "--version",
            "0.2.0",
            "--platform",
            PLATFORM,
            "--out",
            str(tmp_path / "made"),
        ]
        assert make_update.main() == 0
    assert "releases/0.2.0/linux-x86_64.json" in told.getvalue()
    to_sign = said(publish.main, "add", site, tmp_path / "made").removeprefix("To be signed: ").strip()
    online = ("--snapshot", safe / "snapshot", "--timestamp", safe / "timestamp")
    with pytest.raises(SystemExit, match="targets: 0 of 2 signatures"):
        publish.main(["publish", str(site), *map(str, online)])
    for name in ("build-b", "build-c"):
        said(ceremony.main, "sign", to_sign, "--key", safe / name)
    assert "Every signature" in said(ceremony.main, "missing", site)
    for language, text in (("en", "Faster."), ("ga", "Níos tapúla.")):
        (tmp_path / language).write_text(text, encoding="utf-8")
    notes = ("--notes-en", tmp_path / "en", "--notes-ga", tmp_path / "ga", "--key", safe / "channels")
    said(publish.main, "offer", site, "--channel", "stable", "--version", "0.2.0", *notes)
    said(publish.main, "publish", site, *online)
    told_status = said(publish.main, "status", site)
    assert "offered  stable: 0.2.0 to 100 %" in told_status
    assert "expires  timestamp: in 6 days" in told_status

    class Known:
        pass

    Known.root = root.read_bytes()
    with served(site) as address:
        assert install_update(setup_for(Known, address, tmp_path / "home")).outcome is Outcome.INSTALLED
        # a key is lost: it is replaced, and the client follows
        said(ceremony.main, "make-key", safe / "timestamp-2")
        new = said(
            ceremony.main,
            "replace",
            site,
            "--role",
            "timestamp",
            "--old",
            safe / "timestamp.pub",
            "--new",
            safe / "timestamp-2.pub",
        )
        path = new.rpartition(": ")[2].strip()
        for name in ("root-a", "root-b"):
            said(ceremony.main, "sign", path, "--key", safe / name)
        said(publish.main, "publish", site, "--snapshot", safe / "snapshot", "--timestamp", safe / "timestamp-2")
        assert install_update(setup_for(Known, address, tmp_path / "home", running="0.2.0")).outcome is Outcome.CURRENT


def test_what_makes_no_sense_is_not_offered(safe: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    started(safe, site)
    (tmp_path / "notes").write_text("x")
    words = [
        "offer",
        site,
        "--channel",
        "pilot",
        "--notes-en",
        tmp_path / "notes",
        "--notes-ga",
        tmp_path / "notes",
        "--key",
        safe / "channels",
    ]
    for more, told in (
        (["--version", "0.2.0"], "No build of 0.2.0"),
        (["--version", "0.2"], "cannot be offered"),
        (["--version", "0.2.0", "--percent", "101"], "cannot be offered"),
        (["--version", "0.2.0", "--minimum", "0.3.0"], "newer than what is offered"),
    ):
        with pytest.raises(SystemExit, match=told):
            publish.main([str(word) for word in (*words, *more)])


def test_keys_are_kept_closed(safe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (safe / "root-a").read_text()
    assert "ENCRYPTED" in text
    assert (safe / "root-a").stat().st_mode & 0o077 == 0 or sys.platform == "win32"
    with pytest.raises(SystemExit, match="never overwritten"):
        ceremony.main(["make-key", str(safe / "root-a")])
    monkeypatch.setenv("AUTOENROLL_PASSPHRASE", "something else altogether")
    with pytest.raises(SystemExit, match="cannot be opened"):
        ceremony.main(["sign", str(safe / "x.json"), "--key", str(safe / "root-a")])
    monkeypatch.setenv("AUTOENROLL_PASSPHRASE", "short")
    with pytest.raises(SystemExit, match="twelve characters"):
        ceremony.main(["make-key", str(safe / "another")])


def test_a_public_key_that_is_none(tmp_path: Path) -> None:
    for text in ("", "[]", "{}", json.dumps({"keyid": "a"})):
        (tmp_path / "a.pub").write_text(text)
        with pytest.raises(SystemExit, match="no public key"):
            ceremony.read_public(tmp_path / "a.pub")
