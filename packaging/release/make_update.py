"""Makes what is published of a build: its list of files, its whole archive, and what differs from earlier versions.

`make_update.py --bundle build/package/dist/autoenroll-desktop --version 0.2.0 --platform linux-x86_64 --out FOLDER
[--since 0.1.0=FOLDER …]`: `--since` names the frozen program of an earlier version to make a smaller archive from.
"""

import argparse
import hashlib
import lzma
import os
import stat
import sys
import tarfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
import msgspec

from server_sync.contract.release import Archive, Build, File, build_target, numbers

NOT_OURS = {"installed.json"}
"""What an installer noted beside the program; an update is the same for everybody."""


def main() -> int:
    """Make the files and say where they are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", required=True, type=Path)
    parser.add_argument("--version", required=True)
    parser.add_argument("--platform", required=True)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--since", action="append", default=[], metavar="VERSION=FOLDER")
    arguments = parser.parse_args()
    earlier = {name: Path(place) for name, _, place in (entry.partition("=") for entry in arguments.since)}
    made = make_update(arguments.bundle, arguments.version, arguments.platform, arguments.out, earlier)
    for place, path in made.items():
        print(f"{place}\t{path}\t{path.stat().st_size / 1e6:.1f} MB")
    return 0


def make_update(
    bundle: Path, version: str, platform: str, out: Path, earlier: dict[str, Path] | None = None, preset: int = 6
) -> dict[str, Path]:
    """Make a build's files in `out`; place in the repository → file. Raises ValueError for a bad version."""
    numbers(version)
    files = list_files(bundle)
    folder = out / "releases" / version
    folder.mkdir(parents=True, exist_ok=True)
    whole = folder / f"autoenroll-{version}-{platform}.tar.xz"
    pack(bundle, files, whole, preset)
    archives = [Archive(f"releases/{version}/{whole.name}", whole.stat().st_size)]
    for since, place in (earlier or {}).items():
        before = {file.place: file for file in list_files(place)}
        changed = [file for file in files if before.get(file.place) != file]
        smaller = folder / f"autoenroll-{version}-since-{since}-{platform}.tar.xz"
        pack(bundle, changed, smaller, preset)
        archives.append(Archive(f"releases/{version}/{smaller.name}", smaller.stat().st_size, since))
    listed = out / build_target(version, platform)
    build = Build(version=version, platform=platform, files=tuple(files), archives=tuple(archives))
    listed.write_bytes(msgspec.json.encode(build))
    return {build_target(version, platform): listed, **{one.target: out / one.target for one in archives}}


def list_files(bundle: Path) -> list[File]:
    """Every file of a frozen program, by place."""
    found = []
    for path in sorted(bundle.rglob("*")):
        place = path.relative_to(bundle).as_posix()
        if place in NOT_OURS:
            continue
        if path.is_symlink():
            found.append(File(place, link=os.readlink(path)))  # noqa: PTH115 - as text, not as a place
        elif path.is_file():
            data = path.read_bytes()
            run = bool(path.stat().st_mode & stat.S_IXUSR)
            found.append(File(place, len(data), hashlib.sha256(data).hexdigest(), run))
    return found


def pack(bundle: Path, files: list[File], target: Path, preset: int) -> None:
    """Pack files into an archive that depends on nothing but them."""
    with (
        lzma.open(target, "wb", preset=preset) as raw,
        tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for file in files:
            entry = tarfile.TarInfo(file.place)
            entry.mode = 0o755 if file.run else 0o644
            if file.link:
                entry.type, entry.linkname = tarfile.SYMTYPE, file.link
                tar.addfile(entry)
                continue
            entry.size = file.size
            with (bundle / file.place).open("rb") as stream:
                tar.addfile(entry, stream)


if __name__ == "__main__":
    sys.exit(main())
