"""The start of a frozen program: hand over to a newer version that an update has put in place, or go on.

This runs before anything heavy is imported, so that a broken library in the installed version cannot stop it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from autoenroll_desktop.updates.versions import TRIES, Versions
from server_sync.contract.release import numbers


class Scope(StrEnum):
    """Who looks after this installation: the person who uses it, or the administrator of the machine."""

    USER = "user"
    MACHINE = "machine"


def scope_of(program_folder: Path, versions: Versions) -> Scope:
    """Whose installation a program is: what the installer noted beside it, and the machine's where it noted nothing.

    A program that an update put in place belongs to the user, whose installed version handed over to it.
    """
    if program_folder.resolve().is_relative_to((versions.home / "versions").resolve()):
        return Scope.USER
    try:
        noted = json.loads((program_folder / "installed.json").read_text(encoding="utf-8"))["scope"]
        return Scope(noted)
    except (OSError, ValueError, KeyError, TypeError):
        return Scope.MACHINE


def next_program(versions: Versions, running: str, name: str, *, counts: bool) -> Path | None:
    """The program to start instead of this one, or None to go on.

    A version that did not say it works within `TRIES` starts is refused for good and the one before it is taken.
    Starts of the window count, those of the terminal program do not. Never anything older than what runs.
    """
    chosen = versions.chosen()
    if chosen is not None and not chosen.works and chosen.tries >= TRIES:
        versions.refuse(chosen.version)
        chosen = versions.chosen()
    if chosen is None or numbers(chosen.version) <= numbers(running):
        return None
    program = versions.folder(chosen.version) / name
    if not program.is_file():
        return None
    if counts and not chosen.works:
        versions.note(replace(chosen, tries=chosen.tries + 1))
    return program


def hand_over(versions: Versions, running: str, *, counts: bool) -> None:
    """Become the newer version, if there is one; comes back where this program is to go on.

    A per-machine installation never hands over: code in a user's folder must not run in the administrator's place.
    """
    if not getattr(sys, "frozen", False):
        return
    executable = Path(sys.executable)
    if scope_of(executable.parent, versions) is not Scope.USER:
        return
    try:
        # elsewhere than on Windows the terminal program is a link, told apart by the name it is called by
        name = executable.name if os.name == "nt" else Path(sys.argv[0]).name
        program = next_program(versions, running, name, counts=counts)
        if program is None:
            return
        command = [str(program), *sys.argv[1:]]
        environment = environment_for(os.environ)
        if os.name == "nt":
            sys.exit(subprocess.call(command, env=environment))  # noqa: S603 - our own, from our own folder
        os.execve(program, command, environment)  # noqa: S606 - the same
    except OSError:
        return  # the installed version is there and works


def environment_for(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for another frozen program, without what this one's loader put into it."""
    kept = {name: value for name, value in environment.items() if not name.startswith("_PYI_")}
    if sys.platform.startswith("linux"):
        before = kept.pop("LD_LIBRARY_PATH_ORIG", None)
        if getattr(sys, "frozen", False):
            kept.pop("LD_LIBRARY_PATH", None)
        if before is not None:
            kept["LD_LIBRARY_PATH"] = before
    return {**kept, "PYINSTALLER_RESET_ENVIRONMENT": "1"}
