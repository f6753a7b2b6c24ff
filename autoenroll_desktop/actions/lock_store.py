"""Who opens the store: the keyring, a passphrase, the recovery code in the drawer. Each change is noted."""

import datetime as dt

from autoenroll_desktop.actions.open_store import stamp
from autoenroll_desktop.store import keys
from autoenroll_desktop.store.audit import Event, add
from autoenroll_desktop.store.refusals import translated
from autoenroll_desktop.store.store import Store


def lock_store(store: Store, passphrase: str, now: dt.datetime) -> None:
    """Lock an open store by a passphrase from now on. Raises AppError: it is too short."""
    with translated():
        keys.set_passphrase(store.folder, _file(store), store.key, passphrase)
    _note(store, "passphrase-set", now)


def unlock_for_keyring(store: Store, now: dt.datetime) -> None:
    """Let the keyring open it again. Raises NoKeyring, and then nothing changes."""
    with translated():
        keys.remove_passphrase(store.folder, _file(store), store.key)
    _note(store, "passphrase-removed", now)


def new_recovery_code(store: Store, now: dt.datetime) -> str:
    """A new recovery code; an earlier one is void. It is told once and kept nowhere."""
    with translated():
        _, code = keys.make_recovery_code(store.folder, _file(store), store.key)
    _note(store, "recovery-code-made", now)
    return code


def _file(store: Store) -> keys.KeyFile:
    file = keys.read_key_file(store.folder)
    assert file is not None
    return file


def _note(store: Store, what: str, now: dt.datetime) -> None:
    with store.writing() as connection:
        add(connection, stamp(now), Event(what))
