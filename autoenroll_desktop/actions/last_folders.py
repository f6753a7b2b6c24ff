"""The folders used last, in the encrypted store: names of folders often tell whose pay is in them."""

from collections.abc import Mapping

from autoenroll_desktop.store import last_folders as kept
from autoenroll_desktop.store.store import Store


def last_folders(store: Store) -> dict[str, str]:
    """Folders by what they are for. Raises AppError."""
    with store.reading() as connection:
        return kept.last_folders(connection)


def keep_folders(store: Store, folders: Mapping[str, str]) -> None:
    """Keep these in place of those kept before. Raises AppError."""
    with store.writing() as connection:
        kept.keep_folders(connection, folders)
