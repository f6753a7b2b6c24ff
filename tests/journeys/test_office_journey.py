"""The licence as a person meets it in the window, on a PC whose clock moves on."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from autoenroll_desktop.app import Kept
from autoenroll_desktop.ui.dialogs.licence_request import LicenceRequestDialog
from autoenroll_desktop.ui.dialogs.paste_text import PasteDialog
from autoenroll_desktop.ui.main_window import MainWindow
from server_sync.contract.licence import Licence, sign_licence
from server_sync.contract.licence_file import read_request, write_file
from tests.driving import LONG, checked, dialog, opened, settled
from tests.licences import START, file_licence, licence, private, write_keys


@dataclass
class Pc:
    """A PC with a folder of its own, the test keys, and a clock."""

    qtbot: object
    folder: Path
    now: dt.datetime = START
    chosen: list[Path] = field(default_factory=list)
    saved: Path | None = None

    def open(self, **more: object) -> MainWindow:
        kept = Kept(self.folder, None, self.folder / "window.ini", self.folder / "licence.json")
        return opened(
            self.qtbot, kept=kept, pc_clock=lambda: self.now, choose_files=lambda: self.chosen,
            choose_save=lambda name, _kinds: self.folder / name, **more,
        )  # fmt: skip

    def office(self, window: MainWindow):
        """The Office page, once it says where this PC stands."""
        window.go_to("office")
        page = window.page_named("office")
        self.qtbot.waitUntil(
            lambda: window.licence.standing is not None and page.licence.file_button.isEnabled(), timeout=LONG
        )
        return page

    def bring(self, window: MainWindow, held: Licence, key: str = "one") -> None:
        """Activate a licence file by the button."""
        file = self.folder / "office.aelicence"
        file.write_text(write_file(sign_licence(held, private(key)), held))
        self.chosen = [file]
        page = self.office(window)
        window.notices.say("", "")
        page.licence.file_button.click()
        self.qtbot.waitUntil(lambda: bool(window.notices.text), timeout=LONG)

    def look(self, window: MainWindow) -> str:
        """What the status bar says after another look."""
        with self.qtbot.waitSignal(window.licence.changed, timeout=LONG):
            window.licence.look()
        return window.status.standing.licence.text()


@pytest.fixture
def pc(qtbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pc:
    monkeypatch.setenv("AUTOENROLL_LICENCE_KEYS", str(write_keys(tmp_path / "keys.toml")))
    return Pc(qtbot, tmp_path)


def refused(qtbot, window: MainWindow, file: Path) -> str:
    """Drop a file whose check does not start; what is said."""
    with qtbot.waitSignal(window.view_model.work.failed, timeout=LONG):
        window.page.files_dropped([file])
    settled(qtbot, window)
    return window.notices.text


@pytest.mark.parametrize(
    ("days", "bar", "may_check"),
    [
        (29, "Bureau licence", True),
        (31, "Licence needs the network once; checks until 24/01/2027", True),
        (61, "Licence not renewed over the network: reading and exporting only", False),
    ],
)
def test_offline(pc: Pc, qtbot, sample: Path, days: int, bar: str, may_check: bool) -> None:
    file = sample / "weekly-2026-11-26.csv"
    window = pc.open()
    pc.bring(window, licence())
    assert window.notices.text == "The licence is taken: Bureau licence"
    checked(qtbot, window, lambda: window.page.files_dropped([file]))
    lines = len(window.view_model.result.run)
    pc.now += dt.timedelta(days=days)
    assert pc.look(window) == bar
    if may_check:
        checked(qtbot, window, lambda: window.page.files_dropped([sample / "monthly-2026-11-27.xlsx"]))
        assert len(window.view_model.result.run) > lines
    else:
        said = refused(qtbot, window, sample / "aepn-2026-11-26.json")
        assert "has not reached the service for more than 60 days, so new checks have stopped" in said
        assert "Everything you checked can still be read, reopened and exported" in said
        assert window.view_model.paths == (file,), "what is shown is what was checked"
        assert len(window.view_model.result.run) == lines
        window.notices.shown[-1].findChildren(QPushButton)[0].click()
        assert window.rail.buttons["office"].isChecked()
        page = pc.office(window)
        assert page.licence.headline.text() == "Reading and exporting only"
    with qtbot.waitSignal(window.view_model.writing.reported, timeout=LONG):
        window.view_model.writing.write_report(pc.folder / "report.pdf")
    assert (pc.folder / "report.pdf").stat().st_size > 10_000


def test_the_trial_and_after_it(pc: Pc, qtbot, sample: Path) -> None:
    window = pc.open()
    page = pc.office(window)
    assert page.licence.headline.text() == "Trial"
    assert "without a card" in page.licence.text.text()
    for days, headline in ((31, "The licence needs you"), (61, "Reading and exporting only")):
        pc.now = START + dt.timedelta(days=days)
        pc.look(window)
        assert page.licence.headline.text() == headline
    assert "The trial is over" in refused(qtbot, window, sample / "weekly-2026-11-26.csv")
    assert window.view_model.paths == ()
    checked(qtbot, window, window.view_model.open_sample)
    assert window.page.shows_result, "the sample always works"
    pc.bring(window, licence(pc.now))
    checked(qtbot, window, lambda: window.page.files_dropped([sample / "weekly-2026-11-26.csv"]))


@pytest.mark.parametrize(
    ("held", "days", "headline", "says"),
    [
        ({"valid_until": START + dt.timedelta(days=5)}, 6, "Licensed, renewal due", "renewal has not come in"),
        ({"valid_until": START - dt.timedelta(days=35)}, 0, "The licence needs you", "was not renewed"),
        ({"ended": "refunded"}, 1, "The licence is ending", "was taken back"),
        ({"ended": "refunded"}, 31, "Reading and exporting only", "The licence has ended"),
        ({}, -3, "Licensed", "clock was set back. That is forgiven"),
    ],
    ids=["grace", "unpaid", "revoked", "ended", "clock"],
)
def test_every_standing_is_said(pc: Pc, qtbot, held: dict, days: int, headline: str, says: str) -> None:
    window = pc.open()
    pc.bring(window, licence(**held))
    pc.now += dt.timedelta(days=days)
    pc.look(window)
    page = pc.office(window)
    assert page.licence.headline.text() == headline
    assert says in page.licence.text.text()


def test_another_offices_licence_is_not_taken(pc: Pc, qtbot) -> None:
    window = pc.open()
    pc.bring(window, licence())
    pc.bring(window, licence(office="0197f3a2-6c1e-7b5a-9d40-000000000000", serial=8))
    assert "belongs to another office" in window.notices.text
    pc.bring(window, licence(serial=9), key="three")
    assert "signed with a key this version does not know" in window.notices.text
    assert pc.look(window) == "Bureau licence"


def test_a_pasted_licence(pc: Pc, qtbot) -> None:
    window = pc.open()
    page = pc.office(window)
    page.licence.paste_button.click()
    asked = dialog(qtbot, window, PasteDialog)
    assert not asked.accept_button.isEnabled()
    token = sign_licence(licence(), private("two"))
    asked.field.setPlainText("\n".join(token[at : at + 60] for at in range(0, len(token), 60)))
    asked.accept_button.click()
    qtbot.waitUntil(lambda: page.licence.headline.text() == "Licensed", timeout=LONG)


def test_a_pc_without_a_network_asks(pc: Pc, qtbot) -> None:
    window = pc.open()
    page = pc.office(window)
    page.licence.request_button.click()
    asked = dialog(qtbot, window, LicenceRequestDialog)
    assert not asked.picture.pixmap().isNull()
    asked.save_button.click()
    request = read_request((pc.folder / "licence-request.txt").read_bytes())
    asked.reject()
    pc.bring(window, file_licence(device=request.device))
    assert window.notices.text == "The licence is taken: Bureau licence"
    pc.bring(window, file_licence(device="another", serial=8))
    assert "made for another PC" in window.notices.text


def test_more_clients_than_the_licence_holds_are_said_and_stop_nothing(pc: Pc, qtbot, sample: Path) -> None:
    window = pc.open()
    pc.bring(window, licence(employees=3))
    checked(qtbot, window, lambda: window.page.files_dropped([sample / "weekly-2026-11-26.csv"]))
    assert "holds up to 3 employees" in window.notices.text


def test_the_sample_employer_needs_none(qtbot) -> None:
    window = opened(qtbot)
    window.go_to("office")
    page = window.page_named("office")
    assert page.licence.headline.text() == "The sample employer needs no licence"
    assert not page.licence.file_button.isEnabled()
