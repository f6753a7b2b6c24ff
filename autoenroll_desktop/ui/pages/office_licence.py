"""The Office page's card about the licence: what it is, until when, and how one is brought in."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from autoenroll_desktop import __version__
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.dialogs.licence_request import LicenceRequestDialog
from autoenroll_desktop.ui.dialogs.paste_text import PasteDialog
from autoenroll_desktop.ui.view_models.office_licence import OfficeLicence
from autoenroll_desktop.ui.view_models.standing import told
from autoenroll_desktop.ui.widgets.office_card import OfficeCard

if TYPE_CHECKING:
    from autoenroll_desktop.actions.licence import Standing


class LicenceCard(OfficeCard):
    """`said`: severity and text. `failed`: an exception to be told."""

    said = Signal(str, str)
    failed = Signal(object)

    def __init__(self, context: Context, licence: OfficeLicence, parent: QWidget | None = None) -> None:
        super().__init__(context, context.words.say("office.licence"), parent)
        say = self.words.say
        self._licence = licence
        self.file_button = self.add_button(say("office.activate-file"))
        self.paste_button = self.add_button(say("office.activate-text"))
        self.request_button = self.add_button(say("office.request"))
        self.end_buttons()
        self.file_button.clicked.connect(self.choose_file)
        self.paste_button.clicked.connect(self._paste)
        self.request_button.clicked.connect(lambda: licence.ask(__version__))
        licence.changed.connect(self.show_state)
        licence.taken.connect(self._on_taken)
        licence.asked.connect(self._on_asked)
        licence.failed.connect(self.failed)
        self.show_state()

    def choose_file(self) -> None:
        """Ask for a licence file and take it."""
        files = self.context.asking.for_files(self.words, "", self.words.say("office.licence-kinds"))
        if files:
            self._licence.activate_file(files[0], self.words)

    def show_state(self) -> None:
        """Say how the licence stands."""
        say, standing = self.words.say, self._licence.standing.standing
        here = self._licence.home is not None
        for button in (self.file_button, self.paste_button, self.request_button):
            button.setEnabled(here and not self._licence.busy)
        if standing is None:
            self.show_words(say("office.sample" if not here else "office.looking"), (), "quiet")
            return
        said = told(standing, self.words)
        good = said.level == "quiet" and standing.licence is not None
        self.show_words(said.headline, said.lines, "good" if good else said.level)
        self.show_trouble(self._licence.ordered)

    def _paste(self) -> None:
        say = self.words.say
        dialog = PasteDialog(
            self.context, say("office.paste-title"), say("office.paste-about"), say("office.activate"), self
        )
        dialog.accepted.connect(lambda: self._licence.activate_text(dialog.text, self.words))
        dialog.open()

    def _on_taken(self, standing: "Standing") -> None:
        self.said.emit("ready", self.words.say("office.taken", state=told(standing, self.words).bar))

    def _on_asked(self, text: str, drawing: str) -> None:
        dialog = LicenceRequestDialog(self.context, text, drawing, self)
        dialog.save_wanted.connect(lambda path: self._save(path, text))
        dialog.open()

    def _save(self, path: Path, text: str) -> None:
        say = self.words.say
        try:
            path.write_text(text + "\n", encoding="ascii")
        except OSError as error:
            title = say("office.unwritable", name=path.name)
            self.failed.emit(AppError(title, error.strerror or "", say("office.another-place")))
            return
        self.said.emit("ready", say("window.written", name=path.name))
