"""Choosing a person's role, with what each may do."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.dialogs.sheet_dialog import SheetDialog

if TYPE_CHECKING:
    from autoenroll_desktop.actions.office_roles import Role


class RoleDialog(SheetDialog):
    """`kind` is "invite" or "role"; `chosen` is the role it begins with. Once accepted, `role` is the one chosen."""

    def __init__(
        self, context: Context, kind: str, roles: "Sequence[Role]", chosen: str, parent: QWidget | None = None
    ) -> None:
        say = context.words.say
        title, about, do = (say(f"office.{kind}-{part}") for part in ("title", "about", "do"))
        super().__init__(context, title, about, accept=do, parent=parent)
        self._roles = roles
        self.choice = QComboBox(self)
        self.choice.setAccessibleName(say("office.role"))
        for role in roles:
            self.choice.addItem(say(f"office-role.{role}"), role)
        self.choice.setCurrentIndex(max(0, self.choice.findData(chosen)))
        self.may = QLabel(self)
        self.may.setWordWrap(True)
        self.body.addWidget(self.choice)
        self.body.addWidget(self.may)
        self.body.addStretch()
        self.choice.currentIndexChanged.connect(self._on_choice)
        self._on_choice()
        self.choice.setFocus()
        self.grow(480, 280)

    @property
    def role(self) -> "Role":
        """The role that stands there."""
        return self._roles[self.choice.currentIndex()]

    def _on_choice(self) -> None:
        self.may.setText(self.words.say(f"office-role.{self.role}-may"))
