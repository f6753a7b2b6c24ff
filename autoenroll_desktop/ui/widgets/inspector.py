"""Why, what to do, and the law, for the place somebody looks at."""

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QTextBrowser, QVBoxLayout, QWidget

from autoenroll_desktop.domain.identifiers import mask_ppsn
from autoenroll_desktop.domain.money import euro
from autoenroll_desktop.domain.words import Words, absent
from autoenroll_desktop.ui.style import MARKS, SPACE, Theme

if TYPE_CHECKING:
    from autoenroll_desktop.domain.checked_run import CheckedRun
    from autoenroll_desktop.domain.finding import Finding

_MONEY_FIELDS = ("ae_employee", "ae_employer", "gross_pay")


class Inspector(QFrame):
    """Shows one place of one finding."""

    def __init__(self, words: Words, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._theme = words, theme
        self._shown: tuple[Finding, int, CheckedRun, str] | None = None
        self._show_ppsn = False
        self.setObjectName("card")
        self.text = QTextBrowser(self)
        self.text.setOpenExternalLinks(True)
        self.text.setAccessibleName(words.say("window.inspector"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        layout.addWidget(self.text)
        self.clear()

    def clear(self) -> None:
        """Show nothing but the invitation to choose a finding."""
        self._shown = None
        self.text.setHtml(
            f"<p style='color:{self._theme.muted}'>{escape(self._words.say('window.inspector-empty'))}</p>"
        )

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        self._render()

    def show_ppsn(self, show: bool) -> None:
        """Show PPSNs in full or masked."""
        self._show_ppsn = show
        self._render()

    def show_place(self, finding: "Finding", index: int, checked: "CheckedRun", position: str) -> None:
        """Show the `index`-th place; `position` says where it stands among all ("3 of 41")."""
        self._shown = (finding, index, checked, position)
        self._render()

    def _render(self) -> None:
        if self._shown is None:
            self.clear()
            return
        finding, index, checked, position = self._shown
        theme, say = self._theme, self._words.say
        ink = theme.severity(finding.severity.value)[0]
        severity = f"{MARKS[finding.severity.value]} {say(f'severity.{finding.severity}')}"
        parts = [
            f"<p style='color:{ink}; font-weight:600; margin:0'>{escape(severity)}",
            f"<span style='color:{theme.muted}; font-weight:400'> · {escape(position)}</span></p>",
            f"<h3 style='margin:6px 0 4px 0'>{escape(self._words.title(finding))}</h3>",
            f"<p style='color:{theme.muted}; margin:0 0 8px 0'>{escape(self._where(finding, index, checked))}</p>",
            f"<p>{escape(self._words.message(finding, index, show_ppsn=self._show_ppsn))}</p>",
        ]
        if suggestion := self._suggestion(finding, index):
            parts.append(f"<p><b>{escape(say('window.suggestion'))}</b> {escape(suggestion)}</p>")
        parts.append(self._section("window.why", escape(self._words.why(finding))))
        parts.append(self._section("window.do", escape(self._words.action(finding))))
        if finding.rule.law:
            law = escape(finding.rule.law)
            if finding.rule.link:
                law += f"<br><a href='{escape(finding.rule.link)}'>{escape(say('window.read-source'))}</a>"
            parts.append(self._section("window.law", law))
        parts.append(f"<p style='color:{theme.muted}'>{escape(finding.code)}</p>")
        self.text.setHtml("".join(parts))

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

    def _suggestion(self, finding: "Finding", index: int) -> str:
        value = finding.fact("suggestion", index)
        if absent(value):
            return ""
        if finding.field in _MONEY_FIELDS:
            return euro(int(value))
        return mask_ppsn(str(value)) if finding.field == "ppsn" and not self._show_ppsn else str(value)
