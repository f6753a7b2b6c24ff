#!/usr/bin/env python3
"""Sets the project up and runs it: `python3 packaging/dev.py run` opens the app, `… test` runs every test.

Standard library only, Python 3.11 or later. Everything it needs goes into `.venv` (from `requirements.lock`, every
package pinned by hash) and, on Debian and Ubuntu, the few system libraries Qt wants.
"""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

from setting_up import (
    BUILD,
    COMPARE,
    LOCK,
    PIP,
    ROOT,
    VENV,
    WINDOWS,
    Refused,
    child_environment,
    compare_environment,
    has_display,
    keyring_for_tests,
    python,
    run,
    set_up,
    system_tools,
)


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
