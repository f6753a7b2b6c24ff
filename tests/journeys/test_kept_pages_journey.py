"""The pages that show what is kept: the wall, a kept run, clients; seen, changed, signed and erased as a person would."""

import json
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QDialog

from autoenroll_desktop.actions.check_audit import check_evidence_file
from autoenroll_desktop.actions.desk import Desk
from autoenroll_desktop.ui.dialogs.add_client import AddClientDialog
from autoenroll_desktop.ui.dialogs.sheet_dialog import SheetDialog
from autoenroll_desktop.ui.dialogs.sign_off import SignOffDialog
from autoenroll_desktop.ui.main_window import MainWindow
from autoenroll_desktop.ui.models.table import ABOUT
from tests.desktop.ui.test_access import cut_off, nameless
from tests.driving import LONG, NOW, checked, dialog, drop, kept_in, opened
from tests.office import FIRMS, keep_office, write_pay

HIBERNIA, COIS, MURPHY, GALWAY, _, ATLANTIC, LEE = FIRMS
WORDS = "a passphrase of this test"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    desk = Desk(folder / "data" / "store")
    desk.make(WORDS, NOW)
    keep_office(desk.opened(NOW), folder)
    desk.close()
    return folder / "data"


@pytest.fixture
def window(qtbot, office: Path, tmp_path: Path, monkeypatch) -> MainWindow:
    monkeypatch.setenv("AUTOENROLL_PASSPHRASE", WORDS)
    shutil.copytree(office, tmp_path / "data")
    shown = opened(qtbot, kept=kept_in(tmp_path / "data"), choose_save=lambda name, _kinds: tmp_path / Path(name).name)
    wait_for_page(qtbot, shown, "today")
    return shown


def wait_for_page(qtbot, window: MainWindow, name: str):
    """The page of that name, once it is in view and nothing is on its way."""
    page = window.page_named(name)
    qtbot.waitUntil(lambda: page.isVisible() and not page.reading, timeout=LONG)
    return page


def quiet(qtbot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not any(one.isVisible() for one in window.findChildren(QDialog)), timeout=LONG)


def column(page, at: int) -> list[str]:
    return [str(page.rows.data(page.rows.index(row, at))) for row in range(page.rows.rowCount())]


def choose(page, name: str) -> None:
    assert page.table.choose(lambda row: row.name == name)


def test_the_window_begins_with_the_wall_once_there_are_clients(qtbot, window: MainWindow) -> None:
    page = window.page_named("today")
    QAbstractItemModelTester(page.rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert column(page, 0)[0] == HIBERNIA.name
    assert column(page, 2)[:3] == ["NOT READY", "Not checked yet", "INCOMPLETE"]
    assert column(page, 3)[:3] == ["3 h 18 min", "3 h 18 min", "1 day"]
    assert page.rows.data(page.rows.index(0, 0), ABOUT) == HIBERNIA.employer
    assert page.detail.name.text() == HIBERNIA.name
    page.search.setText("cois")
    assert column(page, 0) == [COIS.name]
    page.search.setText("nobody of this name")
    assert page.no_match.isVisible()
    page.search.setText("")
    page.filters["to-sign"].click()
    assert len(column(page, 0)) == 3
    page.filters["all"].click()
    choose(page, HIBERNIA.name)
    page.table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert column(page, 0)[0] == MURPHY.name
    assert page.detail.name.text() == HIBERNIA.name, "who was chosen stays so"


def test_a_run_is_signed_off_by_two(qtbot, window: MainWindow) -> None:
    page = window.page_named("today")
    choose(page, COIS.name)
    page.table.setFocus()
    qtbot.waitUntil(page.table.hasFocus, timeout=LONG)
    qtbot.keyClick(page.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    asked = dialog(qtbot, window, SignOffDialog)
    assert not asked.accept_button.isEnabled()
    asked.field.setText("Anna")
    asked.accept_button.click()
    quiet(qtbot, window)
    wait_for_page(qtbot, window, "today")
    assert page.detail.name.text() == COIS.name
    page.detail.sign_button.click()
    second = dialog(qtbot, window, SignOffDialog)
    assert second.field.text() == "", "the second look is another person's"
    second.field.setText("anna")
    second.accept_button.click()
    qtbot.waitUntil(second.problem.isVisible, timeout=LONG)
    assert "already" in second.problem.text()
    second.field.setText("Brian")
    second.accept_button.click()
    quiet(qtbot, window)
    qtbot.waitUntil(lambda: page.filters["done"].text() == "Done 1", timeout=LONG)
    choose(page, COIS.name)
    assert "Brian" in page.detail.signed.text()
    assert not page.detail.sign_button.isEnabled()


def test_evidence_of_a_client_is_written_and_holds(qtbot, window: MainWindow, tmp_path: Path) -> None:
    page = window.page_named("today")
    choose(page, HIBERNIA.name)
    page.detail.evidence_button.click()
    qtbot.waitUntil(lambda: "Written" in window.notices.text, timeout=LONG)
    path = tmp_path / "evidence Hibernia Foods 2026-11-26.json"
    entries, wrong = check_evidence_file(path)
    assert wrong == []
    assert entries >= HIBERNIA.weeks
    assert json.loads(path.read_text("utf-8"))["employer"] == HIBERNIA.employer


def test_a_kept_run_is_opened_read_and_reported(qtbot, window: MainWindow, tmp_path: Path) -> None:
    page = window.page_named("today")
    choose(page, HIBERNIA.name)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    run = wait_for_page(qtbot, window, "run")
    assert window.rail.buttons["today"].isChecked()
    assert run.panel.banner.word.text() == "NOT READY"
    assert run.panel.lines.rowCount() == HIBERNIA.size
    assert run.panel.inspector.place is not None
    assert not run.panel.write_button.isVisible()
    run.panel.search.setText("breathnach")
    qtbot.waitUntil(lambda: run.panel.lines.rowCount() == 1, timeout=LONG)
    run.write_report()
    qtbot.waitUntil(lambda: "Written" in window.notices.text, timeout=LONG)
    assert (tmp_path / "2026-11-26 Hibernia Foods check report.pdf").read_bytes().startswith(b"%PDF-")
    window.choose("language", "ga")
    again = wait_for_page(qtbot, window, "run")
    assert again.panel.banner.word.text() == "NÍL RÉIDH"
    again.crumbs.wanted.emit(0)
    wait_for_page(qtbot, window, "today")
    window.choose("language", "en")


def test_a_folder_dropped_on_the_wall_is_checked(qtbot, window: MainWindow, tmp_path: Path) -> None:
    folder = tmp_path / "this week"
    folder.mkdir()
    for firm in (GALWAY, LEE):
        write_pay(folder, firm, NOW.date())
    checked(qtbot, window, lambda: drop(window.page_named("today"), folder))
    assert window.rail.buttons["check"].isChecked()
    assert len(window.view_model.result.runs) == 2
    window.go_to("today")
    page = wait_for_page(qtbot, window, "today")
    choose(page, GALWAY.name)
    assert page.table.chosen().state == "incomplete", "kept, and on the wall at once"


def test_what_is_said_of_a_client_is_saved(qtbot, window: MainWindow) -> None:
    page = window.page_named("today")
    choose(page, MURPHY.name)
    page.detail.client_button.click()
    clients = wait_for_page(qtbot, window, "clients")
    form = clients.panel.form
    assert clients.panel.name.text() == MURPHY.name
    clients.panel.tabs.setCurrentIndex(2)
    assert not form.save_button.isEnabled()
    form.large.setText("a lot")
    form.large.textEdited.emit("a lot")
    form.save_button.click()
    assert "“a lot” is no number" in window.notices.text
    form.large.setText("€1,250.00")
    form.name.setText("Murphy Haulage")
    form.kind.setCurrentIndex(form.kind.findData("prsa"))
    form.kind.activated.emit(0)
    form.employer.setText("1.5")
    form.employee.setText("2")
    form.months.setValue(24)
    form.save_button.click()
    qtbot.waitUntil(lambda: "saved" in window.notices.text, timeout=LONG)
    wait_for_page(qtbot, window, "clients")
    qtbot.waitUntil(lambda: clients.panel.name.text() == "Murphy Haulage", timeout=LONG)
    said = clients.model.client.seen
    assert said.settings.thresholds.gross_large == 125_000
    assert said.client.keep_lines_months == 24
    assert "exempt (S.I. 668/2025): at least" in form.scheme_told.text()
    assert form.large.text() == "1250.00"


def test_a_client_is_added_and_stands_on_the_wall(qtbot, window: MainWindow) -> None:
    window.go_to("clients")
    clients = wait_for_page(qtbot, window, "clients")
    clients.add_button.click()
    asked = dialog(qtbot, window, AddClientDialog)
    asked.number.setText("8041973XH")
    asked.name.setText("Iasc an Iarthair")
    asked.accept_button.click()
    qtbot.waitUntil(asked.problem.isVisible, timeout=LONG)
    asked.number.setText("8041973UH")
    asked.accept_button.click()
    quiet(qtbot, window)
    qtbot.waitUntil(lambda: clients.panel.name.text() == "Iasc an Iarthair", timeout=LONG)
    window.go_to("today")
    page = wait_for_page(qtbot, window, "today")
    assert "Iasc an Iarthair" in column(page, 0)


def test_a_client_is_erased_after_its_number_was_typed(qtbot, window: MainWindow) -> None:
    window.go_to("clients", LEE.employer)
    clients = wait_for_page(qtbot, window, "clients")
    clients.panel.tabs.setCurrentIndex(3)
    clients.panel.erase_button.click()
    asked = dialog(qtbot, window, SheetDialog)
    typed = next(one for one in asked.findChildren(type(clients.search)) if one.isVisible())
    assert not asked.accept_button.isEnabled()
    typed.setText(LEE.employer)
    asked.accept_button.click()
    qtbot.waitUntil(lambda: "was erased" in window.notices.text, timeout=LONG)
    wait_for_page(qtbot, window, "clients")
    qtbot.waitUntil(lambda: LEE.employer not in [one.employer for one in clients.model.rows], timeout=LONG)


@pytest.mark.parametrize("name", ["today", "clients", "aepns", "calendar"])
def test_where_nothing_is_kept_the_page_says_so(qtbot, name: str) -> None:
    shown = opened(qtbot)
    shown.go_to(name)
    page = wait_for_page(qtbot, shown, name)
    assert page.empty.isVisible()
    assert page.empty.title.text()
    assert page.empty.text.text()


def test_what_changed_in_the_aepns_is_told_and_one_persons_history(qtbot, window: MainWindow) -> None:
    window.go_to("clients", ATLANTIC.employer)
    clients = wait_for_page(qtbot, window, "clients")
    clients.panel.aepns_button.click()
    page = wait_for_page(qtbot, window, "aepns")
    QAbstractItemModelTester(page.rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert column(page, 0)[0] == "Caoimhe Ní Dhomhnaill"
    assert column(page, 1)[0] == "Opted out"
    assert page.rows.data(page.rows.index(0, 1), ABOUT) == "“Opted Out”", "NAERSA's own word stays"
    assert column(page, 5)[0] == "Was: Enrolled from 01/01/2026 at 1.5 % / 1.5 %"
    assert "•••" in page.rows.data(page.rows.index(0, 0), ABOUT)
    qtbot.waitUntil(lambda: "26/11/2026" in page.history.text(), timeout=LONG)
    assert page.history.text().index("Opted out") < page.history.text().index("Enrolled")
    page.changed_only.click()
    assert page.rows.rowCount() == 1
    page.changed_only.click()
    page.search.setText("keane")
    assert column(page, 0) == ["Niamh Keane"]
    page.search.setText("")
    page.list_box.setCurrentIndex(1)
    page.list_box.activated.emit(1)
    wait_for_page(qtbot, window, "aepns")
    qtbot.waitUntil(lambda: page.list_box.currentIndex() == 1 and "Enrolled" in column(page, 1)[1], timeout=LONG)
    assert [text for text in column(page, 5) if text] == []


def test_somebody_new_in_the_aepns_is_new(qtbot, window: MainWindow) -> None:
    window.go_to("aepns", HIBERNIA.employer)
    page = wait_for_page(qtbot, window, "aepns")
    qtbot.waitUntil(lambda: page.rows.rowCount() == HIBERNIA.size and not page.reading, timeout=LONG)
    assert column(page, 5)[0] == "New in this list"
    qtbot.waitUntil(lambda: page.history.text().endswith("at 1.5 % / 1.5 %"), timeout=LONG)


def test_what_is_coming_up_is_shown_and_exported(qtbot, window: MainWindow, tmp_path: Path) -> None:
    window.go_to("calendar")
    page = wait_for_page(qtbot, window, "calendar")
    QAbstractItemModelTester(page.rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert column(page, 0)[:2] == ["26/11/2026", "26/11/2026"]
    assert "Cut-off 18:30" in page.rows.data(page.rows.index(0, 1), ABOUT)
    page.filters["holiday"].click()
    assert column(page, 1)[:2] == ["Christmas Day", "St Stephen’s Day"]
    page.filters["all"].click()
    page.search.setText("hibernia")
    assert set(column(page, 2)) == {HIBERNIA.name, ""}, "holidays stay"
    page.filters["pay-date"].click()
    page.export_button.click()
    qtbot.waitUntil(lambda: "Written" in window.notices.text, timeout=LONG)
    written = (tmp_path / "pay dates 2026-11-26.ics").read_text("utf-8")
    assert written.count("BEGIN:VEVENT") == page.rows.rowCount() > 10
    assert "SUMMARY:Pay date · Hibernia Foods" in written


def test_a_clients_charts_say_the_same_in_words_and_are_exported(qtbot, window: MainWindow, tmp_path: Path) -> None:
    window.go_to("clients", HIBERNIA.employer)
    clients = wait_for_page(qtbot, window, "clients")
    qtbot.waitUntil(lambda: clients.panel.name.text() == HIBERNIA.name, timeout=LONG)
    clients.panel.tabs.setCurrentIndex(1)
    charts = clients.panel.charts
    assert len(charts.charts["trend"].bars) == HIBERNIA.weeks
    assert charts.charts["trend"].accessibleDescription().endswith("26/11/2026: NOT READY, errors 3, warnings 0")
    run = clients.model.client.seen.runs[0]
    assert charts.charts["contributions"].bars[-1].size == run.employee + run.employer_share
    assert [bar.text for bar in charts.charts["causes"].bars] == ["3"]
    for ending, start in ((".png", b"\x89PNG"), (".svg", b"<?xml")):
        path = tmp_path / f"chart{ending}"
        assert charts.charts["trend"].write(path)
        assert path.read_bytes().startswith(start)
    charts.write("causes")
    assert (tmp_path / "Hibernia Foods The newest pay run, by cause.png").exists()
    assert not charts.charts["trend"].write(tmp_path / "no such folder" / "a.png")


@pytest.mark.parametrize("language", ["en", "ga"])
def test_everything_on_the_pages_has_a_name_and_none_is_cut_off(qtbot, window: MainWindow, language: str) -> None:
    window.choose("language", language)
    window.choose("text-size", "150")
    window.resize(1920, 1200)
    for name in ("today", "clients", "aepns", "calendar"):
        window.go_to(name, HIBERNIA.employer if name in ("clients", "aepns") else "")
        page = wait_for_page(qtbot, window, name)
        tabs = range(4) if name == "clients" else (0,)
        if name == "clients":
            qtbot.waitUntil(page.panel.isVisible, timeout=LONG)
        for tab in tabs:
            if name == "clients":
                page.panel.tabs.setCurrentIndex(tab)
            assert nameless(window) == [], name
            assert cut_off(window) == [], f"{name} {tab}"
    window.choose("text-size", "100")
    window.choose("language", "en")
