"""Each policy that concerns a person's work, set as an administrator sets it and met in the program itself."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from autoenroll_desktop import cli
from autoenroll_desktop.app import Kept
from autoenroll_desktop.policy import sources
from autoenroll_desktop.policy.sources import in_force
from server_sync.contract.licence import sign_licence
from server_sync.contract.licence_file import write_file
from tests.driving import LONG, checked, opened
from tests.licences import START, licence, private, write_keys

Setter = Callable[..., Path]


@pytest.fixture
def ordered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Sets policies for the program: `ordered(language="ga")`; the file's path comes back."""
    path = tmp_path / "policies.json"
    monkeypatch.setattr(sources, "files", lambda: (path,))
    in_force.cache_clear()

    def order(**values: object) -> Path:
        path.write_text(json.dumps({key.replace("_", "-"): value for key, value in values.items()}), encoding="utf-8")
        in_force.cache_clear()
        return path

    yield order
    in_force.cache_clear()


def test_language(qtbot, tmp_path: Path, ordered: Setter, capsys: pytest.CaptureFixture[str]) -> None:
    ordered(language="ga")
    kept = Kept(tmp_path, None, tmp_path / "window.ini")
    window = opened(qtbot, kept=kept)
    assert window.rail.buttons["settings"].accessibleName() == "Socruithe"
    window.choose("language", "en")
    window.close()
    assert opened(qtbot, kept=kept).rail.buttons["settings"].accessibleName() == "Settings", "a person has chosen"
    assert cli.main(["policies"]) == 0
    assert "Polasaithe" in capsys.readouterr().out


def test_licence_file(qtbot, tmp_path: Path, ordered: Setter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOENROLL_LICENCE_KEYS", str(write_keys(tmp_path / "keys.toml")))
    file = tmp_path / "office.aelicence"
    ordered(licence_file=str(file))
    now = START
    kept = Kept(tmp_path, None, tmp_path / "window.ini", tmp_path / "licence.json")
    window = opened(qtbot, kept=kept, pc_clock=lambda: now)
    page = window.page_named("office")
    window.go_to("office")
    qtbot.waitUntil(page.licence.trouble.isVisible, timeout=LONG)
    assert "office.aelicence) cannot be read" in page.licence.trouble.text()
    assert page.licence.headline.text() == "Trial"
    for serial in (7, 8):  # the first, and the one the administrator put there a year later
        now = START + dt.timedelta(days=365 * (serial - 7))
        held = licence(now, serial=serial)
        file.write_text(write_file(sign_licence(held, private("one")), held))
        window.go_to("office")
        qtbot.waitUntil(lambda: f"Licence no. {serial}" in page.licence.text.text(), timeout=LONG)  # noqa: B023
        assert page.licence.headline.text() == "Licensed"
        qtbot.waitUntil(lambda: not page.licence.trouble.isVisible(), timeout=LONG)
    file.write_text(write_file(sign_licence(held, private("three")), held))
    window.go_to("office")
    qtbot.waitUntil(page.licence.trouble.isVisible, timeout=LONG)
    assert "a key this version does not know" in page.licence.trouble.text()
    assert page.licence.headline.text() == "Licensed", "what is in use stays"


def test_forbid_plain_exports(qtbot, tmp_path: Path, sample: Path, ordered: Setter, capsys) -> None:
    file, aepn = sample / "weekly-2026-11-26.csv", sample / "aepn-2026-11-26.json"
    check = ["check", str(file), "--aepn", str(aepn), "--no-store", "--now", "2026-11-26T15:00", "--out"]
    assert cli.main([*check, str(tmp_path / "free")]) == 1
    ordered(forbid_plain_exports=True)
    assert cli.main([*check, str(tmp_path / "held")]) == 1
    capsys.readouterr()
    free, held = ({path.name for path in (tmp_path / one).iterdir()} for one in ("free", "held"))
    assert any("annotated" in name for name in free)
    assert not [name for name in held if "annotated" in name or "keying" in name or "AEPN changes" in name]
    assert held < free
    window = opened(qtbot)
    checked(qtbot, window, lambda: window.page.files_dropped([file]))
    assert not window.page.panel.ppsn_shown.isEnabled()
    next(one for one in window.commands() if one.name == "show-ppsn").run()
    assert not window.page.panel.ppsn_shown.isChecked()


def test_a_table_with_ppsns_is_refused_whoever_asks(sample: Path, tmp_path: Path, ordered: Setter) -> None:
    from autoenroll_desktop.actions.check_pay_run import Given, prepare
    from autoenroll_desktop.actions.fix_pay_run import start
    from autoenroll_desktop.actions.write_files import Output, offers, write
    from autoenroll_desktop.app import words_in
    from autoenroll_desktop.errors import AppError

    now = dt.datetime(2026, 11, 26, 15, tzinfo=dt.UTC)
    bench = start(prepare(Given(pay=(sample / "weekly-2026-11-26.csv",)), now))
    offer = next(one for one in offers(bench) if one.output is Output.ANNOTATED)
    ordered(forbid_plain_exports=True)
    with pytest.raises(AppError, match="forbid-plain-exports"):
        write(bench, offer, tmp_path / "annotated.xlsx", words=words_in("en"))
    assert not (tmp_path / "annotated.xlsx").exists()


def test_auto_lock_minutes(qtbot, tmp_path: Path, ordered: Setter) -> None:
    ordered(auto_lock_minutes=7)
    window = opened(qtbot, kept=Kept(tmp_path, None, tmp_path / "window.ini"))
    box = window.page_named("settings").store.box
    assert [box.itemData(at) for at in range(box.count())] == [2, 5, 7]
    assert box.currentData() == 7
    assert window.guard.idle._timer.interval() == 7 * 60_000


def test_policies_are_shown_on_the_office_page(qtbot, ordered: Setter) -> None:
    path = ordered(sync=False, update_lane="announce", retention_days=400, from_a_later_version=1)
    window = opened(qtbot)
    window.go_to("office")
    card = window.page_named("office").policies
    assert {key: label.text() for key, label in card.rows.items()} == {
        "sync": "no",
        "update-lane": "only announced",
        "retention-days": "400",
    }
    assert str(path) in {label.text() for label in card.findChildren(type(card.text))}
    assert "from-a-later-version" in card.trouble.text()
