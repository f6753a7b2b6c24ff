"""The Office page's card about the office's people: who is in it with which role, inviting, and removing."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.dialogs.role import RoleDialog
from autoenroll_desktop.ui.dialogs.sheet_dialog import SheetDialog
from autoenroll_desktop.ui.view_models.office_sync import OfficeSync
from autoenroll_desktop.ui.widgets.office_card import OfficeCard
from autoenroll_desktop.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from autoenroll_desktop.actions.office_roles import PersonShown


class PeopleCard(OfficeCard):
    """There while this PC is in an office. `said`: severity and text. `failed`: an exception to be told."""

    said = Signal(str, str)
    failed = Signal(object)

    def __init__(self, context: Context, sync: OfficeSync, parent: QWidget | None = None) -> None:
        super().__init__(context, context.words.say("office.people"), parent)
        self._sync = sync
        self.rows = Rows(self)
        self.body.addLayout(self.rows)
        self.invite_button = self.add_button(self.words.say("office.invite"))
        self.end_buttons()
        self.invite_button.clicked.connect(self._invite)
        sync.changed.connect(self.show_state)
        sync.people_listed.connect(self._show_people)
        self.show_state()
        self._show_people()

    def show_state(self) -> None:
        """Offer what this person's role allows now."""
        say, state, sync = self.words.say, self._sync.state, self._sync
        here = sync.member and state is not None and state.standing != "waiting"
        self.setVisible(here)
        if state is None or not here:
            return
        about = () if sync.may_set_roles else (say("office.people-about"),)
        self.show_words(say("office.people-mine", role=say(f"office-role.{state.role}")), about, "quiet")
        self.invite_button.setVisible(bool(sync.may_invite))
        self.invite_button.setEnabled(not sync.work.busy)

    def _show_people(self) -> None:
        say = self.words.say
        self.rows.clear()
        for row, one in enumerate(self._sync.people):
            name = self._name(one)
            shown = say("office.person-mine", name=name) if one.mine else name
            told = say("office.person", role=say(f"office-role.{one.role}"), since=one.since.date())
            self.rows.put_text(shown, row, 0)
            self.rows.put_text(told, row, 1)
            if self._sync.may_set_roles:
                self.rows.put_button(say("office.role-change"), name, partial(self._change, one), row, 2)
                if not one.mine:
                    self.rows.put_button(say("office.remove"), name, partial(self._remove, one), row, 3)

    def _name(self, one: "PersonShown") -> str:
        """A person by the names of their PCs."""
        named = [pc for pc in one.pcs if pc]
        return ", ".join(named) or self.words.say("office.person-nameless", id=str(one.id)[:8])

    def _invite(self) -> None:
        dialog = RoleDialog(self.context, "invite", self._sync.may_invite, "clerk", self)
        dialog.accepted.connect(lambda: self._sync.invite(dialog.role))
        dialog.open()

    def _change(self, one: "PersonShown") -> None:
        dialog = RoleDialog(self.context, "role", self._sync.may_set_roles, one.role, self)
        dialog.accepted.connect(lambda: self._sync.set_role(one.id, dialog.role))
        dialog.open()

    def _remove(self, one: "PersonShown") -> None:
        say = self.words.say
        title, about = say("office.remove-title", name=self._name(one)), say("office.remove-about")
        dialog = SheetDialog(self.context, title, about, accept=say("office.remove"), parent=self)
        dialog.accepted.connect(lambda: self._sync.remove(one.id))
        dialog.open()
