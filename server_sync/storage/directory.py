"""Sealed bytes as files of a folder, which several instances may share."""

import os
from pathlib import Path
from uuid import uuid4

from server_sync.storage.interface import StorageFailed


class Directory:
    """Files below `root`, readable by us alone. Nothing is touched before the first use."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, key: str, content: bytes) -> None:
        """Write a file beside its place and move it there, both on the disk before this returns."""
        self._there()
        path = self._path(key)
        beside = path.with_name(f".{uuid4().hex}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                beside.replace(path)
            finally:
                beside.unlink(missing_ok=True)
            _on_the_disk(path.parent)
        except OSError as error:
            raise StorageFailed("folder") from error

    def get(self, key: str) -> bytes | None:
        """The bytes, or None where there are none."""
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            self._there()
            return None
        except OSError as error:
            raise StorageFailed("folder") from error

    def has(self, key: str) -> bool:
        """Whether there are bytes under a key."""
        self._there()
        return self._path(key).exists()

    def delete(self, key: str) -> None:
        """Delete bytes; nothing happens where there are none."""
        try:
            self._path(key).unlink(missing_ok=True)
        except OSError as error:
            raise StorageFailed("folder") from error

    def _there(self) -> None:
        """A disk that is not mounted must not look like an empty storage."""
        if not self._root.is_dir():
            raise StorageFailed("folder")

    def _path(self, key: str) -> Path:
        office, _, place = key.partition("/")
        return self._root / office / place[:2] / place


def _on_the_disk(folder: Path) -> None:
    """Have a folder's entries written; Windows does so by itself and opens no folders."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
