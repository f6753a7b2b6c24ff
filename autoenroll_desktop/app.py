"""Builds every part once and opens the window; the only module that sees them all."""

import argparse
import datetime as dt
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from autoenroll_desktop import __version__, log, paths
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.policy.sources import in_force
from autoenroll_desktop.ui.main_window import MainWindow
from autoenroll_desktop.ui.style import apply_theme, load_font, wanted_theme
from autoenroll_desktop.ui.view_models.check import CheckViewModel, Clock


def build_window(clock: Clock, *, theme: str = "system", **dialogs: object) -> MainWindow:
    """The window with everything in it, not shown yet. Needs a QApplication.

    `dialogs` may hold `choose_files` and `choose_report`, for whoever drives the window without a person.
    """
    words = Words.load(paths.resources())
    return MainWindow(CheckViewModel(clock, words), theme=theme, **dialogs)  # type: ignore[arg-type]


def main(argv: Sequence[str] | None = None, started: Callable[[], None] = lambda: None) -> int:
    """Open the window and return the exit code; `started` is called once the window answers."""
    arguments = _parser().parse_args(argv)
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("AutoEnroll Desktop")
    application.setApplicationVersion(__version__)
    try:
        in_force()
    except AppError as error:
        QMessageBox.critical(None, error.title, f"{error}")
        return 2
    log.set_up(paths.logs())
    log.note("started", version=__version__)
    load_font(paths.resources() / "fonts")
    apply_theme(application, wanted_theme(arguments.theme))
    now: dt.datetime | None = arguments.now
    window = build_window(lambda: now or dt.datetime.now(dt.UTC), theme=arguments.theme)
    sys.excepthook = lambda kind, error, trace: _show_mistake(window, kind, error, trace)
    window.show()
    QTimer.singleShot(0, started)
    if arguments.sample:
        QTimer.singleShot(0, window.view_model.open_sample)
    elif arguments.files:
        QTimer.singleShot(0, lambda: window.page.files_dropped(arguments.files))
    return application.exec()


def _show_mistake(window: MainWindow, kind: type[BaseException], error: BaseException, _trace: object) -> None:
    """Say that something went wrong on our side; the kind only, for the text may hold somebody's pay."""
    if isinstance(error, KeyboardInterrupt):
        QApplication.exit(130)
        return
    log.note_mistake(error)
    window.say("error", window.view_model.words.say("window.our-mistake", kind=kind.__name__))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="autoenroll-desktop", description="Checks Irish payroll files in a window.")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--sample", action="store_true", help="open the bundled sample employer")
    parser.add_argument("--now", type=_moment, metavar="ISO-DATETIME", help="let the clock stand at this moment")
    parser.add_argument("--theme", choices=("system", "light", "dark"), default="system")
    return parser


def _moment(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Europe/Dublin"))


if __name__ == "__main__":
    sys.exit(main())
