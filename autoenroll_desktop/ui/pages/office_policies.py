"""The Office page's card about policies: what an administrator set for this computer, and where."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from autoenroll_desktop.policy.sources import Found, files
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.widgets.office_card import OfficeCard


class PoliciesCard(OfficeCard):
    """One row a policy that is set; the rest stands at what the program does without one."""

    def __init__(self, context: Context, found: Found, parent: QWidget | None = None) -> None:
        super().__init__(context, context.words.say("policy.title"), parent)
        say = self.words.say
        if found.set_by:
            self.show_words(say("policy.set", count=len(found.set_by)), (), "quiet")
        else:
            places = ", ".join(map(str, files()))
            self.show_words(say("policy.none-here"), (say("policy.none-about", places=places),), "quiet")
        self.rows: dict[str, QLabel] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(2, 1)
        for row, (key, place) in enumerate(found.set_by.items()):
            value = getattr(found.policies, key.replace("-", "_"))
            self.rows[key] = self._label(self._in_words(value))
            where = self._label(place)
            where.setObjectName("muted")
            for column, label in enumerate((self._label(say(f"policy-name.{key}")), self.rows[key], where)):
                grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(grid)
        if found.unknown:
            self.show_trouble(say("policy.unknown", keys=", ".join(found.unknown)))

    def _label(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label

    def _in_words(self, value: object) -> str:
        if isinstance(value, bool):
            return self.words.say("policy.yes" if value else "policy.no")
        known = f"policy-value.{value}"
        return self.words.say(known) if self.words.knows(known) else str(value)
