"""Writes a picture of every page, in both themes and languages: `python packaging/screens.py FOLDER`."""

import datetime as dt
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from autoenroll_desktop import paths
from autoenroll_desktop.actions.desk import Desk
from autoenroll_desktop.actions.open_store import PASSPHRASE
from autoenroll_desktop.app import Kept, build_window
from autoenroll_desktop.ui.main_window import MainWindow
from autoenroll_desktop.ui.style import load_font
from tests.office import FIRMS, keep_office

NOW = dt.datetime(2026, 11, 26, 15, 12, tzinfo=dt.UTC)
STRANGE = "Pers No;Nachname;Rufname;PPS;Emp;Gezahlt;Datum;AE1;AE2\n101;Ó Briain;Séamus;1234567FA;1;742.80;26/11/2026;11.14;11.14\n"
"""A file whose headings nobody knows."""


def wait_for(true: Callable[[], bool]) -> None:
    """Let the window work until something is so, a minute at most."""
    loop, started = QEventLoop(), dt.datetime.now(dt.UTC)
    tick = QTimer()
    tick.setInterval(5)
    tick.timeout.connect(
        lambda: loop.quit() if true() or dt.datetime.now(dt.UTC) - started > dt.timedelta(minutes=1) else None
    )
    tick.start()
    loop.exec()
    tick.stop()


class Camera:
    """Takes pictures of one window after another."""

    def __init__(self, application: QApplication, folder: Path) -> None:
        self.application, self.folder, self.suffix = application, folder, ""

    def take(self, name: str, widget: QWidget) -> None:
        for _ in range(3):
            self.application.processEvents()
        widget.grab().save(str(self.folder / f"{name}-{self.suffix}.png"))

    def dialog(self, name: str, window: MainWindow) -> None:
        """Take the dialog that is open, and close it."""
        for _ in range(3):
            self.application.processEvents()
        dialog = next((one for one in window.findChildren(QDialog) if one.isVisible()), None)
        if dialog is not None:
            self.take(name, dialog)
            dialog.reject()
        self.application.processEvents()


def settle(window: MainWindow) -> None:
    """Wait until nothing is being worked on."""
    wait_for(lambda: window.page.settled)
    QCoreApplication.processEvents()
    wait_for(lambda: window.page.settled)


class Variant(NamedTuple):
    """One way of showing everything."""

    language: str
    theme: str
    size: tuple[int, int]
    name: str
    percent: int = 100


VARIANTS = (
    *(
        Variant(language, theme, (1280, 800), f"{language}-{theme}")
        for language in ("en", "ga")
        for theme in ("light", "dark")
    ),
    Variant("en", "light", (2560, 1440), "large", 200),
)


def pictures(camera: Camera, folder: Path, variant: Variant) -> None:
    """Every page and dialog in one variant."""
    window = build_window(lambda: NOW, theme=variant.theme, language=variant.language, may_leave=lambda: True)
    if variant.percent != 100:
        window.choose("text-size", str(variant.percent))
    window.resize(*variant.size)
    window.show()
    tour(camera, window)
    check_page(camera, window)
    dialogs(camera, window)
    other_pages(camera, window)
    broken, strange = folder / "november.csv", folder / "strange.csv"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n no payroll file")
    strange.write_text(STRANGE, encoding="utf-8")
    window.take_files([broken, strange])
    settle(window)
    camera.take("check-unreadable", window)
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def tour(camera: Camera, window: MainWindow) -> None:
    """Every stop of the tour; its last one leaves the page empty."""
    window.tour.take()
    settle(window)
    wait_for(lambda: window.tour.card is not None and window.tour.card.isVisible())
    while window.tour.stop:
        settle(window)
        camera.take(f"tour-{window.tour.stop}", window)
        window.tour.go_on()


def check_page(camera: Camera, window: MainWindow) -> None:
    """Empty, working, with a result, with a finding."""
    camera.take("check-empty", window)
    window.view_model.work.started.emit("checking")
    window.view_model.work.progressed.emit("rules", 30, 52)
    camera.take("check-working", window)
    window.view_model.work.stopped.emit()
    window.view_model.work.ended.emit()
    window.view_model.open_sample()
    settle(window)
    camera.take("check-result", window)
    for _ in range(8):
        window.page.next_place()
    settle(window)
    camera.take("check-finding", window)


def dialogs(camera: Camera, window: MainWindow) -> None:
    """Every dialog, and what is left of the sample after what is certain was put right."""
    page, model = window.page, window.view_model
    assert model.result is not None
    page.files.show_file(1)
    camera.dialog("dialog-file", window)
    page.files.choose_columns(model.result.files[0])
    camera.dialog("dialog-columns", window)
    alike = max(
        range(page.findings.rowCount()),
        key=lambda row: (page.findings.finding(row).rule.fix == "auto", len(page.findings.finding(row))),
    )  # type: ignore[union-attr, arg-type]
    page.show_place(alike, 0)
    settle(window)
    if page.inspector._one:  # noqa: SLF001
        page.fixing.preview(page.inspector._one[0])  # noqa: SLF001
        settle(window)
        camera.dialog("dialog-fix-all", window)
    page.fixing.fix_certain()
    settle(window)
    camera.take("check-fixed", window)
    page.fixing.show_history()
    camera.dialog("dialog-history", window)
    warning = next(at for at in range(page.findings.rowCount()) if page.findings.finding(at).severity == "warning")  # type: ignore[union-attr]
    page.show_place(warning, 0)
    settle(window)
    page.fixing.confirm()
    camera.dialog("dialog-confirm", window)
    window.show_palette()
    camera.dialog("palette", window)
    page.writing.offer()
    settle(window)
    camera.take("menu-write", page.writing.menu)
    page.writing.menu.close()


def other_pages(camera: Camera, window: MainWindow) -> None:
    """Notices, and the pages beside Check."""
    say = window.context.words.say
    window.say("ready", say("window.written", name="2026-11-26 Hibernia Foods weekly 48 corrected.csv"))
    window.say("warning", say("window.steps-lost", fitted=4, left=1))
    camera.take("check-notices", window)
    window.say("", "")
    window.go_to("help", "finding.contribution-amount")
    wait_for(lambda: window.page_named("help").settled)  # type: ignore[attr-defined]
    window.go_to("help", "finding.contribution-amount")
    camera.take("help", window)
    window.go_to("reports")
    wait_for(lambda: not window.page_named("reports").reading)  # type: ignore[attr-defined]
    camera.take("reports", window)
    window.go_to("office")
    camera.take("office", window)
    window.go_to("settings")
    camera.take("settings", window)
    for name in ("today", "clients", "aepns", "calendar"):
        window.go_to(name)
        wait_for(lambda name=name: not window.page_named(name).reading)  # type: ignore[misc]
        camera.take(f"{name}-empty", window)


def make_office(folder: Path) -> None:
    """A store with an office's clients in it, opened by a passphrase in the environment."""
    os.environ.setdefault(PASSPHRASE, "only for these pictures")
    desk = Desk(folder / "office" / "store")
    store = desk.store(NOW)
    assert store is not None, desk.refused
    keep_office(store, folder)
    desk.close()


def kept_pages(camera: Camera, folder: Path, variant: Variant) -> None:
    """Every page that shows what is kept, with an office's clients in it, and its dialogs."""
    data = folder / f"office-{variant.name}"
    shutil.copytree(folder / "office", data)
    window = build_window(
        lambda: NOW, theme=variant.theme, language=variant.language, kept=Kept(data, data / "store"),
        may_leave=lambda: True,
    )  # fmt: skip
    if variant.percent != 100:
        window.choose("text-size", str(variant.percent))
    window.resize(*variant.size)
    window.show()

    def page(name: str, topic: str = "") -> QWidget:
        window.go_to(name, topic)
        for _ in range(3):  # one answer asks the next question
            QCoreApplication.processEvents()
            wait_for(lambda: not window.page_named(name).reading)  # type: ignore[attr-defined]
        return window.page_named(name)

    wait_for(lambda: window.page_named("today").isVisible())
    today = page("today")
    camera.take("today", window)
    today.table.choose(lambda row: row.state == "ready")  # type: ignore[attr-defined]
    today.sign_off()  # type: ignore[attr-defined]
    camera.dialog("dialog-sign-off", window)
    today.table.choose(lambda row: row.employer == FIRMS[0].employer)  # type: ignore[attr-defined]
    today.open_run()  # type: ignore[attr-defined]
    page("run")
    camera.take("run", window)
    clients = page("clients", FIRMS[0].employer)
    wait_for(clients.panel.isVisible)  # type: ignore[attr-defined]
    for at, name in enumerate(("clients", "clients-charts", "clients-settings", "clients-kept")):
        clients.panel.tabs.setCurrentIndex(at)  # type: ignore[attr-defined]
        camera.take(name, window)
    clients.add()  # type: ignore[attr-defined]
    camera.dialog("dialog-add-client", window)
    clients.erase()  # type: ignore[attr-defined]
    camera.dialog("dialog-erase-client", window)
    page("aepns", FIRMS[5].employer)
    camera.take("aepns", window)
    page("calendar")
    camera.take("calendar", window)
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def main(folder: Path, only: str = "") -> None:
    """Take every picture; `only` takes those of one variant, such as "en-dark"."""
    folder.mkdir(parents=True, exist_ok=True)
    application = QApplication([])
    load_font(paths.resources() / "fonts")
    camera = Camera(application, folder)
    with tempfile.TemporaryDirectory() as temporary:
        make_office(Path(temporary))
        for variant in VARIANTS:
            if only in ("", variant.name):
                camera.suffix = variant.name
                kept_pages(camera, Path(temporary), variant)
                pictures(camera, Path(temporary), variant)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])
