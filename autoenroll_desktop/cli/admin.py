"""`update`, `policies`, `diagnostics` and `selftest`: what whoever looks after an office's computers needs."""

import argparse
import datetime as dt
import json
import sys
from pathlib import Path

from autoenroll_desktop import paths
from autoenroll_desktop.cli.arguments import Verbs, verb, words_in


def add_admin(verbs: Verbs) -> None:
    """Add the verbs."""
    update = verb(verbs, "update", _update, "look for a newer version and install it for the next start")
    update.add_argument("--check", action="store_true", help="only say whether there is one")
    update.add_argument("--lang", choices=("en", "ga"), default="", help="also of the release notes")
    policies = verb(verbs, "policies", _policies, "the policies in force on this computer and where each was set")
    policies.add_argument("--format", choices=("text", "json"), default="text")
    policies.add_argument("--schema", action="store_true", help="print the JSON schema of a policy file")
    bundle = verb(
        verbs, "diagnostics", _diagnostics, "write a bundle for support: versions, policies, self-test, log; no data"
    )
    bundle.add_argument("--out", required=True, type=Path, metavar="ZIP")
    verb(verbs, "selftest", _selftest, "check that this installation is whole")


def _update(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.install_update import install_update, setup_here
    from autoenroll_desktop.policy.sources import in_force

    words = words_in(arguments.lang)
    setup = setup_here(in_force().policies, paths.resources())
    told = install_update(setup, only_look=arguments.check)
    print(words.say(f"update.{told.outcome}", version=told.version))
    if told.required:
        print(words.say("update.required"))
    if told.withdrawn:
        print(words.say("update.withdrawn", version=setup.running))
    notes = told.notes or {}
    if told.version != setup.running and (text := notes.get(words.language) or notes.get("en")):
        print(f"\n{text}")
    return 0


def _policies(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.policy.policies import KEYS, schema
    from autoenroll_desktop.policy.sources import files, in_force

    if arguments.schema:
        print(json.dumps(schema(), indent=2))
        return 0
    found = in_force()
    values = {key: getattr(found.policies, key.replace("-", "_")) for key in KEYS}
    if arguments.format == "json":
        print(json.dumps({"policies": values, "set_by": found.set_by, "unknown": found.unknown}, indent=2))
        return 0
    words = words_in("")
    print(words.say("policy.set" if found.set_by else "policy.none", count=len(found.set_by)))
    for key, value in values.items():
        shown = json.dumps(value)
        where = found.set_by.get(key)
        print(f"  {key} = {shown}" + (f"   ({where})" if where else ""))
    if found.unknown:
        print(words.say("policy.unknown", keys=", ".join(found.unknown)), file=sys.stderr)
    print(words.say("policy.places", places=", ".join(map(str, files()))))
    return 0


def _diagnostics(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.write_diagnostics import write_diagnostics

    path = write_diagnostics(arguments.out, dt.datetime.now(dt.UTC))
    print(words_in("").say("diagnostics.written", path=path))
    return 0


def _selftest(_arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.self_test import self_test

    whole = True
    for part, problem in self_test():
        print(f"{'ok  ' if not problem else 'FAIL'} {part}" + (f": {problem}" if problem else ""))
        whole &= not problem
    return 0 if whole else 1
