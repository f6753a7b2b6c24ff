"""What a power cut must not undo."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Have a folder's own entries on the disk, as after a rename; Windows does this by itself and opens no folders."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
