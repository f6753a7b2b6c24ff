"""The other pages, the palette, another language while it runs, columns, a second start, and what is remembered."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from autoenroll_desktop.ui.dialogs.columns import ColumnsDialog
from autoenroll_desktop.ui.dialogs.file_health import FileHealth
from autoenroll_desktop.ui.dialogs.mistake import MistakeDialog
from autoenroll_desktop.ui.dialogs.palette import CommandPalette
from autoenroll_desktop.ui.single_instance import FilesFromOutside, hand_over, instance_name
from autoenroll_desktop.ui.theme import DARK, LIGHT
from tests.conftest import ROOT
from tests.driving import LONG, checked, dialog, go_to, kept_in, opened, sample, settled

STRANGE = (
    "Pers;Nachname;Rufname;Nummer;Emp;Gezahlt;Tag;AE1;AE2\n"
    "101;Ó Briain;Séamus;1234567FA;1;742.80;26/11/2026;11.14;11.14\n"
    "102;Ní Dhomhnaill;Caoimhe;9107738OA;1;700.00;26/11/2026;10.50;10.50\n"
)


def test_language_changes_while_it_runs(qtbot) -> None:
    window = opened(qtbot)
    sample(qtbot, window)
    go_to(window, "contribution-amount/base-basic")
    window.go_to("settings")
    box = window.page_named("settings").boxes["language"]
    box.setCurrentIndex(box.findData("ga"))
    box.activated.emit(box.currentIndex())
    assert window.rail.buttons["settings"].accessibleName() == "Socruithe"
    window.go_to("check")
    settled(qtbot, window)
    assert window.page.banner.word.text() == "NÍL RÉIDH"
    assert window.page.lines.rowCount() == 41, "the result is still there"
    assert window.page.lines.headerData(1, Qt.Orientation.Horizontal) == "Sloinne"
    window.choose("language", "en")
    settled(qtbot, window)
    assert window.page.banner.word.text() == "NOT READY"


@pytest.mark.parametrize("page", ["clients", "office"])
def test_settings_lead_to_what_is_kept_and_what_is_decided(qtbot, page: str) -> None:
    window = opened(qtbot)
    window.go_to("settings")
    text = f"{window.context.words.say(f'page.{page}')}…"
    (way,) = [one for one in window.page_named("settings").findChildren(QPushButton) if one.text() == text]
    way.click()
    assert window.rail.buttons[page].isChecked()


def test_colours_and_size_of_the_text_change_while_it_runs(qtbot, qapp) -> None:
    window = opened(qtbot, theme="light")
    assert window.theme is LIGHT
    points = qapp.font().pointSizeF()
    window.choose("theme", "dark")
    assert window.theme is DARK
    window.choose("text-size", "200")
    assert qapp.font().pointSizeF() == 2 * points
    window.choose("text-size", "100")
    window.choose("theme", "light")
    assert window.theme is LIGHT


def test_the_palette_finds_and_does(qtbot) -> None:
    window = opened(qtbot)
    sample(qtbot, window)
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = dialog(qtbot, window, CommandPalette)
    everything = palette.list.count()
    assert everything > 25
    palette.search.setText("go hel")
    assert palette.list.count() == 1
    palette.search.setText("")
    qtbot.keyClick(palette.search, Qt.Key.Key_Down)
    assert palette.list.currentRow() == 1
    palette.search.setText("settings")
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert window.rail.buttons["settings"].isChecked()


def test_help_opens_at_what_somebody_looks_at(qtbot) -> None:
    window = opened(qtbot)
    sample(qtbot, window)
    go_to(window, "contribution-amount/base-basic")
    qtbot.keyClick(window, Qt.Key.Key_F1)
    page = window.page_named("help")
    qtbot.waitUntil(lambda: page.settled and page.list.currentRow() >= 0, timeout=LONG)
    assert "Contribution amount is wrong" in page.text.toPlainText()
    page.search.setText("66th")
    shown = [page.list.item(row).text() for row in range(page.list.count()) if not page.list.item(row).isHidden()]
    assert "Contribution after the 66th birthday" in shown
    assert len(shown) < page.list.count() / 3
    window.go_to("check")
    window.page.grid.moving.setFocus()
    window.page.grid.go_to(0, "gross_pay")
    qtbot.waitUntil(window.page.grid.moving.hasFocus, timeout=LONG)
    qtbot.keyClick(window, Qt.Key.Key_F1)
    assert "before any deduction" in page.text.toPlainText()


def test_columns_of_headings_nobody_knows_are_said(qtbot, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    path = tmp_path / "strange.csv"
    path.write_text(STRANGE, encoding="utf-8")
    window = opened(qtbot, kept=kept_in(tmp_path / "data"))
    checked(qtbot, window, lambda: window.page.files_dropped([path]))
    assert len(window.view_model.result.run) == 0
    window.page.files.show_file(0)
    health = dialog(qtbot, window, FileHealth)
    health.columns_button.click()
    asked = dialog(qtbot, window, ColumnsDialog)
    assert asked.headers == [*"ABCDEFGHI"], "none of the headings is known"
    asked.heading_row.setValue(1)
    qtbot.waitUntil(lambda: asked.headers[0] == "Pers", timeout=LONG)
    assert asked.headers == STRANGE.splitlines()[0].split(";")
    chosen = {"Pers": "works_number", "Nachname": "family_name", "Rufname": "first_name", "Nummer": "ppsn",
              "Emp": "employment_id", "Gezahlt": "gross_pay", "Tag": "pay_date", "AE1": "ae_employee", "AE2": "ae_employer"}  # fmt: skip
    for box, header in zip(asked.boxes, asked.headers, strict=True):
        box.setCurrentIndex(box.findData(chosen[header]))
    assert "9107738OA" not in " ".join(label.text() for label in asked.findChildren(type(asked.about))), "masked"
    checked(qtbot, window, asked.accept_button.click)
    assert window.view_model.result.run["gross_pay"].tolist() == [74280, 70000]


def test_columns_are_remembered_for_the_same_headings(qtbot, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("AUTOENROLL_PASSPHRASE", "a passphrase of this test")
    (tmp_path / "data").mkdir()
    path = tmp_path / "nearly.csv"
    path.write_text(
        STRANGE.replace("Nummer", "PPSN").replace("Nachname", "Surname").replace("Tag", "Pay Date"), "utf-8"
    )
    window = opened(qtbot, kept=kept_in(tmp_path / "data"))
    checked(qtbot, window, lambda: window.page.files_dropped([path]))
    window.page.files.choose_columns(window.view_model.result.files[0])
    asked = dialog(qtbot, window, ColumnsDialog)
    box = asked.boxes[asked.headers.index("Gezahlt")]
    box.setCurrentIndex(box.findData("gross_pay"))
    assert asked.remember.isChecked()
    checked(qtbot, window, asked.accept_button.click)
    assert window.view_model.result.run["gross_pay"].tolist() == [74280, 70000]
    window.close()
    again = opened(qtbot, kept=kept_in(tmp_path / "data"))
    checked(qtbot, again, lambda: again.page.files_dropped([path]))
    assert again.view_model.result.run["gross_pay"].tolist() == [74280, 70000]


def test_another_sheet_of_a_workbook_is_chosen(qtbot, tmp_path: Path) -> None:
    path = tmp_path / "two-weeks.xlsx"
    path.write_bytes((ROOT / "tests/data/intake/workbooks/several-sheets.xlsx").read_bytes())
    window = opened(qtbot)
    checked(qtbot, window, lambda: window.page.files_dropped([path]))
    assert len(window.view_model.result.run) == 2
    window.page.files.choose_columns(window.view_model.result.files[0])
    asked = dialog(qtbot, window, ColumnsDialog)
    assert asked.sheet.isVisible()
    assert [asked.sheet.itemText(at) for at in range(asked.sheet.count())][:2] == ["Notes", "Week 47"]
    assert asked.sheet.currentText() == "Week 47"
    asked.sheet.setCurrentText("Week 48")
    qtbot.waitUntil(lambda: "Wójcik" in " ".join(one.text() for one in asked.findChildren(QLabel)), timeout=LONG)
    checked(qtbot, window, asked.accept_button.click)
    assert window.view_model.result.run["family_name"].tolist() == ["Ó Briain", "Nic Gabhann", "Wójcik"]


def test_two_columns_for_one_field_are_refused(qtbot, tmp_path: Path) -> None:
    path = tmp_path / "strange.csv"
    path.write_text(STRANGE, encoding="utf-8")
    window = opened(qtbot)
    checked(qtbot, window, lambda: window.page.files_dropped([path]))
    window.page.files.choose_columns(window.view_model.result.files[0])
    asked = dialog(qtbot, window, ColumnsDialog)
    for box in asked.boxes:
        box.setCurrentIndex(box.findData("gross_pay"))
    asked.accept_button.click()
    assert "Two columns were chosen" in window.notices.text


def test_what_the_window_remembers(qtbot, tmp_path: Path) -> None:
    window = opened(qtbot, kept=kept_in(tmp_path))
    window.resize(1111, 777)
    window.choose("theme", "dark")
    window.page.grid._show_column("net_pay", True)
    window.close()
    again = opened(qtbot, kept=kept_in(tmp_path))
    assert again.width() < 1300, "not the 1440 of a first start"
    assert again.theme is DARK
    from autoenroll_desktop.ui.view_models.sheet import COLUMNS

    assert not again.page.grid.moving.isColumnHidden(COLUMNS.index("net_pay"))


def test_a_second_start_hands_its_files_over(qtbot, tmp_path: Path, sample: Path) -> None:
    window = opened(qtbot)
    outside = FilesFromOutside(window)
    outside.came.connect(window.take_files)
    name = instance_name(tmp_path)
    assert not hand_over(name, []), "nobody is there yet"
    assert outside.listen(name)
    window.go_to("settings")
    code = (
        "import sys, pathlib\nfrom PySide6.QtCore import QCoreApplication\napplication = QCoreApplication([])\n"
        "from autoenroll_desktop.ui.single_instance import hand_over\n"
        "sys.exit(0 if hand_over(sys.argv[1], [pathlib.Path(sys.argv[2])]) else 1)"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with qtbot.waitSignal(window.view_model.checked, timeout=LONG):
        second = subprocess.Popen(
            [sys.executable, "-c", code, name, str(sample / "weekly-2026-11-26.csv")], env=environment
        )
    assert second.wait(LONG / 1000) == 0
    settled(qtbot, window)
    assert window.rail.buttons["check"].isChecked()
    assert len(window.view_model.result.run) == 25
    outside.close()


def test_a_mistake_of_ours_ends_in_a_plain_dialog_without_details(qtbot) -> None:
    from autoenroll_desktop.app import show_mistake

    window = opened(qtbot)
    with pytest.raises(ValueError) as caught:
        int("1234567FA Séamus earned 5,000")
    show_mistake(window, caught.value, caught.tb)
    shown = dialog(qtbot, window, MistakeDialog)
    told = shown.text.toPlainText()
    assert "ValueError" in told
    assert "test_pages_journey.py" in told
    assert "1234567FA" not in told
    assert "5,000" not in told
    shown.copy_button.click()
    assert QGuiApplication.clipboard().text() == told
    shown.reject()


def test_a_mistake_in_the_work_ends_the_same_way(qtbot) -> None:
    window = opened(qtbot)

    def job(progress: object) -> None:
        raise ZeroDivisionError("1234567FA")

    window.view_model.work.run("checking", job, print)
    shown = dialog(qtbot, window, MistakeDialog)
    assert "ZeroDivisionError" in shown.text.toPlainText()
    assert "1234567FA" not in shown.text.toPlainText()
    shown.reject()
    assert window.page.drop_zone.isVisible(), "and the window goes on"


@pytest.mark.parametrize("key", [Qt.Key.Key_F5, Qt.Key.Key_F8, Qt.Key.Key_Escape])
def test_keys_on_the_empty_page_do_no_harm(qtbot, key: Qt.Key) -> None:
    window = opened(qtbot)
    qtbot.keyClick(window, key)
    assert window.page.drop_zone.isVisible()
    assert window.notices.text == ""
