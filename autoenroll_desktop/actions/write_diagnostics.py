"""A bundle for whoever helps: versions, policies, self-test and the log, and nothing about anybody."""

import datetime as dt
import importlib.metadata
import json
import platform
import sys
import zipfile
from pathlib import Path

from autoenroll_desktop import __version__, paths
from autoenroll_desktop.actions.self_test import self_test
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.policy.sources import Found, in_force

_LIBRARIES = ("PySide6_Essentials", "numpy", "pandas", "lxml", "sqlalchemy", "sqlcipher3", "cryptography", "tuf")
_PLACES = {"licence-file", "data-folder", "extra-ca"}
_ADDRESSES = {"service-url", "proxy"}


def write_diagnostics(target: Path, now: dt.datetime) -> Path:
    """Write the bundle (a ZIP) and return its path. Raises AppError where it cannot be written."""
    try:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
            bundle.writestr("versions.json", json.dumps(_versions(now), indent=2))
            bundle.writestr("policies.json", json.dumps(_policies(), indent=2))
            tried = (f"{'FAIL' if problem else 'ok'} {part}\n" for part, problem in self_test())
            bundle.writestr("selftest.txt", "".join(tried))
            for path in sorted(paths.logs().glob("autoenroll.log*")):
                bundle.writestr(f"logs/{path.name}", path.read_text(encoding="utf-8", errors="replace"))
    except OSError as error:
        raise AppError(f"{target} cannot be written", error.strerror or "", "Choose another place") from error
    return target


def _versions(now: dt.datetime) -> dict[str, object]:
    libraries = {}
    for name in _LIBRARIES:
        try:
            libraries[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            libraries[name] = "unknown"  # a frozen program keeps the metadata of a few only
    return {
        "program": __version__,
        "frozen": bool(getattr(sys, "frozen", False)),
        "python": platform.python_version(),
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
        "made": now.astimezone(dt.UTC).isoformat(timespec="seconds"),
        "libraries": libraries,
    }


def _policies() -> dict[str, object]:
    try:
        found = in_force()
    except AppError as error:
        return {"cannot be used": error.title}
    return told(found)


def told(found: Found) -> dict[str, object]:
    """The policies that are set, as they may be shown to a helper: places and addresses only as "set"."""
    shown: dict[str, object] = {}
    for key in found.set_by:
        value = getattr(found.policies, key.replace("-", "_"))
        hidden = key in _PLACES | _ADDRESSES  # a folder holds a user's name, an address may hold a password
        shown[key] = ("set" if value else "empty") if hidden else value
    return {"set": shown, "unknown keys": len(found.unknown)}
