"""Drives the window as a person would, and waits for it."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from autoenroll_desktop.app import Kept, build_window
from autoenroll_desktop.ui.main_window import MainWindow

NOW = dt.datetime(2026, 11, 26, 15, 12, tzinfo=dt.UTC)
LONG = 60_000
"""Milliseconds nothing here should take."""


def opened(qtbot, **options) -> MainWindow:
    """A window on the (unseen) screen, with keys going to it."""
    window = build_window(lambda: NOW, **{"may_leave": lambda: True, **options})
    qtbot.addWidget(window, before_close_func=lambda window: window.close())
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    return window


def kept_in(folder: Path) -> Kept:
    """Everything remembered in one folder."""
    return Kept(folder, folder / "store", folder / "window.ini")


def settled(qtbot, window: MainWindow) -> None:
    """Wait until nothing is being worked on or worked out."""
    qtbot.waitUntil(lambda: window.page.settled, timeout=LONG)


def checked(qtbot, window: MainWindow, begin) -> None:
    """Begin something that ends in a check, and wait until it is shown."""
    with qtbot.waitSignal(window.view_model.checked, timeout=LONG):
        begin()
    settled(qtbot, window)


def sample(qtbot, window: MainWindow) -> None:
    """Open the sample employer."""
    checked(qtbot, window, window.view_model.open_sample)


def drop(widget: QWidget, *files: Path) -> None:
    """Drop files on a widget, as the desktop does it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    where, how = QPoint(20, 20), (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, QDragEnterEvent(where, Qt.DropAction.CopyAction, data, *how))
    QApplication.sendEvent(widget, QDropEvent(QPointF(where), Qt.DropAction.CopyAction, data, *how))


def dialog(qtbot, window: MainWindow, kind: type[QDialog]) -> QDialog:
    """The dialog of that kind, once it is open."""
    found: list[QDialog] = []

    def there() -> bool:
        found[:] = [one for one in window.findChildren(kind) if one.isVisible()]
        return bool(found)

    qtbot.waitUntil(there, timeout=LONG)
    return found[0]


def every_dialog(qtbot, window: MainWindow) -> Iterator[QDialog]:
    """The dialogs of the Check page, one after the other, while a finding that can be put right is shown."""
    window.go_to("check")
    page = window.page
    for begin in (
        lambda: page.files.show_file(0),
        lambda: page.files.choose_columns(window.view_model.result.files[0]),
        page.fixing.show_history,
        lambda: page.fixing.preview(page.inspector._one[0]),
        window.show_palette,
    ):
        begin()
        shown = dialog(qtbot, window, QDialog)
        yield shown
        shown.reject()
        qtbot.waitUntil(lambda: not any(one.isVisible() for one in window.findChildren(QDialog)))


def go_to(window: MainWindow, key: str, place: int = 0) -> None:
    """Choose a finding in the list."""
    row = window.page.findings.row_of(key)
    assert row >= 0, key
    window.page.show_place(row, place)
