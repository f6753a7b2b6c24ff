"""The verb `sync` of the terminal program: this PC and the office's other ones."""

import argparse
import datetime as dt
import getpass
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from autoenroll_desktop import paths
from autoenroll_desktop.cli.arguments import Command, Verbs, only_one, part, verb, words_in
from autoenroll_desktop.cli.keep import clock, code, say, user_store
from autoenroll_desktop.cli.sync_people import ROLES, add_people
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.policy.sources import in_force

if TYPE_CHECKING:
    from autoenroll_desktop.actions.join_office import Account
    from autoenroll_desktop.actions.office import OfficeState
    from autoenroll_desktop.actions.office_service import Service
    from autoenroll_desktop.store.audit import Stamp
    from autoenroll_desktop.store.store import Store

PASSWORD = "AUTOENROLL_SYNC_PASSWORD"  # noqa: S105 - the name of a variable
_NEEDS_SOMEBODY = ("needs-you", "revoked")


def add_sync(verbs: Verbs) -> None:
    """Add the verb."""
    sync = verb(
        verbs, "sync", _status, "share runs with the office's other PCs; the service in between cannot read them"
    )
    sync.set_defaults(lang="", now=None, format="text", service="", what="status", command=_status)
    sub = sync.add_subparsers(metavar="WHAT")

    def add(name: str, command: Command, about: str) -> argparse.ArgumentParser:
        made = part(sub, name, command, about)
        made.add_argument("--lang", choices=("en", "ga"), default="")
        made.add_argument("--service", default="", metavar="URL", help="the service, where no policy names one")
        return made

    add("status", _status, "in sync, how much waits, offline since when, or what needs you")
    add("now", _now, "make one round now")
    make = add("create-office", _create, "make an office with this PC as its first; prints the recovery code")
    join = add("join", _join, "bring this PC into an office by a ticket; prints six words to compare")
    join.add_argument("ticket", metavar="TICKET", help="as it was printed there; - reads it from standard input")
    for one in (make, join):
        one.add_argument("--email", required=True, metavar="ADDRESS")
        one.add_argument("--name", default="", help="what the others see this PC as; default its own name")
    join.add_argument("--one-time-code", default=None, metavar="DIGITS")
    invite = add("invite", _invite, "print a ticket for another person's PC; good for a week, once")
    invite.add_argument("--role", choices=ROLES, default="clerk")
    add_people(add, _with_store)
    add("ticket", _ticket, "print a ticket for a further PC of your own")
    add("devices", _devices, "the office's devices, with the six words of those that wait")
    approve = add("approve", _approve, "let a device in whose screen shows these six words")
    approve.add_argument("device", metavar="DEVICE", help="its number, or the beginning of it")
    approve.add_argument("said", nargs="+", metavar="WORD", help="the six words the other screen shows")
    revoke = add("revoke", _revoke, "revoke a device; change the office key after it")
    revoke.add_argument("device", metavar="DEVICE")
    add("change-key", _change_key, "give the office a new key; prints a new recovery code")
    recover = add("recover", _recover, "let this PC in by the recovery code, when every other one is lost")
    recover.add_argument("code", metavar="CODE", help="- asks for it")
    recover.add_argument("--email", default="", metavar="ADDRESS", help="where this PC did not join yet")
    recover.add_argument("--one-time-code", default=None, metavar="DIGITS")
    off = add("off", _off, "pause sync on this PC; with --leave, take it out of the office")
    off.add_argument("--leave", action="store_true")
    add("on", _on, "go on after a pause")
    limit = add("limit", _limit, "let uploads take at most so much a second; 0 for no limit")
    limit.add_argument("kib", type=int, metavar="KIB")


def _with_store(arguments: argparse.Namespace, act: "Callable[[Store, Service, Words], int]") -> int:
    from autoenroll_desktop.actions.office_service import service_here

    words = words_in(arguments.lang)
    service = service_here(in_force().policies, arguments.service or os.environ.get("AUTOENROLL_SERVICE", ""))
    with user_store(paths.store(), clock(arguments)) as store:
        return act(store, service, words)


def _stamp(arguments: argparse.Namespace) -> "Stamp":
    from autoenroll_desktop.actions.open_store import stamp

    return stamp(arguments.now or dt.datetime.now(dt.UTC))


def _tell(arguments: argparse.Namespace, state: "OfficeState") -> int:
    told = {name: getattr(state, name) for name in state.__dataclass_fields__ if name not in ("bar", "level")}
    say(arguments, told, [state.headline, *(f"  {line}" for line in state.lines)])
    return 1 if state.standing in _NEEDS_SOMEBODY else 0


def _status(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.office import look

    return _with_store(arguments, lambda store, service, words: _tell(arguments, look(store, service, words)))


def _now(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.sync_office import sync_now

    return _with_store(
        arguments,
        lambda store, service, words: _tell(
            arguments, sync_now(store, service, words, lambda: _stamp(arguments), asked=True)
        ),
    )


def _create(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.join_office import create_office

    def act(store: "Store", service: "Service", words: Words) -> int:
        made = create_office(store, service, words, _account(arguments), _stamp(arguments), name=arguments.name)
        print(words.say("sync-told.made", code=made.recovery_code))
        return 0

    return _with_store(arguments, act)


def _join(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.join_office import join

    text = sys.stdin.read() if arguments.ticket == "-" else arguments.ticket

    def act(store: "Store", service: "Service", words: Words) -> int:
        shown = join(store, service, words, _account(arguments), text, _stamp(arguments), name=arguments.name)
        print(words.say("sync-told.joined", words=shown))
        return 0

    return _with_store(arguments, act)


def _invite(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.join_office import invite

    def act(store: "Store", service: "Service", words: Words) -> int:
        text = invite(store, service, words, arguments.role)
        print(words.say("sync-told.ticket"), file=sys.stderr)
        print(text)
        return 0

    return _with_store(arguments, act)


def _ticket(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.join_office import ticket

    def act(store: "Store", service: "Service", words: Words) -> int:
        text = ticket(store, service, words)
        print(words.say("sync-told.ticket"), file=sys.stderr)
        print(text)
        return 0

    return _with_store(arguments, act)


def _devices(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.office_devices import devices

    def act(store: "Store", service: "Service", words: Words) -> int:
        found = devices(store, service, words)
        told = [{name: getattr(one, name) for name in one.__dataclass_fields__} for one in found]
        lines = []
        for one in found:
            mine = f" ({words.say('sync-device.mine')})" if one.mine else ""
            state = words.say(f"sync-device.{one.state}")
            lines.append(f"{str(one.id)[:8]}  {one.since:%d/%m/%Y}  {state:<14} {one.name}{mine}  {one.words}".rstrip())
        return say(arguments, told, lines or [words.say("sync-told.no-devices")])

    return _with_store(arguments, act)


def _approve(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.office_devices import approve

    def act(store: "Store", service: "Service", words: Words) -> int:
        which = _which(store, service, words, arguments.device)
        approve(store, service, words, which, " ".join(arguments.said), _stamp(arguments))
        print(words.say("sync-told.approved"))
        return 0

    return _with_store(arguments, act)


def _revoke(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.office_devices import revoke

    def act(store: "Store", service: "Service", words: Words) -> int:
        revoke(store, service, words, _which(store, service, words, arguments.device), _stamp(arguments))
        print(words.say("sync-told.revoked"))
        return 0

    return _with_store(arguments, act)


def _change_key(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.office_devices import change_key

    def act(store: "Store", service: "Service", words: Words) -> int:
        print(words.say("sync-told.key-changed", code=change_key(store, service, words, _stamp(arguments))))
        return 0

    return _with_store(arguments, act)


def _recover(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.join_office import join, recover

    def act(store: "Store", service: "Service", words: Words) -> int:
        told = code(arguments.code)
        if arguments.email:
            join(store, service, words, _account(arguments), "", _stamp(arguments))
        recover(store, service, words, told)
        print(words.say("sync-told.let-in"))
        return 0

    return _with_store(arguments, act)


def _off(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.join_office import leave
    from autoenroll_desktop.actions.sync_office import pause

    def act(store: "Store", service: "Service", words: Words) -> int:
        if arguments.leave:
            leave(store, service, words, _stamp(arguments))
        else:
            pause(store)
        print(words.say("sync-told.left" if arguments.leave else "sync-told.paused"))
        return 0

    return _with_store(arguments, act)


def _on(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.sync_office import resume

    def act(store: "Store", _service: "Service", words: Words) -> int:
        resume(store)
        print(words.say("sync-told.resumed"))
        return 0

    return _with_store(arguments, act)


def _limit(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.sync_office import set_limit

    def act(store: "Store", _service: "Service", words: Words) -> int:
        set_limit(store, arguments.kib * 1024)
        print(words.say("sync-told.limit" if arguments.kib > 0 else "sync-told.limit-none", kib=arguments.kib))
        return 0

    return _with_store(arguments, act)


def _account(arguments: argparse.Namespace) -> "Account":
    from autoenroll_desktop.actions.join_office import Account

    told = os.environ.get(PASSWORD)
    if told is None and sys.stdin.isatty() and sys.stderr.isatty():
        told = getpass.getpass("Password for the office: ")
    if not told or len(told) < 10:
        raise AppError(
            "The password is too short" if told else "There is no password",
            "it needs 10 characters",
            f"Type it in a terminal, or set {PASSWORD}",
        )
    return Account(arguments.email, told, getattr(arguments, "one_time_code", None))


def _which(store: "Store", service: "Service", words: Words, start: str) -> UUID:
    """The device whose number begins so. Raises OfficeTrouble, AppError."""
    from autoenroll_desktop.actions.office_devices import devices

    return only_one((one.id for one in devices(store, service, words)), start, "device", "sync devices")
