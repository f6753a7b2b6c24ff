"""Erases a client from the store, and tells what cannot be reached from here."""

from dataclasses import dataclass
from pathlib import Path

from autoenroll_desktop.store import clients
from autoenroll_desktop.store.audit import Stamp, entries
from autoenroll_desktop.store.erasing import Erased, erase
from autoenroll_desktop.store.store import Store


@dataclass(frozen=True, slots=True)
class ErasedClient:
    """What was erased, how many backups were ever made elsewhere, and stores moved aside that still hold it."""

    erased: Erased
    backups_elsewhere: int
    aside: tuple[Path, ...]


def erase_client(store: Store, employer: str, stamp: Stamp) -> ErasedClient:
    """Erase an employer and everything kept of it. Raises AppError where nothing is kept of it."""
    with store.reading() as connection:
        one = clients.named(connection, clients.plain_employer(employer))
        elsewhere = sum(entry["what"] == "backup-made" for entry in entries(connection))
    erased = erase(store, one, stamp)
    aside = (*store.folder.glob("replaced-*"), *store.folder.parent.glob(f"{store.folder.name}.replaced-*"))
    return ErasedClient(erased, elsewhere, aside)
