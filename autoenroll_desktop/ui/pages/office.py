"""The Office page: the licence, and what else concerns all of an office's computers. A card for each."""

from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from autoenroll_desktop.policy.sources import in_force
from autoenroll_desktop.ui.commands import Command
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.page import Page
from autoenroll_desktop.ui.pages.office_buy import BuyCard
from autoenroll_desktop.ui.pages.office_licence import LicenceCard
from autoenroll_desktop.ui.pages.office_people import PeopleCard
from autoenroll_desktop.ui.pages.office_policies import PoliciesCard
from autoenroll_desktop.ui.pages.office_sync import SyncCard
from autoenroll_desktop.ui.pages.office_update import UpdateCard
from autoenroll_desktop.ui.theme import SPACE
from autoenroll_desktop.ui.view_models.office import OfficeParts

_WIDTH = 900


class OfficePage(Page):
    """Each card looks after itself; the page stacks them."""

    def __init__(self, context: Context, parts: OfficeParts, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._parts = parts
        title = QLabel(self.words.say("page.office"), self)
        title.setObjectName("page-title")
        column = QWidget(self)
        column.setMaximumWidth(_WIDTH * context.preferences.text_size // 100)
        self.licence = LicenceCard(context, parts.licence, column)
        self.buy = BuyCard(context, parts.buying, column)
        self.sync = SyncCard(context, parts.sync, column)
        self.people = PeopleCard(context, parts.sync, column)
        self.version = UpdateCard(context, parts.updating, column)
        self.policies = PoliciesCard(context, in_force(), column)
        inside = QVBoxLayout(column)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(SPACE)
        inside.addWidget(title)
        for card in (self.licence, self.sync, self.people, self.buy, self.version):
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
        self._parts.licence.look(self.words)
        if self._parts.sync.member:
            self._parts.sync.list_devices(people=True)
        else:
            self._parts.sync.look()
        self._parts.buying.look()
        self.licence.file_button.setFocus()

    def help_topic(self) -> str:
        return "office"
