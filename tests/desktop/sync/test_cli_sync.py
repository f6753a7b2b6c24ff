"""`autoenroll sync` as two people use it, on a service in a process of its own."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from autoenroll_desktop.cli import main
from tests.server.conftest import data, start
from tests.server.serving import Serving

__all__ = ["data", "start"]


class Person:
    """Somebody at a terminal of their own PC."""

    def __init__(self, home: Path, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        self.home, self.patch, self.capture = home, patch, capture

    def __call__(self, *words: str) -> tuple[int, str, str]:
        self.patch.setenv("AUTOENROLL_DATA", str(self.home))
        code = main(list(words))
        said = self.capture.readouterr()
        return code, said.out, said.err


def test_two_people_share_a_check(
    start: Callable[[], Serving],
    tmp_path: Path,
    sample: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("AUTOENROLL_PASSPHRASE", "a few plain words")
    anna, brid = (Person(tmp_path / name, monkeypatch, capsys) for name in ("anna", "brid"))
    assert anna("sync", "now")[0] == 2
    assert "in no office" in anna("sync", "now")[2]
    assert anna("sync", "create-office", "--email", "anna@example.ie")[0] == 2
    monkeypatch.setenv("AUTOENROLL_SYNC_PASSWORD", "correct horse battery")
    assert "no service is known" in anna("sync", "create-office", "--email", "anna@example.ie")[2].lower()
    service = start()
    monkeypatch.setenv("AUTOENROLL_SERVICE", service.address)
    code, said, _ = anna("sync", "create-office", "--email", "anna@example.ie", "--name", "Anna's PC")
    assert (code, bool(re.search(r"([0-9A-Z]{4}-){8}[0-9A-Z]{3}", said))) == (0, True)
    anna("check", str(sample / "weekly-2026-11-26.csv"), "--now", "2026-11-26T09:00")
    ticket = anna("sync", "invite")[1].strip()
    shown = (
        brid("sync", "join", ticket, "--email", "brid@example.ie", "--name", "Bríd's PC")[1].rpartition(": ")[2].split()
    )
    assert len(shown) == 6
    waits = next(line for line in anna("sync", "devices")[1].splitlines() if "waits" in line)
    assert " ".join(shown) in waits
    device = waits.split()[0]
    assert anna("sync", "approve", device, *reversed(shown))[0] == 2
    assert anna("sync", "approve", device, *shown)[0] == 0
    for one in (anna, brid, anna):
        code, said, _ = one("sync", "now")
        assert (code, said.splitlines()[0]) == (0, "In sync with the office")
    assert "26-Weekly-48" in brid("store", "runs")[1]
    told = anna("sync", "devices")[1]
    assert "Anna's PC (this PC)" in told
    assert "Bríd's PC" in told
    assert anna("sync", "people")[1].count("owner") == 1
    theirs = next(line for line in anna("sync", "people")[1].splitlines() if "Bríd's PC" in line)
    assert "clerk" in theirs
    assert "only owners give roles" in brid("sync", "role", theirs.split()[0], "owner")[2]
    assert "manager" in anna("sync", "role", theirs.split()[0], "manager")[1]
    assert "only owners" in brid("sync", "invite", "--role", "manager")[2]
    assert brid("sync", "invite", "--role", "it")[0] == 0
    mine = next(line for line in anna("sync", "people")[1].splitlines() if "(you)" in line)
    assert "keeps at least one owner" in anna("sync", "role", mine.split()[0], "clerk")[2]
    assert "cannot remove yourself" in anna("sync", "remove", mine.split()[0])[2]
    assert anna("sync", "remove", "no-such")[0] == 2
    assert "Sioncronaithe" in anna("sync", "status", "--lang", "ga")[1]
    assert anna("sync", "remove", theirs.split()[0])[0] == 0
    assert "Bríd" not in anna("sync", "people")[1]
    assert brid("sync", "now")[0] == 1
    assert anna("sync", "change-key")[0] == 0
    assert anna("sync", "off")[1].startswith("Sync is paused")
    assert anna("sync", "status")[1].startswith("Sync is paused")
    assert anna("sync", "on")[0] == 0
    service.stop()
    code, said, _ = anna("sync", "now")
    assert (code, "Nothing is lost" in said) == (0, True)
