"""Builds every part once and opens the window; the only module that sees them all."""

import argparse
import datetime as dt
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from autoenroll_desktop import __version__, log, paths
from autoenroll_desktop.actions.desk import Desk
from autoenroll_desktop.actions.licence_gate import LicenceGate
from autoenroll_desktop.actions.produced_files import ProducedFiles
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.policy.sources import in_force
from autoenroll_desktop.ui.context import Asking, ChooseFiles, ChooseSave, Context
from autoenroll_desktop.ui.folders import OPEN, WRITE
from autoenroll_desktop.ui.icons import icon
from autoenroll_desktop.ui.main_window import MainWindow
from autoenroll_desktop.ui.page import Page, Registration
from autoenroll_desktop.ui.pages.check import CheckPage
from autoenroll_desktop.ui.pages.help import HelpPage
from autoenroll_desktop.ui.pages.kept_pages import KeptPages
from autoenroll_desktop.ui.pages.office import OfficePage
from autoenroll_desktop.ui.pages.reports import ReportsPage
from autoenroll_desktop.ui.pages.settings import SettingsPage
from autoenroll_desktop.ui.preferences import LANGUAGES, THEMES, Preferences
from autoenroll_desktop.ui.single_instance import FilesFromOutside, hand_over, instance_name
from autoenroll_desktop.ui.style import load_font
from autoenroll_desktop.ui.theme import LIGHT
from autoenroll_desktop.ui.view_models.buying import Buying
from autoenroll_desktop.ui.view_models.check import CheckViewModel, Clock
from autoenroll_desktop.ui.view_models.left_off import LeftOff
from autoenroll_desktop.ui.view_models.office import OfficeParts
from autoenroll_desktop.ui.view_models.office_licence import OfficeLicence
from autoenroll_desktop.ui.view_models.office_sync import OfficeSync
from autoenroll_desktop.ui.view_models.standing import LicenceStanding
from autoenroll_desktop.ui.view_models.store import StoreViewModel
from autoenroll_desktop.ui.view_models.unmasking import Unmasking
from autoenroll_desktop.ui.view_models.updating import Updating

if TYPE_CHECKING:
    from autoenroll_desktop.actions.install_update import Setup
    from autoenroll_desktop.actions.licence import Home
    from autoenroll_desktop.actions.office_service import Service


@dataclass(frozen=True)
class Kept:
    """Where things are remembered between two starts; None remembers nothing."""

    data: Path | None = None
    store: Path | None = None
    settings: Path | None = None
    licence: Path | None = None

    @classmethod
    def here(cls) -> "Kept":
        """In this user's folder."""
        data = paths.user_data()
        return cls(data, paths.store(), data / "window.ini", paths.licence())


@cache
def words_in(language: str) -> Words:
    """The words of a language."""
    return Words.load(paths.resources(), language)


def service_of_this_pc() -> "Service":
    """The central service by the policies; `AUTOENROLL_SERVICE` names one where they do not."""
    from autoenroll_desktop.actions.office_service import service_here

    return service_here(in_force().policies, os.environ.get("AUTOENROLL_SERVICE", ""))


def update_of_this_pc() -> "Setup":
    """Where updates come from and go to. Raises AppError where there are none."""
    from autoenroll_desktop.actions.install_update import setup_here

    return setup_here(in_force().policies, paths.resources())


def build_window(
    clock: Clock,
    *,
    theme: str = "",
    language: str = "",
    kept: Kept | None = None,
    choose_files: ChooseFiles | None = None,
    choose_save: ChooseSave | None = None,
    may_leave: Callable[[], bool] | None = None,
    pc_clock: Clock = lambda: dt.datetime.now(dt.UTC),
    service: "Callable[[], Service]" = service_of_this_pc,
    update: "Callable[[], Setup] | None" = None,
) -> MainWindow:
    """The window with everything in it, not shown yet. Needs a QApplication.

    Args:
        theme, language: in place of what is remembered. kept: where things are remembered, nowhere when left out.
        pc_clock: what the licence goes by, whatever moment `clock` stands at.
        service: the central service and how it is reached. update: where updates come from; none are looked for
            when left out.
        choose_files, choose_save, may_leave: for whoever drives the window without a person.
    """
    places = kept or Kept()
    preferences = Preferences(places.settings, language=in_force().policies.language)
    for name, value in (("theme", theme), ("language", language)):
        if value:
            preferences.keep(name, value)
    desk = Desk(places.store)
    produced = ProducedFiles(desk)
    policies = in_force().policies
    home = partial(_home, places.licence) if places.licence is not None else None
    gate = LicenceGate(home, pc_clock) if home is not None else None
    model = CheckViewModel(clock, words_in(preferences.language), desk=desk, gate=gate)
    store, auto_lock = StoreViewModel(desk, clock), policies.auto_lock_minutes
    kept_in_plain = {name: preferences.take_out(f"folder/{name}") for name in (OPEN, WRITE)}
    store.folders.learn({name: folder for name, folder in kept_in_plain.items() if folder})
    unmasking, left_off = Unmasking(model, store, policies), LeftOff(model, store, clock)
    licence = LicenceStanding(home, pc_clock)
    office_licence = OfficeLicence(home, pc_clock, licence)
    sync = OfficeSync(desk, service, pc_clock, words_in(preferences.language))
    buying = Buying(sync, office_licence, service, pc_clock)
    office = OfficeParts(office_licence, sync, buying, Updating(update, pc_clock))
    model.writing.remember_produced(produced)
    kept_pages = KeptPages(desk, clock)
    pages = (
        *kept_pages.before_check(),
        Registration("check", partial(_check_page, model, unmasking)),
        *kept_pages.after_check(),
        Registration("reports", partial(_reports_page, produced, clock)),
        Registration("office", partial(_office_page, office), at_foot=True),
        Registration("help", HelpPage, at_foot=True),
        Registration("settings", partial(_settings_page, str(places.data or ""), store, auto_lock), at_foot=True),
    )
    asking = Asking(choose_files, choose_save, may_leave)
    window = MainWindow(model, pages, words_in, preferences, asking, store, licence, left_off, auto_lock, office)
    kept_pages.join(window)
    return window


def _check_page(model: CheckViewModel, unmasking: Unmasking, context: Context) -> Page:
    return CheckPage(context, model, unmasking)


def _reports_page(produced: ProducedFiles, clock: Clock, context: Context) -> Page:
    return ReportsPage(context, produced, clock)


def _office_page(parts: OfficeParts, context: Context) -> Page:
    return OfficePage(context, parts)


def _settings_page(data: str, store: StoreViewModel, auto_lock: int, context: Context) -> Page:
    return SettingsPage(context, data, store, auto_lock)


def _home(kept: Path) -> "Home":
    from autoenroll_desktop.actions.licence import Home

    return Home(kept, paths.licence_keys(), ordered=paths.ordered_licence())


def main(argv: Sequence[str] | None = None, started: Callable[[], None] = lambda: None) -> int:
    """Open the window and return the exit code; `started` is called once the window answers."""
    arguments = _parser().parse_args(argv)
    forget_qt_folders()
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
    kept = Kept() if arguments.sample else Kept.here()
    name = instance_name(kept.data) if kept.data is not None else ""
    if name and hand_over(name, arguments.files):
        started()
        return 0
    load_font(paths.resources() / "fonts")
    application.setWindowIcon(icon("mark", LIGHT.accent, LIGHT.on_accent))
    now: dt.datetime | None = arguments.now
    window = build_window(
        lambda: now or dt.datetime.now(dt.UTC),
        theme=arguments.theme,
        language=arguments.lang,
        kept=kept,
        update=None if arguments.sample else update_of_this_pc,
    )
    sys.excepthook = lambda _kind, error, trace: show_mistake(window, error, trace)
    outside = FilesFromOutside(window)
    outside.came.connect(window.take_files)
    if name:
        outside.listen(name)
    window.show()
    QTimer.singleShot(0, started)
    if arguments.sample:
        QTimer.singleShot(0, window.view_model.open_sample)
    elif arguments.files:
        QTimer.singleShot(0, lambda: window.page.files_dropped(arguments.files))
    else:
        QTimer.singleShot(0, window.tour.on_first_start)
    return application.exec()


def forget_qt_folders() -> None:
    """Qt's own file dialog lists the folders it was in, readable by anybody, in a file of its own; let it have none.

    Dialogs of the system itself (Windows, macOS, most Linux desktops) are the system's business.
    """
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, os.devnull)


def show_mistake(window: MainWindow, error: BaseException, trace: TracebackType | None) -> None:
    """Say that something went wrong on our side, with what a person can pass on; nothing of anybody's pay is in it."""
    from autoenroll_desktop.ui.dialogs.mistake import MistakeDialog, redacted

    if isinstance(error, KeyboardInterrupt):
        QApplication.exit(130)
        return
    log.note_mistake(error)
    MistakeDialog(window.context, redacted(error, trace), window).open()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="autoenroll-desktop", description="Checks Irish payroll files in a window.")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--sample", action="store_true", help="open the bundled sample employer")
    parser.add_argument("--now", type=_moment, metavar="ISO-DATETIME", help="let the clock stand at this moment")
    parser.add_argument("--theme", choices=THEMES, default="", help="in place of the one chosen in Settings")
    parser.add_argument("--lang", choices=LANGUAGES, default="", help="in place of the one chosen in Settings")
    return parser


def _moment(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Europe/Dublin"))


if __name__ == "__main__":
    sys.exit(main())
