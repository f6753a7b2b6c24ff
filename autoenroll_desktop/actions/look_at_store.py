"""What there is to say about a store at a glance."""

from autoenroll_desktop.store.keys import read_key_file
from autoenroll_desktop.store.lists import counts
from autoenroll_desktop.store.local_copies import copies
from autoenroll_desktop.store.store import Store


def look_at_store(store: Store, *, reports: bool) -> dict[str, str | int]:
    """Where it is, how it is protected, how much is in it, and what is waiting.

    Args:
        reports: False where a policy keeps them here, so that none waits.
    """
    file = read_key_file(store.folder)
    assert file is not None
    ways = ["this computer's keyring"] if file.keyring else []
    ways += ["a passphrase"] if file.passphrase else []
    ways += ["a recovery code"] if file.recovery else []
    newest = copies(store.backups)[:1]
    with store.reading() as connection:
        number = counts(connection, reports=reports)
    size = sum(path.stat().st_size for path in store.folder.rglob("*") if path.is_file())
    return {
        "folder": str(store.folder),
        "opened_by": " or ".join(ways),
        "megabytes": round(size / 1_000_000),
        **number,
        "newest_local_copy": newest[0].name if newest else "none",
    }
