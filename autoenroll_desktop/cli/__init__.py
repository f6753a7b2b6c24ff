"""`autoenroll`: the product without a window. Text goes to stdout, complaints to stderr, and never a traceback."""

import argparse
import datetime as dt
import sys
from collections.abc import Callable, Sequence

from autoenroll_desktop import __version__
from autoenroll_desktop.cli.admin import add_admin
from autoenroll_desktop.cli.arguments import USAGE
from autoenroll_desktop.cli.audit import add_audit
from autoenroll_desktop.cli.check import add_check
from autoenroll_desktop.cli.columns import add_columns
from autoenroll_desktop.cli.dates import add_dates
from autoenroll_desktop.cli.fix import add_fix
from autoenroll_desktop.cli.law import add_law
from autoenroll_desktop.cli.licence import add_licence
from autoenroll_desktop.cli.numbers import add_numbers
from autoenroll_desktop.cli.store import add_store
from autoenroll_desktop.cli.sync import add_sync
from autoenroll_desktop.errors import AppError

VERBS = (
    add_check, add_numbers, add_law, add_licence, add_dates, add_fix, add_store, add_audit, add_columns,
    add_sync, add_admin,
)  # fmt: skip
"""Each adds the verbs of one topic, in the order `--help` shows them."""


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def main(argv: Sequence[str] | None = None, clock: Callable[[], dt.datetime] = _now) -> int:
    """Run one command and return its exit code. The licence goes by `clock`, never by `--now`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    arguments = _parser().parse_args(argv)
    arguments.clock = clock
    try:
        command: Callable[[argparse.Namespace], int] = arguments.command
        return command(arguments)
    except AppError as error:
        print(error, file=sys.stderr)
        return USAGE
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="autoenroll", description="Checks Irish payroll files against My Future Fund before 18:30 on pay day."
    )
    parser.add_argument("--version", action="version", version=f"AutoEnroll Desktop {__version__}")
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")
    for add in VERBS:
        add(verbs)
    return parser
