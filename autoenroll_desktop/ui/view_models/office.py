"""What the Office page works with, held together: they begin with the window and end with it."""

from dataclasses import dataclass

from PySide6.QtCore import QObject

from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.ui.view_models.buying import Buying
from autoenroll_desktop.ui.view_models.office_licence import OfficeLicence
from autoenroll_desktop.ui.view_models.office_sync import OfficeSync
from autoenroll_desktop.ui.view_models.updating import Updating


@dataclass(frozen=True)
class OfficeParts:
    """The licence, the office's other computers, buying, and newer versions."""

    licence: OfficeLicence
    sync: OfficeSync
    buying: Buying
    updating: Updating

    def belong_to(self, owner: QObject) -> None:
        """Live as long as the window."""
        for part in (self.licence, self.sync, self.buying, self.updating):
            part.setParent(owner)

    def speak(self, words: Words) -> None:
        """Say everything in these words from now on."""
        self.sync.words = words
        if self.sync.state is not None:
            self.sync.look()

    def watch(self) -> None:
        """Do by themselves from now on what they do by themselves."""
        self.sync.watch()
        self.buying.watch()
        self.updating.watch()

    def close(self) -> None:
        """Stop for good."""
        for part in (self.buying, self.sync, self.updating, self.licence):
            part.close()
