"""Why, what to do, and the law, for the place somebody looks at; and what can be done about it here."""

from functools import partial
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTextBrowser,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.icons import icon, pixmap
from autoenroll_desktop.ui.theme import SPACE
from autoenroll_desktop.ui.widgets.step_words import change_in_words, choice_in_words

if TYPE_CHECKING:
    from autoenroll_desktop.actions.fixing import Proposal
    from autoenroll_desktop.domain.checked_run import CheckedRun
    from autoenroll_desktop.domain.finding import Finding


class Inspector(QFrame):
    """Shows one place of one finding.

    Signals: `fix_wanted` (Proposal) for this place, `fix_all_wanted` (Proposal) for all alike, `confirm_wanted`,
    `edit_wanted`, `step_wanted` (+1 or -1).
    """

    fix_wanted = Signal(object)
    fix_all_wanted = Signal(object)
    confirm_wanted = Signal()
    edit_wanted = Signal()
    step_wanted = Signal(int)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._theme = context.words, context.theme
        self._shown: tuple[Finding, int, CheckedRun, str] | None = None
        self._one: list[Proposal] = []
        self._alike: Proposal | None = None
        self._show_ppsn = False
        self._side = 18 * context.preferences.text_size // 100
        self.setObjectName("card")
        self._build()
        self.clear()

    @property
    def place(self) -> "tuple[Finding, int] | None":
        """What is shown: a finding and the number of its place."""
        return self._shown[:2] if self._shown is not None else None

    def clear(self) -> None:
        """Show nothing but the invitation to choose a finding."""
        self._shown = None
        for part in (self.head, self.suggestion, self.confirm_button):
            part.hide()
        self.text.setHtml(
            f"<p style='color:{self._theme.muted}'>{escape(self._words.say('window.inspector-empty'))}</p>"
        )

    def show_ppsn(self, show: bool) -> None:
        """Show PPSNs in full or masked."""
        self._show_ppsn = show
        self._render()
        self._fill_suggestion()

    def show_place(self, finding: "Finding", index: int, checked: "CheckedRun", position: str) -> None:
        """Show the `index`-th place; `position` says where it stands among all ("3 of 41")."""
        self._shown = (finding, index, checked, position)
        self._one, self._alike = [], None
        self._render()
        self._fill_suggestion()

    def suggest(self, one: "list[Proposal]", alike: "list[Proposal]") -> None:
        """Offer what can be done at this place, and at all places alike."""
        self._one, self._alike = one, next((fix for fix in alike if fix.places > 1), None)
        self._fill_suggestion()

    def fix_here(self) -> None:
        """Take the suggestion that is chosen (Ctrl+Enter)."""
        if self._one and self.suggestion.isVisibleTo(self):
            self.fix_wanted.emit(self._one[max(0, self.choice.currentIndex())])

    def fix_all(self) -> None:
        """Take the suggestion at all places alike."""
        if self._alike is not None:
            self.fix_all_wanted.emit(self._alike)

    def _build(self) -> None:
        say = self._words.say
        self.text = QTextBrowser(self)
        self.text.setOpenExternalLinks(True)
        self.text.setAccessibleName(say("window.inspector"))
        self.text.document().setDocumentMargin(0)
        self.confirm_button = QPushButton(say("window.confirm"), self)
        self.confirm_button.clicked.connect(self.confirm_wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE + 2, SPACE, SPACE + 2, SPACE)
        layout.setSpacing(SPACE - 2)
        layout.addWidget(self._head())
        layout.addWidget(self.text, 1)
        layout.addWidget(self._suggestion())
        layout.addWidget(self.confirm_button)

    def _head(self) -> QWidget:
        self.head = QWidget(self)
        self.sign = QLabel(self.head)
        self.severity = QLabel("", self.head)
        self.severity.setObjectName("heading")
        self.position = QLabel("", self.head)
        self.position.setObjectName("muted")
        row = QHBoxLayout(self.head)
        row.setContentsMargins(0, 0, 0, 0)
        for label in (self.sign, self.severity, self.position):
            row.addWidget(label)
        row.addStretch()
        for name, sign, by in (("previous", "up", -1), ("next", "down", 1)):
            button = QToolButton(self.head)
            button.setIcon(icon(sign, self._theme.text))
            button.setAccessibleName(self._words.say(f"action.{name}"))
            button.setToolTip(self._words.say(f"action.{name}"))
            button.clicked.connect(partial(self.step_wanted.emit, by))
            row.addWidget(button)
        return self.head

    def _suggestion(self) -> QFrame:
        say = self._words.say
        self.suggestion = QFrame(self)
        self.suggestion.setObjectName("tile")
        title = QLabel(say("window.suggestion"), self.suggestion)
        title.setObjectName("caption")
        self.told = QLabel("", self.suggestion)
        self.told.setWordWrap(True)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.choice = QComboBox(self.suggestion)
        self.choice.setAccessibleName(say("window.choose-suggestion"))
        self.fix_button = QPushButton(say("window.fix-this"), self.suggestion)
        self.fix_button.setProperty("primary", "true")
        self.fix_button.setToolTip(say("window.fix-this-keys"))
        self.all_button = QPushButton("", self.suggestion)
        self.edit_button = QPushButton(say("window.edit-cell"), self.suggestion)
        inside = QVBoxLayout(self.suggestion)
        inside.setContentsMargins(SPACE - 2, SPACE - 4, SPACE - 2, SPACE - 2)
        inside.setSpacing(6)
        parts: tuple[QWidget, ...] = (
            title, self.told, self.choice, self.fix_button, self.all_button, self.edit_button,
        )  # fmt: skip
        for part in parts:
            inside.addWidget(part)
        self.fix_button.clicked.connect(self.fix_here)
        self.all_button.clicked.connect(self.fix_all)
        self.edit_button.clicked.connect(self.edit_wanted)
        self.choice.currentIndexChanged.connect(self._tell_choice)
        return self.suggestion

    def _render(self) -> None:
        if self._shown is None:
            return
        finding, index, checked, position = self._shown
        theme, say = self._theme, self._words.say
        ink = theme.severity(finding.severity.value)[0]
        self.head.show()
        self.sign.setPixmap(pixmap(finding.severity.value, ink, theme.surface, self._side, self.devicePixelRatioF()))
        self.severity.setText(say(f"severity.{finding.severity}"))
        self.severity.setStyleSheet(f"color: {ink};")
        self.position.setText(position)
        message = self._words.message(finding, index, show_ppsn=self._show_ppsn)
        parts = [
            f"<h3 style='margin:0 0 4px 0'>{escape(self._words.title(finding))}</h3>",
            f"<p style='color:{theme.muted}; margin:0 0 8px 0'>{escape(self._where(finding, index, checked))}</p>",
            f"<p>{escape(message)}</p>",
        ]
        if finding.key in checked.confirmed:
            reason = checked.confirmed[finding.key][1]
            parts.append(self._section("window.confirmed-because", escape(reason)))
        parts.append(self._section("window.why", escape(self._words.why(finding))))
        parts.append(self._section("window.do", escape(self._words.action(finding))))
        if finding.rule.law:
            law = escape(finding.rule.law)
            if finding.rule.link:
                law += f"<br><a href='{escape(finding.rule.link)}'>{escape(say('window.read-source'))}</a>"
            parts.append(self._section("window.law", law))
        self.text.setHtml("".join(parts))
        self.confirm_button.setVisible(not finding.severity.blocks)

    def _fill_suggestion(self) -> None:
        shown = self._shown
        editable = shown is not None and shown[0].field is not None and shown[0].place(shown[1]).line >= 0
        self.suggestion.setVisible(shown is not None and bool(self._one or self._alike or editable))
        self.choice.blockSignals(True)
        self.choice.clear()
        for proposal in self._one:
            self.choice.addItem(choice_in_words(proposal, self._words, show_ppsn=self._show_ppsn))
        self.choice.blockSignals(False)
        self.choice.setVisible(len(self._one) > 1)
        self.fix_button.setVisible(bool(self._one))
        self.all_button.setVisible(self._alike is not None)
        self.edit_button.setVisible(editable)
        if self._alike is not None:
            self.all_button.setText(self._words.say("window.fix-all", count=self._alike.places))
        self._tell_choice()

    def _tell_choice(self) -> None:
        if not self._one:
            self.told.setText(self._words.say("window.no-suggestion"))
            return
        proposal = self._one[max(0, self.choice.currentIndex())]
        self.told.setText("\n".join(change_in_words(proposal, self._words, show_ppsn=self._show_ppsn)))

    def _section(self, key: str, body: str) -> str:
        head = escape(self._words.say(key))
        return f"<p style='margin:10px 0 0 0'><b style='color:{self._theme.muted}'>{head}</b><br>{body}</p>"

    def _where(self, finding: "Finding", index: int, checked: "CheckedRun") -> str:
        place = finding.place(index)
        parts = []
        if place.line >= 0:
            parts.append(checked.run.name(place.line))
        if place.file >= 0:
            parts.append(checked.files[place.file].name)
        if place.row >= 0:
            parts.append(self._words.say("window.row", row=place.row))
        return " · ".join(filter(None, parts)) or self._words.say("window.whole-run")
