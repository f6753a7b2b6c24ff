#!/usr/bin/env python3
"""Sets the project up and runs it: `python3 packaging/dev.py run` opens the app, `… test` runs every test.

Standard library only, Python 3.11 or later. Everything it needs goes into `.venv` (from `requirements.lock`, every
package pinned by hash) and, on Debian and Ubuntu, the few system libraries Qt wants.
"""

import ctypes
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BUILD = ROOT / "build"
LOCK = ROOT / "requirements.lock"
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


@dataclass(frozen=True)
class Campaign:
    """A long run of tests or of a program.

    Attributes:
        what: arguments of pytest, or a program below packaging/.
        beside: in the environment that also has the packages of `COMPARE`, in place of `.venv`.
        tools: programs it needs → the Debian packages they come in.
    """

    what: tuple[str, ...]
    beside: bool = False
    tools: dict[str, str] = field(default_factory=dict)

    @property
    def is_program(self) -> bool:
        """Whether it is a program of its own and no tests."""
        return self.what[0].startswith("packaging/")


CAMPAIGNS = {
    "properties": Campaign(("tests/desktop/intake/test_any_bytes.py", "tests/desktop/intake/test_round_trip.py")),
    "fuzz": Campaign(("packaging/fuzz.py",), beside=True),
    "reference": Campaign(("tests/desktop/rules/test_reference.py",)),
    "million": Campaign(("-n", "0", "-s", "tests/bench/test_rules_bench.py")),
    "mutation": Campaign(("packaging/mutation.py",), beside=True),
    "compare": Campaign(
        ("-s", "tests/bench/test_beside_others.py", "tests/bench/test_rules_beside_others.py"), beside=True
    ),
    "libreoffice": Campaign(("tests/desktop/actions/test_merge_back.py",), tools={"soffice": "libreoffice-calc"}),
    "rewrite": Campaign(("tests/desktop/rewrite", "tests/desktop/actions/test_written_again.py")),
    "kills": Campaign(("tests/desktop/store/test_kills.py",)),
    "disk-faults": Campaign(("tests/desktop/store/test_disk_faults.py",)),
    "sync-faults": Campaign(("tests/desktop/sync/test_faults.py",)),
    "sync-kills": Campaign(("tests/desktop/sync/test_kills.py",)),
    "service-schema": Campaign(("tests/server/test_schema.py",)),
    "service-model": Campaign(("tests/server/test_model.py",)),
    "service-cost": Campaign(("-n", "0", "-s", "tests/server/test_cost.py")),
    "service-load": Campaign(("packaging/load_service.py",)),
    "webhooks": Campaign(("tests/server/test_webhook_schedules.py",)),
    "deb": Campaign(("packaging/campaigns/deb.py",)),
    "windows": Campaign(("packaging/campaigns/windows.py",)),
    "updates": Campaign(("packaging/campaigns/updates.py",)),
    "update-kills": Campaign(("packaging/campaigns/update_kills.py",)),
}
"""Long campaigns by name; those that are tests run with the Hypothesis profile `campaign`."""

COMPARE = ROOT / "packaging" / "compare.lock"
"""The packages we measure ourselves beside, with everything of `LOCK`; they get an environment of their own."""


class Refused(Exception):
    """Something this machine lacks; the text says what to do."""


def main(arguments: list[str]) -> int:
    """Run one verb and return its exit code."""
    if sys.version_info < (3, 11):
        print("Python 3.11 or later is needed; this is", platform.python_version(), file=sys.stderr)
        return 2
    verb, *rest = arguments or ["-h"]
    if verb in ("-h", "--help"):
        print(usage())
        return 0
    if verb not in VERBS:
        print(f"There is no verb {verb!r}.\n{usage()}", file=sys.stderr)
        return 2
    try:
        return VERBS[verb](rest)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"This step failed ({error.returncode}): {' '.join(map(str, error.cmd[:6]))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def usage() -> str:
    """The verbs with their first sentences."""
    lines = ["usage: python3 packaging/dev.py VERB"]
    lines += [f"  {name:<10} {(act.__doc__ or '').splitlines()[0]}" for name, act in VERBS.items()]
    return "\n".join(lines)


# Set-up


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


# Verbs


def verb_run(rest: list[str]) -> int:
    """Open the app on the sample employer (in the terminal where there is no display)."""
    if has_display():
        set_up(display=True)
        return run([python(), "-m", "autoenroll_desktop.app", *(rest or ["--sample"])], check=False)
    set_up()
    print("There is no display here, so the sample employer is checked in this terminal.\n", flush=True)
    out = BUILD / "sample-report"
    code = run([python(), "-m", "autoenroll_desktop.cli", "sample", "--out", out], check=False)
    print(f"\nThe report is {out / 'check-report.pdf'}")
    return 0 if code in (0, 1, 3) else code


def verb_test(rest: list[str]) -> int:
    """Run every test; further words go to pytest."""
    set_up()
    keyring_for_tests()
    offscreen = child_environment(QT_QPA_PLATFORM="offscreen")
    if rest:
        return run([python(), "-m", "pytest", *rest], check=False, env=offscreen)
    measures = run([python(), "-m", "pytest", "-q", "tests/bench"], check=False, env=offscreen)
    others = run([python(), "-m", "pytest", "-q", "-n", "2", "--ignore", "tests/bench"], check=False, env=offscreen)
    return measures or others


def verb_lint(_rest: list[str]) -> int:
    """Check style and formatting with ruff."""
    set_up()
    style = run([python(), "-m", "ruff", "check", "."], check=False)
    return style or run([python(), "-m", "ruff", "format", "--check", "."], check=False)


def verb_types(_rest: list[str]) -> int:
    """Check types with mypy, strictly."""
    set_up()
    return run([python(), "-m", "mypy"], check=False)


def verb_bench(rest: list[str]) -> int:
    """Measure speed and memory."""
    set_up()
    offscreen = child_environment(QT_QPA_PLATFORM="offscreen")
    return run([python(), "-m", "pytest", "tests/bench", *rest], check=False, env=offscreen)


def verb_serve(rest: list[str]) -> int:
    """Run the central service on a PostgreSQL of its own; further words go to `autoenroll-server serve`."""
    set_up()
    # PostgreSQL never runs as root, and the account it gets may not be able to enter this folder.
    data = [] if not WINDOWS and os.geteuid() == 0 else ["--data", BUILD / "service"]
    return run([python(), "-m", "server_sync.app", *data, "serve", *rest], check=False)


def verb_screens(_rest: list[str]) -> int:
    """Write a picture of every page in both themes to build/screens/."""
    set_up(display=has_display())
    environment = child_environment() if has_display() else child_environment(QT_QPA_PLATFORM="offscreen")
    return run([python(), "packaging/screens.py", BUILD / "screens"], check=False, env=environment)


def verb_sample(_rest: list[str]) -> int:
    """Write the sample employer's files again."""
    set_up()
    return run([python(), "packaging/sample/make_sample.py"], check=False)


def verb_campaign(rest: list[str]) -> int:
    """Run a long campaign by name; further words go to its program, or to pytest."""
    if not rest or rest[0] not in CAMPAIGNS:
        print(f"Name one of: {', '.join(CAMPAIGNS)}", file=sys.stderr)
        return 2
    campaign = CAMPAIGNS[rest[0]]
    set_up()
    system_tools(campaign.tools)
    inside = compare_environment() if campaign.beside else python()
    if campaign.is_program:
        return run([inside, *campaign.what, *rest[1:]], check=False, env=child_environment(PYTHONPATH=str(ROOT)))
    long = child_environment(HYPOTHESIS_PROFILE="campaign", QT_QPA_PLATFORM="offscreen")
    workers = [] if campaign.beside else ["-n", "2"]
    return run([inside, "-m", "pytest", "-q", *workers, *campaign.what, *rest[1:]], check=False, env=long)


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


def verb_package(rest: list[str]) -> int:
    """Freeze the program into build/package/dist and try it; `package deb` also makes the Debian package."""
    set_up(display=True)
    system_tools({"objdump": "binutils", "patchelf": "patchelf"})
    deb = rest[:1] == ["deb"]
    code = run([python(), "packaging/freeze/build.py", *(rest[1:] if deb else rest)], check=False)
    return code or (run([python(), "packaging/linux/make_deb.py"], check=False) if deb else 0)


def verb_lock(_rest: list[str]) -> int:
    """Make the lock files again from pyproject.toml."""
    tool = BUILD / "uv"
    if not tool.exists():
        run([sys.executable, "-m", "venv", tool])
        run([tool / ("Scripts" if WINDOWS else "bin") / "pip", *PIP, "install", "uv"])
    uv = tool / ("Scripts/uv.exe" if WINDOWS else "bin/uv")
    options = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header"]
    options += ["--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--group", "dev"]
    run([uv, "pip", "compile", "-q", *options, "--extra", "server", "pyproject.toml", "-o", LOCK])
    beside = ["--group", "compare", "-c", LOCK, "pyproject.toml", "-o", COMPARE]
    return run([uv, "pip", "compile", "-q", *options, *beside], check=False)


def verb_clean(_rest: list[str]) -> int:
    """Remove everything that was made: .venv, build and caches."""
    for folder in (
        VENV,
        BUILD,
        *(ROOT / name for name in (".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis")),
    ):
        shutil.rmtree(folder, ignore_errors=True)
    for folder in ROOT.rglob("__pycache__"):
        shutil.rmtree(folder, ignore_errors=True)
    return 0


VERBS: dict[str, Callable[[list[str]], int]] = {
    "run": verb_run,
    "test": verb_test,
    "lint": verb_lint,
    "types": verb_types,
    "bench": verb_bench,
    "serve": verb_serve,
    "screens": verb_screens,
    "sample": verb_sample,
    "campaign": verb_campaign,
    "package": verb_package,
    "lock": verb_lock,
    "clean": verb_clean,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
