"""`python -m autoenroll_desktop.cli`."""

import sys

from autoenroll_desktop.cli import main

sys.exit(main())
