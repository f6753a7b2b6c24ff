"""`autoenroll-server`: says what this release holds, which is no central service."""

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import version


def main(argv: Sequence[str] | None = None) -> int:
    """Print the version, or say plainly that there is nothing to serve (exit code 2)."""
    parser = argparse.ArgumentParser(prog="autoenroll-server", description="The central service of AutoEnroll Desktop.")
    parser.add_argument("--version", action="version", version=version("autoenroll-desktop"))
    parser.parse_known_args(argv)
    print("This release holds no central service yet; the desktop needs none.", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
