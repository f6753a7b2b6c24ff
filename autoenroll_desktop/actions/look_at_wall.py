"""The wall: every client with its next pay date, how it stands for that day, and who signed it off."""

import datetime as dt
from dataclasses import dataclass
from enum import IntEnum
from zoneinfo import ZoneInfo

from autoenroll_desktop.domain.client_settings import ClientSettings
from autoenroll_desktop.domain.pay_dates import next_pay_date
from autoenroll_desktop.domain.verdict import Answer
from autoenroll_desktop.rules.book import Book, load_book
from autoenroll_desktop.rules.timing import cut_off
from autoenroll_desktop.store import lists, signing
from autoenroll_desktop.store.client_settings import all_settings
from autoenroll_desktop.store.lists import OnTheWall, RunListed
from autoenroll_desktop.store.signing import SignOff
from autoenroll_desktop.store.store import Store

__all__ = ["RunListed", "SignOff", "Urgency", "WallRow", "look_at_wall"]
DUBLIN = ZoneInfo("Europe/Dublin")


class Urgency(IntEnum):
    """How much a client asks for, the most first."""

    TO_DO = 0
    TO_SIGN = 1
    DONE = 2
    NO_DATE = 3


@dataclass(frozen=True, slots=True)
class WallRow:
    """A client on the wall.

    Attributes:
        name: as the office calls it, "" where nobody said.
        pay_date: the next one; None where neither a run nor a pay calendar tells.
        cut_off: 18:30 in Dublin on that day, as UTC.
        state: a word of `Answer` for that day, "" where no run for it is kept.
        last: the newest kept run, None where there is none.
        signed: who signed that run off, while it is the one of `pay_date`. signers: how many it takes.
    """

    employer: str
    name: str
    pay_date: dt.date | None
    cut_off: dt.datetime | None
    state: str
    last: RunListed | None
    signed: tuple[SignOff, ...]
    signers: int

    @property
    def urgency(self) -> Urgency:
        """What is left to be done for the next pay date."""
        if self.pay_date is None:
            return Urgency.NO_DATE
        if self.state != Answer.READY:
            return Urgency.TO_DO
        return Urgency.DONE if len(self.signed) >= self.signers else Urgency.TO_SIGN

    @property
    def run(self) -> RunListed | None:
        """The kept run of the next pay date."""
        return self.last if self.state else None


def look_at_wall(store: Store, now: dt.datetime) -> list[WallRow]:
    """Every client; first what has to be done, the nearest cut-off first, then what is done, then what has no date.

    A pay calendar that was set for a client counts beside its kept runs. Raises AppError.
    """
    today, book = now.astimezone(DUBLIN).date(), load_book()
    with store.reading() as connection:
        on_wall = lists.wall(connection, today)
        settings = all_settings(connection, [one.client.id for one in on_wall])
        signed = signing.sign_offs(connection, [one.last.id for one in on_wall if one.last is not None])
    rows = [_row(one, settings[one.client.id], signed, today, book) for one in on_wall]
    return sorted(rows, key=_order)


def _row(
    one: OnTheWall, said: ClientSettings, signed: dict[str, tuple[SignOff, ...]], today: dt.date, book: Book
) -> WallRow:
    calendar = (next_pay_date(schedule.anchor, schedule.frequency, today) for schedule in said.schedules)
    coming = [day for day in (one.next_pay_date, *calendar) if day is not None]
    day = min(coming, default=None)
    state = one.state if day == one.next_pay_date else ""
    by = signed.get(one.last.id, ()) if one.last is not None and state else ()
    moment = cut_off(day, book) if day is not None and day >= book["cut-off"].dated[0].start else None
    return WallRow(one.client.employer, said.name, day, moment, state, one.last, by, signing.signers(said))


def _order(row: WallRow) -> tuple[Urgency, dt.date, int, str]:
    weight = {Answer.NOT_READY: 0, "": 1, Answer.INCOMPLETE: 2}.get(row.state, 3)
    return row.urgency, row.pay_date or dt.date.max, weight, row.name.casefold() or row.employer
