"""How verbs of the terminal program come by the store, and what `check` does with it.

The passphrase is asked for at the terminal, or taken from AUTOENROLL_PASSPHRASE where nobody sits at one. A check never
fails for want of a store: it says plainly that nothing was kept, and why.
"""

import argparse
import datetime as dt
import getpass
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from autoenroll_desktop import paths
from autoenroll_desktop.errors import AppError

if TYPE_CHECKING:
    from autoenroll_desktop.actions.check_pay_run import Prepared
    from autoenroll_desktop.actions.fix_pay_run import Workbench
    from autoenroll_desktop.actions.look_after_store import LookedAfter
    from autoenroll_desktop.actions.write_files import Written
    from autoenroll_desktop.domain.checked_run import CheckedRun
    from autoenroll_desktop.domain.words import Words
    from autoenroll_desktop.store.store import Store


@contextmanager
def user_store(folder: Path, now: dt.datetime, *, make: bool = True) -> "Iterator[Store]":
    """The store of a folder, closed at the end. Raises AppError where it cannot be opened or made."""
    from autoenroll_desktop.actions.open_store import open_store, told_passphrase

    store = open_store(folder, now, passphrase=ask if folder.exists() else told_passphrase, make=make)
    try:
        yield store
    finally:
        store.close()


def try_store(folder: Path, now: dt.datetime) -> "Store | None":
    """The store of a folder to keep a check in; None, with the reason said, where there can be none."""
    from autoenroll_desktop.actions.open_store import open_store, told_passphrase

    try:
        return open_store(folder, now, passphrase=ask if folder.exists() else told_passphrase)
    except AppError as error:
        print(f"Nothing is kept of this check. {error}", file=sys.stderr)
        return None


def keep_and_tell(store: "Store", prepared: "Prepared", checked: "CheckedRun") -> list[str]:
    """Keep a check and say so; the ids of its runs, none (with the reason said) where it could not be kept."""
    from autoenroll_desktop.actions.check_pay_run import readable
    from autoenroll_desktop.actions.keep_check import keep_check
    from autoenroll_desktop.actions.open_store import stamp

    if not readable(checked):
        return []
    now = dt.datetime.now(dt.UTC)
    try:
        kept = keep_check(store, prepared, checked, stamp(now))
    except AppError as error:
        print(f"Nothing was kept of this check. {error}", file=sys.stderr)
        return []
    for one in kept:
        was = f"version {one.version}" if one.new else f"version {one.version}, unchanged"
        print(f"Kept as run {one.id[:8]}, {was}.", file=sys.stderr)
    return [one.id for one in kept]


def may_show_ppsns(arguments: argparse.Namespace, store: "Store | None", runs: list[str]) -> bool:
    """Whether PPSNs may be printed in full: asked for, and noted in the audit trail; that they stay masked is said.

    With --no-store there is no trail, and who types it knows.
    """
    if not arguments.show_ppsn or getattr(arguments, "no_store", True):
        return bool(arguments.show_ppsn)
    from autoenroll_desktop.actions.open_store import stamp
    from autoenroll_desktop.actions.show_ppsns import note_ppsns_shown

    why = "With --no-store they are shown without a note."
    if store is not None and runs:
        try:
            note_ppsns_shown(store, runs, stamp(dt.datetime.now(dt.UTC)))
        except AppError as error:
            why = str(error)
        else:
            return True
    print(f"PPSNs stay masked, for it cannot be noted that they were shown. {why}", file=sys.stderr)
    return False


def keep_report_of(store: "Store", run_id: str, report: Path) -> None:
    """Keep a report beside its run; a failure is said and stops nothing."""
    from autoenroll_desktop.actions.open_store import stamp
    from autoenroll_desktop.store.keeping import keep_report

    try:
        keep_report(store, run_id, report.name, report.read_bytes(), stamp(dt.datetime.now(dt.UTC)))
    except (AppError, OSError) as error:
        print(f"The report was not kept in the store. {error}", file=sys.stderr)


def note_produced(store: "Store", checked: "CheckedRun", kind: str, made: "Path | Written") -> None:
    """Note in the store what was written; a failure is said and stops nothing."""
    from autoenroll_desktop.actions.open_store import stamp
    from autoenroll_desktop.actions.record_produced import record_produced

    try:
        record_produced(store, checked, kind, made, stamp(dt.datetime.now(dt.UTC)))
    except AppError as error:
        print(f"It was not noted in the store what was written. {error}", file=sys.stderr)


def keep_recipe_of(store: "Store", bench: "Workbench", words: "Words") -> None:
    """Keep what was done for the next run of the same employer, and say so; a failure is said and stops nothing."""
    from autoenroll_desktop.actions.kept_recipes import keep_recipe
    from autoenroll_desktop.actions.open_store import stamp

    try:
        if keep_recipe(store, bench, stamp(dt.datetime.now(dt.UTC))):
            print(words.say("fix.kept"), file=sys.stderr)
    except AppError as error:
        print(f"The steps were not kept for the next run. {error}", file=sys.stderr)


def look_after(store: "Store") -> None:
    """Once a day, when a check is done and shown: retention, left-over files, a local copy. A failure is said."""
    from autoenroll_desktop.actions.look_after_store import look_after_store
    from autoenroll_desktop.actions.open_store import stamp
    from autoenroll_desktop.store.local_copies import is_due

    now = dt.datetime.now(dt.UTC)
    if not is_due(store.backups, now):
        return
    try:
        for line in told_of(look_after_store(store, stamp(now))):
            print(line, file=sys.stderr)
    except AppError as error:
        print(f"The store was not looked after. {error}", file=sys.stderr)


def told_of(done: "LookedAfter") -> Iterator[str]:
    """What was removed when its time was over, in sentences."""
    for one in done.removed:
        yield (
            f"{one.client.employer or '(no number)'}: pay lines of {one.lines_of} runs, {one.runs} whole runs and "
            f"{one.snapshots} AEPN snapshots were over their time and were removed."
        )
    if done.doubted:
        yield (
            "Nothing was removed: the clock is far from when the store was used last. "
            "If it is right, run 'autoenroll store upkeep'."
        )


def ask(prompt: str = "Passphrase of the store: ") -> str | None:
    from autoenroll_desktop.actions.open_store import told_passphrase

    if told := told_passphrase():
        return told
    return getpass.getpass(prompt) if sys.stdin.isatty() and sys.stderr.isatty() else None


def ask_new() -> str | None:
    from autoenroll_desktop.actions.open_store import told_passphrase

    first = ask("New passphrase for the store: ")
    if first is None or told_passphrase() is not None:
        return first
    if getpass.getpass("Once more: ") != first:
        raise AppError("The two passphrases differ", "nothing was changed", "Try again")
    return first


def clock(arguments: argparse.Namespace) -> dt.datetime:
    now = arguments.now or dt.datetime.now(dt.UTC)
    assert isinstance(now, dt.datetime)
    return now


@contextmanager
def opened(arguments: argparse.Namespace) -> "Iterator[Store]":
    with user_store(paths.store(), clock(arguments), make=False) as store:
        yield store


def say(arguments: argparse.Namespace, told: object, lines: Iterator[str] | list[str]) -> int:
    """Print as JSON or as text."""
    if arguments.format == "json":
        print(json.dumps(told, ensure_ascii=False, indent=2, default=str))
    else:
        for line in lines:
            print(line)
    return 0


def code(given: str) -> str:
    if given != "-":
        return given
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    return getpass.getpass("Recovery code: ")
