"""The Help page: how to work with the program, every field, and everything the check can find; searchable."""

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from autoenroll_desktop import paths
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.icons import icon, severity_icon
from autoenroll_desktop.ui.page import Page
from autoenroll_desktop.ui.theme import SPACE
from autoenroll_desktop.ui.view_models.latest import Latest
from autoenroll_desktop.ui.view_models.sheet import COLUMNS, plain_text

if TYPE_CHECKING:
    from autoenroll_desktop.actions.explain_code import Explained

_TOPIC = int(Qt.ItemDataRole.UserRole)
_TEXT = _TOPIC + 1


class HelpPage(Page):
    """Topics are named: "check" for a page of `resources/help`, "finding.CODE", "field.NAME"."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        say = self.words.say
        self._wanted = "check"
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(say("window.find-help"))
        self.search.setAccessibleName(say("window.find-help"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search", self.theme.muted), QLineEdit.ActionPosition.LeadingPosition)
        self.list = QListWidget(self)
        self.list.setAccessibleName(say("window.help-topics"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text = QTextBrowser(self)
        self.text.setOpenExternalLinks(True)
        self.text.setAccessibleName(say("window.help-text"))
        self.text.setObjectName("help-text")
        self.text.document().setDocumentMargin(18)
        self._lay_out()
        self._asking = Latest(self)
        self._asking.answered.connect(self._on_codes)
        self._asking.failed.connect(self.tell)
        self.search.textChanged.connect(self._filter)
        self.list.currentItemChanged.connect(self._show)
        self._add_pages()
        self._add_fields()
        words = self.words

        def every_code() -> "tuple[Explained, ...]":
            from autoenroll_desktop.actions.explain_code import explain_all

            return explain_all(words)

        self._asking.ask(every_code)

    def _lay_out(self) -> None:
        title = QLabel(self.words.say("page.help"), self)
        title.setObjectName("page-title")
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        card = QWidget(self)
        card.setObjectName("card")
        card.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inside = QHBoxLayout(card)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.text)
        splitter = QSplitter(self)
        splitter.addWidget(left)
        splitter.addWidget(card)
        splitter.setStretchFactor(1, 1)
        percent = self.context.preferences.text_size
        splitter.setSizes([340 * percent // 100, 800])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE + 8, SPACE + 2, SPACE + 8, SPACE)
        layout.setSpacing(SPACE)
        layout.addWidget(title)
        layout.addWidget(splitter, 1)

    @property
    def settled(self) -> bool:
        """Whether every topic is in the list."""
        return not self._asking.busy

    def opened(self, topic: str) -> None:
        if topic:
            self.search.clear()
            self._wanted = topic
        self._go_to_wanted()
        self.search.setFocus()

    def leave(self) -> None:
        self._asking.close()

    def _add(self, topic: str, title: str, html: str, sign: str) -> None:
        severity = sign in ("error", "gate", "warning", "info")
        picture = severity_icon(sign, self.theme) if severity else icon(sign, self.theme.accent)
        item = QListWidgetItem(picture, title)
        item.setData(_TOPIC, topic)
        item.setData(_TEXT, html)
        item.setToolTip(title)
        self.list.addItem(item)

    def _add_pages(self) -> None:
        folder = paths.resources() / "help" / self.words.language
        for file in sorted(folder.glob("*.md"), key=_page_order):
            text = file.read_text(encoding="utf-8")
            self._add(file.stem, text.splitlines()[0].lstrip("# "), text, "help")

    def _add_fields(self) -> None:
        say = self.words.say
        for name in COLUMNS:
            if about := self.words.group("about-field").get(name):
                caption = say(f"field.{name}")
                self._add(f"field.{name}", caption, f"<h2>{escape(caption)}</h2><p>{escape(str(about))}</p>", "columns")

    def _on_codes(self, told: "tuple[Explained, ...]") -> None:
        for one in told:
            self._add(f"finding.{one.code}", one.title, self._explained(one), one.severity)
        self._filter()
        self._go_to_wanted()

    def _explained(self, one: "Explained") -> str:
        say, muted = self.words.say, self.theme.muted
        law = escape(one.law)
        if one.link:
            law += f"<br><a href='{escape(one.link)}'>{escape(say('window.read-source'))}</a>"
        kind = f"{say(f'severity.{one.severity}')} · {say(f'topic.{one.topic}')}"
        parts = [
            f"<h2>{escape(one.title)}</h2>",
            f"<p style='color:{muted}'>{escape(kind)}</p>",
        ]
        for key, body in (("why", escape(one.why)), ("do", escape(one.action)), ("law", law)):
            if body:
                parts.append(f"<h4>{escape(say(f'window.{key}'))}</h4><p>{body}</p>")
        parts.append(f"<p style='color:{muted}'>{escape(one.code)}</p>")
        return "".join(parts)

    def _filter(self) -> None:
        needle = plain_text(self.search.text().strip())
        first = None
        for row in range(self.list.count()):
            item = self.list.item(row)
            shown = needle in plain_text(f"{item.text()} {item.data(_TEXT)}")
            item.setHidden(not shown)
            first = item if shown and first is None else first
        current = self.list.currentItem()
        if needle and first is not None and (current is None or current.isHidden()):
            self.list.setCurrentItem(first)

    def _go_to_wanted(self) -> None:
        for row in range(self.list.count()):
            if self.list.item(row).data(_TOPIC) == self._wanted:
                self.list.setCurrentRow(row)
                self.list.scrollToItem(self.list.item(row))
                return
        if self.settled and self.list.currentRow() < 0:
            self.list.setCurrentRow(0)

    def _show(self, current: QListWidgetItem | None, _previous: QListWidgetItem | None) -> None:
        if current is None:
            return
        text = str(current.data(_TEXT))
        if text.startswith("#"):
            self.text.setMarkdown(text)
        else:
            self.text.setHtml(text)


def _page_order(file: Path) -> tuple[bool, str]:
    return file.stem != "check", file.stem
