"""A clerk's way through the real window: drop, verdict, next finding, report."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.driving import LONG, checked, drop, opened, settled

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_drop_verdict_next_finding_report(qtbot, sample: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.pdf"
    asked: list[str] = []

    def choose_save(suggested: str, _kinds: str) -> Path:
        asked.append(Path(suggested).name)
        return report

    window = opened(qtbot, choose_save=choose_save, choose_files=lambda: [sample / "aepn-2026-11-26.json"])
    page = window.page
    checked(qtbot, window, lambda: drop(page.drop_zone, sample / "weekly-2026-11-26.csv"))
    assert page.banner.word.text() == "NOT READY"
    assert page.banner.countdown.text() == "03:18:00 left"
    assert page.lines.rowCount() == 25
    assert page.panel.totals.figures["lines"].text() == "25"

    checked(qtbot, window, lambda: qtbot.keyClick(window, Qt.Key.Key_O, CTRL))
    assert len(window.view_model.result.files) == 2

    total = page.findings.places
    assert page.inspector.position.text() == f"1 of {total}"
    first = page.inspector.text.toPlainText()
    assert "What to do" in first
    qtbot.keyClick(window, Qt.Key.Key_F8)
    assert page.inspector.position.text() == f"2 of {total}"
    assert page.inspector.text.toPlainText() != first
    assert page.grid.fixed.currentIndex().isValid()
    qtbot.keyClick(window, Qt.Key.Key_F8, SHIFT)
    assert page.inspector.text.toPlainText() == first
    qtbot.keyClick(window, Qt.Key.Key_F8, SHIFT)
    assert page.inspector.position.text() == f"{total} of {total}"

    page.panel.only.setCurrentIndex(page.panel.only.findData("problems"))
    settled(qtbot, window)
    assert 0 < page.lines.rowCount() < 25
    qtbot.keyClick(window, Qt.Key.Key_F, CTRL)
    page.panel.search.setText("joyce")
    settled(qtbot, window)
    assert page.lines.rowCount() == 1
    page.panel.search.setText("nobody of that name")
    settled(qtbot, window)
    assert page.panel.no_lines.isVisible()
    assert not page.grid.isVisible()
    page.panel.search.setText("joyce")
    settled(qtbot, window)
    assert page.grid.isVisible()
    page.grid.fixed.selectRow(0)
    page.grid.copy()
    copied = QApplication.clipboard().text().splitlines()
    assert copied[0].startswith("Row\tFamily name\tFirst name\tPPSN")
    assert copied[1].split("\t")[1:3] == ["Joyce", "Pádraig"]
    assert "•••••" in copied[1]

    with qtbot.waitSignal(window.view_model.writing.reported, timeout=LONG):
        qtbot.keyClick(window, Qt.Key.Key_E, CTRL)
    assert report.read_bytes().startswith(b"%PDF")
    assert asked == ["2026-11-26 8041973UH weekly 48 check report.pdf"]
    assert window.notices.text == "Written: report.pdf"

    page.start_over()
    checked(qtbot, window, page.drop_zone.sample_button.click)
    assert len(window.view_model.result.run) == 41
    assert "Sample employer" in page.banner.cut_off.text()


def test_a_file_that_cannot_be_read_and_cancel(qtbot, tmp_path: Path) -> None:
    bad = tmp_path / "november.csv"
    bad.write_bytes(b"%PDF-1.4")
    window = opened(qtbot)
    checked(qtbot, window, lambda: drop(window.page, bad))
    assert window.page.banner.word.text() == "NOT READY"
    assert window.view_model.result.files[0].error
    with qtbot.waitSignal(window.view_model.work.stopped, timeout=LONG):
        window.page.files.check_again()
        window.status.strip.cancel_button.click()
    assert not window.view_model.work.busy
    assert window.page.shows_result


def test_a_first_check_can_be_cancelled(qtbot, sample: Path) -> None:
    window = opened(qtbot)
    with qtbot.waitSignal(window.view_model.work.stopped, timeout=LONG):
        window.page.files_dropped([sample / "weekly-2026-11-26.csv"])
        assert window.page.cancel_button.isVisible()
        window.page.cancel_button.click()
    assert window.page.drop_zone.isVisible()


def test_a_folder_is_dropped_as_a_whole(qtbot, sample: Path) -> None:
    window = opened(qtbot)
    checked(qtbot, window, lambda: drop(window.page, sample))
    assert len(window.view_model.result.files) > 5
    cards = window.page.panel.files
    assert cards.more_button.isVisible()
    assert "more" in cards.more_button.text()


def test_who_and_how_much_stay_side_by_side(qtbot, sample: Path) -> None:
    """The two halves of the grid show the same rows, however it was scrolled."""
    window = opened(qtbot)
    window.resize(1100, 640)
    page, grid = window.page, window.page.grid
    checked(qtbot, window, lambda: window.page.files_dropped([sample / "weekly-2026-11-26.csv"]))

    def tops() -> tuple[int, int]:
        return grid.fixed.rowAt(1), grid.moving.rowAt(1)

    def together() -> None:
        qtbot.waitUntil(lambda: tops()[0] == tops()[1])

    together()
    for line in (24, 0, 13, 24):
        grid.go_to(line, "ytd_gross")
        QApplication.processEvents()
        together()
        assert grid.fixed.visualRect(grid.fixed.currentIndex().siblingAtColumn(0)).top() >= 0
    grid.moving.verticalScrollBar().setValue(3)
    assert tops() == (3, 3)
    grid.fixed.verticalScrollBar().setValue(5)
    assert tops() == (5, 5)
    page.panel.search.setText("o")
    settled(qtbot, window)
    together()
    page.panel.search.setText("")
    settled(qtbot, window)
    window.resize(1100, 900)
    QApplication.processEvents()
    together()
