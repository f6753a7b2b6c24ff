"""Checks the audit trail, writes it as signed evidence, and checks such a file without any store."""

import hashlib
import os
from base64 import b64decode
from pathlib import Path

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.store import audit, clients
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.evidence import check_evidence, evidence
from autoenroll_desktop.store.refusals import translated
from autoenroll_desktop.store.store import Store


def check_audit(store: Store) -> tuple[int, list[str]]:
    """How many entries the trail has, and what is wrong with it or with the runs it tells of."""
    with store.reading() as connection:
        chain = audit.entries(connection)
        untold = [f"run {one} has no entry that fits" for one in audit.runs_without_entry(connection)]
    return len(chain), [*audit.faults(chain), *untold]


def check_evidence_file(path: Path) -> tuple[int, list[str]]:
    """The same for an exported file. Raises AppError: it is none, or cannot be read."""
    try:
        said, wrong = check_evidence(path.read_bytes())
    except OSError as error:
        raise AppError(f"{path.name} cannot be read", error.strerror or "", "Check the name and folder") from None
    return len(said["entries"]), wrong


def export_audit(store: Store, path: Path, stamp: Stamp, employer: str | None = None) -> tuple[int, str]:
    """Write the trail, or a client's part of it, to a signed file; entries written, and the signing key's fingerprint.

    Raises:
        AppError: nothing is kept of the client, or the file cannot be written.
    """
    with store.writing() as connection:
        one = clients.named(connection, clients.plain_employer(employer)) if employer is not None else None
        audit.add(connection, stamp, Event("evidence-exported", one.id if one else None))
        data = evidence(connection, store.id, stamp, one)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    with translated():
        try:
            unfinished.write_bytes(data)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    said, _ = check_evidence(data)
    return len(said["entries"]), hashlib.sha256(b64decode(said["public_key"])).hexdigest()[:32]
