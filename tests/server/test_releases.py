"""Releases from the operator's commands to a desktop that updates from the running service."""

import contextlib
import datetime as dt
import io
import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from autoenroll_desktop.actions.install_update import Outcome, install_update
from server_sync.app import main
from server_sync.releases.keys import ONLINE, signer
from server_sync.releases.publishing import Releases
from server_sync.releases.repository import ReleaseRepository
from tests.releasing import Publisher, setup_for
from tests.server.serving import Serving

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the small programs are scripts")


class There:
    """Where a desktop of these tests looks."""

    def __init__(self, url: str) -> None:
        self.url = url


@pytest.fixture
def people(tmp_path: Path) -> Publisher:
    """The people with the offline keys."""
    return Publisher(tmp_path / "people")


def operator(data: Path, *words: str) -> str:
    """What a command of the operator's prints when it goes well."""
    code, out, err = asked(data, *words)
    assert code == 0, err
    return out


def asked(data: Path, *words: str) -> tuple[int, str, str]:
    """A command's exit code and what it prints, run here: a process for each costs more than it shows."""
    out, err = io.StringIO(), io.StringIO()
    before = signal.getsignal(signal.SIGTERM)  # the program sets its own
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(["--data", str(data), "admin", "release", *words])
    finally:
        signal.signal(signal.SIGTERM, before)
    return code, out.getvalue(), err.getvalue()


def with_the_services_keys(people: Publisher, data: Path) -> None:
    """The ceremony with the service's own public keys: the root is made again, and signed."""
    folder = data / "release-keys"
    people.keys |= {name: [signer(folder, name)] for name in ONLINE}
    for path in people.site.glob("metadata/*"):
        path.unlink()
    root = people.repository.create(
        {role: [key.public_key for key in keys] for role, keys in people.keys.items()}, people.now
    )
    for role in ("root", "targets", "channels", "snapshot"):
        people.sign(people.site / "metadata" / f"1.{role}.json", role)
    people.sign(people.site / "metadata" / "timestamp.json", "timestamp")
    people.root = root.read_bytes()


def notes(tmp_path: Path) -> list[str]:
    for language, text in (("en", "Faster."), ("ga", "Níos tapúla.")):
        (tmp_path / language).write_text(text, encoding="utf-8")
    return ["--notes-en", str(tmp_path / "en"), "--notes-ga", str(tmp_path / "ga")]


def test_publish_promote_pause_withdraw(
    people: Publisher, data: Path, start: Callable[[], Serving], tmp_path: Path
) -> None:
    made = operator(data, "new-keys").split()
    assert [Path(path).name for path in made] == [f"{name}.pub" for name in ONLINE]
    assert "there already" in asked(data, "new-keys")[2]
    with_the_services_keys(people, data)
    people.release("0.2.0")
    told = operator(data, "publish", str(people.site), "--percent", "100", *notes(tmp_path))
    assert told.strip() == "pilot: 0.2.0 to 100 %"
    serving = start()
    there = There(f"{serving.address}/v1/releases")

    def desktop(name: str, **more: object) -> tuple[Outcome, str]:
        answer = install_update(setup_for(people, there, tmp_path / name, **more))
        return answer.outcome, answer.version

    assert desktop("pilot", channel="pilot") == (Outcome.INSTALLED, "0.2.0")
    operator(data, "promote", "0.2.0")
    operator(data, "pause", "--channel", "stable")
    assert desktop("clerk") == (Outcome.PAUSED, "0.2.0")
    operator(data, "resume", "--channel", "stable")
    assert desktop("clerk") == (Outcome.INSTALLED, "0.2.0")
    people.release("0.3.0")
    operator(data, "publish", str(people.site), "--percent", "100", *notes(tmp_path))
    assert desktop("pilot", channel="pilot", running="0.2.0") == (Outcome.INSTALLED, "0.3.0")
    told = operator(data, "withdraw", "0.3.0")
    assert told.splitlines() == [f"{channel}: 0.2.0 to 100 %, withdrawn: 0.3.0" for channel in ("pilot", "stable")]
    withdrawn = install_update(setup_for(people, there, tmp_path / "pilot", channel="pilot", running="0.3.0"))
    assert (withdrawn.outcome, withdrawn.withdrawn) == (Outcome.CURRENT, True)
    status = operator(data, "status")
    assert "taken in 0.3.0" in status
    assert "holds    timestamp: 6 days" in status
    assert "long enough" in operator(data, "refresh")

    kept = requests.get(f"{there.url}/metadata/1.root.json", timeout=10)
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    archive = next(people.site.glob("targets/releases/0.3.0/*.tar.xz"))
    address = f"{there.url}/{archive.relative_to(people.site).as_posix()}"
    part = requests.get(address, headers={"Range": "bytes=100-"}, timeout=10)
    assert (part.status_code, part.content) == (206, archive.read_bytes()[100:])
    assert requests.get(address, headers={"Range": f"bytes={archive.stat().st_size}-"}, timeout=10).status_code == 416
    for path in (
        "metadata/timestamp.json",
        "metadata/99.root.json",
        "metadata/../release-keys/channels.pem",
        "targets/",
        "metadata/.new",
    ):
        request = requests.Request("GET", "http://x").prepare()
        request.url = f"{there.url}/{path}"
        answer = requests.Session().send(request, timeout=10)
        assert answer.headers["Cache-Control"] in ("no-cache", "no-store"), path
        assert answer.status_code == (200 if path.endswith("timestamp.json") else 404), path
    numbers = requests.get(f"{serving.address}/metrics", timeout=10).text
    assert re.search(r'autoenroll_update_checks_total\{version="0\.2\.0"\} 1\.0', numbers)
    assert 'version="other"} 1.0' in numbers


def test_what_was_not_signed_by_enough_is_not_taken_in(people: Publisher, data: Path, tmp_path: Path) -> None:
    operator(data, "new-keys")
    with_the_services_keys(people, data)
    people.keys["targets"] = people.keys["targets"][:1]  # only one of them is there today
    people.release("0.2.0")
    code, _, err = asked(data, "publish", str(people.site), *notes(tmp_path))
    assert code == 1
    assert "targets: 1 of 2 signatures" in err
    assert not (data / "releases").exists()


def test_another_root_is_refused(people: Publisher, data: Path, tmp_path: Path) -> None:
    operator(data, "new-keys")
    with_the_services_keys(people, data)
    people.release("0.2.0")
    operator(data, "publish", str(people.site), *notes(tmp_path))
    other = Publisher(tmp_path / "others")
    other.release("0.9.0")
    code, _, err = asked(data, "publish", str(other.site), *notes(tmp_path))
    assert code == 1
    assert "another root" in err


def test_words_before_the_first_release(data: Path) -> None:
    for words in (["status"], ["promote", "0.2.0"], ["pause", "--channel", "stable"], ["withdraw", "0.2.0"]):
        code, _, err = asked(data, *words)
        assert code == 1, words
        assert "No release was taken in yet" in err
    assert "long enough" in operator(data, "refresh")


def test_the_timestamp_is_signed_again_before_it_runs_out(
    people: Publisher, data: Path, start: Callable[[], Serving], tmp_path: Path
) -> None:
    operator(data, "new-keys")
    with_the_services_keys(people, data)
    people.release("0.2.0")
    operator(data, "publish", str(people.site), *notes(tmp_path))
    releases = Releases(data / "releases", data / "release-keys")
    assert not releases.refresh(people.now + dt.timedelta(days=2))
    assert releases.refresh(people.now + dt.timedelta(days=3, hours=1))
    assert not releases.refresh(people.now + dt.timedelta(days=5))
    # the service was off for days: its worker signs at once
    repository = ReleaseRepository(releases.folder)
    old = people.now - dt.timedelta(days=5)
    repository.publish(signer(releases.keys, "snapshot"), signer(releases.keys, "timestamp"), old)
    path = releases.folder / "metadata" / "timestamp.json"
    before = path.read_bytes()
    serving = start()
    until = time.monotonic() + 60
    while path.read_bytes() == before and time.monotonic() < until:
        time.sleep(0.05)
    assert path.read_bytes() != before, serving.said()
    assert "holds    timestamp: 6 days" in operator(data, "status")


def test_a_spoilt_file_is_said(people: Publisher, data: Path, tmp_path: Path) -> None:
    operator(data, "new-keys")
    with_the_services_keys(people, data)
    people.release("0.2.0")
    operator(data, "publish", str(people.site), *notes(tmp_path))
    next((data / "releases" / "metadata").glob("2.targets.json")).write_bytes(b"{")
    code, _, err = asked(data, "status")
    assert (code, "cannot be read" in err, "Traceback" in err) == (1, True, False)
