"""An update of the real frozen program, from the key ceremony to the window of the new version, and back.

Two versions are frozen with the keys of a ceremony of this run. The old one is laid down as a per-user installer does;
it looks, downloads the difference, verifies, self-tests, and hands over at the next start. Then: the new version is
broken and given up for the old one; an altered build is refused; an installation for all users only announces.

    updates.py [--keep]        POSIX; takes minutes; measures sizes and start times on the way
"""

import argparse
import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
for place in (ROOT, HERE.parent / "freeze", HERE.parent / "release"):
    sys.path.insert(0, str(place))
import ceremony  # noqa: E402
import publish  # noqa: E402
from build import build, version  # noqa: E402
from holding import holds, said, version_after  # noqa: E402
from make_update import make_update  # noqa: E402

from autoenroll_desktop.actions.install_update import platform_name  # noqa: E402
from tests.releasing import served  # noqa: E402

CAMPAIGN = ROOT / "build" / "campaign-updates"
KEYS = {
    "root": ("r1", "r2", "r3"),
    "targets": ("b1", "b2", "b3"),
    "channels": ("c",),
    "snapshot": ("s",),
    "timestamp": ("t",),
}
NAME = "autoenroll-desktop"


def main() -> int:
    """Everything once; the first thing that is not so ends it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", action="store_true", help="use the two frozen programs of the last run")
    parser.add_argument("--quick", action="store_true", help="pack less tightly than a release does")
    arguments = parser.parse_args()
    os.environ["AUTOENROLL_PASSPHRASE"] = "only for this campaign"  # noqa: S105
    if not arguments.keep:
        shutil.rmtree(CAMPAIGN, ignore_errors=True)
    for name in ("made", "home", "program", "site/targets"):
        shutil.rmtree(CAMPAIGN / name, ignore_errors=True)
    (CAMPAIGN / "site").mkdir(parents=True, exist_ok=True)
    with served(CAMPAIGN / "site") as site:
        _run(site, keep=arguments.keep, preset=1 if arguments.quick else 6)
    print("Everything held.")
    return 0


def _run(site: object, *, keep: bool, preset: int) -> None:
    old, new = version(), version_after(version())
    if not keep:
        root = _ceremony()
        _frozen(old, root)
        _frozen(new, root)
    # the address of this run is known only now
    for program in (CAMPAIGN / old, CAMPAIGN / new):
        (program / "_internal" / "resources" / "keys" / "update-url.txt").write_text(site.url + "\n")
    started = time.monotonic()
    made = make_update(CAMPAIGN / new, new, platform_name(), CAMPAIGN / "made", {old: CAMPAIGN / old}, preset)
    sizes = {place.rpartition("/")[2]: path.stat().st_size / 1e6 for place, path in made.items()}
    said("packed", ", ".join(f"{name} {size:.1f} MB" for name, size in sizes.items()), started)
    holds(preset < 6 or max(sizes.values()) < 90, "more than 90 MB to download")
    _publish(new)
    program = CAMPAIGN / "program"
    shutil.copytree(CAMPAIGN / old, program, symlinks=True)
    _size("installed", program)
    _only_announces(program, new)
    (program / "installed.json").write_text(json.dumps({"scope": "user"}))
    _start_times(program)
    _killed(program, old)
    _updates(program, site, old, new)
    _hands_over(program, old, new)
    _gives_up(program, old, new)
    _refuses(program, site, old)


def _ceremony() -> Path:
    """Keys and a signed root, by the commands people use."""
    safe, site = CAMPAIGN / "safe", CAMPAIGN / "site"
    for names in KEYS.values():
        for name in names:
            _step(ceremony.main, "make-key", safe / name)
    words = [word for role, names in KEYS.items() for word in (f"--{role}", *(safe / f"{name}.pub" for name in names))]
    _step(ceremony.main, "start", site, *words)
    for name in ("r1", "r3"):
        _step(ceremony.main, "sign", site / "metadata" / "1.root.json", "--key", safe / name)
    said("key ceremony")
    return site / "metadata" / "1.root.json"


def _frozen(number: str, root: Path) -> None:
    """Freeze the sources as a version of this number."""
    started = time.monotonic()
    source = CAMPAIGN / "source"
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    for name in ("autoenroll_desktop", "server_sync", "resources", "packaging"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    init = source / "autoenroll_desktop" / "__init__.py"
    init.write_text(
        re.sub(r'__version__ = "[^"]+"', f'__version__ = "{number}"', init.read_text(encoding="utf-8")),
        encoding="utf-8",
    )
    made = build(root, "http://127.0.0.1:1/", source)
    shutil.move(made, CAMPAIGN / number)
    told = _ask(CAMPAIGN / number, "--version")
    holds(told.stdout.strip() == f"AutoEnroll Desktop {number}", f"frozen as {told.stdout}{told.stderr}")
    said(f"frozen {number}", "", started)


def _publish(number: str) -> None:
    safe, site = CAMPAIGN / "safe", CAMPAIGN / "site"
    to_sign = _step(publish.main, "add", site, CAMPAIGN / "made").removeprefix("To be signed: ").strip()
    for name in ("b1", "b2"):
        _step(ceremony.main, "sign", to_sign, "--key", safe / name)
    (CAMPAIGN / "notes").write_text("What is new", encoding="utf-8")
    notes = ("--notes-en", CAMPAIGN / "notes", "--notes-ga", CAMPAIGN / "notes", "--key", safe / "c")
    _step(publish.main, "offer", site, "--channel", "stable", "--version", number, *notes)
    _step(publish.main, "publish", site, "--snapshot", safe / "s", "--timestamp", safe / "t")
    said("published", number)


def _only_announces(program: Path, new: str) -> None:
    told = _ask(program, "update")
    holds(
        told.returncode == 0 and "Whoever looks after" in told.stdout and new in told.stdout,
        f"{told.stdout}{told.stderr}",
    )
    holds(not (CAMPAIGN / "home" / "updates" / "versions").exists(), "an installation for all users was changed")
    said("an installation for all users only announces")


def _start_times(program: Path) -> None:
    """Seconds to a window that answers (offscreen), and of the terminal's answer; medians of five, warm."""
    window, terminal = [], []
    for _ in range(6):
        started = time.monotonic()
        with _window(program) as process:
            log = CAMPAIGN / "home" / "logs" / "autoenroll.log"
            seen = log.read_text().count(" started ") if log.exists() else 0
            while (not log.exists() or log.read_text().count(" started ") <= seen) and process.poll() is None:
                time.sleep(0.01)
            window.append(time.monotonic() - started)
        started = time.monotonic()
        _ask(program, "--version")
        terminal.append(time.monotonic() - started)
    middle = sorted(window[1:])[2], sorted(terminal[1:])[2]
    said("start, warm", f"window code reached in {middle[0]:.2f} s, terminal in {middle[1]:.2f} s")


def _killed(program: Path, old: str) -> None:
    """The real program killed in the middle of its update, three times; it still starts, and goes on where it was."""
    killed = 0
    for seconds in (1, 2, 4):
        with subprocess.Popen(
            [program / "autoenroll", "update"], env=_environment(), stdout=subprocess.DEVNULL
        ) as process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
            if process.poll() is not None:  # a fast machine
                shutil.rmtree(CAMPAIGN / "home" / "updates")
                break
            process.kill()
            killed += 1
        holds(old in _ask(program, "--version").stdout, "killed in its update, it does not start")
    holds(killed > 0, "the update was over too soon to be killed")
    told = _ask(program, "selftest")
    holds(told.returncode == 0, told.stdout)
    said("killed in the middle of its update, the program starts and is whole", f"{killed} times")


def _updates(program: Path, site: object, old: str, new: str) -> None:
    before = _prints(program)
    started = time.monotonic()
    told = _ask(program, "update")
    holds(told.returncode == 0 and f"Version {new} is ready" in told.stdout, f"{told.stdout}{told.stderr}")
    fetched = {name for name in site.asked if name.endswith(".tar.xz")}
    holds(len(fetched) == 1 and f"since-{old}" in fetched.copy().pop(), f"fetched {fetched}")
    holds(_prints(program) == before, "the installed program was touched")
    said("looked, fetched the difference, verified, put in place, self-tested", "", started)


def _hands_over(program: Path, old: str, new: str) -> None:
    holds(new in _ask(program, "--version").stdout, "the terminal program does not hand over")
    with _window(program) as process:
        chosen = CAMPAIGN / "home" / "updates" / "chosen.json"
        deadline = time.monotonic() + 60
        while not json.loads(chosen.read_text())["works"]:
            holds(process.poll() is None and time.monotonic() < deadline, "the new window does not say that it works")
            time.sleep(0.05)
        running = Path(f"/proc/{process.pid}/exe").resolve() if Path("/proc").exists() else None
    holds(running is None or new in running.parts, f"{running} runs")
    said("the window of the new version opens and says that it works", f"{old} → {new}")
    current = _ask(program, "update")
    holds("is the newest" in current.stdout, current.stdout + current.stderr)


def _gives_up(program: Path, old: str, new: str) -> None:
    """The new version is damaged on the disk before it ever said that it works."""
    home = CAMPAIGN / "home" / "updates"
    (home / "chosen.json").write_text(json.dumps({"version": new, "works": False, "tries": 0, "before": ""}))
    shutil.rmtree(home / "versions" / new / "_internal" / "PySide6")
    for _ in range(2):
        with _window(program) as process:
            holds(process.wait(60) != 0, "a program without Qt opened a window")
    with _window(program) as process:
        time.sleep(3)
        running = Path(f"/proc/{process.pid}/exe").resolve() if Path("/proc").exists() else None
        holds(process.poll() is None, "the old version does not start")
    holds(running is None or running.parent == program, f"{running} runs")
    holds(old in _ask(program, "--version").stdout, "the old version is not back")
    told = _ask(program, "update")
    holds("did not work on this computer" in told.stdout, told.stdout + told.stderr)
    said("a version that does not start is given up after two tries", f"back to {old}")


def _refuses(program: Path, site: object, old: str) -> None:
    shutil.rmtree(CAMPAIGN / "home" / "updates")
    for path in (CAMPAIGN / "site" / "targets").rglob("*.tar.xz"):
        spoilt = bytearray(path.read_bytes())
        spoilt[len(spoilt) // 2] ^= 1
        path.write_bytes(spoilt)
    told = _ask(program, "update")
    holds(
        told.returncode == 2 and "refused (altered)" in told.stderr and "Traceback" not in told.stderr,
        told.stdout + told.stderr,
    )
    holds(old in _ask(program, "--version").stdout, "something was installed")
    site.failing = 503
    told = _ask(program, "update")
    holds(told.returncode == 2 and "cannot be checked" in told.stderr, told.stdout + told.stderr)
    said("an altered build is refused by name; no network is no alarm")


def _ask(program: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program / "autoenroll", *words], capture_output=True, text=True, check=False, env=_environment()
    )


@contextlib.contextmanager
def _window(program: Path) -> "contextlib.AbstractContextManager[subprocess.Popen[bytes]]":
    with subprocess.Popen([program / NAME, "--sample"], env=_environment(), stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "DISPLAY") if name in os.environ}
    return {**kept, "AUTOENROLL_DATA": str(CAMPAIGN / "home"), "QT_QPA_PLATFORM": "offscreen"}


def _prints(program: Path) -> list[tuple[str, int, int]]:
    return [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in sorted(program.rglob("*"))]


def _size(what: str, folder: Path) -> None:
    size = sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir()) / 1e6
    holds(size < 250, f"{size:.0f} MB are too many")
    said(what, f"{size:.0f} MB")


def _step(step: object, *words: object) -> str:
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        step([str(word) for word in words])
    return told.getvalue()


if __name__ == "__main__":
    sys.exit(main())
