"""`autoenroll sync people`, `role` and `remove`: the office's people at the terminal."""

import argparse
import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from autoenroll_desktop.cli.arguments import Command, only_one
from autoenroll_desktop.cli.keep import say
from autoenroll_desktop.domain.words import Words

if TYPE_CHECKING:
    from autoenroll_desktop.actions.office_roles import PersonShown
    from autoenroll_desktop.actions.office_service import Service
    from autoenroll_desktop.store.audit import Stamp
    from autoenroll_desktop.store.store import Store

ROLES = ("owner", "manager", "clerk", "read-only", "it")
AddVerb = Callable[[str, Command, str], argparse.ArgumentParser]
WithStore = Callable[[argparse.Namespace, "Callable[[Store, Service, Words], int]"], int]


def add_people(add: AddVerb, with_store: WithStore) -> None:
    """Add the parts of the verb `sync` about people; `with_store` opens the store for one."""
    add("people", lambda given: with_store(given, _shown(given)), "the office's people, by their PCs, with their roles")
    role = add("role", lambda given: with_store(given, _role(given)), "give a person another role (owners do)")
    role.add_argument("person", metavar="PERSON", help="their number, or the beginning of it")
    role.add_argument("role", choices=ROLES)
    about = "remove a person and revoke their PCs (owners do); change the office key after it"
    remove = add("remove", lambda given: with_store(given, _remove(given)), about)
    remove.add_argument("person", metavar="PERSON")


def _shown(arguments: argparse.Namespace) -> "Callable[[Store, Service, Words], int]":
    def act(store: "Store", service: "Service", words: Words) -> int:
        from autoenroll_desktop.actions.office_roles import people

        found = people(store, service, words)
        told = [{name: getattr(one, name) for name in one.__dataclass_fields__} for one in found]
        return say(arguments, told, [_line(one, words) for one in found])

    return act


def _role(arguments: argparse.Namespace) -> "Callable[[Store, Service, Words], int]":
    def act(store: "Store", service: "Service", words: Words) -> int:
        from autoenroll_desktop.actions.office_roles import set_role

        which = _which(store, service, words, arguments.person)
        set_role(store, service, words, which, arguments.role, _stamp(arguments))
        print(words.say("sync-told.role-set", role=words.say(f"office-role.{arguments.role}")))
        return 0

    return act


def _remove(arguments: argparse.Namespace) -> "Callable[[Store, Service, Words], int]":
    def act(store: "Store", service: "Service", words: Words) -> int:
        from autoenroll_desktop.actions.office_roles import remove

        remove(store, service, words, _which(store, service, words, arguments.person), _stamp(arguments))
        print(words.say("sync-told.removed"))
        return 0

    return act


def _stamp(arguments: argparse.Namespace) -> "Stamp":
    from autoenroll_desktop.actions.open_store import stamp

    return stamp(arguments.now or dt.datetime.now(dt.UTC))


def _line(one: "PersonShown", words: Words) -> str:
    mine = f" ({words.say('sync-told.you')})" if one.mine else ""
    role = words.say(f"office-role.{one.role}")
    return f"{str(one.id)[:8]}  {one.since:%d/%m/%Y}  {role:<14} {', '.join(pc for pc in one.pcs if pc)}{mine}".rstrip()


def _which(store: "Store", service: "Service", words: Words, start: str) -> UUID:
    """The person whose number begins so. Raises OfficeTrouble, AppError."""
    from autoenroll_desktop.actions.office_roles import people

    return only_one((one.id for one in people(store, service, words)), start, "person", "sync people")
