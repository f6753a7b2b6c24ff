"""What was written before, and whether each file still stands where it was put, as it was."""

import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autoenroll_desktop.store import clients
from autoenroll_desktop.store.produced import ProducedListed, produced_files
from autoenroll_desktop.store.store import Store

THERE, CHANGED, GONE, UNREAD, UNKNOWN = "there", "changed", "gone", "unreadable", "not known"
"""How a file stands: as it was written, with another content, not there any more, not readable, or there without its
hash having been noted."""


def look_at_produced(store: Store, employer: str | None = None, limit: int | None = None) -> list[dict[str, Any]]:
    """Every written file, the latest first: what the ledger says, and under "file" how it stands.

    Raises:
        AppError: nothing is kept of the employer, or the store cannot be read.
    """
    with store.reading() as connection:
        one = clients.named(connection, clients.plain_employer(employer)) if employer is not None else None
        listed = produced_files(connection, one.employer if one else None, limit)
    return [{**asdict(file), "file": standing(file)} for file in listed]


def standing(listed: ProducedListed) -> str:
    """How a written file stands; its content is read."""
    try:
        with Path(listed.path).open("rb") as file:
            now = hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return GONE
    except (OSError, ValueError):
        return UNREAD
    if listed.sha256 is None:
        return UNKNOWN
    return THERE if now == listed.sha256 else CHANGED
