"""The data key in the operating system's keyring: Credential Manager, Keychain or Secret Service.

A keyring that forgets what it is given, or keeps it as plain text, is none: what was put is read back at once.
"""

from typing import Any

from autoenroll_desktop.errors import AppError

SERVICE = "AutoEnroll Desktop"


class NoKeyring(AppError):
    """This computer has no keyring we may use."""

    def __init__(self, why: str) -> None:
        super().__init__(
            "This computer has no keyring to keep the store's key in",
            why,
            "Protect the store with a passphrase instead: run 'autoenroll store create'",
        )


def put(store: str, key: bytes) -> None:
    """Keep a store's key. Raises NoKeyring."""
    backend = _backend()
    try:
        backend.set_password(SERVICE, store, key.hex())
        kept = backend.get_password(SERVICE, store)
    except Exception as error:  # noqa: BLE001 - a backend raises whatever its desktop does
        raise NoKeyring(f"the keyring answered with {type(error).__name__}") from None
    if kept != key.hex():
        raise NoKeyring("the keyring does not keep what it is given")


def get(store: str) -> bytes | None:
    """A store's key, None where the keyring does not have it. Raises NoKeyring."""
    try:
        kept = _backend().get_password(SERVICE, store)
        return bytes.fromhex(kept) if kept else None
    except NoKeyring:
        raise
    except Exception as error:  # noqa: BLE001 - a backend raises whatever its desktop does
        raise NoKeyring(f"the keyring answered with {type(error).__name__}") from None


def forget(store: str) -> None:
    """Remove a store's key; nothing happens where there is none."""
    try:
        if get(store) is not None:
            _backend().delete_password(SERVICE, store)
    except NoKeyring:
        return
    except Exception as error:  # noqa: BLE001 - a backend raises whatever its desktop does
        raise NoKeyring(f"the keyring answered with {type(error).__name__}") from None


def _backend() -> Any:
    import keyring

    backend = keyring.get_keyring()
    for one in getattr(backend, "backends", [backend]):
        where = f"{type(one).__module__}.{type(one).__name__}"
        if "keyrings.alt" in where or "null" in where:
            raise NoKeyring(f"{type(one).__name__} does not protect what it keeps")
    if type(backend).__module__ == "keyring.backends.fail":
        raise NoKeyring("nothing that keeps secrets is running for this user")
    return backend
