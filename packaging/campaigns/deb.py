"""The Debian package as an administrator and a clerk meet it, in a bare Debian of its own.

A signed repository is served from this machine; a bare Debian (debootstrap) gets the source and the keyring, installs
with apt, opens the window on a display, checks the sample, is upgraded with the clerk's data kept, and is purged.
Then the repository is altered in every way somebody in between could, and apt has to refuse each.

Needs root, debootstrap, reprepro, gpg; takes minutes. `--bundle` takes a frozen program instead of building one.
"""

import argparse
import contextlib
import functools
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
for folder in ("freeze", "linux"):
    sys.path.insert(0, str(HERE.parent / folder))
sys.path.insert(0, str(HERE.parent))
from build import BUNDLE, build, version  # noqa: E402
from holding import holds, ran, said, version_after  # noqa: E402
from make_deb import make_deb  # noqa: E402
from make_repository import make_repository  # noqa: E402
from setting_up import system_tools  # noqa: E402

CAMPAIGN = ROOT / "build" / "campaign-deb"
BASE = CAMPAIGN / "base"
CLERK = 1500
STORE = "home/clerk/.local/share/autoenroll-desktop/store/store.db"


def main() -> int:
    """Run everything; the first thing that is not so ends it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, help="a frozen program; default: build one")
    parser.add_argument("--suite", default="bookworm", help="the Debian to install into")
    arguments = parser.parse_args()
    tools = {"debootstrap": "debootstrap", "reprepro": "reprepro", "gpg": "gnupg", "appstreamcli": "appstream"}
    system_tools({**tools, "desktop-file-validate": "desktop-file-utils", "Xvfb": "xvfb", "xauth": "xauth"})
    bundle = arguments.bundle or (BUNDLE if (BUNDLE / "autoenroll").exists() else build())
    CAMPAIGN.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CAMPAIGN) as temporary:
        Campaign(Path(temporary), bundle, arguments.suite).run()
    print("Everything held.")
    return 0


class Campaign:
    """One run, with its own keys, repository and Debian."""

    def __init__(self, folder: Path, bundle: Path, suite: str) -> None:
        self.folder, self.bundle, self.suite = folder, bundle, suite
        self.repository = folder / "repository"
        self.root = folder / "root"
        self.gnupg = folder / "gnupg"
        self.before, self.after = version(), version_after(version())

    def run(self) -> None:
        """Everything, in the order a package lives."""
        self.lint()
        key = self.key("AutoEnroll archive")
        first, second = (make_deb(self.bundle, number, self.folder, fast=True) for number in (self.before, self.after))
        told = f"{first.name}: {first.stat().st_size / 1e6:.0f} MB (quick compression)"
        said("two versions packed", told)
        self.bare_debian()
        with _served(self.repository) as url, self._mounted():
            make_repository([first], key, self.repository, url)
            self.source(url)
            self.installs()
            self.works()
            make_repository([second], key, self.repository, url)
            self.upgrades()
            self.refuses(key, second)
            self.purges()

    def lint(self) -> None:
        """The texts around the program are what the desktops expect."""
        linux = HERE.parent / "linux"
        ran("desktop-file-validate", linux / "autoenroll-desktop.desktop")
        filled = self.folder / "ie.autoenroll.desktop.metainfo.xml"
        text = (linux / filled.name).read_text(encoding="utf-8")
        filled.write_text(text.replace("@VERSION@", "1.0.0").replace("@DATE@", "2026-01-01"), encoding="utf-8")
        ran("appstreamcli", "validate", "--no-net", filled)
        said("desktop entry and AppStream are valid")

    def key(self, name: str) -> str:
        """A signing key of this run; its fingerprint."""
        self.gnupg.mkdir(mode=0o700, exist_ok=True)
        os.environ["GNUPGHOME"] = str(self.gnupg)
        quick = ["gpg", "--batch", "--passphrase", "", "--quick-generate-key", f"{name} <test@autoenroll.invalid>"]
        ran(*quick, "ed25519", "sign", "1d")
        listed = ran("gpg", "--batch", "--with-colons", "--list-keys", name).stdout
        return next(line.split(":")[9] for line in listed.splitlines() if line.startswith("fpr"))

    def bare_debian(self) -> None:
        """A minimal Debian, made once and copied for each run."""
        base = BASE.with_name(f"base-{self.suite}")
        if not (base / "made").exists():
            shutil.rmtree(base, ignore_errors=True)
            ran("debootstrap", "--variant=minbase", "--include=ca-certificates,adduser", self.suite, base)
            for place in ("/etc/apt/sources.list", "/etc/apt/apt.conf.d"):  # the way to Debian's own packages from here
                if Path(place).is_file():
                    shutil.copy(place, base / place[1:])
            (base / "made").touch()
        ran("cp", "-a", base, self.root)
        for name in ("resolv.conf", "hosts"):
            shutil.copy(f"/etc/{name}", self.root / "etc" / name)
        self.inside(["useradd", "-m", "-u", str(CLERK), "clerk"])
        said("a bare Debian", self.suite)

    def source(self, url: str) -> None:
        """What an administrator copies onto each machine: the keyring and the source."""
        shutil.copy(self.repository / "autoenroll-archive-keyring.gpg", self.root / "usr/share/keyrings")
        shutil.copy(self.repository / "autoenroll.sources", self.root / "etc/apt/sources.list.d/autoenroll.sources")
        self.inside(["apt-get", "update", "-qq"])
        said("the signed repository is accepted", url)

    def installs(self) -> None:
        """apt brings the program and all it needs."""
        started = time.monotonic()
        self.inside(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "autoenroll-desktop"])
        self.inside(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "xvfb", "xauth", "x11-utils", "man-db"]
        )
        said("installed with apt", f"{time.monotonic() - started:.0f} s")
        told = self.clerk(["autoenroll", "selftest"])
        failed = [line for line in told.stdout.splitlines() if not line.startswith("ok")]
        holds(told.returncode == 0 and not failed, f"the self-test inside fails: {failed}")
        said("self-test inside", f"{len(told.stdout.splitlines())} parts ok")
        man = self.clerk(["man", "-w", "autoenroll", "autoenroll-desktop"])
        holds(man.stdout.count("man1") == 2, "the manual pages are not found")
        holds((self.root / "usr/share/applications/autoenroll-desktop.desktop").exists(), "no desktop entry")

    def works(self) -> None:
        """A window on a display with the sample in it, and the sample checked in the terminal; no network."""
        script = (
            "Xvfb :7 -screen 0 1280x800x24 >/dev/null 2>&1 & X=$!\n"
            "for i in $(seq 100); do [ -S /tmp/.X11-unix/X7 ] && break; sleep 0.1; done\n"
            "export DISPLAY=:7; start=$(date +%s%N)\n"
            "autoenroll-desktop --sample >/tmp/out 2>&1 & P=$!\n"
            "for i in $(seq 400); do xwininfo -root -tree 2>/dev/null | grep -q '\"AutoEnroll' && break; sleep 0.02; done\n"
            "end=$(date +%s%N); sleep 4; xwininfo -root -tree | grep '\"AutoEnroll'; echo ms $(( (end-start)/1000000 ))\n"
            "kill -0 $P && echo alive; kill $P $X; cat /tmp/out\n"
        )
        for _ in range(2):  # the second start is the warm one
            shown = self.clerk(["unshare", "-n", "sh", "-c", script], user="root")
        holds('"AutoEnroll' in shown.stdout and "alive" in shown.stdout, f"no window: {shown.stdout}{shown.stderr}")
        took = shown.stdout.partition("ms ")[2].split()[0]
        said("a window on a display, with no network at all", f"visible after {took} ms, warm")
        checked = self.clerk(["autoenroll", "sample", "--out", "/home/clerk/report"])
        holds(checked.returncode == 1 and "NOT READY" in checked.stdout, "the sample is not judged")
        holds((self.root / "home/clerk/report/check-report.pdf").stat().st_size > 10_000, "no PDF report")
        weekly = "/opt/autoenroll-desktop/_internal/resources/sample/weekly-2026-11-26.csv"
        self._notes(weekly)
        refused = self.clerk(["autoenroll", "update"])
        holds(refused.returncode == 2 and "Traceback" not in refused.stderr, "update does not say why not")
        policies = {"forbid-plain-exports": True, "data-folder": "~/kept-here"}
        (self.root / "etc/autoenroll-desktop/policies.json").write_text(json.dumps(policies), encoding="utf-8")
        forbidden = self.clerk(["autoenroll", "check", weekly, "--show-ppsn"])
        holds(forbidden.returncode == 2 and "policy" in forbidden.stderr, "the policy does not hold")
        self._notes(weekly)
        holds((self.root / "home/clerk/kept-here/store/store.db").exists(), "the policy's data folder is not used")
        said("the sample is checked, its report written, a policy holds")

    def _notes(self, payroll: str) -> None:
        """What was sent is noted in a store under a passphrase, for there is no keyring here."""
        for command in (["store", "create"], ["sent", payroll]):
            done = self.clerk(["autoenroll", *command])
            holds(done.returncode == 0, f"not kept: {done.stderr}")

    def upgrades(self) -> None:
        """The next version comes by apt, and what the clerk keeps is still there."""
        kept = (self.root / STORE).read_bytes()
        self.inside(["apt-get", "update", "-qq"])
        self.inside(["apt-get", "upgrade", "-y", "-qq"])
        shown = self.inside(["dpkg-query", "-W", "-f=${Version}", "autoenroll-desktop"]).stdout
        holds(shown == self.after, f"{shown} instead of {self.after}")
        holds((self.root / STORE).read_bytes() == kept, "the clerk's data changed")
        holds(self.clerk(["autoenroll", "store", "verify"]).returncode == 0, "the store does not open any more")
        holds((self.root / "etc/autoenroll-desktop/policies.json").exists(), "the policies are gone")
        said("upgraded, data and policies kept", f"{self.before} → {self.after}")

    def refuses(self, key: str, package: Path) -> None:
        """Whatever somebody in between does to the repository, apt takes nothing of it."""
        good = self.folder / "good"
        shutil.copytree(self.repository, good)
        for name, spoil in SPOILS.items():
            shutil.rmtree(self.repository)
            shutil.copytree(good, self.repository)
            spoil(self, package)
            shutil.rmtree(self.root / "var/lib/apt/lists")
            (self.root / "var/lib/apt/lists/partial").mkdir(parents=True)
            self.inside(["apt-get", "clean"])
            self.inside(["dpkg", "--remove", "--force-depends", "autoenroll-desktop"])
            # apt-get update warns and keeps what it trusted before; what counts is that nothing is installed
            self.inside(["apt-get", "update"], check=False)
            told = self.inside(["apt-get", "install", "-y", "autoenroll-desktop"], check=False)
            state = self.inside(
                ["dpkg-query", "-W", "-f=${db:Status-Status}", "autoenroll-desktop"], check=False
            ).stdout
            holds(told.returncode != 0 and state != "installed", f"installed although {name}")
            said("refused", name)
        shutil.rmtree(self.repository)
        shutil.copytree(good, self.repository)
        os.environ["GNUPGHOME"] = str(self.gnupg)
        self.inside(["apt-get", "update", "-qq"])
        self.inside(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "autoenroll-desktop"])
        holds(bool(key), "no key")

    def purges(self) -> None:
        """Nothing of ours stays but what is the clerk's."""
        self.inside(["apt-get", "purge", "-y", "-qq", "autoenroll-desktop"])
        self.inside(["apt-get", "autoremove", "--purge", "-y", "-qq"])
        places = ("opt", "usr", "etc", "var/lib/dpkg/info")
        ours = [path for place in places for path in (self.root / place).rglob("*autoenroll*")]
        left = [path for path in ours if path.name not in ("autoenroll-archive-keyring.gpg", "autoenroll.sources")]
        holds(not left, f"left behind: {left[:5]}")
        holds((self.root / STORE).exists(), "the clerk's data is gone")
        said("purged; only the clerk's own data is left")

    def inside(self, command: list[str], *, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command in the bare Debian as root."""
        environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "DEBIAN_FRONTEND": "noninteractive",
            "LC_ALL": "C.UTF-8",
        }
        for name in ("http_proxy", "https_proxy", "no_proxy"):
            if name in os.environ:
                environment[name] = os.environ[name]
        return ran("chroot", self.root, *command, check=check, env=environment)

    def clerk(self, command: list[str], user: str = "clerk") -> subprocess.CompletedProcess[str]:
        """Run a command in the bare Debian as its clerk, with nothing in the environment but a passphrase."""
        who = [] if user == "root" else [f"--userspec={user}"]
        environment = {
            "PATH": "/usr/sbin:/usr/bin:/bin",
            "HOME": "/root" if user == "root" else "/home/clerk",
            "LC_ALL": "C.UTF-8",
            "AUTOENROLL_PASSPHRASE": "three plain words",
        }
        return ran("chroot", *who, self.root, *command, check=False, env=environment)

    @contextlib.contextmanager
    def _mounted(self) -> Iterator[None]:
        places = {"proc": ["-t", "proc", "proc"], "dev": ["--bind", "/dev"], "dev/pts": ["--bind", "/dev/pts"]}
        done = []
        try:
            for place, how in places.items():
                ran("mount", *how, self.root / place)
                done.append(place)
            yield
        finally:
            for place in reversed(done):
                subprocess.run(["umount", "-l", self.root / place], check=False)


def _unsigned(campaign: Campaign, _package: Path) -> None:
    for name in ("InRelease", "Release.gpg"):
        (campaign.repository / "dists" / "stable" / name).unlink()


def _edited_release(campaign: Campaign, _package: Path) -> None:
    for name in ("InRelease", "Release"):
        path = campaign.repository / "dists" / "stable" / name
        path.write_bytes(path.read_bytes().replace(b"Origin: AutoEnroll", b"Origin: AutoEnrol1"))


def _foreign_key(campaign: Campaign, package: Path) -> None:
    foreign = Campaign(campaign.folder / "foreign", campaign.bundle, campaign.suite)
    foreign.folder.mkdir(exist_ok=True)
    key = foreign.key("AutoEnroll archive")
    shutil.rmtree(campaign.repository)
    make_repository([package], key, campaign.repository, "http://127.0.0.1/")


def _edited_index(campaign: Campaign, _package: Path) -> None:
    folder = campaign.repository / "dists" / "stable" / "main" / "binary-amd64"
    for path in folder.glob("Packages*"):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(bytes(data))


def _edited_package(campaign: Campaign, _package: Path) -> None:
    for path in (campaign.repository / "pool").rglob("*.deb"):
        with path.open("r+b") as file:
            file.seek(path.stat().st_size // 2)
            byte = file.read(1)
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte[0] ^ 1]))


SPOILS: dict[str, Callable[[Campaign, Path], None]] = {
    "the repository is not signed": _unsigned,
    "its signed summary was edited": _edited_release,
    "it is signed with somebody else's key of the same name": _foreign_key,
    "its list of packages was edited": _edited_index,
    "one bit of the package was changed": _edited_package,
}


@contextlib.contextmanager
def _served(folder: Path) -> Iterator[str]:
    folder.mkdir(parents=True, exist_ok=True)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_parts: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()


if __name__ == "__main__":
    sys.exit(main())
