"""Where the frozen programs start: `autoenroll-desktop` opens the window, `autoenroll` is the terminal's.

Both are one program told apart by the name it is called by, so that their common 16 MB are there once.
An update that is in place is handed over to before anything heavy is imported.
"""

import sys
from pathlib import Path


def main() -> int:
    """Start what the name asks for and return its exit code."""
    from autoenroll_desktop import __version__, paths
    from autoenroll_desktop.updates.handover import hand_over
    from autoenroll_desktop.updates.versions import Versions

    in_terminal = Path(sys.argv[0]).stem.lower() == "autoenroll"
    versions = Versions(paths.updates())
    hand_over(versions, __version__, counts=not in_terminal)
    if in_terminal:
        from autoenroll_desktop.cli import main as terminal

        return terminal()
    from autoenroll_desktop.app import main as window

    return window(started=lambda: versions.works(__version__))


if __name__ == "__main__":
    sys.exit(main())
