"""This PC and its office: joining one, being in step with it, its devices. Everything off the UI thread, in turn."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from autoenroll_desktop.actions.desk import Desk, DeskState
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.ui.tasks import TaskProgress
from autoenroll_desktop.ui.view_models.in_turn import InTurn

if TYPE_CHECKING:
    from autoenroll_desktop.actions.office import OfficeState
    from autoenroll_desktop.actions.office_devices import DeviceShown
    from autoenroll_desktop.actions.office_roles import PersonShown, Role
    from autoenroll_desktop.actions.office_service import Service

_TICK_MS = 30_000


class OfficeSync(QObject):
    """Syncs by itself while the window is open, and does what a person asks.

    Signals: `changed`; `failed` (exception); `code_made` (a recovery code, told this once); `text_made` (a ticket to
    hand to another PC); `listed`, the devices were read; `people_listed`, the people were.

    Attributes:
        state: where this PC stands; None before it is known, and where nothing is kept. devices,
            people: as last read. may_invite, may_set_roles: the roles this person may give; () for none.
    """

    changed = Signal()
    failed = Signal(object)
    code_made = Signal(str)
    text_made = Signal(str)
    listed = Signal()
    people_listed = Signal()

    def __init__(
        self, desk: Desk, service: "Callable[[], Service]", clock: Callable[[], dt.datetime], words: Words
    ) -> None:
        super().__init__()
        self.desk, self.words = desk, words
        self._service, self._clock = service, clock
        self.state: OfficeState | None = None
        self.devices: tuple[DeviceShown, ...] = ()
        self.people: tuple[PersonShown, ...] = ()
        self.may_invite: tuple[Role, ...] = ()
        self.may_set_roles: tuple[Role, ...] = ()
        self.work = InTurn(self)
        self.work.failed.connect(self._on_failed)
        self.work.changed.connect(self.changed)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._on_tick)

    @property
    def here(self) -> bool:
        """Whether anything can be kept here; nothing is with the sample employer."""
        return self.desk.folder is not None

    @property
    def member(self) -> bool:
        """Whether this PC is in an office and may talk to it."""
        return self.state is not None and self.state.standing not in ("forbidden", "alone", "revoked")

    def look(self) -> None:
        """See where this PC stands, out of what is kept here."""
        self._do(lambda _store, _service, _stamp: None, lambda _told: None, make=False)

    def watch(self) -> None:
        """Look now and sync by itself from now on."""
        self.look()
        self._tick.start()

    def create(self, email: str, password: str) -> None:
        """Make an office with this PC as its first."""

        def act(store: Any, service: "Service", stamp: Any) -> str:
            from autoenroll_desktop.actions.join_office import Account, create_office

            return create_office(store, service, self.words, Account(email, password), stamp).recovery_code

        self._do(act, self.code_made.emit)

    def join(self, ticket: str, email: str, password: str, code: str) -> None:
        """Bring this PC into the office of a ticket."""

        def act(store: Any, service: "Service", stamp: Any) -> None:
            from autoenroll_desktop.actions.join_office import Account, join

            join(store, service, self.words, Account(email, password, code or None), ticket, stamp)

        self._do(act, lambda _told: None)

    def sync_now(self, *, asked: bool = True) -> None:
        """Make one round."""

        def act(store: Any, service: "Service", _stamp: Any) -> None:
            from autoenroll_desktop.actions.open_store import stamp
            from autoenroll_desktop.actions.sync_office import sync_now

            sync_now(store, service, self.words, lambda: stamp(self._clock()), asked=asked)

        self._do(act, lambda _told: None, make=False)

    def pause(self, *, paused: bool) -> None:
        """Send and read nothing from now on, or go on."""

        def act(store: Any, _service: "Service", _stamp: Any) -> None:
            from autoenroll_desktop.actions import sync_office

            (sync_office.pause if paused else sync_office.resume)(store)

        self._do(act, lambda _told: None)

    def list_devices(self, *, people: bool = False) -> None:
        """Read the office's devices; `listed` tells. `people`: and after them its people."""

        def act(store: Any, service: "Service", _stamp: Any) -> "tuple[DeviceShown, ...]":
            from autoenroll_desktop.actions.office_devices import devices

            return tuple(devices(store, service, self.words))

        def after(found: "tuple[DeviceShown, ...]") -> None:
            self._on_devices(found)
            if people:
                self.list_people()

        self._do(act, after)

    def approve(self, device: "DeviceShown") -> None:
        """Let a device in, after a person found its six words equal."""

        def act(store: Any, service: "Service", stamp: Any) -> None:
            from autoenroll_desktop.actions.office_devices import approve

            approve(store, service, self.words, device.id, device.words, stamp)

        self._do(act, lambda _told: self.list_devices(people=True))

    def revoke(self, device: UUID) -> None:
        """Revoke a device."""

        def act(store: Any, service: "Service", stamp: Any) -> None:
            from autoenroll_desktop.actions.office_devices import revoke

            revoke(store, service, self.words, device, stamp)

        self._do(act, lambda _told: self.list_devices(people=True))

    def change_key(self) -> None:
        """Give the office a new key; `code_made` has its new recovery code."""

        def act(store: Any, service: "Service", stamp: Any) -> str:
            from autoenroll_desktop.actions.office_devices import change_key

            return change_key(store, service, self.words, stamp)

        self._do(act, self.code_made.emit)

    def list_people(self) -> None:
        """Read the office's people; `people_listed` tells."""

        def act(store: Any, service: "Service", _stamp: Any) -> "tuple[PersonShown, ...]":
            from autoenroll_desktop.actions.office_roles import people

            return tuple(people(store, service, self.words))

        self._do(act, self._on_people)

    def set_role(self, person: UUID, role: "Role") -> None:
        """Give a person another role."""

        def act(store: Any, service: "Service", stamp: Any) -> None:
            from autoenroll_desktop.actions.office_roles import set_role

            set_role(store, service, self.words, person, role, stamp)

        self._do(act, lambda _told: self.list_people())

    def remove(self, person: UUID) -> None:
        """Remove a person and revoke their devices."""

        def act(store: Any, service: "Service", stamp: Any) -> None:
            from autoenroll_desktop.actions.office_roles import remove

            remove(store, service, self.words, person, stamp)

        self._do(act, lambda _told: self.list_devices(people=True))

    def invite(self, role: "Role") -> None:
        """Make the ticket another person begins with; `text_made` has it."""

        def act(store: Any, service: "Service", _stamp: Any) -> str:
            from autoenroll_desktop.actions.join_office import invite

            return invite(store, service, self.words, role)

        self._do(act, self.text_made.emit)

    def ticket(self) -> None:
        """Make the ticket for a further PC of this person; `text_made` has it."""

        def act(store: Any, service: "Service", _stamp: Any) -> str:
            from autoenroll_desktop.actions.join_office import ticket

            return ticket(store, service, self.words)

        self._do(act, self.text_made.emit)

    def recover(self, code: str) -> None:
        """Let this waiting PC in by the office's recovery code."""

        def act(store: Any, service: "Service", _stamp: Any) -> None:
            from autoenroll_desktop.actions.join_office import recover

            recover(store, service, self.words, code)

        self._do(act, lambda _told: None)

    def leave(self) -> None:
        """Take this PC out of its office."""

        def act(store: Any, service: "Service", stamp: Any) -> None:
            from autoenroll_desktop.actions.join_office import leave

            leave(store, service, self.words, stamp)

        self._do(act, self._on_left)

    def close(self) -> None:
        """Stop for good."""
        self._tick.stop()
        self.work.close()

    def _do(
        self, act: "Callable[[Any, Service, Any], Any]", done: Callable[[Any], object], *, make: bool = True
    ) -> None:
        """Do something with the store, the service and a stamp (who, when), and see where this PC stands after it."""
        desk, connect, clock, words = self.desk, self._service, self._clock, self.words
        if desk.folder is None:
            return

        def job(progress: TaskProgress) -> Any:
            from autoenroll_desktop.actions.office import look
            from autoenroll_desktop.actions.open_store import stamp

            store = desk.store(clock(), make=make)
            if store is None:
                if not make:
                    return None, None
                raise desk.refused or AppError(words.say("store.state-nowhere"))
            service = replace(connect(), wait=progress.wait)
            told = act(store, service, stamp(clock()))
            return told, look(store, service, words)

        def end(told: Any) -> None:
            self._take(told[1])
            done(told[0])
            self.changed.emit()

        self.work.do(job, end)

    def _take(self, state: "OfficeState | None") -> None:
        from autoenroll_desktop.actions.office_roles import may_invite, may_set_roles

        role = state.role if state is not None else ""
        self.state, self.may_invite, self.may_set_roles = state, may_invite(role), may_set_roles(role)

    def _on_devices(self, found: "tuple[DeviceShown, ...]") -> None:
        self.devices = found
        self.listed.emit()

    def _on_people(self, found: "tuple[PersonShown, ...]") -> None:
        self.people = found
        self.people_listed.emit()

    def _on_left(self, _told: object) -> None:
        self.devices, self.people = (), ()
        self.listed.emit()
        self.people_listed.emit()

    def _on_failed(self, error: Exception) -> None:
        self.failed.emit(error)

    def _on_tick(self) -> None:
        if self.work.busy or self.desk.state is not DeskState.KEPT:
            return
        if self.state is None:
            self.look()
            return
        from autoenroll_desktop.actions.sync_office import is_due

        if is_due(self.state, self._clock()):
            self.sync_now(asked=False)
