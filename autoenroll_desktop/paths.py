"""Where things are, from source or frozen."""

import os
import sys
from functools import cache
from pathlib import Path

from autoenroll_desktop.policy.sources import in_force


@cache
def resources() -> Path:
    """The folder of icons, fonts, words, layouts and the sample employer."""
    frozen = getattr(sys, "_MEIPASS", None)
    return (Path(frozen) if frozen else Path(__file__).resolve().parent.parent) / "resources"


def user_data() -> Path:
    """The folder for what the program remembers about this user's work.

    The policy data-folder decides it, else `AUTOENROLL_DATA`. Raises AppError where the policies cannot be used.
    """
    if ordered := in_force().policies.data_folder:
        return _filled_in(ordered)
    if chosen := os.environ.get("AUTOENROLL_DATA"):
        return Path(chosen)
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local")) / "AutoEnroll Desktop"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "AutoEnroll Desktop"
    return Path(os.environ.get("XDG_DATA_HOME", home / ".local" / "share")) / "autoenroll-desktop"


def store() -> Path:
    """The folder of the store: everything that is kept, encrypted."""
    return user_data() / "store"


def updates() -> Path:
    """Where versions that updates brought are kept."""
    return user_data() / "updates"


def logs() -> Path:
    """Where the program notes what it did, without anything about a person."""
    return user_data() / "logs"


def licence() -> Path:
    """Where it is kept what this PC's licence is."""
    return user_data() / "licence.json"


def ordered_licence() -> Path | None:
    """The licence file the policy licence-file names."""
    ordered = in_force().policies.licence_file
    return _filled_in(ordered) if ordered else None


def _filled_in(ordered: str) -> Path:
    return Path(os.path.expandvars(ordered)).expanduser()


def licence_keys() -> Path:
    """The public keys licences are signed with; from source, `AUTOENROLL_LICENCE_KEYS` names another file of them."""
    chosen = os.environ.get("AUTOENROLL_LICENCE_KEYS")
    if chosen and not hasattr(sys, "_MEIPASS"):
        return Path(chosen)
    return resources() / "keys" / "licence.toml"
