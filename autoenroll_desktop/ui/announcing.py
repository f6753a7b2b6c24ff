"""What the window says by itself: work that was left off, a file that was written, an update that is offered."""

from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.ui.view_models.check import CheckViewModel
from autoenroll_desktop.ui.view_models.left_off import LeftOff
from autoenroll_desktop.ui.view_models.office import OfficeParts
from autoenroll_desktop.ui.view_models.store import StoreViewModel
from autoenroll_desktop.ui.widgets.upkeep_words import upkeep_in_words

if TYPE_CHECKING:
    from autoenroll_desktop.actions.fixing import Recipe
    from autoenroll_desktop.actions.install_update import Told
    from autoenroll_desktop.actions.look_after_store import LookedAfter
    from autoenroll_desktop.actions.unsaved_work import UnsavedWork
    from autoenroll_desktop.domain.words import Words
    from autoenroll_desktop.ui.main_window import MainWindow

DUBLIN = ZoneInfo("Europe/Dublin")


class Announcing(QObject):
    """Puts what happened into notices, in the window's language of that moment."""

    def __init__(
        self,
        window: "MainWindow",
        check: CheckViewModel,
        store: StoreViewModel,
        left_off: LeftOff,
        office: OfficeParts | None,
    ) -> None:
        super().__init__(window)
        self._window = window
        check.writing.reported.connect(self._on_reported)
        store.failed.connect(self._on_failed)
        store.looked_after.connect(self._on_looked_after)
        left_off.found.connect(self._on_left_off)
        left_off.recipe_found.connect(self._on_recipe_found)
        left_off.failed.connect(self._on_not_saved)
        if office is not None:
            self._updating = office.updating
            office.updating.offered.connect(self._on_update)

    @property
    def _words(self) -> "Words":
        return self._window.context.words

    def _on_failed(self, error: Exception) -> None:
        self._window.page.tell(error)  # the page of that moment: another language makes another one

    def _on_looked_after(self, done: "LookedAfter") -> None:
        for severity, text in upkeep_in_words(done, self._words):
            self._window.notices.say(severity, text)

    def _on_left_off(self, work: "UnsavedWork") -> None:
        say, at = self._words.say, work.saved_at.astimezone(DUBLIN)
        name, more = work.paths[0].name, len(work.paths) - 1
        text = say("window.left-off", steps=len(work.recipe), at=at, name=f"{name} + {more}" if more else name)
        self._window.notices.say("warning", text, (say("window.take-up"), self._window.take_up))

    def _on_recipe_found(self, recipe: "Recipe") -> None:
        say = self._words.say
        text = say("window.recipe-kept", steps=len(recipe))
        self._window.notices.say("info", text, (say("window.recipe-try"), self._window.try_kept_recipe))

    def _on_not_saved(self, error: Exception) -> None:
        if isinstance(error, AppError):
            self._window.notices.say("warning", self._words.say("window.steps-not-kept", why=str(error)))
        else:
            self._on_failed(error)

    def _on_reported(self, path: Path) -> None:
        say = self._words.say
        self._window.notices.say(
            "ready",
            say("window.written", name=path.name),
            (say("window.open-file"), lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))),
        )

    def _on_update(self, told: "Told") -> None:
        kind = "required" if told.required else "withdrawn" if told.withdrawn else "announced"
        severity = "warning" if told.required or told.withdrawn else "info"
        key = f"office.update-{kind}" if self._updating.may_install else "update.announced"
        self._window.point(severity, self._words.say(key, version=told.version), "office")
