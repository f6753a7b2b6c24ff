"""The verb `store` of the terminal program: what is kept on this computer."""

import argparse
import datetime as dt
import sys
from pathlib import Path

from autoenroll_desktop import paths
from autoenroll_desktop.cli.arguments import Verbs, date, part, verb
from autoenroll_desktop.cli.keep import (
    ask,
    ask_new,
    clock,
    code,
    opened,
    say,
    told_of,
)
from autoenroll_desktop.cli.produced import add_produced
from autoenroll_desktop.cli.store_opening import add_opening
from autoenroll_desktop.domain.money import euro
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.policy.policies import refuse_plain_export
from autoenroll_desktop.policy.sources import in_force

BAD = 1


def add_store(verbs: Verbs) -> None:
    """Add the verb."""
    store = verb(verbs, "store", _status, "what is kept on this computer: look, back up, restore, erase, export")
    sub = store.add_subparsers(required=True, metavar="WHAT")
    part(sub, "status", _status, "where the store is, what is in it, how it is protected")
    part(sub, "create", _create, "make a store, with a passphrase where this computer has no keyring")
    clients = part(sub, "clients", _clients, "every client with its next pay date and state")
    clients.add_argument("--on", type=date, metavar="DATE", help="as seen on that day; default today")
    runs = part(sub, "runs", _runs, "the pay runs kept, latest check first")
    runs.add_argument("--client", metavar="ERN")
    runs.add_argument("--find", default="", metavar="TEXT", help="in file names, reference, employer number, pay dates")
    runs.add_argument("--limit", type=int, default=50, metavar="N")
    add_produced(sub)
    show = part(sub, "open", _open, "show a kept run as it was checked")
    show.add_argument("run", metavar="RUN", help="its number, or the beginning of it")
    show.add_argument("--show-ppsn", action="store_true", help="print PPSNs in full; noted in the audit trail")
    backup = part(sub, "backup", _backup, "write the whole store to one sealed file and look it over")
    backup.add_argument("path", type=Path, metavar="FILE", help="a file, or a folder on another disk")
    restore = part(sub, "restore", _restore, "put a backup, or a local copy, in place of the store")
    restore.add_argument("path", type=Path, metavar="FILE")
    restore.add_argument("--replace", action="store_true", help="move a store that is there aside")
    restore.add_argument("--recovery-code", metavar="CODE", help="- asks for it")
    part(sub, "verify", _verify, "look over every page, run and file of the store, and the audit trail")
    erase = part(sub, "erase-client", _erase, "destroy a client's key and everything kept of it")
    erase.add_argument("employer", metavar="ERN")
    erase.add_argument("--yes", action="store_true", help="do not ask")
    export = part(sub, "export", _export, "write everything kept of a client into a folder, readable by anybody")
    export.add_argument("employer", metavar="ERN")
    export.add_argument("--out", type=Path, required=True, metavar="DIR")
    retention = part(sub, "retention", _retention, "how long is kept what; with --client, change it")
    retention.add_argument("--client", metavar="ERN")
    retention.add_argument("--lines", type=int, metavar="MONTHS")
    retention.add_argument("--evidence", type=int, metavar="YEARS")
    part(sub, "upkeep", _upkeep, "remove what is over its time, and make the daily copy")
    add_opening(sub)


def _status(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.look_at_store import look_at_store

    with opened(arguments) as store:
        told = look_at_store(store, reports=not in_force().policies.forbid_report_upload)
    return say(arguments, told, [f"{name.replace('_', ' ').capitalize():<22} {value}" for name, value in told.items()])


def _create(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.open_store import open_store

    open_store(paths.store(), clock(arguments), passphrase=ask_new).close()
    print(f"The store is in {paths.store()}.")
    print("Make a recovery code and print it: 'autoenroll store recovery-code'.")
    return 0


def _clients(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.store.lists import wall

    with opened(arguments) as store, store.reading() as connection:
        on_wall = wall(connection, arguments.on or clock(arguments).date())
    told = [
        {
            "employer": one.client.employer,
            "next_pay_date": one.next_pay_date,
            "state": one.state or "not checked",
            "last_run": one.last.id if one.last else None,
            "last_pay_date": one.last.last_pay_date if one.last else None,
        }
        for one in on_wall
    ]
    return say(
        arguments,
        told,
        [f"{one['employer'] or '(no number)':<12} next {_day(one['next_pay_date'])}  {one['state']}" for one in told],
    )


def _runs(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.store.clients import plain_employer
    from autoenroll_desktop.store.lists import runs_kept

    employer = plain_employer(arguments.client) if arguments.client is not None else None
    with opened(arguments) as store, store.reading() as connection:
        listed = runs_kept(connection, employer, arguments.find, max(1, arguments.limit))
    told = [{name: getattr(one, name) for name in one.__slots__} for one in listed]
    lines = (
        f"{one.id[:8]}  {one.employer or '(no number)':<12} {_day(one.last_pay_date)}  {one.answer:<10} "
        f"{one.lines:>6} lines {euro(one.gross):>15}  v{one.version}  {one.reference or ''}  {one.files}"
        for one in listed
    )
    return say(arguments, told, lines)


def _open(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.open_run import open_kept_run
    from autoenroll_desktop.actions.open_store import stamp
    from autoenroll_desktop.actions.show_ppsns import note_ppsns_shown
    from autoenroll_desktop.reports.check_json import check_as_json
    from autoenroll_desktop.reports.check_text import check_as_text

    refuse_plain_export(in_force().policies, show_ppsn=arguments.show_ppsn)
    words = Words.load(paths.resources())
    with opened(arguments) as store:
        run_id, checked = open_kept_run(store, arguments.run)
        if arguments.show_ppsn:
            note_ppsns_shown(store, [run_id], stamp(clock(arguments)))
    if arguments.format == "json":
        print(check_as_json(checked, words, lines=True, show_ppsn=arguments.show_ppsn))
    else:
        print(check_as_text(checked, words, show_ppsn=arguments.show_ppsn), end="")
    return 0


def _backup(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.back_up_store import back_up_store
    from autoenroll_desktop.actions.open_store import stamp

    with opened(arguments) as store:
        made = back_up_store(store, arguments.path, stamp(clock(arguments)))
    print(f"{made.path}: {made.size:,} bytes, {made.files} sealed files; opened again and found whole.")
    if not made.opens_elsewhere:
        print(
            "Only this computer's keyring opens it. Make a recovery code, print it, and back up again: "
            "'autoenroll store recovery-code'.",
            file=sys.stderr,
        )
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.back_up_store import restore_store
    from autoenroll_desktop.actions.open_store import stamp

    typed = code(arguments.recovery_code) if arguments.recovery_code else None
    done = restore_store(
        arguments.path,
        paths.store(),
        stamp(clock(arguments)),
        passphrase=ask,
        code=typed,
        replace=arguments.replace,
    )
    print("The store was restored" + (f" as it was on {done.made_at:%d/%m/%Y %H:%M} UTC." if done.made_at else "."))
    if done.aside:
        print(f"What was there before stands in {done.aside}.")
    if done.erased_again:
        print(f"{done.erased_again} client(s) erased since were erased again.")
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.store.verification import verify

    with opened(arguments) as store:
        looked = [*verify(store)]
    told = [{"part": one.part, "number": one.number, "wrong": one.wrong} for one in looked]
    lines = [
        line
        for one in looked
        for line in (
            f"{'ok  ' if not one.wrong else 'FAIL'} {one.part}: {one.number:,}",
            *(f"     {w}" for w in one.wrong),
        )
    ]
    say(arguments, told, lines)
    return BAD if any(one.wrong for one in looked) else 0


def _erase(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.erase_client import erase_client
    from autoenroll_desktop.actions.open_store import stamp

    if not arguments.yes:
        if not sys.stdin.isatty():
            raise AppError("Nothing was erased", "nobody is here to ask", "Add --yes")
        if input(f"Erase everything kept of {arguments.employer}? Type its number again: ") != arguments.employer:
            raise AppError("Nothing was erased", "the numbers differ", "")
    with opened(arguments) as store:
        done = erase_client(store, arguments.employer, stamp(clock(arguments)))
    erased = done.erased
    print(
        f"Erased: {erased.runs} runs, {erased.files} sealed files, {erased.copies} local copies, and the client's key."
    )
    print(f"Searched the decrypted store for {erased.searched} numbers and keys of the client: {erased.found} found.")
    if done.backups_elsewhere:
        print(f"Backups made elsewhere ({done.backups_elsewhere}) still hold it; restoring one erases it again.")
    for path in done.aside:
        print(f"A store moved aside by a restore may still hold it: {path}")
    return BAD if erased.found else 0


def _export(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.export_store import export_store
    from autoenroll_desktop.actions.open_store import stamp

    with opened(arguments) as store:
        words = Words.load(paths.resources())
        number = export_store(store, arguments.employer, arguments.out, words, stamp(clock(arguments)))
    print(f"{number} runs written to {arguments.out}, with PPSNs in full. Keep them like the payroll files themselves.")
    return 0


def _retention(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.open_store import stamp
    from autoenroll_desktop.actions.retention import all_retention, change_retention, retention_of

    policies = in_force().policies
    changes = {"lines_months": arguments.lines, "evidence_years": arguments.evidence}
    if any(one is not None for one in changes.values()) and arguments.client is None:
        raise AppError("Nothing was changed", "it is set client by client", "Add --client")
    with opened(arguments) as store:
        if any(one is not None for one in changes.values()):
            listed = [change_retention(store, arguments.client, policies, stamp(clock(arguments)), **changes)]
        elif arguments.client is not None:
            listed = [retention_of(store, arguments.client, policies)]
        else:
            listed = all_retention(store, policies)
    told = [
        {
            "employer": one.employer,
            "lines_months": one.lines_months,
            "evidence_years": one.evidence_years,
            "most_days": one.most_days or None,
        }
        for one in listed
    ]
    most = f"Nothing is kept longer than {policies.retention_days} days: a policy set by your administrator."
    return say(
        arguments,
        told,
        [
            *(
                f"{one.employer or '(no number)':<12} pay lines {one.lines_months} months, evidence "
                f"{one.evidence_years} years"
                for one in listed
            ),
            *([most] if policies.retention_days else []),
        ],
    )


def _upkeep(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.look_after_store import look_after_store
    from autoenroll_desktop.actions.open_store import stamp

    with opened(arguments) as store:
        done = look_after_store(store, stamp(clock(arguments)))
    for line in told_of(done):
        print(line)
    if not done.removed and not done.doubted:
        print("Nothing was over its time.")
    if done.copy:
        print(f"Local copy: {done.copy}")
    return 0


def _day(day: object) -> str:
    return f"{day:%d/%m/%Y}" if isinstance(day, dt.date) else "not known "
