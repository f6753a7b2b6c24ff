"""One client of the wall: how it stands, who signed, and what can be done."""

import datetime as dt
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from autoenroll_desktop.domain.money import euro
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.icons import icon
from autoenroll_desktop.ui.view_models.time_left import DUBLIN

if TYPE_CHECKING:
    from autoenroll_desktop.actions.look_at_wall import WallRow

_WIDTH = 286


class WallDetail(QFrame):
    """Signals say what a person wants done with the client that is shown."""

    open_wanted = Signal()
    sign_wanted = Signal()
    evidence_wanted = Signal()
    client_wanted = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        say, theme = context.words.say, context.theme
        self.setObjectName("card")
        self.setFixedWidth(_WIDTH * context.preferences.text_size // 100)
        self.name, self.number = self._label("page-title"), self._label("muted")
        self.state, self.cut_off = self._label("heading"), self._label("muted")
        self.last, self.signed = self._label(""), self._label("")
        self.caption_run, self.caption_signed = self._label("caption"), self._label("caption")
        self.caption_run.setText(say("today.last-run"))
        self.caption_signed.setText(say("today.head-signed"))
        self.open_button = self._button("today.open-run", "eye", theme.on_accent, self.open_wanted)
        self.open_button.setProperty("primary", "true")
        self.sign_button = self._button("today.sign", "tick", theme.text, self.sign_wanted)
        self.evidence_button = self._button("today.evidence", "write", theme.text, self.evidence_wanted)
        self.client_button = self._button("today.client", "clients", theme.text, self.client_wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(4)
        for label in (self.name, self.number):
            layout.addWidget(label)
        layout.addSpacing(8)
        for label in (self.state, self.cut_off):
            layout.addWidget(label)
        layout.addSpacing(12)
        for label in (self.caption_run, self.last):
            layout.addWidget(label)
        layout.addSpacing(12)
        for label in (self.caption_signed, self.signed):
            layout.addWidget(label)
        layout.addStretch()
        layout.setSpacing(6)
        for button in (self.open_button, self.sign_button, self.evidence_button, self.client_button):
            layout.addWidget(button)

    def show_row(self, row: "WallRow") -> None:
        """Show a client."""
        say = self._context.words.say
        self.name.setText(row.name or row.employer or say("store.no-number"))
        self.number.setText(row.employer if row.name else "")
        self.number.setVisible(bool(row.name))
        state = say(f"verdict.{row.state}") if row.state else say("today.no-run" if row.pay_date else "today.no-date")
        ink = self._context.theme.severity(row.state)[0] if row.state else self._context.theme.text
        self.state.setStyleSheet(f"color: {ink};")
        day = f"{row.pay_date:%d/%m/%Y}" if row.pay_date else ""
        self.state.setText(say("today.state-on", state=state, day=day) if day else state)
        self.cut_off.setText(self._until(row.cut_off) if row.pay_date else say("today.no-date-about"))
        last = row.last
        self.last.setText(say("today.no-last") if last is None else self._run(row))
        need = say("today.two-people") if row.signers > 1 else say("today.one-person")
        by = [say("today.signed-by", by=one.by, at=f"{one.at.astimezone(DUBLIN):%d/%m/%Y %H:%M}") for one in row.signed]
        self.signed.setText("\n".join(by or [need]))
        self.open_button.setEnabled(last is not None)
        self.sign_button.setEnabled(row.state == "ready" and len(row.signed) < row.signers)
        self.sign_button.setText(say("today.sign-second" if row.signed else "today.sign"))

    def _until(self, moment: dt.datetime | None) -> str:
        if moment is None:
            return ""
        local = moment.astimezone(DUBLIN)
        return self._context.words.say("window.cut-off-at", day=f"{local:%d/%m/%Y}", time=f"{local:%H:%M}")

    def _run(self, row: "WallRow") -> str:
        last = row.last
        assert last is not None
        day = f"{last.last_pay_date:%d/%m/%Y}" if last.last_pay_date else ""
        at = f"{last.checked_at.astimezone(DUBLIN):%d/%m/%Y %H:%M}"
        about = self._context.words.say("today.run-about", day=day, lines=last.lines, gross=euro(last.gross), at=at)
        return f"{about}\n{last.files}"

    def _label(self, name: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        return label

    def _button(self, key: str, sign: str, ink: str, wanted: SignalInstance) -> QPushButton:
        button = QPushButton(self._context.words.say(key), self)
        button.setIcon(icon(sign, ink))
        button.clicked.connect(wanted)
        return button
