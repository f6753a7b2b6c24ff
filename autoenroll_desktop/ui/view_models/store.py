"""What a person does with the store itself: open it, lock it, choose how it opens. One thing after the other."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from autoenroll_desktop.actions.desk import Desk, DeskState
from autoenroll_desktop.ui.folders import Folders
from autoenroll_desktop.ui.view_models.check import Clock
from autoenroll_desktop.ui.view_models.in_turn import InTurn

_FIRST_MS, _AGAIN_MS = 60_000, 3_600_000


class StoreViewModel(QObject):
    """Works on the store off the UI thread. `folders` are those used last, known once the store is open.

    Signals: `changed`, how things stand may be another; `code_made` (the recovery code, told this once); `failed`
    (exception); `looked_after` (LookedAfter), after the store had what it needs once a day.
    """

    changed = Signal()
    code_made = Signal(str)
    failed = Signal(object)
    looked_after = Signal(object)

    def __init__(self, desk: Desk, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk, self._clock = desk, clock
        self._turn = InTurn(self)
        self._turn.ended.connect(self.notice)
        self._turn.failed.connect(self.failed)
        self.folders = Folders()
        self.folders.keep_them = self._keep_folders
        self._knows_folders = False
        self.idle: Callable[[], bool] = lambda: True
        self._upkeep = QTimer(self)
        self._upkeep.setSingleShot(True)
        self._upkeep.timeout.connect(self.look_after)

    @property
    def state(self) -> DeskState:
        """How things stand."""
        return self.desk.state

    @property
    def why(self) -> str:
        """Why nothing is kept, "" where something is."""
        return str(self.desk.refused) if self.desk.refused is not None else ""

    @property
    def busy(self) -> bool:
        """Whether something is being done."""
        return self._turn.busy

    def look(self) -> None:
        """Open the store that is there; none is made."""
        if self.desk.folder is not None:
            self.do(lambda: self.desk.store(self._clock(), make=False))

    def unlock(self, passphrase: str, done: Callable[[Any], object], refused: Callable[[Exception], object]) -> None:
        """Open a locked store; `refused` gets the reason where it stays locked."""
        self.do(partial(self.desk.unlock, passphrase, self._clock()), done, refused)

    def make(self, passphrase: str, done: Callable[[Any], object], refused: Callable[[Exception], object]) -> None:
        """Make the store under a passphrase."""
        self.do(partial(self.desk.make, passphrase, self._clock()), done, refused)

    def lock(self) -> None:
        """Shut the store until its passphrase is typed."""
        if self.desk.has_passphrase:
            self.do(self.desk.lock)

    def set_passphrase(
        self, passphrase: str, done: Callable[[Any], object], refused: Callable[[Exception], object]
    ) -> None:
        """Lock the store by a passphrase from now on."""
        self.do(partial(self.desk.set_passphrase, passphrase, self._clock()), done, refused)

    def remove_passphrase(self) -> None:
        """Let the keyring open the store again."""
        self.do(partial(self.desk.remove_passphrase, self._clock()))

    def new_code(self) -> None:
        """Make a new recovery code; `code_made` tells."""
        self.do(partial(self.desk.new_code, self._clock()), self.code_made.emit)

    def note_ppsns_shown(
        self, runs: tuple[str, ...], done: Callable[[Any], object], refused: Callable[[Exception], object]
    ) -> None:
        """Note that PPSNs of kept runs are shown in full; they may be once `done` is called."""
        self.do(partial(self.desk.note_ppsns_shown, runs, self._clock()), done, refused)

    def look_after(self) -> None:
        """Give the store what it needs once a day, unless something is being worked on just now."""
        self._upkeep.start(_AGAIN_MS)
        if self.idle() and not self.busy and self.state is DeskState.KEPT:
            self.do(partial(self.desk.look_after, self._clock()), self._on_looked_after)

    def notice(self) -> None:
        """Something else than this may have opened the store: say how things stand now."""
        if self.state is DeskState.KEPT and not self._upkeep.isActive():
            self._upkeep.start(_FIRST_MS)
        if self.state is DeskState.KEPT and not self._knows_folders:
            self._knows_folders = True
            self.do(self.desk.folders, self.folders.learn, _nothing)
        code, self.desk.code = self.desk.code, ""
        self.changed.emit()
        if code:
            self.code_made.emit(code)

    def close(self) -> None:
        """Stop for good: whatever is asked of it from now on is not done, for nobody would wait for it."""
        self._upkeep.stop()
        self._turn.close()

    def do(
        self,
        job: Callable[[], Any],
        done: Callable[[Any], object] | None = None,
        refused: Callable[[Exception], object] | None = None,
    ) -> None:
        """Do something with the store after what is under way; `failed` where nobody else takes the reason."""
        self._turn.do(lambda _progress: job(), done or _nothing, refused)

    def _keep_folders(self, folders: dict[str, str]) -> None:
        if self.state is DeskState.KEPT:
            self.do(partial(self.desk.keep_folders, folders), None, _nothing)

    def _on_looked_after(self, done: Any) -> None:
        if done is not None:
            self.looked_after.emit(done)


def _nothing(*_told: object) -> None:
    pass
