"""Sign-offs of kept runs: an entry of the audit trail each, so that none can be added, changed or taken away later.

A sign-off is of one version of a run. A run that is checked again and came out otherwise is another version, and has
to be signed anew.
"""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from autoenroll_desktop.domain.client_settings import ClientSettings
from autoenroll_desktop.domain.verdict import Answer
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.store import audit
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.client_settings import all_settings
from autoenroll_desktop.store.tables import audit as trail
from autoenroll_desktop.store.tables import run

SIGNED = "run-signed-off"
LONGEST = 60
"""Letters of the name of somebody who signs."""


@dataclass(frozen=True, slots=True)
class SignOff:
    """Who signed a run off, as they call themselves, under which account of the computer, and when."""

    by: str
    who: str
    at: dt.datetime


def signers(settings: ClientSettings) -> int:
    """How many people sign a run of a client."""
    return 2 if settings.two_people else 1


def sign_off(connection: Connection, run_id: str, by: str, stamp: Stamp) -> None:
    """Sign a run off; the connection must be one that writes.

    Args:
        by: what the person is called in the office.

    Raises:
        AppError: no name, the same person again, signed by as many as it takes, a run that is not READY or no longer
            kept.
    """
    name = " ".join(by.split())
    kept = connection.execute(select(run.c.client_id, run.c.digest, run.c.answer).where(run.c.id == run_id)).first()
    if kept is None:
        raise AppError("This run is not kept any more", "it was erased, or its time was over", "")
    if not name or len(name) > LONGEST or not name.isprintable():
        raise AppError("Who signs off?", f"a name or initials of at most {LONGEST} letters are needed", "Type them")
    if kept.answer != Answer.READY:
        raise AppError("Only a READY pay run is signed off", "", "Put right what stands in the way, and check again")
    before = sign_offs(connection, [run_id]).get(run_id, ())
    if any(one.by.casefold() == name.casefold() for one in before):
        raise AppError(f"{name} has signed this run off already", "the second look is another person’s", "Ask them")
    if len(before) >= signers(all_settings(connection, [kept.client_id])[kept.client_id]):
        raise AppError("This run is signed off already", "", "")
    facts: dict[str, str | int] = {"by": name, "signed": len(before) + 1}
    audit.add(connection, stamp, Event(SIGNED, kept.client_id, run_id, after=kept.digest, facts=facts))


def sign_offs(connection: Connection, runs: Iterable[str]) -> dict[str, tuple[SignOff, ...]]:
    """Who signed some runs off, by run, in their order; runs nobody signed are left out."""
    query = select(trail.c.subject, trail.c.who, trail.c.at, trail.c.facts)
    query = query.where(trail.c.what == SIGNED, trail.c.subject.in_([*runs])).order_by(trail.c.number)
    found: dict[str, tuple[SignOff, ...]] = {}
    for row in connection.execute(query):
        signed = SignOff(str(json.loads(row.facts)["by"]), row.who, row.at)
        found[row.subject] = (*found.get(row.subject, ()), signed)
    return found
