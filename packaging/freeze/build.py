"""Makes the program's folder in build/package/dist: `python3 packaging/dev.py package [--root FILE --url URL]`.

--root and --url are what the build trusts for updates: the root of the release repository and its address. Without
them the program takes no updates by itself (its installer, or the system's packages, bring them).

Reproducible as far as PyInstaller goes: the same machine and the same sources give the same files but for the
programs themselves, whose archive of modules PyInstaller orders by what it meets first.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import bill_of_materials
from icons import make_icons
from what_to_leave_out import WITH_DEBUGGING

ROOT = Path(__file__).resolve().parents[2]
MADE = ROOT / "build" / "package"
BUNDLE = MADE / "dist" / "autoenroll-desktop"


def main() -> int:
    """Build, and try the result by its own self-test."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, help="root.json of the release repository")
    parser.add_argument("--url", help="address of the release repository")
    arguments = parser.parse_args()
    if bool(arguments.root) != bool(arguments.url):
        parser.error("--root and --url belong together")
    build(arguments.root, arguments.url)
    return subprocess.run([BUNDLE / program("autoenroll"), "selftest"], check=False).returncode


def build(root: Path | None = None, url: str | None = None, source: Path = ROOT) -> Path:
    """Freeze the program from `source`; its folder comes back."""
    shutil.rmtree(MADE / "keys", ignore_errors=True)
    if root is not None and url is not None:
        (MADE / "keys").mkdir(parents=True)
        shutil.copy(root, MADE / "keys" / "update-root.json")
        (MADE / "keys" / "update-url.txt").write_text(url + "\n", encoding="utf-8")
    make_icons(ROOT / "resources" / "icons" / "autoenroll.svg", MADE / "icons")
    number = version(source)
    if sys.platform == "win32":
        for name in ("autoenroll", "autoenroll-desktop"):
            (MADE / f"{name}.version.txt").write_text(windows_version(name, number), encoding="utf-8")
    fixed = {
        **os.environ,
        "AUTOENROLL_BUILD": str(MADE),
        "AUTOENROLL_VERSION": number,
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": last_commit(),
    }
    spec = source / "packaging" / "freeze" / "autoenroll.spec"
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", str(spec)]
    command += ["--distpath", str(MADE / "dist"), "--workpath", str(MADE / "work")]
    subprocess.run(command, check=True, env=fixed, cwd=source)
    folders = [BUNDLE, MADE / "dist" / "AutoEnroll Desktop.app" / "Contents" / "MacOS"]
    for folder in folders if sys.platform != "win32" else ():
        if folder.is_dir():
            (folder / "autoenroll").symlink_to("autoenroll-desktop")
    if sys.platform.startswith("linux"):
        lighten(BUNDLE)
    own = ROOT / "packaging" / "freeze" / "licences"
    packages, libraries = bill_of_materials.write(MADE / "work" / "autoenroll", BUNDLE, number, own)
    size = sum(path.lstat().st_size for path in BUNDLE.rglob("*")) / 1e6
    print(f"{BUNDLE}: {size:.0f} MB, {packages} Python packages, {libraries} system libraries", flush=True)
    return BUNDLE


def lighten(bundle: Path) -> None:
    """Take the debugging data, and only that, out of the libraries that carry a lot of it.

    And whatever a library says about where to look for others on the machine it was built on: such a folder may be
    anybody's on the machine it runs on.
    """
    for path in (path for path in bundle.rglob("*.so*") if not path.is_symlink()):
        path.chmod(0o644)
        told = subprocess.run(["patchelf", "--print-rpath", path], capture_output=True, text=True, check=True).stdout
        if told.startswith("/"):
            subprocess.run(["patchelf", "--remove-rpath", path], check=True)
        if WITH_DEBUGGING.search(path.relative_to(bundle).as_posix()):
            subprocess.run(["strip", "--strip-debug", path], check=True)


def program(name: str) -> str:
    """A program's file name on this system."""
    return f"{name}.exe" if sys.platform == "win32" else name


def version(source: Path = ROOT) -> str:
    """The product's version, read without importing it."""
    text = (source / "autoenroll_desktop" / "__init__.py").read_text(encoding="utf-8")
    return text.partition('__version__ = "')[2].partition('"')[0]


def last_commit() -> str:
    """Seconds of the last commit, so that a build does not depend on when it was made; "0" where git is not there."""
    if shutil.which("git") is None:
        return "0"
    told = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)
    return told.stdout.strip() or "0"


def windows_version(name: str, number: str) -> str:
    """The version resource of a Windows program, in PyInstaller's form."""
    quad = (*map(int, number.split(".")), 0)
    words = {
        "CompanyName": "AutoEnroll",
        "FileDescription": "AutoEnroll Desktop" if name == "autoenroll-desktop" else "AutoEnroll in the terminal",
        "FileVersion": number,
        "InternalName": name,
        "OriginalFilename": f"{name}.exe",
        "ProductName": "AutoEnroll Desktop",
        "ProductVersion": number,
    }
    strings = ", ".join(f"StringStruct({key!r}, {value!r})" for key, value in words.items())
    return (
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={quad}, prodvers={quad}, mask=0x3F, flags=0, OS=0x40004, "
        f"fileType=1, subtype=0, date=(0, 0)), kids=[StringFileInfo([StringTable('180904B0', [{strings}])]), "
        "VarFileInfo([VarStruct('Translation', [0x1809, 1200])])])\n"
    )


if __name__ == "__main__":
    sys.exit(main())
