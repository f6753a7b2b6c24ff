"""`autoenroll store produced`: what was written from pay runs, where it is, and whether it is still as it was."""

import argparse
from zoneinfo import ZoneInfo

from autoenroll_desktop.cli.arguments import Verbs, part
from autoenroll_desktop.cli.keep import opened, say


def add_produced(verbs: Verbs) -> None:
    """Add `produced` to the parts of the verb `store`."""
    produced = part(
        verbs, "produced", _produced, "the files written from pay runs, latest first, and how each stands now"
    )
    produced.add_argument("--client", metavar="ERN")
    produced.add_argument("--limit", type=int, default=50, metavar="N")


def _produced(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.look_at_produced import look_at_produced

    with opened(arguments) as store:
        told = look_at_produced(store, arguments.client, max(1, arguments.limit))
    dublin = ZoneInfo("Europe/Dublin")
    lines = (
        f"{one['produced_at'].astimezone(dublin):%d/%m/%Y %H:%M}  {one['employer'] or '(no number)':<12} "
        f"{one['kind']:<18} {one['answer'].replace('_', ' ') or '-':<10} {one['file']:<10} "
        f"{one['submission_id'] or '-':<16} {one['path']}"
        for one in told
    )
    return say(arguments, told, lines)
