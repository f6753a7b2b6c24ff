"""Settings about what is kept: the passphrase, when the window locks by itself, the recovery code."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from autoenroll_desktop.actions.desk import DeskState
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.dialogs.passphrase import PassphraseDialog
from autoenroll_desktop.ui.store_guard import AUTO_LOCK
from autoenroll_desktop.ui.view_models.store import StoreViewModel
from autoenroll_desktop.ui.widgets.setting_row import add_setting, setting_card

_MINUTES = (0, 2, 5, 10, 15, 30)


class StoreSettings(QWidget):
    """`preferred`: name and value of a preference."""

    preferred = Signal(str, str)

    def __init__(self, context: Context, store: StoreViewModel, auto_lock: int, parent: QWidget | None = None) -> None:
        """`auto_lock`: the most minutes a policy allows, 0 where it says nothing."""
        super().__init__(parent)
        self._context, self._store = context, store
        say = context.words.say
        card, grid = setting_card(self)
        keys = QWidget(card)
        row = QHBoxLayout(keys)
        row.setContentsMargins(0, 0, 0, 0)
        self.set_button = QPushButton(say("store.passphrase-set"), keys)
        self.remove_button = QPushButton(say("store.passphrase-remove"), keys)
        row.addWidget(self.remove_button)
        row.addWidget(self.set_button)
        self.about = add_setting(grid, say("store.app-lock"), say("store.app-lock-off"), keys)
        self.box = QComboBox(card)
        self.box.setAccessibleName(say("store.auto-lock"))
        for minutes in _MINUTES:
            if not auto_lock or 0 < minutes <= auto_lock:
                text = say("store.auto-lock-after", minutes=minutes) if minutes else say("store.never")
                self.box.addItem(text, minutes)
        if auto_lock and self.box.findData(auto_lock) < 0:
            self.box.addItem(say("store.auto-lock-after", minutes=auto_lock), auto_lock)
        wanted = int(context.preferences.text(AUTO_LOCK, "0") or 0)
        self.box.setCurrentIndex(max(self.box.findData(wanted), self.box.count() - 1 if auto_lock else 0))
        ordered = say("store.auto-lock-policy", minutes=auto_lock) if auto_lock else say("store.auto-lock-about")
        add_setting(grid, say("store.auto-lock"), ordered, self.box)
        self.code_button = QPushButton(say("store.code-new"), card)
        add_setting(grid, say("store.code"), say("store.code-new-about"), self.code_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)
        self.set_button.clicked.connect(self._ask)
        self.remove_button.clicked.connect(store.remove_passphrase)
        self.code_button.clicked.connect(store.new_code)
        self.box.activated.connect(lambda at: self.preferred.emit(AUTO_LOCK, str(self.box.itemData(at))))
        store.changed.connect(self.show_state)
        self.show_state()

    def show_state(self) -> None:
        """Offer what can be done as things stand."""
        say, locked = self._context.words.say, self._store.desk.has_passphrase
        kept = self._store.state is DeskState.KEPT
        self.about.setText(say("store.app-lock-on" if locked else "store.app-lock-off"))
        self.set_button.setText(say("store.passphrase-change" if locked else "store.passphrase-set"))
        self.remove_button.setVisible(locked)
        for control in (self.set_button, self.remove_button, self.code_button):
            control.setEnabled(kept)

    def _ask(self) -> None:
        dialog = PassphraseDialog(self._context, "set", self)
        dialog.given.connect(
            lambda passphrase: self._store.set_passphrase(passphrase, lambda _told: dialog.taken(), dialog.refuse)
        )
        dialog.open()
