"""How much of what a stranger sends is read at all."""

from dataclasses import dataclass

MIB = 1024 * 1024
CHUNK = 4 * MIB
"""Bytes read or unpacked at a time."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes on disk, bytes once unpacked, pay lines, cells of one sheet, files of one folder or archive."""

    size: int = 200 * MIB
    unpacked: int = 1024 * MIB
    lines: int = 2_000_000
    cells: int = 60_000_000
    files: int = 2_000
