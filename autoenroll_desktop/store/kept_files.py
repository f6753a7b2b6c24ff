"""Files as they were checked, sealed one by one in the folder `kept`.

Outside the database, so that it and its copies stay small. A file is written before the transaction that tells of it
ends and while that transaction holds the write lock, so that whatever is there without being told of is left over from
a crash, and may go. Its name is a keyed hash: it says nothing, and the same file is kept once. A file with the pay of
several clients is sealed with all their keys together: when one of them is erased, nobody opens it any more.
"""

import hashlib
import os
import zlib
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.on_disk import sync_folder
from autoenroll_desktop.store.audit import Stamp
from autoenroll_desktop.store.clients import keys_of
from autoenroll_desktop.store.sealing import derived, fingerprint, seal, unseal
from autoenroll_desktop.store.tables import file_client, kept_file, run_file

_PLAIN, _DEFLATED = b"\x00", b"\x01"


def keep_file(connection: Connection, folder: Path, owners: Mapping[str, bytes], data: bytes, stamp: Stamp) -> str:
    """Keep a file for some clients (id → key) and return its id; one kept before is not written again.

    Raises:
        OSError: it cannot be written; translated where the transaction is.
    """
    key, sha256 = _key(owners), sha256_of(data)
    name = fingerprint(key, sha256.encode())[:40]
    path = _path(folder, name)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = path.with_name(f"{name}.{os.getpid()}.part")
        small = zlib.compress(data, 1)
        body = _DEFLATED + small if len(small) < len(data) else _PLAIN + data
        try:
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(seal(key, body, name))
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        sync_folder(path.parent)
    row = {"id": name, "sha256": sha256, "size": len(data), "kept_at": stamp.at}
    connection.execute(insert(kept_file).on_conflict_do_nothing(), row)
    connection.execute(
        insert(file_client).on_conflict_do_nothing(), [{"file_id": name, "client_id": one} for one in owners]
    )
    return name


def sha256_of(data: bytes) -> str:
    """The hash a file is told by."""
    return hashlib.sha256(data).hexdigest()


def read_file(connection: Connection, folder: Path, file_id: str) -> bytes:
    """A kept file as it was. Raises AppError: it is gone. SealBroken: it was changed."""
    owners = [*connection.execute(select(file_client.c.client_id).where(file_client.c.file_id == file_id)).scalars()]
    keys = keys_of(connection, owners)
    sha256 = connection.execute(select(kept_file.c.sha256).where(kept_file.c.id == file_id)).scalar_one_or_none()
    if sha256 is None or not owners:
        raise AppError("This file is not kept", "it was erased, or its time was over", "")
    try:
        sealed = _path(folder, file_id).read_bytes()
    except FileNotFoundError:
        raise AppError(
            "A kept file is missing", "somebody removed it from the store's folder", "Restore the store from a backup"
        ) from None
    body = unseal(_key(keys), sealed, file_id)
    return zlib.decompress(body[1:]) if body[:1] == _DEFLATED else body[1:]


def forget_unused(connection: Connection) -> int:
    """Forget files no kept run points to; `sweep` then removes them. Returns how many."""
    unused = select(kept_file.c.id).where(
        kept_file.c.id.not_in(select(run_file.c.file_id).where(run_file.c.file_id.is_not(None)))
    )
    names = [*connection.execute(unused).scalars()]
    forget(connection, names)
    return len(names)


def forget(connection: Connection, names: list[str]) -> None:
    """Forget files by id."""
    connection.execute(delete(file_client).where(file_client.c.file_id.in_(names)))
    connection.execute(delete(kept_file).where(kept_file.c.id.in_(names)))


def sweep(connection: Connection, folder: Path) -> int:
    """Remove files the database does not tell of; the connection must hold the write lock. Returns how many."""
    told = set(connection.execute(select(kept_file.c.id)).scalars())
    left = [path for path in folder.glob("*/*") if path.name not in told]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _key(owners: Mapping[str, bytes]) -> bytes:
    return derived(b"".join(owners[name] for name in sorted(owners)), "kept-file")


def _path(folder: Path, name: str) -> Path:
    return folder / name[:2] / name
