"""What is kept, seen from the window: unlocking, making a store, the app lock, the recovery code, the daily upkeep."""

import datetime as dt
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from autoenroll_desktop.actions.desk import Desk, DeskState
from autoenroll_desktop.actions.open_store import recover
from autoenroll_desktop.app import Kept
from autoenroll_desktop.store.lists import runs_kept
from autoenroll_desktop.ui.dialogs.passphrase import PassphraseDialog
from autoenroll_desktop.ui.dialogs.recovery_code import RecoveryCodeDialog
from tests.driving import LONG, NOW, checked, dialog, kept_in, opened
from tests.storing import write_week

PASSPHRASE = "four plain words here"
ROWS = [("1234567FA", "Séamus", "Ó Briain", "742.80"), ("9107738OA", "Caoimhe", "Ní Dhomhnaill", "700.00")]


@pytest.fixture
def week(tmp_path: Path) -> Path:
    return write_week(tmp_path / "week.csv", "2026-11-26", ROWS)


def made(folder: Path) -> None:
    """A store that opens with the passphrase, as an earlier window left it."""
    desk = Desk(folder / "store")
    desk.make(PASSPHRASE, NOW)
    desk.close()


def runs(folder: Path) -> int:
    """How many runs are kept."""
    desk = Desk(folder / "store")
    desk.unlock(PASSPHRASE, NOW)
    with desk.opened(NOW).reading() as connection:
        number = len(runs_kept(connection))
    desk.close()
    return number


def give(qtbot, asked: PassphraseDialog, text: str) -> None:
    asked.form.field.setText(text)
    asked.form.again.setText(text)
    qtbot.keyClick(asked.form.field, Qt.Key.Key_Return)


def no_dialogs(qtbot, window) -> None:
    qtbot.waitUntil(lambda: not any(one.isVisible() for one in window.findChildren(QDialog)), timeout=LONG)


def stands(qtbot, window, state: DeskState) -> None:
    qtbot.waitUntil(lambda: window.store.state is state and not window.store.busy, timeout=LONG)


def test_a_locked_store_is_asked_for_and_a_wrong_passphrase_can_be_typed_again(qtbot, tmp_path: Path) -> None:
    made(tmp_path)
    window = opened(qtbot, kept=kept_in(tmp_path))
    asked = dialog(qtbot, window, PassphraseDialog)
    assert window.status.standing.store.text() == "Locked"
    give(qtbot, asked, "another passphrase")
    qtbot.waitUntil(asked.form.problem.isVisible, timeout=LONG)
    assert "wrong" in asked.form.problem.text()
    give(qtbot, asked, PASSPHRASE)
    stands(qtbot, window, DeskState.KEPT)
    no_dialogs(qtbot, window)
    assert window.status.standing.store.text() == "Kept, encrypted"


def test_checks_go_on_without_a_locked_store_and_are_kept_once_it_is_open(qtbot, tmp_path: Path, week: Path) -> None:
    made(tmp_path)
    window = opened(qtbot, kept=kept_in(tmp_path))
    dialog(qtbot, window, PassphraseDialog).reject()
    checked(qtbot, window, lambda: window.page.files_dropped([week]))
    assert len(window.view_model.result.run) == 2
    no_dialogs(qtbot, window)
    assert runs(tmp_path) == 0
    window.status.standing.store.click()
    asked = dialog(qtbot, window, PassphraseDialog)
    checked(qtbot, window, lambda: give(qtbot, asked, PASSPHRASE))
    window.close()
    assert runs(tmp_path) == 1


def test_without_a_keyring_a_passphrase_is_chosen_and_the_code_is_shown_once(qtbot, tmp_path: Path, week: Path) -> None:
    window = opened(qtbot, kept=kept_in(tmp_path))
    checked(qtbot, window, lambda: window.page.files_dropped([week]))
    asked = dialog(qtbot, window, PassphraseDialog)
    asked.form.field.setText("short")
    asked.form.again.setText("short")
    assert not asked.accept_button.isEnabled()
    asked.form.field.setText(PASSPHRASE)
    assert not asked.accept_button.isEnabled(), "the two differ"
    with qtbot.waitSignal(window.view_model.checked, timeout=LONG):
        give(qtbot, asked, PASSPHRASE)
    code = dialog(qtbot, window, RecoveryCodeDialog).code.text().replace("\n", "")
    assert window.store.desk.code == "", "kept nowhere"
    window.close()
    assert runs(tmp_path) == 1, "what was checked before is kept now"
    recover(tmp_path / "store", code, NOW, passphrase=lambda: "a new passphrase").close()


def test_going_on_without_keeping_is_asked_once_and_stands_in_the_status_bar(qtbot, tmp_path: Path, week: Path) -> None:
    window = opened(qtbot, kept=kept_in(tmp_path))
    checked(qtbot, window, lambda: window.page.files_dropped([week]))
    dialog(qtbot, window, PassphraseDialog).reject()
    no_dialogs(qtbot, window)
    checked(qtbot, window, window.page.files.check_again)
    no_dialogs(qtbot, window)
    assert window.status.standing.store.text() == "Not kept: no passphrase yet"
    assert not (tmp_path / "store").exists()


def test_looking_again_does_not_forget_that_a_passphrase_is_wanted(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "store")
    assert desk.store(NOW, make=False) is None
    assert desk.state is DeskState.CLOSED
    assert desk.store(NOW) is None
    assert desk.state is DeskState.UNMADE
    desk.store(NOW, make=False)
    assert desk.state is DeskState.UNMADE
    assert desk.refused is not None


def unlocked(qtbot, folder: Path):
    """A window whose store is open."""
    made(folder)
    window = opened(qtbot, kept=kept_in(folder))
    give(qtbot, dialog(qtbot, window, PassphraseDialog), PASSPHRASE)
    stands(qtbot, window, DeskState.KEPT)
    no_dialogs(qtbot, window)
    return window


def test_a_locked_window_shows_nothing_and_does_nothing(qtbot, tmp_path: Path, week: Path) -> None:
    window = unlocked(qtbot, tmp_path)
    checked(qtbot, window, lambda: window.page.files_dropped([week]))
    window.page.files.show_file(0)
    window.say("warning", "about a client")
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    window.guard.lock()
    stands(qtbot, window, DeskState.LOCKED)
    no_dialogs(qtbot, window)
    assert not window.page.isVisible()
    assert not window.notices.isVisible()
    assert window.store.desk._store is None, "nothing is open behind the cover"
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    no_dialogs(qtbot, window)
    window.choose("theme", "dark")
    assert not window.page.isVisible(), "another look of the window does not uncover it"
    cover = window.guard.cover
    cover.form.field.setText("another passphrase")
    cover.button.click()
    qtbot.waitUntil(cover.form.problem.isVisible, timeout=LONG)
    assert not window.page.isVisible()
    cover.form.field.setText(PASSPHRASE)
    cover.button.click()
    qtbot.waitUntil(window.page.isVisible, timeout=LONG)
    assert len(window.view_model.result.run) == 2, "the work is as it was left"


def test_files_from_outside_wait_behind_the_cover(qtbot, tmp_path: Path, week: Path) -> None:
    window = unlocked(qtbot, tmp_path)
    window.guard.lock()
    stands(qtbot, window, DeskState.LOCKED)
    with qtbot.waitSignal(window.view_model.checked, timeout=LONG):
        window.take_files([week])
    assert window.guard.covered
    assert not window.page.isVisible()
    assert not any(one.isVisible() for one in window.findChildren(QDialog))
    window.guard.cover.form.field.setText(PASSPHRASE)
    checked(qtbot, window, window.guard.cover.button.click)
    window.close()
    assert runs(tmp_path) == 1, "kept once the store is open again"


def test_a_window_closed_at_once_starts_nothing_more(qtbot, tmp_path: Path) -> None:
    made(tmp_path)
    window = opened(qtbot, kept=kept_in(tmp_path))
    window.close()
    assert not window._looking.isActive()
    window.store.look()
    assert not window.store.busy, "a job nobody waits for would hold the program up when the window is deleted"


def test_what_is_under_way_is_kept_before_the_store_is_shut(qtbot, tmp_path: Path, week: Path) -> None:
    window = unlocked(qtbot, tmp_path)
    with qtbot.waitSignal(window.view_model.checked, timeout=LONG):
        window.page.files_dropped([week])
        window.guard.lock()
        assert window.guard.covered
    stands(qtbot, window, DeskState.LOCKED)
    window.close()
    assert runs(tmp_path) == 1


def test_it_locks_by_itself_when_nobody_uses_it(qtbot, tmp_path: Path) -> None:
    window = unlocked(qtbot, tmp_path)
    window.guard.idle.wait(30)
    stands(qtbot, window, DeskState.LOCKED)
    assert window.guard.covered


def test_a_key_pressed_begins_the_wait_anew(qtbot, tmp_path: Path) -> None:
    window = opened(qtbot)
    window.guard.idle.wait(600_000)
    timer = window.guard.idle._timer
    timer.start(500_000)
    timer.setInterval(600_000)
    qtbot.keyClick(window, Qt.Key.Key_Shift)
    assert timer.remainingTime() > 590_000


@pytest.mark.parametrize(
    ("chosen", "policy", "minutes"), [("0", 0, 0), ("10", 0, 10), ("0", 5, 5), ("30", 5, 5), ("2", 5, 2)]
)
def test_a_policy_is_the_longest_it_stays_open(qtbot, chosen: str, policy: int, minutes: int, monkeypatch) -> None:
    from autoenroll_desktop.ui.idle import Idle

    waited: list[int] = []
    monkeypatch.setattr(Idle, "wait", lambda _self, milliseconds: waited.append(milliseconds // 60_000))
    window = opened(qtbot)
    window.guard._most = policy
    window.choose("auto-lock", chosen)
    assert waited[-1] == minutes


def test_passphrase_and_code_are_changed_in_settings(qtbot, tmp_path: Path) -> None:
    window = unlocked(qtbot, tmp_path)
    window.go_to("settings")
    settings = window.page_named("settings").store
    settings.set_button.click()
    give(qtbot, dialog(qtbot, window, PassphraseDialog), "another four words")
    no_dialogs(qtbot, window)
    settings.code_button.click()
    code = dialog(qtbot, window, RecoveryCodeDialog)
    code.copy_button.click()
    assert code.code.text().count("-") == 8
    code.accept()
    settings.remove_button.click()
    qtbot.waitUntil(lambda: "no keyring" in window.notices.text, timeout=LONG)
    window.close()
    desk = Desk(tmp_path / "store")
    desk.unlock("another four words", NOW)
    desk.close()


def test_the_store_is_looked_after_once_a_day(qtbot, tmp_path: Path) -> None:
    window = unlocked(qtbot, tmp_path)
    with qtbot.waitSignal(window.store.looked_after, timeout=LONG) as told:
        window.store.look_after()
    assert told.args[0].copy.exists()
    assert "copy of what is kept" in window.notices.text
    window.say("", "")
    window.store.look_after()
    stands(qtbot, window, DeskState.KEPT)
    assert window.notices.text == "", "not twice a day"
    window.store._clock = lambda: NOW + dt.timedelta(days=1, minutes=1)
    with qtbot.waitSignal(window.store.looked_after, timeout=LONG):
        window.store.look_after()


def test_the_licence_stands_in_the_status_bar(qtbot, tmp_path: Path) -> None:
    window = opened(qtbot, kept=Kept(tmp_path, licence=tmp_path / "licence.json"))
    qtbot.waitUntil(window.status.standing.licence.isVisible, timeout=LONG)
    assert window.status.standing.licence.text().startswith("Trial until ")
    assert (tmp_path / "licence.json").exists()
