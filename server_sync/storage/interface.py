"""What every storage can do. A key is `office/place`, both 32 hex digits; what stands under a key never changes."""

from typing import Protocol


class StorageFailed(Exception):
    """The storage cannot be reached or refused; worth another try. `args[0]`: a name of ours, never its text."""


class Storage(Protocol):
    """Sealed bytes by key. Every method may raise StorageFailed."""

    def put(self, key: str, content: bytes) -> None:
        """Keep bytes, safely written when this returns."""

    def get(self, key: str) -> bytes | None:
        """The bytes, or None where there are none."""

    def has(self, key: str) -> bool:
        """Whether there are bytes under a key."""

    def delete(self, key: str) -> None:
        """Delete bytes; nothing happens where there are none."""
