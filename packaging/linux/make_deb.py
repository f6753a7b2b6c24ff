"""Makes the Debian package from the frozen program: build/package/autoenroll-desktop_VERSION_ARCH.deb.

The program stands in /opt/autoenroll-desktop, as packages from outside Debian do; /usr/bin has links. Updates come by
apt: `installed.json` says that the administrator looks after the installation.
"""

import argparse
import gzip
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
sys.path.insert(0, str(HERE.parent / "freeze"))
from build import BUNDLE, MADE, last_commit, version  # noqa: E402

NAME = "autoenroll-desktop"
MAINTAINER = "AutoEnroll <packages@autoenroll.invalid>"
DEPENDS = (
    "libc6 (>= 2.36), libstdc++6, libgcc-s1, libgl1, libegl1, libxkbcommon0, libdbus-1-3, libfontconfig1, libfreetype6, "
    "libglib2.0-0t64 | libglib2.0-0, libgssapi-krb5-2, libx11-6, libx11-xcb1, libxcb1, libxcb-cursor0, libxcb-glx0, "
    "libxcb-icccm4, libxcb-image0, libxcb-keysyms1, libxcb-randr0, libxcb-render0, libxcb-render-util0, libxcb-shape0, "
    "libxcb-shm0, libxcb-sync1, libxcb-util1, libxcb-xfixes0, libxcb-xkb1, libxkbcommon-x11-0, libwayland-cursor0, "
    "ca-certificates"
)
RECOMMENDS = "gnome-keyring | kwalletmanager | keepassxc"


def main() -> int:
    """Make the package and say where it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, default=BUNDLE)
    parser.add_argument("--version", default=version())
    parser.add_argument("--out", type=Path, default=MADE)
    parser.add_argument("--fast", action="store_true", help="larger and quicker to make, for tests")
    arguments = parser.parse_args()
    print(make_deb(arguments.bundle, arguments.version, arguments.out, fast=arguments.fast))
    return 0


def make_deb(bundle: Path, number: str, out: Path, *, fast: bool = False) -> Path:
    """Lay out the tree and pack it; the package's path comes back."""
    if not (bundle / NAME).is_file():
        raise SystemExit(f"{bundle} holds no frozen program; run: python3 packaging/dev.py package")
    architecture = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True)
    kind = architecture.stdout.strip()
    tree = MADE / "deb" / f"{NAME}_{number}_{kind}"
    shutil.rmtree(tree, ignore_errors=True)
    moment = int(last_commit())
    lay_out(bundle, number, tree, moment)
    installed = sum(path.lstat().st_size for path in tree.rglob("*") if not path.is_dir()) // 1024
    control = tree / "DEBIAN"
    control.mkdir()
    (control / "control").write_text(control_file(number, kind, installed), encoding="utf-8")
    for script in ("postinst", "postrm"):
        shutil.copy(HERE / script, control / script)
        (control / script).chmod(0o755)
    out.mkdir(parents=True, exist_ok=True)
    package = out / f"{tree.name}.deb"
    how = ["-Zzstd", "-z3"] if fast else ["-Zxz", "-z9"]
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SOURCE_DATE_EPOCH": str(moment)}
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", *how, "--build", tree, package],
        check=True,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    return package


def lay_out(bundle: Path, number: str, tree: Path, moment: int) -> None:
    """Put every file of the package where it will stand."""
    home = tree / "opt" / NAME
    home.parent.mkdir(parents=True)
    shutil.copytree(bundle, home, symlinks=True)
    (home / "installed.json").write_text(json.dumps({"scope": "machine", "by": "apt"}) + "\n", encoding="utf-8")
    share = tree / "usr" / "share"
    links = tree / "usr" / "bin"
    links.mkdir(parents=True)
    for program in (NAME, "autoenroll"):
        (links / program).symlink_to(f"/opt/{NAME}/{program}")
    day = time.strftime("%Y-%m-%d", time.gmtime(moment))
    places = {
        f"{NAME}.desktop": share / "applications" / f"{NAME}.desktop",
        f"{NAME}.mime.xml": share / "mime" / "packages" / f"{NAME}.xml",
        "ie.autoenroll.desktop.metainfo.xml": share / "metainfo" / "ie.autoenroll.desktop.metainfo.xml",
    }
    for source, target in places.items():
        target.parent.mkdir(parents=True)
        text = (HERE / source).read_text(encoding="utf-8")
        target.write_text(text.replace("@VERSION@", number).replace("@DATE@", day), encoding="utf-8")
    drawn = ROOT / "resources" / "icons" / "autoenroll.svg"
    scalable = share / "icons" / "hicolor" / "scalable" / "apps" / f"{NAME}.svg"
    scalable.parent.mkdir(parents=True)
    shutil.copy(drawn, scalable)
    for picture in sorted((MADE / "icons").glob("autoenroll-*.png")):
        size = picture.stem.rpartition("-")[2]
        target = share / "icons" / "hicolor" / f"{size}x{size}" / "apps" / f"{NAME}.png"
        target.parent.mkdir(parents=True)
        shutil.copy(picture, target)
    manual(bundle, number, day, share / "man" / "man1")
    papers = share / "doc" / NAME
    papers.mkdir(parents=True)
    (papers / "copyright").write_text(
        "Copyright: 2026 AutoEnroll\n\nAutoEnroll Desktop is proprietary software.\n\nThe licences of the parts it is made of stand in "
        f"/opt/{NAME}/licences, the list of parts (CycloneDX) in /opt/{NAME}/sbom.cdx.json.\n",
        encoding="utf-8",
    )
    changes = f"{NAME} ({number}) stable; urgency=medium\n\n  * Version {number}.\n\n -- {MAINTAINER}  "
    changes += time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(moment)) + "\n"
    packed(papers / "changelog.gz", changes)


def manual(bundle: Path, number: str, day: str, folder: Path) -> None:
    """The manual pages; the commands are asked of the program itself."""
    folder.mkdir(parents=True)
    wide = {**os.environ, "COLUMNS": "120"}
    told = subprocess.run(
        [bundle / "autoenroll", "--help"], capture_output=True, text=True, check=True, env=wide
    ).stdout
    found = re.findall(r"^ {4}([a-z]+)(?: {2,}|\n {10,})(.+(?:\n {10,}.+)*)", told, re.MULTILINE)
    commands = "\n".join(f".TP\n.B {name}\n{' '.join(about.split())}" for name, about in found)
    if len(found) < 5:
        raise SystemExit("the program's --help could not be read for the manual")
    for page in ("autoenroll.1", f"{NAME}.1"):
        text = (HERE / page).read_text(encoding="utf-8").replace("@COMMANDS@", commands)
        packed(folder / f"{page}.gz", text.replace("@VERSION@", number).replace("@DATE@", day))


def packed(path: Path, text: str) -> None:
    """Write a gzip file that does not depend on when it was made."""
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write(text.encode())


def control_file(number: str, architecture: str, installed_kb: int) -> str:
    """The package's control file."""
    return (
        f"Package: {NAME}\nVersion: {number}\nArchitecture: {architecture}\nMaintainer: {MAINTAINER}\n"
        f"Installed-Size: {installed_kb}\nDepends: {DEPENDS}\nRecommends: {RECOMMENDS}\nSection: misc\n"
        "Priority: optional\nDescription: checks Irish payroll files before 18:30 on pay day\n"
        " Drop the file your payroll package writes and the AEPNs from NAERSA. The\n"
        " program says READY, NOT READY or INCOMPLETE, why, with the law, and what\n"
        " to do. It works offline and never changes your files.\n"
    )


if __name__ == "__main__":
    sys.exit(main())
