"""Where policies are set: a file on every system, the registry on Windows, managed preferences on a Mac.

Only places an administrator writes to: a policy a clerk could lift by an environment variable would be none.
On Windows the user's own branch counts for what the machine's leaves open; both are writable by administrators only.
"""

import json
import plistlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.policy.policies import KEYS, Policies, from_values

REGISTRY = r"Software\Policies\AutoEnroll Desktop"


@dataclass(frozen=True)
class Found:
    """The policies in force, the place each set key came from, and the keys we do not know."""

    policies: Policies
    set_by: dict[str, str]
    unknown: tuple[str, ...]


@cache
def in_force() -> Found:
    """The policies of this computer, read once. Raises AppError where they cannot be used."""
    return read(files())


def files() -> tuple[Path, ...]:
    """The files looked at, the strongest first."""
    if sys.platform == "win32":
        import ctypes

        folder = ctypes.create_unicode_buffer(260)  # asked of Windows: the variable ProgramData is the person's to set
        ctypes.windll.shell32.SHGetFolderPathW(None, 0x23, None, 0, folder)
        places = [Path(folder.value or r"C:\ProgramData") / "AutoEnroll Desktop"]
    elif sys.platform == "darwin":
        places = [Path("/Library/Application Support/AutoEnroll Desktop")]
    else:
        places = [Path("/etc/autoenroll-desktop")]
    managed = (Path("/Library/Managed Preferences/ie.autoenroll.desktop.plist"),) if sys.platform == "darwin" else ()
    return (*managed, *(place / "policies.json" for place in places))


def read(places: tuple[Path, ...]) -> Found:
    """Put together what the registry and the files say; the first place that sets a key decides it."""
    values: dict[str, Any] = {}
    set_by: dict[str, str] = {}
    unknown: list[str] = []
    for place, found in _all(places):
        from_values({key: value for key, value in found.items() if key in KEYS}, place)
        for key, value in found.items():
            if key not in KEYS:
                unknown.append(key)
            elif key not in values:
                values[key], set_by[key] = value, place
    return Found(from_values(values, "together"), set_by, tuple(sorted(set(unknown))))


def _all(places: tuple[Path, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from _registry()
    for path in places:
        found = _file(path)
        if found is not None:
            yield str(path), found


def _file(path: Path) -> dict[str, Any] | None:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise AppError("The policy file cannot be read", f"{path}: {error.strerror}", _ASK) from error
    try:
        found = plistlib.loads(data) if path.suffix == ".plist" else json.loads(data.decode("utf-8-sig"))
    except (ValueError, plistlib.InvalidFileException) as error:
        raise AppError("The policy file cannot be read", f"{path}: {error}", _ASK) from error
    if not isinstance(found, dict):
        raise AppError("The policy file cannot be read", f"{path}: it does not hold one object of keys", _ASK)
    return found


def _registry() -> list[tuple[str, dict[str, Any]]]:
    branches: list[tuple[str, dict[str, Any]]] = []
    if sys.platform == "win32":
        import winreg

        for hive, name in ((winreg.HKEY_LOCAL_MACHINE, "HKLM"), (winreg.HKEY_CURRENT_USER, "HKCU")):
            found: dict[str, Any] = {}
            try:
                with winreg.OpenKey(hive, REGISTRY) as key:
                    for number in range(winreg.QueryInfoKey(key)[1]):
                        value_name, value, _kind = winreg.EnumValue(key, number)
                        found[value_name] = typed(value_name, value)
            except FileNotFoundError:
                continue
            branches.append((rf"{name}\{REGISTRY}", found))
    return branches


def typed(key: str, value: object) -> object:
    """A registry value as its policy's type: the registry has no yes and no, only the numbers 1 and 0."""
    default = getattr(Policies(), key.replace("-", "_"), None)
    if isinstance(default, bool) and value in (0, 1):
        return bool(value)
    return value


_ASK = "Ask whoever looks after your computers to correct it"
