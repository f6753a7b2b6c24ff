"""`autoenroll store passphrase`, `recovery-code` and `recover`: what opens the store."""

import argparse

from autoenroll_desktop import paths
from autoenroll_desktop.cli.arguments import Verbs, part
from autoenroll_desktop.cli.keep import ask_new, clock, code, opened
from autoenroll_desktop.errors import AppError


def add_opening(verbs: Verbs) -> None:
    """Add these parts of the verb `store`."""
    passphrase = part(verbs, "passphrase", _passphrase, "lock the store by a passphrase, or change it")
    passphrase.add_argument("--remove", action="store_true", help="let this computer's keyring open it again")
    part(verbs, "recovery-code", _recovery_code, "make a code to print, for a lost keyring or passphrase")
    recover = part(verbs, "recover", _recover, "open the store by its recovery code")
    recover.add_argument("code", nargs="?", metavar="CODE", help="asked for when left out")


def _passphrase(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.lock_store import lock_store, unlock_for_keyring
    from autoenroll_desktop.actions.open_store import PASSPHRASE, told_passphrase

    with opened(arguments) as store:
        if arguments.remove:
            unlock_for_keyring(store, clock(arguments))
            print("This computer's keyring opens the store now.")
            return 0
        chosen = ask_new() if told_passphrase() is None else told_passphrase()
        if chosen is None:
            raise AppError("No passphrase was given", "nobody is here to type it", f"Set {PASSPHRASE}")
        lock_store(store, chosen, clock(arguments))
    print("The store is locked by the passphrase from now on. Without it and without a recovery code it stays shut.")
    return 0


def _recovery_code(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.lock_store import new_recovery_code

    with opened(arguments) as store:
        made = new_recovery_code(store, clock(arguments))
    print("Print this and lock it away; it opens everything kept, and is shown only now. An earlier code is void.")
    print(f"\n    {made}\n")
    return 0


def _recover(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.open_store import recover

    recover(paths.store(), code(arguments.code or "-"), clock(arguments), passphrase=ask_new).close()
    print("The store opens again on this computer.")
    return 0
