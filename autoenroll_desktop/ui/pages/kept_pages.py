"""The pages that show what is kept, and how they join the window: all of them go by one view of the store."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from autoenroll_desktop.actions.desk import Desk, DeskState
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.page import Page, Registration
from autoenroll_desktop.ui.pages.aepns import AepnsPage
from autoenroll_desktop.ui.pages.calendar import CalendarPage
from autoenroll_desktop.ui.pages.clients import ClientsPage
from autoenroll_desktop.ui.pages.kept_run import KeptRunPage
from autoenroll_desktop.ui.pages.today import TodayPage
from autoenroll_desktop.ui.view_models.aepns import AepnsViewModel
from autoenroll_desktop.ui.view_models.calendar import CalendarViewModel
from autoenroll_desktop.ui.view_models.check import Clock
from autoenroll_desktop.ui.view_models.clients import ClientsViewModel
from autoenroll_desktop.ui.view_models.kept import Kept
from autoenroll_desktop.ui.view_models.kept_run import KeptRunViewModel
from autoenroll_desktop.ui.view_models.wall import WallViewModel

if TYPE_CHECKING:
    from autoenroll_desktop.ui.main_window import MainWindow


class KeptPages(QObject):
    """Today, clients, AEPNs, calendar, and a kept run under Today."""

    def __init__(self, desk: Desk, clock: Clock) -> None:
        super().__init__()
        self.kept = Kept(desk, clock, self)
        self.wall = WallViewModel(self.kept, self)
        self.clients = ClientsViewModel(self.kept, self)
        self.aepns = AepnsViewModel(self.kept, self)
        self.calendar = CalendarViewModel(self.kept, self)
        self.run = KeptRunViewModel(self.kept, self)
        self._window: MainWindow | None = None
        self._begun = False

    def before_check(self) -> tuple[Registration, ...]:
        """What stands above Check in the rail."""
        return (Registration("today", partial(_today, self.wall)),)

    def after_check(self) -> tuple[Registration, ...]:
        """What stands below it, and what stands in no rail."""
        return (
            Registration("clients", partial(_clients, self.clients)),
            Registration("aepns", partial(_aepns, self.aepns)),
            Registration("calendar", partial(_calendar, self.calendar)),
            Registration("run", partial(_run, self.run), under="today"),
        )

    def join(self, window: "MainWindow") -> None:
        """Live and close with a window; the first one to see clients begins with the wall."""
        self.setParent(window)
        self._window = window
        window.store.changed.connect(self._on_store)
        window.view_model.checked.connect(self.kept.changed)
        window.closing.connect(self._close)
        self.wall.read.connect(self._on_wall)

    def _on_store(self) -> None:
        self.kept.changed.emit()
        if not self._begun and self.kept.state is DeskState.KEPT:
            self.wall.look()

    def _on_wall(self) -> None:
        if not self._begun and self.wall.rows is not None:
            self._begun = True
            if self.wall.rows and self._window is not None:
                self._window.show_wall()

    def _close(self) -> None:
        for model in (self.wall, self.clients, self.aepns, self.calendar):
            model.close()
        self.run.close()
        self.kept.close()


def _today(model: WallViewModel, context: Context) -> Page:
    return TodayPage(context, model)


def _clients(model: ClientsViewModel, context: Context) -> Page:
    return ClientsPage(context, model)


def _aepns(model: AepnsViewModel, context: Context) -> Page:
    return AepnsPage(context, model)


def _calendar(model: CalendarViewModel, context: Context) -> Page:
    return CalendarPage(context, model)


def _run(model: KeptRunViewModel, context: Context) -> Page:
    return KeptRunPage(context, model)
