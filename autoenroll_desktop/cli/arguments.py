"""What the verbs have in common: how one is added, how arguments are read, in which language it speaks."""

import argparse
import datetime as dt
from collections.abc import Callable, Iterable
from typing import TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from autoenroll_desktop import paths
from autoenroll_desktop.domain.money import basis_points, cents
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.policy.sources import in_force

Command = Callable[[argparse.Namespace], int]
"""What a verb does; its exit code."""
Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - it has no public name
"""What verbs, or parts of one, are added to."""
USAGE = 2
"""The exit code of an argument that makes no sense, and where nothing could be read."""
EXIT = {"ready": 0, "not_ready": 1, "incomplete": 3}
"""The exit code of each answer."""


def verb(verbs: Verbs, name: str, command: Command, about: str) -> argparse.ArgumentParser:
    """A verb of the program that runs a command."""
    made = verbs.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
    made.set_defaults(command=command)
    return made


def part(sub: Verbs, name: str, command: Command, about: str) -> argparse.ArgumentParser:
    """One of the verbs below a verb, such as `store runs`."""
    made = verb(sub, name, command, about)
    made.add_argument("--format", choices=("text", "json"), default="text")
    made.add_argument("--now", type=moment, default=None, metavar="ISO-DATETIME", help="the clock; default now")
    return made


def only_one(ids: Iterable[UUID], start: str, what: str, see: str) -> UUID:
    """The one of these ids that begins so; `see` is the verb that lists them. Raises AppError for none and several."""
    found = [one for one in ids if str(one).startswith(start.lower())]
    if len(found) != 1:
        raise AppError(
            f"No single {what} has a number that begins with '{start}'", f"{len(found)} have", f"See 'autoenroll {see}'"
        )
    return found[0]


def words_in(language: str) -> Words:
    """The words of a language, "" for the one an administrator chose, else English."""
    return Words.load(paths.resources(), language or in_force().policies.language or "en")


def moment(text: str) -> dt.datetime:
    """A date and time in ISO 8601; in Dublin where it names no zone."""
    told = dt.datetime.fromisoformat(text)
    return told if told.tzinfo else told.replace(tzinfo=ZoneInfo("Europe/Dublin"))


def date(text: str) -> dt.date:
    """A date written as 2026-11-26."""
    return dt.datetime.strptime(text, "%Y-%m-%d").date()


def year(text: str) -> int:
    """A tax year, 2018 to 2100."""
    told = int(text)
    if not 2018 <= told <= 2100:
        raise ValueError(text)
    return told


def money(text: str) -> int:
    """Cents, from an amount in euro."""
    amount = cents(text)
    if amount is None:
        raise ValueError(text)
    return amount


def rate(text: str) -> int:
    """Basis points, from a percentage."""
    points = basis_points(text)
    if points is None:
        raise ValueError(text)
    return points
