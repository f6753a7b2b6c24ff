"""The frame: rail on the left, one page, notices in the corner, a status bar.

Language, theme and size of the text change by building the insides anew from the same view models: nothing can be left
behind in the old language, and no part has to know how to change its own words or colours.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QStackedWidget, QWidget

from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.ui.announcing import Announcing
from autoenroll_desktop.ui.commands import Command, action_for
from autoenroll_desktop.ui.context import Asking, Context
from autoenroll_desktop.ui.dialogs.palette import CommandPalette
from autoenroll_desktop.ui.page import Page, Registration
from autoenroll_desktop.ui.pages.check import CheckPage
from autoenroll_desktop.ui.preferences import LANGUAGES, Preferences
from autoenroll_desktop.ui.standard_words import StandardWords
from autoenroll_desktop.ui.store_guard import StoreGuard
from autoenroll_desktop.ui.style import apply_theme
from autoenroll_desktop.ui.theme import Theme, wanted_theme
from autoenroll_desktop.ui.tour import Tour
from autoenroll_desktop.ui.view_models.check import CheckViewModel
from autoenroll_desktop.ui.view_models.left_off import LeftOff
from autoenroll_desktop.ui.view_models.office import OfficeParts
from autoenroll_desktop.ui.view_models.standing import LicenceStanding
from autoenroll_desktop.ui.view_models.store import StoreViewModel
from autoenroll_desktop.ui.widgets.notices import Notices
from autoenroll_desktop.ui.widgets.rail import Rail
from autoenroll_desktop.ui.widgets.status_bar import StatusBar

_GEOMETRY = "window/geometry"
_CHECK, _WALL = "check", "today"
_LOOK_MS = 100
"""The window is painted first; then the store is opened and the licence looked at."""


class MainWindow(QMainWindow):
    """Holds the pages that were registered; a further page is one more registration. `closing`: it shuts for good."""

    closing = Signal()

    def __init__(
        self,
        view_model: CheckViewModel,
        pages: Sequence[Registration],
        words_in: Callable[[str], Words],
        preferences: Preferences,
        asking: Asking,
        store: StoreViewModel,
        licence: LicenceStanding,
        left_off: LeftOff,
        auto_lock: int = 0,
        office: OfficeParts | None = None,
    ) -> None:
        """`auto_lock`: the most minutes without a key a policy allows, 0 where it says nothing. `office`: what the
        Office page works with, which begins and ends with the window.
        """
        super().__init__()
        for part in (view_model, store, licence, left_off):
            part.setParent(self)
        self.office = office
        if office is not None:
            office.belong_to(self)
        self.view_model, self.store, self.licence, self.left_off = view_model, store, licence, left_off
        self.guard = StoreGuard(self, store, view_model, auto_lock)
        self.tour = Tour(self, view_model, store, preferences)
        self._looking = QTimer(self)
        self._looking.setSingleShot(True)
        self._looking.setInterval(_LOOK_MS)
        self._looking.timeout.connect(store.look)
        self._looking.timeout.connect(licence.look)
        if office is not None:
            self._looking.timeout.connect(office.watch)
        self._looked = False
        self._pages, self._words_in, self._preferences, self._asking = tuple(pages), words_in, preferences, asking
        self._built: dict[str, Page] = {}
        self._translator: StandardWords | None = None
        self._here = _CHECK
        asking.parent = lambda: self
        self.setWindowTitle("AutoEnroll Desktop")
        self.resize(1440, 900)
        if state := preferences.state(_GEOMETRY):
            self.restoreGeometry(state)
        self.build()
        self.announcing = Announcing(self, view_model, store, left_off, office)
        view_model.checked.connect(self._show_check)
        store.changed.connect(self._show_standing)
        licence.changed.connect(self._show_standing)
        self.guard.shut.connect(self._put_away)
        if office is not None:
            office.sync.changed.connect(self._show_standing)
        QApplication.styleHints().colorSchemeChanged.connect(self._on_scheme)

    @property
    def theme(self) -> Theme:
        """The colours in use."""
        return self.context.theme

    @property
    def page(self) -> CheckPage:
        """The Check page."""
        page = self.page_named("check")
        assert isinstance(page, CheckPage)
        return page

    def page_named(self, name: str) -> Page:
        """A page, made when it is first wanted."""
        if name not in self._built:
            entry = next(one for one in self._pages if one.name == name)
            page = entry.build(self.context)
            page.said.connect(self.say)
            page.go_to.connect(self.go_to)
            page.preferred.connect(self.choose)
            page.files_given.connect(self.take_files)
            for command in page.commands() if name != _CHECK else ():
                action = action_for(command, self.context.words, page)
                action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                page.addAction(action)
            page.pointed.connect(self.point)
            self._built[name] = page
            self._stack.addWidget(page)
        return self._built[name]

    def build(self) -> None:
        """Make the insides, in the language and colours that are wanted now."""
        for page in self._built.values():
            page.leave()
        self._built = {}
        for action in self.actions():
            self.removeAction(action)
            action.deleteLater()
        words = self._words_in(self._preferences.language)
        self.view_model.words = words
        if self.office is not None:
            self.office.speak(words)
        self.context = Context(words, wanted_theme(self._preferences.theme), self._preferences, self._asking,
                               self.store.folders)  # fmt: skip
        self._dress()
        inside = QWidget(self)
        self.rail = Rail(self.context, [page for page in self._pages if not page.under], inside)
        self.rail.page_chosen.connect(self.go_to)
        self._stack = QStackedWidget(inside)
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(self._stack, 1)
        self.setCentralWidget(self.guard.build(self.context, inside))
        self.notices = Notices(self.context, inside)
        self.tour.build(self.context, inside)
        self.status = StatusBar(self.context, self.view_model, self)
        self.status.standing.wanted.connect(self._on_store_wanted)
        self.setStatusBar(self.status)
        for command in self.commands():
            self.addAction(action_for(command, words, self))
        self.go_to(self._here)
        self._show_check()
        self._show_standing()
        if self.guard.covered:
            self.guard.cover_again()

    def commands(self) -> list[Command]:
        """Everything that can be done in the window, the Check page's work first."""
        return [
            *self.page.commands(),
            *(Command(f"page-{page.name}", partial(self.go_to, page.name)) for page in self._pages if not page.under),
            *(Command(f"language-{one}", partial(self.choose, "language", one)) for one in LANGUAGES),
            *(Command(f"theme-{one}", partial(self.choose, "theme", one)) for one in ("light", "dark")),
            *self.guard.commands(),
            Command("take-up", self.take_up, "", lambda: self.left_off.waiting is not None),
            Command("recipe-kept", self.try_kept_recipe, "", lambda: self.left_off.recipe is not None),
            Command("palette", self.show_palette, "Ctrl+K"),
            Command("help", self.show_help, "F1"),
            Command("tour", self.tour.take),
            Command("quit", self.close, "Ctrl+Q"),
        ]

    def go_to(self, name: str, topic: str = "") -> None:
        """Bring a page into view."""
        page = self.page_named(name)
        if self._here != name:
            self._put_away()
        self._here = name
        self._stack.setCurrentWidget(page)
        self.rail.show_page(next(one.under or one.name for one in self._pages if one.name == name))
        page.opened(topic)
        self._give_way(page)

    def choose(self, name: str, value: str) -> None:
        """Set a preference (language, theme, text-size) and show the window in it."""
        self._preferences.keep(name, value)
        self.build()

    def say(self, severity: str, text: str) -> None:
        """Show a message; an empty one takes away those that stand there."""
        self.notices.say(severity, text)

    def point(self, severity: str, text: str, page: str) -> None:
        """Show a message with a button to the page where something can be done about it."""
        self.notices.say(severity, text, (self.context.words.say(f"action.page-{page}"), partial(self.go_to, page)))

    def show_palette(self) -> None:
        """Offer everything that can be done now (Ctrl+K)."""
        here = self.page_named(self._here).commands() if self._here != _CHECK else []
        everything = [*here, *(one for one in self.commands() if one.name != "palette")]
        palette = CommandPalette(self.context, everything, self)
        corner = self.mapToGlobal(self.rect().topLeft())
        palette.move(corner.x() + (self.width() - palette.width()) // 2, corner.y() + 90)
        palette.show()
        palette.search.setFocus()

    def show_help(self) -> None:
        """Open the help for what somebody looks at (F1)."""
        self.go_to("help", self.page_named(self._here).help_topic())

    def show_wall(self) -> None:
        """Begin with the wall, unless somebody has begun with something else."""
        if self._here == _CHECK and not self.view_model.can_check and not self.guard.covered:
            self.go_to(_WALL)

    def take_files(self, paths: list[Path]) -> None:
        """Check files that came from elsewhere (a second start, the desktop), and come to the front."""
        if self.isMinimized():
            self.showNormal()
        self.raise_()
        self.activateWindow()
        self.go_to("check")
        if paths:
            self.page.files_dropped(paths)

    def take_up(self) -> None:
        """Go on with the steps that were left off."""
        self.go_to("check")
        self.left_off.take_up()

    def try_kept_recipe(self) -> None:
        """Show what the steps of this employer's last run would do here."""
        if self.left_off.recipe is not None:
            self.go_to("check")
            self.page.fixing.try_out(self.left_off.recipe)

    def closeEvent(self, event: QCloseEvent) -> None:
        if (steps := self.view_model.writing.unwritten) and not self._asking.may_leave(self.context, steps):
            event.ignore()
            return
        self._preferences.keep(_GEOMETRY, self.saveGeometry())
        for page in self._built.values():
            page.leave()
        self._built = {}
        self.closing.emit()
        self._looking.stop()
        self.store.close()
        self.left_off.close()
        if self.office is not None:
            self.office.close()
        self.licence.close()
        self.view_model.close()
        event.accept()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._looked:
            self._looked = True
            self._looking.start()

    def _put_away(self) -> None:
        if self._here in self._built:
            self._built[self._here].put_away()

    def _give_way(self, page: Page) -> None:
        """Keys the page in view has a use for mean that, and not what they mean elsewhere."""
        taken = [action.shortcut() for action in page.actions() if not action.shortcut().isEmpty()]
        for action in self.actions():
            action.setShortcutContext(
                Qt.ShortcutContext.WidgetShortcut if action.shortcut() in taken else Qt.ShortcutContext.WindowShortcut
            )

    def _dress(self) -> None:
        application = QApplication.instance()
        if not isinstance(application, QApplication):
            return
        apply_theme(application, self.context.theme, self._preferences.text_size)
        if self._translator is not None:
            application.removeTranslator(self._translator)
        self._translator = StandardWords(self.context.words, self)
        application.installTranslator(self._translator)

    def _show_check(self) -> None:
        self.status.show_check()

    def _show_standing(self) -> None:
        standing = self.status.standing
        standing.show_store(self.store.state, self.store.desk.refused)
        standing.show_licence(self.licence.standing)
        state = self.office.sync.state if self.office is not None else None
        standing.show_sync(state if state is not None and state.standing != "alone" else None)

    def _on_store_wanted(self) -> None:
        if self.guard.wanted:
            self.guard.ask()
        elif not self.guard.covered:
            self.go_to("settings")

    def _on_scheme(self) -> None:
        if self._preferences.theme == "system":
            self.build()
