"""`python -m autoenroll_desktop.cli`."""

import sys

from autoenroll_desktop.cli import main

if __name__ == "__main__":
    sys.exit(main())
