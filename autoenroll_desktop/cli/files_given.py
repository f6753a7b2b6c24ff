"""The files a verb is given at the terminal, with what is known of them and what was kept before."""

import argparse
import datetime as dt
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from autoenroll_desktop import paths
from autoenroll_desktop.cli.arguments import moment, year
from autoenroll_desktop.cli.keep import try_store

if TYPE_CHECKING:
    from autoenroll_desktop.actions.check_pay_run import Given
    from autoenroll_desktop.store.store import Store


def inputs(verb: argparse.ArgumentParser) -> None:
    """The arguments that name files and say what is known of them."""
    verb.add_argument("files", nargs="+", type=Path, metavar="FILE", help="payroll files, or - for pasted text")
    verb.add_argument("--aepn", action="append", default=[], type=Path, metavar="FILE", help="AEPN snapshot")
    verb.add_argument("--contributions", action="append", default=[], type=Path, metavar="FILE")
    verb.add_argument("--previous", action="append", default=[], type=Path, metavar="FILE", help="an earlier period")
    verb.add_argument("--notices", type=Path, metavar="FILE", help="your list of enrolment notices (CSV)")
    verb.add_argument("--employer", metavar="ERN", help="employer registration number, for files that lack it")
    verb.add_argument("--tax-year", type=year, metavar="Y")
    verb.add_argument("--run", metavar="REF", help="payroll run reference, for files that lack it")
    verb.add_argument("--mapping", type=Path, metavar="FILE", help='TOML file: [columns] "Heading" = "field"')
    verb.add_argument("--now", type=moment, default=None, metavar="ISO-DATETIME", help="the clock; default now")
    verb.add_argument("--no-store", action="store_true", help="keep nothing and use nothing kept")


@contextmanager
def files_given(arguments: argparse.Namespace) -> "Iterator[tuple[Given, Store | None]]":
    """What `_inputs` says with the past out of this user's store, and that store; None where there is none."""
    from autoenroll_desktop.actions.check_pay_run import Given

    store, memory = None, None
    if not arguments.no_store:
        from autoenroll_desktop.actions.open_store import memory_of

        store = try_store(paths.store(), dt.datetime.now(dt.UTC))  # noted by the real clock, whatever --now says
        memory = memory_of(store) if store else None
    files, pasted = _with_pasted(arguments.files)
    given = Given(
        pay=files,
        pasted=pasted,
        aepn=tuple(arguments.aepn),
        contributions=tuple(arguments.contributions),
        previous=tuple(arguments.previous),
        employer=arguments.employer,
        tax_year=arguments.tax_year,
        run_reference=arguments.run,
        mapping=arguments.mapping,
        notices=arguments.notices,
        memory=memory,
    )
    try:
        yield given, store
    finally:
        if store is not None:
            store.close()


def _with_pasted(files: Sequence[Path]) -> tuple[tuple[Path, ...], dict[Path, bytes]]:
    """The files on disk, and what "-" stands for: text pasted or piped into the terminal."""
    on_disk = tuple(path for path in files if path != Path("-"))
    return on_disk, {} if len(on_disk) == len(files) else {Path("pasted text"): sys.stdin.buffer.read()}
