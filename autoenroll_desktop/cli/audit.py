"""The verb `audit` of the terminal program: who did what, when, and that nothing of it was changed."""

import argparse
import json
from pathlib import Path

from autoenroll_desktop.cli.arguments import Verbs, part, verb
from autoenroll_desktop.cli.keep import clock, opened, say

BAD = 1


def add_audit(verbs: Verbs) -> None:
    """Add the verb."""
    trail = verb(verbs, "audit", _audit_verify, "the audit trail: who did what, when")
    sub = trail.add_subparsers(required=True, metavar="WHAT")
    verify = part(sub, "verify", _audit_verify, "check that nothing in the trail was changed or left out")
    verify.add_argument("path", nargs="?", type=Path, metavar="FILE", help="an exported evidence file instead")
    export = part(sub, "export", _audit_export, "write the trail to a signed evidence file")
    export.add_argument("--out", type=Path, required=True, metavar="FILE")
    export.add_argument("--client", metavar="ERN", help="this client's entries only")
    listed = part(sub, "list", _audit_list, "the last entries of the trail")
    listed.add_argument("--client", metavar="ERN")
    listed.add_argument("--limit", type=int, default=50, metavar="N")


def _audit_verify(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.check_audit import check_audit, check_evidence_file

    if arguments.path is not None:
        number, wrong = check_evidence_file(arguments.path)
    else:
        with opened(arguments) as store:
            number, wrong = check_audit(store)
    say(
        arguments,
        {"entries": number, "wrong": wrong},
        [f"{number:,} entries, {'none changed or left out' if not wrong else f'{len(wrong)} faults'}.", *wrong],
    )
    return BAD if wrong else 0


def _audit_export(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.check_audit import export_audit
    from autoenroll_desktop.actions.open_store import stamp

    with opened(arguments) as store:
        number, key = export_audit(store, arguments.out, stamp(clock(arguments)), arguments.client)
    print(f"{number:,} entries written to {arguments.out}, signed. Fingerprint of this store's key: {key}")
    return 0


def _audit_list(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.store import audit, clients

    with opened(arguments) as store, store.reading() as connection:
        one = clients.named(connection, clients.plain_employer(arguments.client)) if arguments.client else None
        listed = audit.entries(connection, one.id if one else None, max(1, arguments.limit))
    told = [{**entry, "facts": json.loads(entry["facts"])} for entry in listed]
    return say(
        arguments,
        told,
        [
            f"{entry['number']:>6}  {entry['at']:%d/%m/%Y %H:%M:%S} UTC  {entry['who']:<12} {entry['what']:<24} "
            f"{entry['subject'][:8]:<8}  {'' if entry['facts'] == '{}' else entry['facts']}"
            for entry in listed
        ],
    )
