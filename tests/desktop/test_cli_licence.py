"""`autoenroll licence`, and where a check starts, as a person meets them on a moved clock."""

import datetime as dt
import io
import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from autoenroll_desktop.actions.licence import Home, LicenceRefused, activate, look, tell_standing
from autoenroll_desktop.cli import main
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.licensing.keys import load_keys
from server_sync.contract.licence import Licence, Outcome, sign_licence
from server_sync.contract.licence_file import read_request, write_file
from tests.conftest import ROOT
from tests.licences import KEYS, START, file_licence, licence, private, write_keys

WORDS = Words.load(ROOT / "resources")


class Pc:
    """A PC with its own data folder, the test keys and a clock."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.now = START
        self._said = capsys
        patch.setenv("AUTOENROLL_DATA", str(folder / "data"))
        patch.setenv("AUTOENROLL_LICENCE_KEYS", str(write_keys(folder / "keys.toml")))

    def type(self, *words: str, code: int = 0) -> str:
        """Run a command; what it said on stdout, or on stderr where it failed."""
        assert main(words, clock=lambda: self.now) == code
        out, err = self._said.readouterr()
        return err if code else out + err

    def bring(self, held: Licence, *, key: str = "one", code: int = 0) -> str:
        file = self.folder / "office.aelicence"
        file.write_text(write_file(sign_licence(held, private(key)), held))
        return self.type("licence", "activate", str(file), code=code)

    def check(self, *more: str, code: int = 1) -> str:
        sample = ROOT / "resources" / "sample"
        files = (str(sample / "weekly-2026-11-26.csv"), "--aepn", str(sample / "aepn-2026-11-26.json"))
        words = ("check", *files, "--now", "2026-11-26T15:00", *more)
        assert main(words, clock=lambda: self.now) == code
        out, err = self._said.readouterr()
        return out + err

    def status(self, code: int = 0) -> dict[str, Any]:
        assert main(("licence", "status", "--format", "json"), clock=lambda: self.now) == code
        return dict(json.loads(self._said.readouterr().out))


@pytest.fixture
def pc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Pc:
    return Pc(tmp_path, monkeypatch, capsys)


def test_a_trial_starts_by_itself(pc: Pc) -> None:
    assert "NOT READY" in pc.check()
    pc.now += dt.timedelta(days=10)
    assert (pc.status()["state"], pc.status()["days_left"]) == ("trial", 20)
    assert "until 25/12/2026 without a card" in pc.type("licence")


@pytest.mark.parametrize("held", [None, licence()], ids=["trial", "licensed"])
@pytest.mark.parametrize(("days", "state"), [(29, "quiet"), (31, "amber"), (61, "read-only")])
def test_away_from_the_network(pc: Pc, tmp_path: Path, held: Licence | None, days: int, state: str) -> None:
    """29 days: not a word. 31 days: amber, and everything works. 61 days: no new check; reports still are written."""
    pc.check()
    if held is not None:
        pc.bring(held)
    pc.now += dt.timedelta(days=days)
    if state == "read-only":
        said = pc.check(code=2)
        assert "new checks have stopped" in said
        assert "can still be read, reopened and exported" in said
        assert pc.status(code=1)["may_check"] is False
    else:
        said = pc.check()
        assert "NOT READY" in said
        assert ("Checks go on until 24/01/2027" in said) == (state == "amber")
    assert main(("sample", "--out", str(tmp_path / "out")), clock=lambda: pc.now) == 1  # the sample, and its report
    assert (tmp_path / "out" / "check-report.pdf").stat().st_size > 10_000


def test_the_clock_of_the_check_is_not_the_licence_s(pc: Pc) -> None:
    """`--now` moves the cut-off and ages; it neither uses the trial up nor stretches it."""
    pc.check()
    assert main(("contribution", "--gross", "500", "--pay-date", "2034-01-05"), clock=lambda: pc.now) == 0
    pc.check("--now", "2031-01-01T10:00")
    assert pc.status()["state"] == "trial"
    pc.now += dt.timedelta(days=61)
    assert "stopped" in pc.check("--now", "2026-11-25T10:00", code=2)


def test_a_licence_file(pc: Pc) -> None:
    said = pc.bring(licence())
    for part in (
        "Licensed",
        "Paid until 25/11/2027",
        "Seats (PCs at once): 5",
        "up to 60",
        "up to 5,000",
        "Cara Payroll Bureau",
    ):
        assert part in said
    told = pc.status()
    assert (told["state"], told["licence"]["plan"], told["licence"]["serial"]) == ("licensed", "bureau", 7)
    assert (told["licence"]["valid_until"], told["licence"]["snapshot_until"]) == (
        "2027-11-25T09:00:00+00:00", "2026-12-25T09:00:00+00:00",
    )  # fmt: skip
    assert "Licensed" in pc.bring(licence())  # the same once more is no mistake


def test_from_standard_input(pc: Pc, monkeypatch: pytest.MonkeyPatch) -> None:
    pasted = io.TextIOWrapper(io.BytesIO(sign_licence(licence(), private("two")).encode()))
    monkeypatch.setattr("sys.stdin", pasted)
    assert "Licensed" in pc.type("licence", "activate", "-")


@pytest.mark.parametrize(
    ("held", "key", "says"),
    [
        (partial(licence, serial=6), "one", "older copy"), (partial(licence, office="another"), "one", "another office"),
        (partial(licence, serial=9, device="other"), "one", "another PC"), (licence, "three", "does not know"),
        (partial(licence, START - dt.timedelta(days=500), serial=9), "one", "run out"),
    ],
)  # fmt: skip
def test_a_refused_licence_leaves_the_one_in_use(pc: Pc, held: partial[Licence], key: str, says: str) -> None:
    pc.bring(licence())
    before = pc.status()
    assert says in pc.bring(held(), key=key, code=2)
    assert pc.status() == before


def test_every_outcome_has_words() -> None:
    for outcome in set(Outcome) - {Outcome.GOOD}:
        for part in ("title", "why", "action"):
            assert WORDS.say(f"licence-refused.{outcome}-{part}")


def test_a_pc_without_a_network_asks_and_is_answered(pc: Pc) -> None:
    request = read_request(pc.type("licence", "request").encode())
    assert read_request(pc.type("licence", "request").encode()).device == request.device
    said = pc.type("licence", "request", "--out", str(pc.folder / "ask.aerequest"), "--qr", str(pc.folder / "ask.svg"))
    assert "ask.aerequest" in said
    assert read_request((pc.folder / "ask.aerequest").read_bytes()).device == request.device
    assert (pc.folder / "ask.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert "Licensed" in pc.bring(file_licence(device=request.device))
    pc.now += dt.timedelta(days=360)
    assert pc.status()["state"] == "licensed"


def test_a_licence_taken_back(pc: Pc) -> None:
    pc.bring(licence())
    assert "Everything works until 25/12/2026" in pc.bring(licence(serial=8, ended="refund"))
    pc.now += dt.timedelta(days=30)
    assert "The licence has ended" in pc.check(code=2)


def test_what_the_service_says_is_taken_even_when_it_has_run_out(pc: Pc) -> None:
    """A PC that was away learns that the licence was taken back, and that nothing is left of it."""
    pc.bring(licence())
    pc.now += dt.timedelta(days=45)
    home = Home(pc.folder / "data" / "licence.json", pc.folder / "keys.toml")
    token = sign_licence(licence(serial=9, ended="refund"), private("one")).encode()
    assert pc.status()["state"] == "amber"
    found = activate(home, token, pc.now, WORDS, from_service=True)
    assert (found.state, found.cause) == ("read-only", "ended")
    older = sign_licence(licence(serial=8), private("one")).encode()
    with pytest.raises(LicenceRefused, match="older copy"):
        activate(home, older, pc.now, WORDS, from_service=True)


def test_a_clock_set_back_is_forgiven_once(pc: Pc) -> None:
    pc.now += dt.timedelta(days=50)
    pc.check()
    pc.now = START
    assert "That is forgiven" in pc.type("licence")
    pc.now += dt.timedelta(days=50)
    pc.check()
    pc.now = START
    assert "clock is behind" in pc.type("licence")
    assert "NOT READY" in pc.check()  # noticed, not punished


def test_beyond_the_limits_nothing_stops(pc: Pc) -> None:
    pc.bring(licence(employees=10, clients=0, plan="solo"))
    said = pc.check()
    assert "NOT READY" in said
    assert "holds up to 10 employees in a pay run; this one has" in said
    assert "holds up to 0 clients; 1 were checked" in said


def test_nothing_is_remembered_where_asked(pc: Pc) -> None:
    pc.check("--no-store")
    assert not (pc.folder / "data").exists()


def test_files_that_cannot_be_read_or_written(pc: Pc) -> None:
    assert "cannot be read" in pc.type("licence", "activate", str(pc.folder / "none"), code=2)
    assert "cannot be written" in pc.type("licence", "request", "--out", str(pc.folder), code=2)
    pc.bring(licence())
    (pc.folder / "keys.toml").write_text("[[key]]\npublic = 'AAAA'\n")
    assert "Install the program again" in pc.type("licence", code=2)


def test_a_data_folder_that_cannot_be_written_to_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    home = Home(tmp_path / "file" / "licence.json", write_keys(tmp_path / "keys.toml"))
    assert tell_standing(look(home, START), WORDS).level == "quiet"


def test_the_shipped_keys_are_whole() -> None:
    """Two, so that one can be retired; each under its own name; neither is one of the tests'."""
    shipped = load_keys(ROOT / "resources" / "keys" / "licence.toml")
    assert len(shipped) == 2
    assert not shipped.keys() & KEYS.keys()
