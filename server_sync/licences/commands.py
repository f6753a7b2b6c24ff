"""`autoenroll-server admin licences …`, `admin keys …` and `admin plans push`, as they are typed."""

import argparse
import datetime as dt
import os
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from server_sync.billing.plans import INTERVALS, load_plans
from server_sync.billing.selling import Selling
from server_sync.billing.shop import open_shop
from server_sync.billing.stripe_errors import StripeRefused, StripeUnavailable
from server_sync.database.engine import Database
from server_sync.errors import ServiceError
from server_sync.licences import operator
from server_sync.licences.keys import VARIABLE, Signer, new_pair, read_seeds, rotated

DUBLIN = ZoneInfo("Europe/Dublin")
Say = Callable[[str], None]


def add_commands(whats: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the three to `admin`. Each sets `needs`: "nothing", "stripe" or "database"."""
    licences = whats.add_parser("licences", help="list, grant, revoke, extend, release, file, export")
    does = licences.add_subparsers(dest="does", required=True, metavar="WHAT")
    does.add_parser("list", help="every office's licence")
    grant = does.add_parser("grant", help="grant a plan without a payment here (invoice customers, schools)")
    grant.add_argument("office", type=_office_or_new, metavar="OFFICE|new")
    grant.add_argument("--plan", required=True)
    grant.add_argument("--until", required=True, type=_end_of_day, metavar="YYYY-MM-DD", help="its last day")
    grant.add_argument("--seats", type=int)
    extend = does.add_parser("extend", help="let what an office has run on")
    extend.add_argument("office", type=UUID)
    extend.add_argument("--until", required=True, type=_end_of_day, metavar="YYYY-MM-DD")
    revoke = does.add_parser("revoke", help="take a grant back")
    revoke.add_argument("office", type=UUID)
    revoke.add_argument("cause", help="as export shows it, such as operator:…")
    release = does.add_parser("release", help="free a device's seat")
    release.add_argument("office", type=UUID)
    release.add_argument("device", type=UUID)
    file = does.add_parser("file", help="write a licence file")
    file.add_argument("office", type=UUID)
    file.add_argument("--request", type=Path, metavar="FILE", help="the request of a PC without a network")
    file.add_argument("--out", type=Path, metavar="FILE", help="default: standard output")
    does.add_parser("export", help="licences, grants and the ledger, one JSON object a line")
    licences.set_defaults(needs="database")

    keys = whats.add_parser("keys", help="new makes a pair of licence keys; rotate goes over to the next")
    keys.add_argument("does", choices=["new", "rotate", "public"])
    keys.set_defaults(needs="nothing")

    plans = whats.add_parser("plans", help="push makes the prices in Stripe that are not there yet")
    plans.add_argument("does", choices=["push"])
    plans.set_defaults(needs="stripe")


def run_keys(words: argparse.Namespace, say: Say) -> None:
    """Keys are printed and kept nowhere. Raises ServiceError."""
    value = os.environ.get(VARIABLE, "")
    made = value
    if words.does != "new" and not value:
        raise ServiceError(f"{VARIABLE} is not set")
    if words.does != "public":
        made = rotated(value) if words.does == "rotate" else new_pair()
    if words.does != "public":
        say(f"# For the service's environment; it is shown this once.\n{VARIABLE}={made}\n")
    say(
        "# For resources/keys/licence.toml of the next release. Keep the keys that are there until every licence signed"
    )
    say("# with them was replaced: 60 days after a rotation, and after new files for PCs without a network.\n")
    say(Signer(read_seeds(made)).shipped())


def run_plans(selling: Selling, say: Say) -> None:
    """Make the prices that are missing in Stripe. Raises ServiceError."""
    plans, gateway = load_plans(), open_shop(selling).gateway
    if gateway is None:
        raise ServiceError("STRIPE_SECRET_KEY is not set")
    try:
        wanted = [(one, interval) for one in (*plans.plans, *plans.addons) for interval in INTERVALS]
        there = gateway.prices([one.lookup_key(interval) for one, interval in wanted])
        for one, interval in wanted:
            key = one.lookup_key(interval)
            if key in there:
                say(f"{key}: there, {there[key].amount / 100:.2f} {there[key].currency}")
                continue
            price: dict[str, str | int] = {
                "currency": plans.currency,
                "interval": interval,
                "amount": one.net[interval],
            }
            gateway.push_price(f"autoenroll-{one.code}", one.title, plans.tax_code, key, price)
            say(f"{key}: made, {one.net[interval] / 100:.2f} {plans.currency} without VAT")
    except StripeUnavailable as error:
        raise ServiceError("Stripe cannot be reached", "Try again in a minute") from error
    except StripeRefused as error:
        raise ServiceError(f"Stripe refused: {error.code}", "Check the key's rights") from error


def run_licences(words: argparse.Namespace, selling: Selling, url: str, now: dt.datetime, say: Say) -> None:
    """One of the licence commands on a database. Raises ServiceError."""
    database = Database(url, 2)
    try:
        _licences(words, selling, database, now, say)
    finally:
        database.close()


def _licences(words: argparse.Namespace, selling: Selling, database: Database, now: dt.datetime, say: Say) -> None:
    match words.does:
        case "list":
            say(operator.list_licences(database))
        case "grant":
            office, cause = operator.grant(
                database, load_plans(), words.office, words.plan, words.until, words.seats, now
            )
            say(f"{office} has {words.plan} until {words.until:%d/%m/%Y}: {cause}")
        case "extend":
            say(f"Extended until {words.until:%d/%m/%Y}: {operator.extend(database, words.office, words.until, now)}")
        case "revoke":
            operator.revoke(database, words.office, words.cause, now)
            say("Taken back. Copies hold until their snapshot ends, 30 days at most.")
        case "release":
            operator.release(database, words.office, words.device)
            say("The seat is free.")
        case "file":
            _file(words, selling, database, now, say)
        case "export":
            for line in operator.export(database):
                say(line)


def _file(words: argparse.Namespace, selling: Selling, database: Database, now: dt.datetime, say: Say) -> None:
    signer = open_shop(selling).signer
    if signer is None:
        raise ServiceError(f"{VARIABLE} is not set", "Make a pair with: autoenroll-server admin keys new")
    try:
        request = words.request.read_bytes() if words.request else None
        content = operator.licence_file(database, signer, words.office, request, now)
        if words.out is None:
            say(content)
        else:
            words.out.write_text(content, encoding="utf-8")
            print(f"The licence file is {words.out}", file=sys.stderr)  # noqa: T201 - stdout may be the file
    except OSError as error:
        raise ServiceError(f"A file cannot be read or written: {error.strerror}") from error


def _office_or_new(text: str) -> UUID | None:
    return None if text == "new" else UUID(text)


def _end_of_day(text: str) -> dt.datetime:
    """The end of a day in Dublin."""
    day = dt.date.fromisoformat(text) + dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(), DUBLIN).astimezone(dt.UTC)
