"""The file `store.keys`: how the store's data key is had. It holds the key only wrapped, or not at all.

The key is 32 random bytes made once. It lies in the OS keyring; or, where the person wants an app lock or there is no
keyring, in this file, wrapped by a key made from a passphrase (Argon2id, RFC 9106); and beside either, wrapped by a
printed recovery code. Rewriting the file is atomic, and the new way in stands before the old one goes.
"""

import os
import uuid
from collections.abc import Callable
from pathlib import Path
from threading import Lock

import msgspec
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.on_disk import sync_folder
from autoenroll_desktop.store import os_keyring
from autoenroll_desktop.store.recovery_code import new_code, secret_of
from autoenroll_desktop.store.sealing import KEY, SealBroken, derived, fingerprint, new_key, seal, unseal

NAME = "store.keys"
FORMAT, VERSION = "autoenroll-keys", 1
SHORTEST = 8
"""Characters of a passphrase."""
_ONE_AT_A_TIME = Lock()
"""OpenSSL's Argon2id works its lanes in threads of its own, and hangs for ever where two ask it at once (4.0.3)."""
Ask = Callable[[], str | None]
"""Asks a person for the passphrase; None where nobody can be asked."""


class KeyMissing(AppError):
    """The store is there and its key is not at hand."""


class Slot(msgspec.Struct):
    """The data key wrapped by a passphrase or a recovery code; Argon2id with these costs (KiB, passes, lanes)."""

    salt: bytes
    wrapped: bytes
    memory: int = 65_536
    passes: int = 3
    lanes: int = 4


class KeyFile(msgspec.Struct, kw_only=True):
    """What `store.keys` says.

    `proof` tells a wrong key from a damaged database. `erased` are the random ids of clients that were erased: a backup
    made before is erased of them again when it is restored.
    """

    format: str = FORMAT
    version: int = VERSION
    store: str
    proof: str
    keyring: bool = False
    passphrase: Slot | None = None
    recovery: Slot | None = None
    erased: tuple[str, ...] = ()


def read_key_file(folder: Path) -> KeyFile | None:
    """The key file of a store, None where there is none.

    Raises:
        AppError: it is damaged, or a later version wrote it.
    """
    try:
        data = (folder / NAME).read_bytes()
    except FileNotFoundError:
        return None
    return key_file_from(data)


def key_file_from(data: bytes) -> KeyFile:
    """A key file from its bytes. Raises AppError."""
    try:
        found = msgspec.json.decode(data, type=KeyFile)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise AppError(
            "The store's key file is damaged",
            f"{NAME} is not what was written",
            "Put it back from a backup: 'autoenroll store restore'",
        ) from None
    if found.format != FORMAT or found.version > VERSION:
        raise AppError("The store's key file is of a newer version", "", "Install the newer version on this computer")
    return found


def create(folder: Path, passphrase: Ask) -> tuple[KeyFile, bytes]:
    """Make the key of a new store, in the keyring or, where there is none, under a passphrase.

    Two processes that start together get the same: the first key file to be there counts.

    Raises:
        NoKeyring: there is none, and nobody to ask for a passphrase. AppError: the passphrase is too short.
    """
    key, store = new_key(), str(uuid.uuid4())
    file = KeyFile(store=store, proof=proof_of(key, store))
    try:
        os_keyring.put(store, key)
        file.keyring = True
    except os_keyring.NoKeyring:
        asked = passphrase()
        if asked is None:
            raise
        file.passphrase = _wrap_with_passphrase(key, asked, store)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if _publish(folder, file):
        return file, key
    if file.keyring:
        os_keyring.forget(store)
    first = read_key_file(folder)
    assert first is not None
    return first, unlock(first, passphrase)


def unlock(file: KeyFile, passphrase: Ask) -> bytes:
    """The data key. Raises KeyMissing, or AppError where the passphrase is wrong."""
    if file.keyring:
        why = "it was removed, or this is another user or another computer"
        try:
            key = os_keyring.get(file.store)
        except os_keyring.NoKeyring as none:
            key, why = None, none.why
        if key is not None:
            return _proven(file, key)
        if file.passphrase is None:
            raise KeyMissing(
                "The store's key is not in this computer's keyring",
                why,
                "Type the recovery code: 'autoenroll store recover'",
            )
    if file.passphrase is None:
        raise KeyMissing("The store has no way in but its recovery code", "", "Run 'autoenroll store recover'")
    asked = passphrase()
    if asked is None:
        raise KeyMissing(
            "The store is locked by a passphrase",
            "nobody is here to type it",
            "Set AUTOENROLL_PASSPHRASE, or run this in a terminal",
        )
    slot = file.passphrase
    try:
        return _proven(file, unseal(_from_passphrase(slot, asked), slot.wrapped, file.store))
    except SealBroken:
        raise AppError(
            "The passphrase is wrong", "the store stays locked", "Try again, or use the recovery code"
        ) from None


def unlock_with_code(file: KeyFile, code: str) -> bytes:
    """The data key by the recovery code. Raises AppError where there is none or it is another store's."""
    if file.recovery is None:
        raise AppError("This store has no recovery code", "none was ever made", "")
    wrapping = derived(secret_of(code), "recovery", file.recovery.salt)
    try:
        return _proven(file, unseal(wrapping, file.recovery.wrapped, file.store))
    except SealBroken:
        raise AppError("The recovery code is another store's", "or a newer code was made since", "") from None


def set_passphrase(folder: Path, file: KeyFile, key: bytes, passphrase: str) -> KeyFile:
    """Lock the store by a passphrase: from now on the keyring alone does not open it."""
    changed = msgspec.structs.replace(
        file, keyring=False, passphrase=_wrap_with_passphrase(key, passphrase, file.store)
    )
    _rewrite(folder, changed)
    if file.keyring:
        os_keyring.forget(file.store)
    return changed


def remove_passphrase(folder: Path, file: KeyFile, key: bytes) -> KeyFile:
    """Let the keyring alone open the store. Raises NoKeyring, and then nothing changes."""
    os_keyring.put(file.store, key)
    changed = msgspec.structs.replace(file, keyring=True, passphrase=None)
    _rewrite(folder, changed)
    return changed


def adopt(folder: Path, file: KeyFile, key: bytes, passphrase: Ask) -> KeyFile:
    """Make a key that is at hand open the store from now on, on this computer and for this user.

    Raises:
        NoKeyring: there is none, the store has no passphrase, and nobody to ask for one.
    """
    try:
        os_keyring.put(file.store, key)
        changed = msgspec.structs.replace(file, keyring=True, passphrase=None)
    except os_keyring.NoKeyring:
        asked = passphrase()
        if asked is None and file.passphrase is None:
            raise
        slot = file.passphrase if asked is None else _wrap_with_passphrase(key, asked, file.store)
        changed = msgspec.structs.replace(file, keyring=False, passphrase=slot)
    write_key_file(folder, changed)
    return changed


def make_recovery_code(folder: Path, file: KeyFile, key: bytes) -> tuple[KeyFile, str]:
    """A new recovery code, in place of an earlier one. It is told once and kept nowhere."""
    code, salt = new_code(), os.urandom(16)
    slot = Slot(salt, seal(derived(secret_of(code), "recovery", salt), key, file.store), 0, 0, 0)
    changed = msgspec.structs.replace(file, recovery=slot)
    _rewrite(folder, changed)
    return changed, code


def write_key_file(folder: Path, file: KeyFile) -> None:
    """Put a key file, in place of one that is there."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _rewrite(folder, file)


def _wrap_with_passphrase(key: bytes, passphrase: str, store: str) -> Slot:
    if len(passphrase) < SHORTEST:
        raise AppError("The passphrase is too short", f"it needs {SHORTEST} characters", "Take a few words")
    slot = Slot(os.urandom(16), b"")
    slot.wrapped = seal(_from_passphrase(slot, passphrase), key, store)
    return slot


def _from_passphrase(slot: Slot, passphrase: str) -> bytes:
    made = Argon2id(salt=slot.salt, length=KEY, iterations=slot.passes, lanes=slot.lanes, memory_cost=slot.memory)
    with _ONE_AT_A_TIME:
        return made.derive(passphrase.encode())


def proof_of(key: bytes, store: str) -> str:
    """What tells a key from a wrong one without giving it away."""
    return fingerprint(key, b"proof" + store.encode())


def _proven(file: KeyFile, key: bytes) -> bytes:
    if len(key) != KEY or proof_of(key, file.store) != file.proof:
        raise KeyMissing(
            "The key at hand is not this store's",
            "the keyring or the key file belongs to another store",
            "Type the recovery code: 'autoenroll store recover'",
        )
    return key


def _publish(folder: Path, file: KeyFile) -> bool:
    """Put the key file where there is none; False where another process was quicker."""
    unfinished = _written(folder, file)
    try:
        if os.name == "nt":
            unfinished.rename(folder / NAME)
        else:
            (folder / NAME).hardlink_to(unfinished)
    except FileExistsError:
        return False
    finally:
        unfinished.unlink(missing_ok=True)
    sync_folder(folder)
    return True


def _rewrite(folder: Path, file: KeyFile) -> None:
    _written(folder, file).replace(folder / NAME)
    sync_folder(folder)


def _written(folder: Path, file: KeyFile) -> Path:
    path = folder / f".{NAME}.{uuid.uuid4().hex}.part"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
        written.write(msgspec.json.format(msgspec.json.encode(file), indent=1))
        written.flush()
        os.fsync(written.fileno())
    return path
