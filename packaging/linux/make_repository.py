"""Puts Debian packages into a signed repository: `make_repository.py --key FINGERPRINT --out FOLDER FILE.deb …`.

reprepro keeps the repository; it is signed with a key of its own (not the release key of the updates), which gpg
holds, on a card if need be. The keyring and a deb822 source for administrators are written beside it.
"""

import argparse
import subprocess
import sys
from pathlib import Path

SUITE = "stable"


def main() -> int:
    """Add the packages, sign, and write the source file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", nargs="+", type=Path, metavar="FILE.deb")
    parser.add_argument("--key", required=True, help="fingerprint of the signing key")
    parser.add_argument("--out", required=True, type=Path, help="folder the web server serves")
    parser.add_argument("--url", required=True, help="address the folder is served at")
    arguments = parser.parse_args()
    make_repository(arguments.packages, arguments.key, arguments.out, arguments.url)
    print(arguments.out)
    return 0


def make_repository(packages: list[Path], key: str, out: Path, url: str) -> None:
    """Bring the repository in `out` up to date with `packages`."""
    (out / "conf").mkdir(parents=True, exist_ok=True)
    (out / "conf" / "distributions").write_text(
        f"Origin: AutoEnroll\nLabel: AutoEnroll Desktop\nSuite: {SUITE}\nCodename: {SUITE}\n"
        "Architectures: amd64 arm64\nComponents: main\nDescription: AutoEnroll Desktop\n"
        f"SignWith: {key}\nValidFor: 90d\n",
        encoding="utf-8",
    )
    for package in packages:
        subprocess.run(["reprepro", "--silent", "-b", out, "includedeb", SUITE, package], check=True)
    keyring = subprocess.run(["gpg", "--batch", "--export", key], capture_output=True, check=True).stdout
    if not keyring:
        raise SystemExit(f"gpg has no key {key}")
    (out / "autoenroll-archive-keyring.gpg").write_bytes(keyring)
    (out / "autoenroll.sources").write_text(
        f"Types: deb\nURIs: {url}\nSuites: {SUITE}\nComponents: main\n"
        "Signed-By: /usr/share/keyrings/autoenroll-archive-keyring.gpg\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    sys.exit(main())
