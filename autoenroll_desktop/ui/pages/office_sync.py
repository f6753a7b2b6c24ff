"""The Office page's card about the office's other computers: in step or not, devices, joining and leaving."""

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from autoenroll_desktop.policy.sources import in_force
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.dialogs.account import AccountDialog
from autoenroll_desktop.ui.dialogs.hand_over import HandOverDialog
from autoenroll_desktop.ui.dialogs.paste_text import PasteDialog
from autoenroll_desktop.ui.dialogs.recovery_code import RecoveryCodeDialog
from autoenroll_desktop.ui.dialogs.sheet_dialog import SheetDialog
from autoenroll_desktop.ui.view_models.office_sync import OfficeSync
from autoenroll_desktop.ui.widgets.office_card import OfficeCard
from autoenroll_desktop.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from autoenroll_desktop.actions.office_devices import DeviceShown

_LEADERS = ("owner", "manager")
_KEEPERS = (*_LEADERS, "it")
"""Who looks after the office's computers."""


def _numbers(version: str) -> tuple[int, ...]:
    """A version to sort by; one that is none comes last."""
    parts = version.split(".")
    return tuple(int(part) if part.isdecimal() else -1 for part in parts)


class SyncCard(OfficeCard):
    """`said`: severity and text. `failed`: an exception to be told."""

    said = Signal(str, str)
    failed = Signal(object)

    def __init__(self, context: Context, sync: OfficeSync, parent: QWidget | None = None) -> None:
        super().__init__(context, context.words.say("office.computers"), parent)
        say = self.words.say
        self._sync = sync
        self.rows = Rows(self)
        self.fleet = QLabel("", self)
        self.fleet.setWordWrap(True)
        self.body.addWidget(self.fleet)
        self.body.addLayout(self.rows)
        self.create_button = self.add_button(say("office.create"))
        self.join_button = self.add_button(say("office.join"))
        self.now_button = self.add_button(say("office.sync-now"))
        self.pause_button = self.add_button(say("office.pause"))
        self.ticket_button = self.add_button(say("office.ticket"))
        self.recover_button = self.add_button(say("office.recover"))
        self.key_button = self.add_button(say("office.change-key"))
        self.leave_button = self.add_button(say("office.leave"))
        self.end_buttons()
        self.create_button.clicked.connect(partial(self._account, "create"))
        self.join_button.clicked.connect(partial(self._account, "join"))
        self.now_button.clicked.connect(self._sync_now)
        self.pause_button.clicked.connect(self._pause)
        self.ticket_button.clicked.connect(sync.ticket)
        self.recover_button.clicked.connect(self._recover)
        self.key_button.clicked.connect(sync.change_key)
        self.leave_button.clicked.connect(self._leave)
        sync.changed.connect(self.show_state)
        sync.listed.connect(self._show_devices)
        sync.failed.connect(self.failed)
        sync.code_made.connect(self._on_code)
        sync.text_made.connect(self._on_text)
        self.show_state()
        self._show_devices()

    def show_state(self) -> None:
        """Say how it stands, and offer what can be done then."""
        say, state, sync = self.words.say, self._sync.state, self._sync
        before = "alone" if in_force().policies.sync else "forbidden"
        standing = state.standing if state is not None else before
        if state is None:
            self.show_words(say(f"sync-state.{before}"), (say(f"sync-page.{before}"),), "quiet")
        else:
            good = standing == "in-sync"
            self.show_words(state.headline, state.lines, "good" if good else state.level)
        member, alone = sync.member, standing == "alone"
        leads = member and state is not None and state.role in _LEADERS and standing != "waiting"
        shown = {
            self.create_button: alone, self.join_button: alone, self.now_button: member and standing != "paused",
            self.pause_button: member and standing != "waiting",
            self.ticket_button: member and standing != "waiting", self.recover_button: standing == "waiting",
            self.key_button: leads and state is not None and state.rotate,
            self.leave_button: standing not in ("alone", "forbidden"),
        }  # fmt: skip
        for button, visible in shown.items():
            button.setVisible(visible)
            button.setEnabled(sync.here and not sync.work.busy)
        self.pause_button.setText(say("office.go-on" if standing == "paused" else "office.pause"))

    def _show_devices(self) -> None:
        say, state = self.words.say, self._sync.state
        self.rows.clear()
        self._show_fleet()
        leads = state is not None and state.role in _LEADERS
        for row, device in enumerate(self._sync.devices):
            name = device.name or say("office.device-nameless", id=str(device.id)[:8])
            if device.mine:
                name = f"{name} ({say('sync-device.mine')})"
            told = f"{say(f'sync-device.{device.state}')} · {device.since:%d/%m/%Y}"
            if device.release and device.state != "revoked":
                told = f"{told} · {say('office.device-runs', version=device.release, seen=device.seen_on)}"
            if device.words:
                told = f"{told} · {device.words}"
            self.rows.put_text(name, row, 0)
            self.rows.put_text(told, row, 1)
            if leads and device.state == "waiting":
                self.rows.put_button(say("office.let-in"), name, partial(self._approve, device), row, 2)
            if leads and device.state != "revoked" and not device.mine:
                self.rows.put_button(say("office.revoke"), name, partial(self._revoke, device), row, 3)

    def _show_fleet(self) -> None:
        """How many devices of the office run which version, the newest first; for who looks after them."""
        state = self._sync.state
        running = Counter(one.release for one in self._sync.devices if one.release and one.state == "active")
        versions = sorted(running, key=_numbers, reverse=True)
        each = (self.words.say("office.fleet-version", version=one, count=running[one]) for one in versions)
        self.fleet.setText(self.words.say("office.fleet", each=", ".join(each)))
        self.fleet.setVisible(bool(versions) and state is not None and state.role in _KEEPERS)

    def _sync_now(self) -> None:
        self._sync.sync_now()
        self._sync.list_devices()

    def _pause(self) -> None:
        state = self._sync.state
        self._sync.pause(paused=state is None or state.standing != "paused")

    def _account(self, kind: str) -> None:
        dialog = AccountDialog(self.context, kind, self)

        def given() -> None:
            email, password = dialog.text("email"), dialog.fields["password"].text()
            if kind == "create":
                self._sync.create(email, password)
            else:
                self._sync.join(dialog.text("ticket"), email, password, dialog.text("one-time-code"))

        dialog.given.connect(given)
        dialog.open()

    def _recover(self) -> None:
        say = self.words.say
        dialog = PasteDialog(
            self.context, say("office.recover-title"), say("office.recover-about"), say("office.recover-do"), self
        )
        dialog.accepted.connect(lambda: self._sync.recover(dialog.text))
        dialog.open()

    def _ask(self, title: str, about: str, do: str, act: "partial[None]") -> None:
        dialog = SheetDialog(self.context, title, about, accept=do, parent=self)
        dialog.accepted.connect(act)
        dialog.open()

    def _approve(self, device: "DeviceShown") -> None:
        say = self.words.say
        about = say("office.let-in-about", words=device.words)
        self._ask(say("office.let-in-title"), about, say("office.let-in-do"), partial(self._sync.approve, device))

    def _revoke(self, device: "DeviceShown") -> None:
        say = self.words.say
        name = device.name or str(device.id)[:8]
        about = say("office.revoke-about")
        self._ask(
            say("office.revoke-title", name=name), about, say("office.revoke"), partial(self._sync.revoke, device.id)
        )

    def _leave(self) -> None:
        say = self.words.say
        self._ask(
            say("office.leave-title"), say("office.leave-about"), say("office.leave-do"), partial(self._sync.leave)
        )

    def _on_code(self, code: str) -> None:
        RecoveryCodeDialog(self.context, code, self).open()

    def _on_text(self, text: str) -> None:
        say = self.words.say
        HandOverDialog(self.context, say("office.ticket-title"), say("sync-told.ticket"), text, self).open()
