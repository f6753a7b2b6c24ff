"""How much of what a stranger sends is read at all."""

from dataclasses import dataclass

from autoenroll_desktop.errors import FileTooLarge

MIB = 1024 * 1024
CHUNK = 4 * MIB
"""Bytes read or unpacked at a time."""
SPARSE = 4_000_000
"""Cells that a sheet may have room for whatever it holds."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes on disk, bytes once unpacked, pay lines, cells of one sheet, files of one folder or archive."""

    size: int = 200 * MIB
    unpacked: int = 1024 * MIB
    lines: int = 2_000_000
    cells: int = 60_000_000
    files: int = 2_000


def reaches_too_far(name: str, rows: int, columns: int) -> FileTooLarge:
    """The refusal of a sheet whose last cell stands so far out that its reader would take gigabytes to get there."""
    return FileTooLarge(
        f"{name} has a sheet that is too large",
        f"it reaches down to row {rows:,} and {columns:,} columns to the right",
        "Delete the empty rows and columns beyond the table and save again",
    )
