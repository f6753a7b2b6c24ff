"""An update from what the publisher makes to the version that starts, over real HTTP."""

import os
import sys
from pathlib import Path

import pytest

from autoenroll_desktop.actions.install_update import Outcome, install_update
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.updates.event_log import EVENTS, tell
from autoenroll_desktop.updates.handover import Scope, environment_for, next_program, scope_of
from autoenroll_desktop.updates.offer import share
from autoenroll_desktop.updates.refusals import CannotCheck
from autoenroll_desktop.updates.versions import Chosen, Versions, alone
from server_sync.contract.release import offer_target
from tests.releasing import BROKEN, Publisher, served, setup_for

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the small programs are scripts")
PROGRAM = "autoenroll-desktop"


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    made = Publisher(tmp_path)
    made.release("0.2.0")
    made.offer("0.2.0", notes={"en": "Faster.", "ga": "Níos tapúla."})
    made.publish()
    return made


def starts(versions: Versions, running: str = "0.1.0") -> str:
    """The version that would start now."""
    program = next_program(versions, running, PROGRAM, counts=False)
    return running if program is None else program.parent.name


def test_from_offer_to_start(publisher: Publisher, tmp_path: Path) -> None:
    with served(publisher.site) as site:
        setup = setup_for(publisher, site, tmp_path / "home")
        told = install_update(setup)
        assert (told.outcome, told.version, told.notes["ga"]) == (Outcome.INSTALLED, "0.2.0", "Níos tapúla.")
        assert starts(setup.versions) == "0.2.0"
        folder = setup.versions.folder("0.2.0")
        assert (folder / "_internal" / "version.txt").read_text() == "0.2.0"
        assert os.access(folder / "autoenroll", os.X_OK)
        again = install_update(setup_for(publisher, site, tmp_path / "home", running="0.2.0"))
        assert again.outcome is Outcome.CURRENT


def test_only_looking_changes_nothing(publisher: Publisher, tmp_path: Path) -> None:
    with served(publisher.site) as site:
        for setup, only_look in (
            (setup_for(publisher, site, tmp_path / "a"), True),
            (setup_for(publisher, site, tmp_path / "b", may_install=False), False),
        ):
            assert install_update(setup, only_look=only_look).outcome is Outcome.ANNOUNCED
            assert starts(setup.versions) == "0.1.0"
    assert not any("tar.xz" in name for name in site.asked)


@pytest.mark.parametrize("spoilt", [b'{"channel":"\xc9t\xe9","version":"0.3.0"}', b"{}", b"[1,"])
def test_an_offer_that_cannot_be_read_is_said(publisher: Publisher, tmp_path: Path, spoilt: bytes) -> None:
    file = tmp_path / "offer.json"
    file.write_bytes(spoilt)
    publisher.repository.offer({offer_target("stable"): file}, publisher.keys["channels"][0], publisher.now)
    publisher.publish()
    with served(publisher.site) as site:
        setup = setup_for(publisher, site, tmp_path / "home")
        with pytest.raises(AppError, match="newer kind"):
            install_update(setup)
        assert starts(setup.versions) == "0.1.0"


def test_a_version_that_fails_its_self_test_is_never_started(publisher: Publisher, tmp_path: Path) -> None:
    publisher.release("0.3.0", BROKEN)
    publisher.offer("0.3.0")
    publisher.publish()
    with served(publisher.site) as site:
        setup = setup_for(publisher, site, tmp_path / "home")
        with pytest.raises(AppError, match=r"does not work on this computer.*the database: not there"):
            install_update(setup)
        assert starts(setup.versions) == "0.1.0"
        assert setup.versions.there() == []
        assert install_update(setup).outcome is Outcome.REFUSED_HERE


def test_smaller_archive_takes_the_rest_from_what_runs(publisher: Publisher, tmp_path: Path) -> None:
    present = publisher.build("0.1.0")
    publisher.release("0.2.1", since=("0.1.0",), more={"_internal/new.bin": b"new"})
    publisher.offer("0.2.1")
    publisher.publish()
    with served(publisher.site) as site:
        install_update(setup_for(publisher, site, tmp_path / "a", present=present))
        archives = [name for name in site.asked if name.endswith(".tar.xz")]
        assert len(archives) == 1
        assert "since-0.1.0" in archives[0]
        (present / "_internal" / "same.bin").write_bytes(b"somebody was here")
        install_update(setup_for(publisher, site, tmp_path / "b", present=present))
        taken = [name for name in site.asked[len(site.asked) - 2 :] if name.endswith(".tar.xz")]
        assert ["since" in name for name in taken] == [True, False]
        kept = tmp_path / "b" / "versions" / "0.2.1" / "_internal" / "same.bin"
        assert kept.read_bytes() == bytes(range(256)) * 400


def test_a_broken_download_goes_on(publisher: Publisher, tmp_path: Path) -> None:
    publisher.release("0.3.0", more={"_internal/large.bin": os.urandom(900_000)})
    publisher.offer("0.3.0")
    publisher.publish()
    with served(publisher.site) as site:
        setup = setup_for(publisher, site, tmp_path / "home")
        site.cut = (".tar.xz", 600_000)
        with pytest.raises(CannotCheck):
            install_update(setup)
        site.cut = ("", 0)
        assert install_update(setup).outcome is Outcome.INSTALLED
        assert len(site.ranges) == 1
        assert int(site.ranges[0].removeprefix("bytes=").rstrip("-")) > 250_000
    assert not list((tmp_path / "home" / "parts").glob("*"))


def test_rollout_pause_minimum_and_withdrawal(publisher: Publisher, tmp_path: Path) -> None:
    with served(publisher.site) as site:
        setup = setup_for(publisher, site, tmp_path / "home", may_install=False)
        setup.versions.home.mkdir()
        (setup.versions.home / "device").write_text("a-device")
        place = share("a-device", "0.2.0")

        def answer(**offer: object) -> tuple[Outcome, bool, bool]:
            publisher.offer("0.2.0", **offer)
            publisher.publish()
            told = install_update(setup)
            return told.outcome, told.required, told.withdrawn

        assert answer(percent=place) == (Outcome.WAITING, False, False)
        assert answer(percent=place + 1) == (Outcome.ANNOUNCED, False, False)
        assert answer(paused=True) == (Outcome.PAUSED, False, False)
        assert answer(percent=0, paused=True, minimum="0.1.5") == (Outcome.ANNOUNCED, True, False)
        assert answer(withdrawn=("0.1.0",)) == (Outcome.ANNOUNCED, False, True)
        assert answer(withdrawn=("0.2.0",)) == (Outcome.CURRENT, False, False)


def test_channels_are_apart(publisher: Publisher, tmp_path: Path) -> None:
    publisher.release("0.4.0")
    publisher.offer("0.4.0", "pilot")
    publisher.publish()
    with served(publisher.site) as site:
        stable = install_update(setup_for(publisher, site, tmp_path / "a"))
        pilot = install_update(setup_for(publisher, site, tmp_path / "b", channel="pilot"))
    assert (stable.version, pilot.version) == ("0.2.0", "0.4.0")


def test_nothing_older_is_ever_taken(publisher: Publisher, tmp_path: Path) -> None:
    with served(publisher.site) as site:
        assert install_update(setup_for(publisher, site, tmp_path / "home", running="0.2.1")).outcome is Outcome.CURRENT


def test_no_network_is_no_alarm(publisher: Publisher, tmp_path: Path) -> None:
    with served(publisher.site) as site:
        setup = setup_for(publisher, site, tmp_path / "home")
        site.failing = 503
        with pytest.raises(CannotCheck, match="cannot be reached"):
            install_update(setup)
    with pytest.raises(CannotCheck, match="cannot be reached"):
        install_update(setup)


def test_a_version_that_never_says_it_works_is_given_up(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    for version in ("0.2.0", "0.3.0"):
        (versions.folder(version)).mkdir(parents=True)
        (versions.folder(version) / PROGRAM).touch()
    versions.choose("0.2.0")
    versions.works("0.2.0")
    versions.folder("0.3.0").mkdir(exist_ok=True)
    (versions.folder("0.3.0") / PROGRAM).touch()
    versions.choose("0.3.0")
    assert [next_program(versions, "0.1.0", PROGRAM, counts=True).parent.name for _ in range(2)] == ["0.3.0"] * 2
    assert starts(versions) == "0.2.0"
    assert versions.refused() == {"0.3.0"}


def test_a_working_version_stays_and_older_ones_go(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    for version in ("0.2.0", "0.3.0", "0.4.0"):
        versions.folder(version).mkdir(parents=True)
        (versions.folder(version) / PROGRAM).touch()
        versions.choose(version)
        versions.works(version)
    assert versions.there() == ["0.3.0", "0.4.0"]
    assert versions.chosen() == Chosen("0.4.0", works=True, before="0.3.0")


@pytest.mark.parametrize(
    "damaged", ["", "{", "[]", '{"version": "../../etc", "works": true, "tries": 0, "before": ""}', '{"version": 3}']
)
def test_a_damaged_note_starts_the_installed_version(tmp_path: Path, damaged: str) -> None:
    versions = Versions(tmp_path)
    (tmp_path / "chosen.json").write_text(damaged)
    (tmp_path / "refused.json").write_text(damaged)
    assert starts(versions) == "0.1.0"
    assert versions.refused() == set()


def test_whose_installation_it_is(tmp_path: Path) -> None:
    versions = Versions(tmp_path / "home")
    program = tmp_path / "program"
    program.mkdir()
    assert scope_of(program, versions) is Scope.MACHINE
    (program / "installed.json").write_text('{"scope": "user"}')
    assert scope_of(program, versions) is Scope.USER
    (program / "installed.json").write_text('{"scope": "everybody"}')
    assert scope_of(program, versions) is Scope.MACHINE
    versions.folder("0.2.0").mkdir(parents=True)
    assert scope_of(versions.folder("0.2.0"), versions) is Scope.USER


def test_what_the_loader_set_is_not_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    ours = {
        "LD_LIBRARY_PATH": "/opt/old/_internal",
        "LD_LIBRARY_PATH_ORIG": "/usr/local/lib",
        "_PYI_PARENT": "1",
        "HOME": "/h",
    }
    assert environment_for(ours) == {
        "LD_LIBRARY_PATH": "/usr/local/lib",
        "HOME": "/h",
        "PYINSTALLER_RESET_ENVIRONMENT": "1",
    }


def test_one_update_at_a_time(publisher: Publisher, tmp_path: Path) -> None:
    with served(publisher.site) as site:
        setup = setup_for(publisher, site, tmp_path / "home")
        with alone(setup.versions.home), pytest.raises(AppError, match="Another update is going on"):
            install_update(setup)
        assert site.asked == []
        assert install_update(setup).outcome is Outcome.INSTALLED


def test_a_folder_that_cannot_be_written_is_said(publisher: Publisher, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file is in the way")
    with served(publisher.site) as site, pytest.raises(AppError, match="cannot be kept here"):
        install_update(setup_for(publisher, site, tmp_path / "home"))


def test_what_an_administrator_reads_in_the_event_log() -> None:
    assert tell("update-chosen", "0.2.0") == "Version 0.2.0 was installed and starts next time."
    assert len({number for number, _, _ in EVENTS.values()}) == len(EVENTS)
    assert all(1 <= number <= 1000 for number, _, _ in EVENTS.values())  # the table of messages has no others
