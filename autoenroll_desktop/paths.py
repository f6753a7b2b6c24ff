"""Where things are, from source or frozen."""

import os
import sys
from functools import cache
from pathlib import Path


@cache
def resources() -> Path:
    """The folder of icons, fonts, words, layouts and the sample employer."""
    frozen = getattr(sys, "_MEIPASS", None)
    return (Path(frozen) if frozen else Path(__file__).resolve().parent.parent) / "resources"


def user_data() -> Path:
    """The folder for what the program remembers about this user's work; `AUTOENROLL_DATA` moves it."""
    if chosen := os.environ.get("AUTOENROLL_DATA"):
        return Path(chosen)
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local")) / "AutoEnroll Desktop"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "AutoEnroll Desktop"
    return Path(os.environ.get("XDG_DATA_HOME", home / ".local" / "share")) / "autoenroll-desktop"


def column_maps() -> Path:
    """Where confirmed column maps are kept."""
    return user_data() / "columns"


def ledger() -> Path:
    """Where it is noted what was sent."""
    return user_data() / "sent.jsonl"


def licence() -> Path:
    """Where it is kept what this PC's licence is."""
    return user_data() / "licence.json"


def licence_keys() -> Path:
    """The public keys licences are signed with; from source, `AUTOENROLL_LICENCE_KEYS` names another file of them."""
    chosen = os.environ.get("AUTOENROLL_LICENCE_KEYS")
    if chosen and not hasattr(sys, "_MEIPASS"):
        return Path(chosen)
    return resources() / "keys" / "licence.toml"
