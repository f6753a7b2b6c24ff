"""What this project needs on a machine: `.venv` from the lock file, and system libraries on Debian and Ubuntu.

Standard library only: it runs before anything is installed.
"""

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BUILD = ROOT / "build"
LOCK = ROOT / "requirements.lock"
COMPARE = ROOT / "packaging" / "compare.lock"
"""The packages we measure ourselves beside, with everything of `LOCK`; they get an environment of their own."""
STAMP = VENV / "set-up"
WINDOWS = os.name == "nt"

QT_OFFSCREEN = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}
"""Shared library → Debian package, needed by Qt even without a display."""
QT_DISPLAY = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""The same for a window on an X display."""


class Refused(Exception):
    """Something this machine lacks; the text says what to do."""


def set_up(*, display: bool = False) -> None:
    """Make `.venv` and install system libraries; nothing is done, and nothing printed, when all is there."""
    system_packages(QT_OFFSCREEN | (QT_DISPLAY if display else {}))
    if stamp_is_current():
        return
    started = time.monotonic()
    print("Setting up .venv …", flush=True)
    if VENV.exists() and not python().exists():
        shutil.rmtree(VENV)
    if not VENV.exists():
        make_venv()
    STAMP.unlink(missing_ok=True)
    run([python(), "-m", "pip", *PIP, "install", "--no-deps", "--require-hashes", "-r", LOCK])
    run([python(), "-m", "pip", *PIP, "install", "--no-deps", "--no-build-isolation", "-e", ROOT])
    run([python(), "-m", "compileall", "-qq", "-j", "0", packages()], check=False)
    STAMP.write_text(fingerprint())
    print(f"Set up in {time.monotonic() - started:.0f} s.", flush=True)


PIP = ("--disable-pip-version-check", "--quiet", "--no-input")


def make_venv() -> None:
    """Make `.venv` with this Python; on Debian its venv module may have to be installed first."""
    try:
        run([sys.executable, "-m", "venv", VENV], capture_output=True)
    except subprocess.CalledProcessError:
        shutil.rmtree(VENV, ignore_errors=True)
        apt_install([f"python{sys.version_info.major}.{sys.version_info.minor}-venv"])
        run([sys.executable, "-m", "venv", VENV])


def stamp_is_current() -> bool:
    """Whether `.venv` was set up from just these lock and project files, by this Python."""
    return python().exists() and STAMP.exists() and STAMP.read_text() == fingerprint()


def fingerprint() -> str:
    """A hash of what the set-up depends on."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {ROOT}".encode())
    for file in (LOCK, ROOT / "pyproject.toml"):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def python() -> Path:
    """The Python of `.venv`."""
    return VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")


def packages() -> Path:
    """The site-packages folder of `.venv`."""
    if WINDOWS:
        return VENV / "Lib" / "site-packages"
    return VENV / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"


def system_packages(wanted: dict[str, str]) -> None:
    """Install the Debian packages whose libraries cannot be found; elsewhere nothing is needed."""
    if shutil.which("apt-get") is None:
        return
    missing = [package for library, package in wanted.items() if not library_present(library)]
    if missing:
        apt_install(missing)


def keyring_for_tests() -> None:
    """Install a real keyring for the one test that wants it; without leave to install, that test says so and is skipped."""
    wanted = {"gnome-keyring-daemon": "gnome-keyring", "dbus-run-session": "dbus"}
    missing = [package for program, package in wanted.items() if shutil.which(program) is None]
    if missing and shutil.which("apt-get"):
        try:
            apt_install(missing)
        except (Refused, subprocess.CalledProcessError):
            print("No keyring could be installed; the test of it is skipped.", flush=True)


def library_present(name: str) -> bool:
    """Whether the dynamic loader finds a shared library."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def apt_install(names: list[str]) -> None:
    """Install Debian packages as root or through sudo; otherwise say which line to run."""
    line = ["apt-get", "install", "-y", "--no-install-recommends", *names]
    if shutil.which("apt-get") is None:
        raise Refused(f"Please install: {' '.join(names)}")
    prefix: list[str] = []
    if os.geteuid() != 0:
        if (
            shutil.which("sudo") is None
            or subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode
        ):
            raise Refused(f"Qt needs some system libraries. Please run:\n  sudo {' '.join(line)}")
        prefix = ["sudo", "-n"]
    print("Installing", *names, flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run([*prefix, "apt-get", "update", "-qq"], capture_output=True, env=quiet)
    run([*prefix, *line, "-qq"], capture_output=True, env=quiet)


def run(command: list[object], *, check: bool = True, **options: object) -> int:
    """Run a command in the project's folder and return its exit code."""
    environment = options.pop("env", None) or child_environment()
    done = subprocess.run([str(part) for part in command], cwd=ROOT, check=check, env=environment, **options)  # type: ignore[call-overload]
    return int(done.returncode)


def child_environment(**more: str) -> dict[str, str]:
    """The environment of what we start: byte code is kept, or every start costs three times as much."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**environment, **more}


def has_display() -> bool:
    """Whether a window can be opened."""
    return WINDOWS or sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def system_tools(wanted: dict[str, str]) -> None:
    """Install the Debian packages whose programs are not there; elsewhere nothing is needed."""
    if sys.platform.startswith("linux"):
        missing = [package for program, package in wanted.items() if shutil.which(program) is None]
        if missing:
            apt_install(missing)


def compare_environment() -> Path:
    """The Python of an environment with everything of `COMPARE`, made where it is not there."""
    home = BUILD / "compare"
    inside = home / ("Scripts/python.exe" if WINDOWS else "bin/python")
    stamp = home / "set-up"
    print_of_lock = hashlib.sha256(COMPARE.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != print_of_lock:
        run([sys.executable, "-m", "venv", "--clear", home])
        run([inside, "-m", "pip", *PIP, "install", "--no-deps", "--require-hashes", "-r", COMPARE])
        stamp.write_text(print_of_lock)
    return inside
