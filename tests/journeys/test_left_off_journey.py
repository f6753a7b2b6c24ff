"""Work that was left off, and PPSNs shown for a while: what a crash leaves, what is offered, what is noted."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication, QPushButton

from autoenroll_desktop.actions.desk import Desk, DeskState
from autoenroll_desktop.actions.write_files import Output, offers
from autoenroll_desktop.app import build_window
from autoenroll_desktop.policy.policies import Policies
from autoenroll_desktop.store import audit
from autoenroll_desktop.ui.dialogs.recipe_preview import RecipePreview
from autoenroll_desktop.ui.dialogs.recovery_code import RecoveryCodeDialog
from autoenroll_desktop.ui.view_models.sheet import COLUMNS
from tests.driving import LONG, NOW, checked, dialog, kept_in, opened, sample, settled
from tests.killed_window import TYPED
from tests.storing import write_week

WORDS = "four plain words here"
ROWS = [("1234567FA", "Séamus", "Ó Briain", "742.80"), ("9107738OA", "Caoimhe", "Ní Dhomhnaill", "700.00")]
PPSN = COLUMNS.index("ppsn")


@pytest.fixture(autouse=True)
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store opens without a question."""
    monkeypatch.setenv("AUTOENROLL_PASSPHRASE", WORDS)


@pytest.fixture
def week(tmp_path: Path) -> Path:
    folder = tmp_path / "Brady Bakers"
    folder.mkdir()
    return write_week(folder / "week.csv", "2026-11-26", ROWS)


def trail(folder: Path) -> list[tuple[str, str]]:
    """What was done, and to what."""
    desk = Desk(folder / "store")
    desk.unlock(WORDS, NOW)
    with desk.opened(NOW).reading() as connection:
        told = [(entry["what"], entry["subject"]) for entry in audit.entries(connection)]
    desk.close()
    return told


def left(folder: Path) -> list[int]:
    """How many steps each draft in the store has."""
    desk = Desk(folder / "store")
    desk.unlock(WORDS, NOW)
    found = [len(one.recipe) for one in desk.unsaved()]
    desk.close()
    return found


def open_store(qtbot, folder: Path, **options):
    window = opened(qtbot, kept=kept_in(folder), **options)
    qtbot.waitUntil(lambda: window.store.state in (DeskState.KEPT, DeskState.CLOSED), timeout=LONG)
    return window


def saved(qtbot, window) -> None:
    qtbot.waitUntil(lambda: window.left_off.saved and not window.store.busy, timeout=LONG)


def quiet(qtbot, window) -> None:
    qtbot.waitUntil(lambda: not window.store.busy, timeout=LONG)


def offer(window) -> QPushButton:
    """The button of the message that stands there."""
    return window.notices.shown[-1].findChildren(QPushButton)[0]


def edit(qtbot, window, field: str = "ppsn", text: str = TYPED) -> None:
    checked(qtbot, window, lambda: window.view_model.fixing.edit(0, field, text))


# Steps that are in no file yet


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_steps_of_a_killed_window_are_there_after_the_next_start(qtbot, tmp_path: Path, sample: Path) -> None:
    files = [shutil.copy(sample / name, tmp_path) for name in ("weekly-2026-11-26.csv", "aepn-2026-11-26.json")]
    command = [sys.executable, "-m", "tests.killed_window", str(tmp_path), str(tmp_path), *map(str, files)]
    killed = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    steps = int(killed.stdout)
    window = open_store(qtbot, tmp_path)
    qtbot.waitUntil(lambda: bool(window.notices.text), timeout=LONG)
    assert f"{steps} steps on weekly-2026-11-26.csv + 1" in window.notices.text
    checked(qtbot, window, offer(window).click)
    assert len(window.view_model.steps) == steps
    assert window.view_model.result.run["ppsn"][0] == TYPED
    assert window.view_model.writing.unwritten == steps
    saved(qtbot, window)
    assert left(tmp_path) == [steps], "and they would survive another"
    window.close()
    assert left(tmp_path) == [], "left on purpose"


def test_the_same_files_bring_it_up_again_and_turning_it_down_loses_nothing(qtbot, tmp_path: Path, week: Path) -> None:
    first = open_store(qtbot, tmp_path)
    checked(qtbot, first, lambda: first.page.files_dropped([week]))
    edit(qtbot, first)
    edit(qtbot, first, "first_name", "Jim")
    saved(qtbot, first)
    second = open_store(qtbot, tmp_path)  # as after a crash: the first never closed
    qtbot.waitUntil(lambda: bool(second.notices.text), timeout=LONG)
    second.say("", "")
    checked(qtbot, second, lambda: second.page.files_dropped([week]))
    qtbot.waitUntil(lambda: "2 steps" in second.notices.text, timeout=LONG)
    assert left(tmp_path) == [2]
    checked(qtbot, second, second.take_up)
    assert [one.key for one in second.view_model.steps] == ["", ""]
    assert second.view_model.result.run["first_name"][0] == "Jim"


def test_what_is_written_undone_or_let_go_of_is_not_offered(qtbot, tmp_path: Path, week: Path) -> None:
    window = open_store(qtbot, tmp_path, choose_save=lambda name, _kinds: tmp_path / Path(name).name)
    checked(qtbot, window, lambda: window.page.files_dropped([week]))
    edit(qtbot, window)
    saved(qtbot, window)
    checked(qtbot, window, window.view_model.fixing.undo)
    quiet(qtbot, window)
    assert left(tmp_path) == [], "undone"
    edit(qtbot, window)
    saved(qtbot, window)
    with qtbot.waitSignal(window.view_model.writing.reported, timeout=LONG):
        window.page.fixing.save_recipe()
    quiet(qtbot, window)
    assert left(tmp_path) == [], "written"
    edit(qtbot, window, "first_name", "Jim")
    saved(qtbot, window)
    window.page.start_over()
    quiet(qtbot, window)
    assert left(tmp_path) == [], "let go of"


def test_files_that_are_gone_keep_their_steps(qtbot, tmp_path: Path, week: Path) -> None:
    first = open_store(qtbot, tmp_path)
    checked(qtbot, first, lambda: first.page.files_dropped([week]))
    edit(qtbot, first)
    saved(qtbot, first)
    away = week.rename(week.with_suffix(".away"))
    second = open_store(qtbot, tmp_path)
    qtbot.waitUntil(lambda: second.left_off.waiting is not None, timeout=LONG)
    checked(qtbot, second, second.take_up)
    assert second.view_model.steps == ()
    second.close()
    assert left(tmp_path) == [1], "nobody has had them back"
    away.rename(week)
    third = open_store(qtbot, tmp_path)
    qtbot.waitUntil(lambda: third.left_off.waiting is not None, timeout=LONG)
    checked(qtbot, third, third.take_up)
    assert third.view_model.result.run["ppsn"][0] == TYPED


def test_a_locked_or_missing_store_stops_no_step(qtbot, tmp_path: Path, week: Path, monkeypatch) -> None:
    monkeypatch.delenv("AUTOENROLL_PASSPHRASE")
    window = opened(qtbot)
    checked(qtbot, window, lambda: window.page.files_dropped([week]))
    edit(qtbot, window)
    quiet(qtbot, window)
    assert not window.left_off.saved
    assert window.notices.text == ""


# Recipes


def test_what_was_put_right_is_offered_for_the_employers_next_run(qtbot, tmp_path: Path, week: Path) -> None:
    window = open_store(qtbot, tmp_path, choose_save=lambda name, _kinds: tmp_path / Path(name).name)
    checked(qtbot, window, lambda: window.page.files_dropped([week]))
    edit(qtbot, window, "gross_pay", "800")
    edit(qtbot, window)
    corrected = next(one for one in offers(window.view_model.bench) if one.output is Output.CORRECTED)
    with qtbot.waitSignal(window.view_model.writing.reported, timeout=LONG):
        window.page.writing.write(corrected)
    window.page.start_over()
    other = write_week(tmp_path / "other.csv", "2026-12-03", ROWS, "3390617EH")
    checked(qtbot, window, lambda: window.page.files_dropped([other]))
    quiet(qtbot, window)
    assert "kept when this" not in window.notices.text, "another employer's"
    window.page.start_over()
    following = write_week(tmp_path / "next.csv", "2026-12-03", ROWS)
    checked(qtbot, window, lambda: window.page.files_dropped([following]))
    qtbot.waitUntil(lambda: window.notices.text.startswith("2 steps were kept"), timeout=LONG)
    offer(window).click()
    preview = dialog(qtbot, window, RecipePreview)
    assert preview.list.count() == 2
    checked(qtbot, window, preview.accept)
    assert window.view_model.result.run["ppsn"][0] == TYPED
    assert window.view_model.result.run["gross_pay"][0] == 80_000


# PPSNs in full


def ppsn(window) -> str:
    return window.page.lines.data(window.page.lines.index(0, PPSN))


def copied(window) -> str:
    window.page.grid.fixed.selectAll()
    window.page.grid.copy()
    return QApplication.clipboard().text()


def test_ppsns_are_shown_once_that_is_noted_and_masked_again_soon(qtbot, tmp_path: Path, week: Path) -> None:
    window = open_store(qtbot, tmp_path)
    checked(qtbot, window, lambda: window.page.files_dropped([week]))
    full = ROWS[0][0]
    assert full not in copied(window)
    dialog(qtbot, window, RecoveryCodeDialog).accept()
    window.activateWindow()  # as the desktop does when a dialog goes
    qtbot.waitUntil(window.isActiveWindow, timeout=LONG)
    qtbot.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: ppsn(window) == full, timeout=LONG)
    assert window.page.panel.ppsn_shown.isChecked()
    run = window.view_model.kept_runs[0]
    assert trail(tmp_path)[-1] == ("ppsns-shown", run)
    assert full in copied(window)
    assert window.page.unmasking.timer.isActive()
    window.go_to("help")
    window.go_to("check")
    assert ppsn(window) == "•••••67FA", "another page masks them"
    assert full not in copied(window)
    window.page.panel.ppsn_shown.click()
    qtbot.waitUntil(lambda: ppsn(window) == full, timeout=LONG)
    window.page.unmasking.timer.timeout.emit()
    assert ppsn(window) == "•••••67FA", "time masks them"
    window.page.panel.ppsn_shown.click()
    qtbot.waitUntil(lambda: ppsn(window) == full, timeout=LONG)
    window.guard.lock()
    assert not window.page.unmasking.shown, "the cover masks them"
    assert [what for what, _ in trail(tmp_path)].count("ppsns-shown") == 3, "each time"


def test_a_new_check_masks_them_and_an_edit_does_not(qtbot, tmp_path: Path, week: Path) -> None:
    window = open_store(qtbot, tmp_path)
    checked(qtbot, window, lambda: window.page.files_dropped([week]))
    window.page.panel.ppsn_shown.click()
    qtbot.waitUntil(lambda: ppsn(window) == ROWS[0][0], timeout=LONG)
    edit(qtbot, window)
    assert ppsn(window) == TYPED
    checked(qtbot, window, window.page.files.check_again)
    assert ppsn(window) == "•••••21UA"


def test_a_masked_number_is_not_shown_by_its_editor_and_not_changed_in_part(qtbot, tmp_path: Path, week: Path) -> None:
    window = open_store(qtbot, tmp_path)
    checked(qtbot, window, lambda: window.page.files_dropped([week]))
    lines = window.page.lines
    cell = lines.index(0, PPSN)
    shown = lines.data(cell, int(Qt.ItemDataRole.EditRole))
    assert shown == "•••••67FA"
    assert not lines.setData(cell, shown)
    lines.setData(cell, shown + "B")
    assert "masked PPSN" in window.notices.text
    assert window.view_model.steps == ()
    with qtbot.waitSignal(window.view_model.checked, timeout=LONG):
        lines.setData(cell, TYPED)
    settled(qtbot, window)
    assert window.view_model.result.run["ppsn"][0] == TYPED


def test_where_it_cannot_be_noted_they_stay_masked(qtbot, tmp_path: Path, week: Path) -> None:
    window = open_store(qtbot, tmp_path)
    checked(qtbot, window, lambda: window.page.files_dropped([week]))
    with window.store.desk.opened(NOW).writing() as connection:
        connection.exec_driver_sql("CREATE TRIGGER no BEFORE INSERT ON audit BEGIN SELECT RAISE(FAIL, 'no'); END")
    window.page.panel.ppsn_shown.click()
    qtbot.waitUntil(lambda: bool(window.notices.text), timeout=LONG)
    assert not window.page.panel.ppsn_shown.isChecked()
    assert ppsn(window) == "•••••67FA"


def test_a_policy_keeps_them_masked_and_the_sample_needs_no_note(qtbot, tmp_path: Path) -> None:
    window = open_store(qtbot, tmp_path)
    sample(qtbot, window)
    full = window.view_model.result.run["ppsn"][0]
    window.page.panel.ppsn_shown.click()
    assert ppsn(window) == full
    window.page.panel.ppsn_shown.click()
    window.page.unmasking._policies = Policies(forbid_plain_exports=True)
    window.page.panel.ppsn_shown.click()
    assert ppsn(window) != full
    assert "forbid-plain-exports" in window.notices.text


# Folders


def test_last_folders_are_in_the_store_and_in_no_readable_file(qtbot, tmp_path: Path, week: Path) -> None:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    settings.setValue("folder/write", "/clients/Hegarty")
    settings.sync()
    window = open_store(qtbot, tmp_path)
    assert window.store.folders.of("write") == "/clients/Hegarty", "as an earlier version kept it"
    checked(qtbot, window, lambda: window.page.files.add([week]))
    quiet(qtbot, window)
    window.close()
    assert not any(name in (tmp_path / "window.ini").read_text() for name in ("Brady", "Hegarty", "folder"))
    again = build_window(lambda: NOW, kept=kept_in(tmp_path))
    qtbot.addWidget(again)
    assert again.store.folders.of("open") == "", "the store is not open yet"
    again.show()
    qtbot.waitUntil(lambda: again.store.folders.of("open") == str(week.parent), timeout=LONG)
    assert again.store.folders.of("write") == "/clients/Hegarty"
    again.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system's own dialog is used")
def test_qts_file_dialog_leaves_no_folder_behind(tmp_path: Path) -> None:
    folder = tmp_path / "Hegarty Ltd"
    folder.mkdir()
    code = (
        "import sys\nfrom PySide6.QtWidgets import QApplication, QFileDialog\n"
        "from autoenroll_desktop.app import forget_qt_folders\n"
        "if sys.argv[2] == 'forget': forget_qt_folders()\n"
        "application = QApplication([])\ndialog = QFileDialog(None, 'x', sys.argv[1])\n"
        "dialog.setOption(QFileDialog.Option.DontUseNativeDialog)\n"
        "dialog.show(); application.processEvents(); dialog.reject(); del dialog"
    )
    for what, found in (("forget", False), ("as Qt does it", True)):
        environment = {**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / ".config")}
        subprocess.run([sys.executable, "-c", code, str(folder), what], check=True, env=environment)
        assert any("Hegarty" in path.read_text() for path in (tmp_path / ".config").rglob("*.conf")) is found
