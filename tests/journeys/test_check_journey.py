"""A clerk's way through the real window: drop, verdict, next finding, report."""

import datetime as dt
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from autoenroll_desktop.app import build_window

NOW = dt.datetime(2026, 11, 26, 15, 12, tzinfo=dt.UTC)


def drop(widget, *files: Path) -> None:
    """Drop files on a widget, as the desktop does it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    where, how = QPoint(20, 20), (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, QDragEnterEvent(where, Qt.DropAction.CopyAction, data, *how))
    QApplication.sendEvent(widget, QDropEvent(QPointF(where), Qt.DropAction.CopyAction, data, *how))


def test_drop_verdict_next_finding_report(qtbot, sample: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.pdf"
    window = build_window(
        lambda: NOW, choose_report=lambda: report, choose_files=lambda: [sample / "aepn-2026-11-26.json"]
    )
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    page = window.page

    with qtbot.waitSignal(window.view_model.checked, timeout=30_000):
        drop(page.drop_zone, sample / "weekly-2026-11-26.csv")
    assert "NOT READY" in page.banner.word.text()
    assert page.banner.countdown.text() == "03:18:00 left"
    assert page.lines.rowCount() == 25

    with qtbot.waitSignal(window.view_model.checked, timeout=30_000):
        qtbot.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert len(window.view_model.result.files) == 2

    qtbot.keyClick(window, Qt.Key.Key_F8)
    first = page.inspector.text.toPlainText()
    assert "1 of " in first
    assert "What to do" in first
    qtbot.keyClick(window, Qt.Key.Key_F8)
    second = page.inspector.text.toPlainText()
    assert second != first
    assert page.grid.fixed.currentIndex().isValid()
    qtbot.keyClick(window, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert page.inspector.text.toPlainText() == first
    qtbot.keyClick(window, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert f"{len(page._places)} of {len(page._places)}" in page.inspector.text.toPlainText()

    page.only_problems.setChecked(True)
    assert page.lines.rowCount() < 25
    page.search.setText("joyce")
    assert page.lines.rowCount() == 1

    with qtbot.waitSignal(window.view_model.reported, timeout=30_000):
        qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert report.read_bytes().startswith(b"%PDF")
    assert "Report written" in window.message_text.text()

    page.start_over()
    with qtbot.waitSignal(window.view_model.checked, timeout=30_000):
        page.drop_zone.sample_button.click()
    assert len(window.view_model.result.run) == 41
    assert "Sample employer" in page.banner.cut_off.text()
    window.close()


def test_a_file_that_cannot_be_read_and_cancel(qtbot, tmp_path: Path) -> None:
    bad = tmp_path / "november.csv"
    bad.write_bytes(b"%PDF-1.4")
    window = build_window(lambda: NOW)
    qtbot.addWidget(window)
    window.show()
    with qtbot.waitSignal(window.view_model.checked, timeout=30_000):
        drop(window.page, bad)
    assert "NOT READY" in window.page.banner.word.text()
    assert window.view_model.result.files[0].error
    with qtbot.waitSignal(window.view_model.stopped, timeout=30_000):
        window.page.check_again()
        window.page.cancel_button.click()
    assert not window.view_model.busy
    window.page.check_again()
    window.close()
