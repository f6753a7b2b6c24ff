"""The Office page: the licence, and what else concerns all of an office's computers. A card for each."""

from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from autoenroll_desktop.policy.sources import in_force
from autoenroll_desktop.ui.commands import Command
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.page import Page
from autoenroll_desktop.ui.pages.office_licence import LicenceCard
from autoenroll_desktop.ui.pages.office_policies import PoliciesCard
from autoenroll_desktop.ui.theme import SPACE
from autoenroll_desktop.ui.view_models.office_licence import OfficeLicence

_WIDTH = 820


class OfficePage(Page):
    """Each card looks after itself; the page stacks them."""

    def __init__(self, context: Context, licence: OfficeLicence, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._licence = licence
        title = QLabel(self.words.say("page.office"), self)
        title.setObjectName("page-title")
        column = QWidget(self)
        column.setMaximumWidth(_WIDTH * context.preferences.text_size // 100)
        self.licence = LicenceCard(context, licence, column)
        self.policies = PoliciesCard(context, in_force(), column)
        inside = QVBoxLayout(column)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(SPACE)
        inside.addWidget(title)
        for card in (self.licence,):
            inside.addWidget(card)
            card.said.connect(self.said)
            card.failed.connect(self.tell)
        inside.addWidget(self.policies)
        inside.addStretch()
        around = QScrollArea(self)
        around.setWidgetResizable(True)
        around.setWidget(column)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE + 8, SPACE + 2, SPACE + 8, SPACE)
        layout.addWidget(around)

    def commands(self) -> list[Command]:
        return []

    def opened(self, topic: str) -> None:
        del topic
        self._licence.look(self.words)
        self.licence.file_button.setFocus()

    def help_topic(self) -> str:
        return "office"
