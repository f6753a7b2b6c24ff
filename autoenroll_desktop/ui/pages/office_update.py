"""The Office page's card about newer versions."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from autoenroll_desktop import __version__
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.view_models.updating import Updating
from autoenroll_desktop.ui.widgets.office_card import OfficeCard

_MEGA = 1_000_000


class UpdateCard(OfficeCard):
    """`said`: severity and text. `failed`: an exception to be told."""

    said = Signal(str, str)
    failed = Signal(object)

    def __init__(self, context: Context, updating: Updating, parent: QWidget | None = None) -> None:
        super().__init__(context, context.words.say("office.version"), parent)
        say = self.words.say
        self._updating = updating
        self.install_button = self.add_button(say("office.update-install"), primary=True)
        self.look_button = self.add_button(say("office.update-look"))
        self.stop_button = self.add_button(say("window.cancel"))
        self.end_buttons()
        self.install_button.clicked.connect(updating.install)
        self.look_button.clicked.connect(lambda _checked: updating.look())
        self.stop_button.clicked.connect(updating.stop)
        updating.changed.connect(self.show_state)
        updating.failed.connect(self.failed)
        self.show_state()

    def show_state(self) -> None:
        """Say which version runs, and what is offered."""
        say, updating, told = self.words.say, self._updating, self._updating.told
        lines, level = [], "quiet"
        if updating.off:
            lines.append(updating.off)
        if told is not None:
            newer = told.version != __version__
            lines.append(say(f"update.{told.outcome}", version=told.version))
            if told.required:
                lines.append(say("update.required"))
            if told.withdrawn:
                lines.append(say("update.withdrawn", version=__version__))
            level = "amber" if told.required or told.withdrawn else "good" if told.outcome == "current" else "quiet"
            if updating.may_install and told.outcome == "announced":
                lines[0] = say("office.update-offered", version=told.version)
            notes = told.notes or {}
            if newer and (text := notes.get(self.words.language) or notes.get("en")):
                lines.append(text)
        if updating.busy:
            lines.append(say("office.update-busy", megabytes=f"{updating.came / _MEGA:.1f}"))
        self.show_words(say("office.version-runs", version=__version__), lines, level)
        offered = told is not None and told.outcome == "announced" and updating.may_install
        self.install_button.setVisible(offered)
        self.install_button.setEnabled(not updating.busy)
        self.look_button.setEnabled(updating.here and not updating.busy)
        self.stop_button.setVisible(updating.busy)
