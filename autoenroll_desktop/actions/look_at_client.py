"""Everything a page shows of a client, and the list of all of them."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from autoenroll_desktop.domain.client_settings import ClientSettings, OwnScheme, PaySchedule, SchemeKind
from autoenroll_desktop.domain.finding import Finding
from autoenroll_desktop.domain.pay_dates import pay_dates_between
from autoenroll_desktop.rules.book import load_book
from autoenroll_desktop.store import clients, lists, signing, snapshots
from autoenroll_desktop.store.client_settings import all_settings, settings_of
from autoenroll_desktop.store.clients import Client
from autoenroll_desktop.store.column_maps import maps_of
from autoenroll_desktop.store.lists import RunListed
from autoenroll_desktop.store.recipes import recipes_of
from autoenroll_desktop.store.runs import RESULT, content, open_run
from autoenroll_desktop.store.signing import SignOff
from autoenroll_desktop.store.store import Store

__all__ = ["Client", "ClientListed", "ClientSeen", "RunListed", "list_clients", "look_at_client", "names_of_clients"]
DUBLIN = ZoneInfo("Europe/Dublin")
AHEAD = dt.timedelta(days=400)
MOST_DATES = 5
MOST_RUNS = 200
"""Runs of a client listed; older ones are in the terminal's `store runs`."""


@dataclass(frozen=True, slots=True)
class ClientListed:
    """A client in a list: its number ("" where files do not say it), its name, and its newest run."""

    employer: str
    name: str
    last: RunListed | None


@dataclass(frozen=True, slots=True)
class ClientSeen:
    """A client in full.

    Attributes:
        columns: by remembered column map, how many headings it has and the day it was confirmed.
        recipes: names. runs: the newest version of each, latest check first. signed: sign-offs by run id.
        snapshots: how many AEPN lists are kept, and when the newest was downloaded.
        pay_dates: the next ones: by the pay calendars, else reckoned from the newest run.
    """

    client: Client
    settings: ClientSettings
    columns: tuple[tuple[int, dt.date], ...]
    recipes: tuple[str, ...]
    runs: tuple[RunListed, ...]
    signed: dict[str, tuple[SignOff, ...]]
    snapshots: tuple[int, dt.datetime | None]
    pay_dates: tuple[dt.date, ...]


def list_clients(store: Store, now: dt.datetime) -> list[ClientListed]:
    """Every client, by name, those without one by number. Raises AppError."""
    with store.reading() as connection:
        on_wall = lists.wall(connection, now.date())
        said = all_settings(connection, [one.client.id for one in on_wall])
    listed = [ClientListed(one.client.employer, said[one.client.id].name, one.last) for one in on_wall]
    return sorted(listed, key=lambda one: (one.name or one.employer).casefold())


def look_at_client(store: Store, employer: str, now: dt.datetime) -> ClientSeen:
    """A client by its number. Raises AppError: nothing is kept of it."""
    today = now.astimezone(DUBLIN).date()
    with store.reading() as connection:
        one = clients.named(connection, employer)
        settings = settings_of(connection, one)
        runs = lists.runs_kept(connection, one.employer, limit=MOST_RUNS)
        lists_kept = snapshots.snapshots(connection, one)
        last, frequency = lists.last_pay_day(connection, one)
        schedules = settings.schedules or ((PaySchedule(frequency, last),) if last and frequency else ())
        coming = {
            day
            for schedule in schedules
            for day in pay_dates_between(schedule.anchor, schedule.frequency, today, today + AHEAD)
        }
        return ClientSeen(
            one,
            settings,
            tuple((len(headings), day) for headings, _, day in maps_of(connection, one.employer)),
            tuple(kept.name for kept in recipes_of(connection, one)),
            tuple(runs),
            signing.sign_offs(connection, [run.id for run in runs]),
            (len(lists_kept), lists_kept[0][1] if lists_kept else None),
            tuple(sorted(coming))[:MOST_DATES],
        )


def findings_of(store: Store, run: str) -> tuple[Finding, ...]:
    """What was found in a kept run, the most places first; nothing where its pay lines are gone. Raises AppError."""
    with store.reading() as connection:
        if (run, RESULT) not in content(connection, [run], RESULT):
            return ()
        found = open_run(connection, run).findings
    return tuple(sorted(found, key=len, reverse=True))


def names_of_clients(store: Store) -> dict[str, str]:
    """What the office calls its clients, by employer number; those nobody named are left out. Raises AppError."""
    with store.reading() as connection:
        everyone = clients.everyone(connection)
        said = all_settings(connection, [one.id for one in everyone])
    return {one.employer: said[one.id].name for one in everyone if said[one.id].name}


def scheme_is_enough(scheme: OwnScheme, now: dt.datetime) -> bool | None:
    """Whether the shares of an own scheme reach those that make an employment exempt (S.I. 668/2025).

    None where that cannot be told: no scheme, no shares, or a defined benefit, which has another test. Above the yearly
    limits lower shares can be enough; what was paid is looked at in each check.
    """
    if scheme.kind in (SchemeKind.NONE, SchemeKind.DEFINED_BENEFIT) or scheme.employer is None:
        return None
    law = load_book().on(now.astimezone(DUBLIN).date())
    total = scheme.employer + (scheme.employee or 0)
    return bool(scheme.employer >= law["exempt-employer-share"] and total >= law["exempt-total-share"])
