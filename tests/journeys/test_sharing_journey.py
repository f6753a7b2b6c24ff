"""Two PCs of an office in their windows: made, joined by ticket, let in by six words, in step, revoked."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from autoenroll_desktop import __version__
from autoenroll_desktop.app import Kept
from autoenroll_desktop.ui.dialogs.account import AccountDialog
from autoenroll_desktop.ui.dialogs.hand_over import HandOverDialog
from autoenroll_desktop.ui.dialogs.recovery_code import RecoveryCodeDialog
from autoenroll_desktop.ui.dialogs.role import RoleDialog
from autoenroll_desktop.ui.dialogs.sheet_dialog import SheetDialog
from autoenroll_desktop.ui.main_window import MainWindow
from autoenroll_desktop.ui.pages.office_people import PeopleCard
from autoenroll_desktop.ui.pages.office_sync import SyncCard
from server_sync.database.embedded import Embedded
from tests.driving import LONG, checked, dialog, opened
from tests.server.desk import PASSWORD
from tests.server.serving import Serving


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="autoenroll-serve-") as folder:
        Path(folder).chmod(0o711)  # the account the database runs under goes through it
        data = Path(folder) / "data"
        service = Serving(data)
        try:
            yield service.address
        finally:
            service.stop()
            Embedded(data).stop()


@pytest.fixture(autouse=True)
def _here(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOENROLL_PASSPHRASE", "a passphrase of this test")
    monkeypatch.setenv("AUTOENROLL_SERVICE", address)


def pc(qtbot, folder: Path) -> MainWindow:
    folder.mkdir()
    kept = Kept(folder, folder / "store", folder / "window.ini", folder / "licence.json")
    window = opened(qtbot, kept=kept)
    window.go_to("office")
    qtbot.waitUntil(card(window).create_button.isEnabled, timeout=LONG)
    return window


def card(window: MainWindow) -> SyncCard:
    return window.page_named("office").sync


def fill(qtbot, window: MainWindow, **texts: str) -> None:
    asked = dialog(qtbot, window, AccountDialog)
    for name, text in texts.items():
        asked.fields[name.replace("_", "-")].setText(text)
    asked.accept_button.click()


def said(qtbot, window: MainWindow, headline: str) -> None:
    qtbot.waitUntil(lambda: card(window).headline.text() == headline and not window.office.sync.work.busy, timeout=LONG)


def button(window: MainWindow, text: str) -> QPushButton:
    return next(one for one in card(window).rows.shown if isinstance(one, QPushButton) and one.text() == text)


def listed(qtbot, window: MainWindow, state: str, number: int) -> None:
    window.office.sync.list_devices()
    qtbot.waitUntil(
        lambda: (
            not window.office.sync.work.busy and sum(one.state == state for one in window.office.sync.devices) == number
        ),
        timeout=LONG,
    )


def people(qtbot, window: MainWindow, *rows: str) -> PeopleCard:
    """The card of the people, once it shows these roles."""
    window.office.sync.list_people()
    shown = window.page_named("office").people

    def there() -> bool:
        labels = [one.text() for one in shown.rows.shown if isinstance(one, QLabel)]
        return not window.office.sync.work.busy and [one.partition(" · ")[0] for one in labels[1::2]] == [*rows]

    qtbot.waitUntil(there, timeout=LONG)
    return shown


def of_person(card: PeopleCard, text: str, row: int) -> QPushButton:
    """The button of that text in a person's row."""
    found = [one for one in card.rows.shown if isinstance(one, QPushButton) and one.text() == text]
    return found[row]


def choose(qtbot, window: MainWindow, role: str) -> None:
    """Choose a role in the dialog and accept it."""
    asked = dialog(qtbot, window, RoleDialog)
    asked.choice.setCurrentIndex(asked.choice.findData(role))
    assert len(asked.may.text()) > 20, "what the role may do is said"
    asked.accept_button.click()


def let_in(qtbot, window: MainWindow, other: MainWindow) -> None:
    """Let a PC that waits in, after its six words were compared."""
    listed(qtbot, window, "waiting", 1)
    words = window.office.sync.devices[0].words
    assert words in card(other).text.text(), "both screens show the same six words"
    button(window, "Let in…").click()
    asked = dialog(qtbot, window, SheetDialog)
    assert words in asked.about.text()
    asked.accept_button.click()


def test_two_pcs_share_a_run(qtbot, tmp_path: Path, sample: Path) -> None:
    first = pc(qtbot, tmp_path / "a")
    card(first).create_button.click()
    email = f"{uuid4().hex}@example.ie"
    fill(qtbot, first, email=email, password=PASSWORD, password_again=PASSWORD)
    dialog(qtbot, first, RecoveryCodeDialog).accept()
    qtbot.waitUntil(card(first).ticket_button.isVisible, timeout=LONG)
    qtbot.waitUntil(card(first).ticket_button.isEnabled, timeout=LONG)
    card(first).ticket_button.click()
    shown = dialog(qtbot, first, HandOverDialog)
    ticket = shown.text.toPlainText()
    shown.reject()
    first.go_to("check")
    checked(qtbot, first, lambda: first.page.files_dropped([sample / "weekly-2026-11-26.csv"]))
    first.go_to("office")

    second = pc(qtbot, tmp_path / "b")
    card(second).join_button.click()
    fill(qtbot, second, ticket=ticket, email=email, password=PASSWORD)
    said(qtbot, second, "Waiting to be let in")
    let_in(qtbot, first, second)
    listed(qtbot, first, "active", 2)

    for window in (first, second):
        card(window).now_button.click()
        said(qtbot, window, "In sync with the office")
    assert second.status.standing.sync.text() == "In sync"
    assert "Sent since this PC joined" in card(first).text.text()
    assert runs(second) == runs(first) != []
    listed(qtbot, first, "active", 2)
    assert card(first).fleet.text() == f"What the office’s devices run: {__version__} on 2"

    listed(qtbot, first, "active", 2)
    button(first, "Revoke").click()
    dialog(qtbot, first, SheetDialog).accept_button.click()
    listed(qtbot, first, "revoked", 1)
    assert card(first).key_button.isVisible(), "the office key is to be changed now"
    second.office.sync.sync_now()
    said(qtbot, second, "This PC was taken out of the office")
    assert runs(second) == runs(first), "what was shared stays"
    card(first).key_button.click()
    dialog(qtbot, first, RecoveryCodeDialog).accept()
    qtbot.waitUntil(lambda: not card(first).key_button.isVisible() and not first.office.sync.work.busy, timeout=LONG)
    for one in first.findChildren(RecoveryCodeDialog):
        one.accept()  # the office's code, and the one of what is kept here
    _people_come_and_go(qtbot, first, tmp_path)


def _people_come_and_go(qtbot, first: MainWindow, tmp_path: Path) -> None:
    """The owner invites a reader, makes a clerk of them, and removes them; nobody removes the last owner."""
    assert people(qtbot, first, "owner").headline.text() == "Your role here: owner"
    people(qtbot, first, "owner").invite_button.click()
    choose(qtbot, first, "read-only")
    shown = dialog(qtbot, first, HandOverDialog)
    ticket = shown.text.toPlainText()
    shown.reject()
    third = pc(qtbot, tmp_path / "c")
    assert not third.page_named("office").people.isVisible(), "a PC in no office has no people"
    card(third).join_button.click()
    fill(qtbot, third, ticket=ticket, email=f"{uuid4().hex}@example.ie", password=PASSWORD)
    said(qtbot, third, "Waiting to be let in")
    let_in(qtbot, first, third)
    listed(qtbot, first, "active", 2)
    card(third).now_button.click()
    said(qtbot, third, "In sync with the office")
    listed(qtbot, third, "active", 2)
    assert not card(third).fleet.isVisible(), "a reader looks after no computers"
    theirs = people(qtbot, third, "owner", "reader")
    assert theirs.headline.text() == "Your role here: reader"
    assert not theirs.invite_button.isVisible()
    assert not any(isinstance(one, QPushButton) for one in theirs.rows.shown)

    of_person(people(qtbot, first, "owner", "reader"), "Change role…", 1).click()
    choose(qtbot, first, "it")
    people(qtbot, first, "owner", "IT")
    third.office.sync.sync_now()
    qtbot.waitUntil(lambda: theirs.headline.text() == "Your role here: IT", timeout=LONG)
    listed(qtbot, third, "active", 2)
    assert card(third).fleet.isVisible(), "who looks after the computers sees what they run"

    first.notices.say("", "")
    of_person(people(qtbot, first, "owner", "IT"), "Change role…", 0).click()
    choose(qtbot, first, "clerk")
    qtbot.waitUntil(lambda: "An office keeps at least one owner" in first.notices.text, timeout=LONG)
    of_person(people(qtbot, first, "owner", "IT"), "Remove", 0).click()
    asked = dialog(qtbot, first, SheetDialog)
    assert "revoked at once" in asked.about.text()
    asked.accept_button.click()
    people(qtbot, first, "owner")
    assert card(first).key_button.isVisible(), "the office key is to be changed now"
    third.office.sync.sync_now()
    said(qtbot, third, "This PC was taken out of the office")
    assert not theirs.isVisible()


def runs(window: MainWindow) -> list[str]:
    """The ids of the kept runs."""
    from autoenroll_desktop.store.lists import runs_kept

    store = window.office.sync.desk.opened(window.view_model.now())
    with store.reading() as connection:
        return sorted(one.id for one in runs_kept(connection, None, limit=None))


def test_a_wrong_ticket_is_said_and_nothing_is_joined(qtbot, tmp_path: Path) -> None:
    window = pc(qtbot, tmp_path / "e")
    card(window).join_button.click()
    fill(qtbot, window, ticket="no ticket", email="a@example.ie", password=PASSWORD)
    qtbot.waitUntil(lambda: bool(window.notices.text), timeout=LONG)
    assert "ticket" in window.notices.text
    assert card(window).headline.text() == "This PC shares nothing"


def test_a_policy_keeps_everything_here(qtbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from autoenroll_desktop.policy import sources

    file = tmp_path / "policies.json"
    file.write_text('{"sync": false}')
    monkeypatch.setattr(sources, "files", lambda: (file,))
    sources.in_force.cache_clear()
    try:
        folder = tmp_path / "d"
        folder.mkdir()
        window = opened(qtbot, kept=Kept(folder, folder / "store", folder / "window.ini", folder / "licence.json"))
        window.go_to("office")
        said(qtbot, window, "Sync is off on this computer")
        window.view_model._desk.store(window.view_model.now())
        window.office.sync.look()
        qtbot.waitUntil(window.status.standing.sync.isVisible, timeout=LONG)
        assert not card(window).create_button.isVisible()
        assert window.status.standing.sync.text() == "Sync is off by policy"
        window.close()
    finally:
        sources.in_force.cache_clear()
