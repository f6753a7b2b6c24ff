"""Bank days: the days on which wages reach an employee's account in Ireland.

Which days are public holidays and which the euro payment system keeps closed stands in `parameters/calendar.toml`, by
name; how a name falls in a year stands here. A library of holidays was considered and left out: it gives no reason
for a closing day, knows nothing of Good Friday and 1 May, and adds names of its own.

A day is no bank day when it is, in this order:
  - a Saturday or Sunday;
  - a public holiday (Organisation of Working Time Act 1997, Second Schedule);
  - a closing day of the euro payment system: Good Friday and 1 May are none of ours but no money moves on them;
  - the working day after a public holiday that fell on a weekend. That is custom among Irish banks, not law, so it
    has a reason of its own and the words say so.
"""

import datetime as dt
from collections.abc import Callable
from enum import StrEnum

from autoenroll_desktop.rules.book import Book

_DAY = dt.timedelta(days=1)
_MONDAY, _FRIDAY, _SATURDAY = 0, 4, 5


class Closed(StrEnum):
    """Why a day is no bank day."""

    WEEKEND = "weekend"
    PUBLIC_HOLIDAY = "public-holiday"
    EURO = "euro-closing-day"
    SUBSTITUTE = "substitute-day"


def easter_sunday(year: int) -> dt.date:
    """Easter Sunday of the Gregorian calendar (Butcher's algorithm, any year from 1583).

    Example: 2026 gives 05/04/2026.
    """
    golden = year % 19
    century, rest = divmod(year, 100)
    leap, odd = divmod(century, 4)
    drift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap - drift + 15) % 30
    weekday = (32 + 2 * odd + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return dt.date(year, month, day + 1)


def _first_monday(year: int, month: int) -> dt.date:
    first = dt.date(year, month, 1)
    return first + dt.timedelta(days=-first.weekday() % 7)


def _last_monday(year: int, month: int) -> dt.date:
    last = dt.date(year, month, 31)
    return last - dt.timedelta(days=last.weekday())


def _st_brigids_day(year: int) -> dt.date:
    first = dt.date(year, 2, 1)
    return first if first.weekday() == _FRIDAY else _first_monday(year, 2)


DAYS: dict[str, Callable[[int], dt.date]] = {
    "new-years-day": lambda year: dt.date(year, 1, 1),
    "st-brigids-day": _st_brigids_day,
    "st-patricks-day": lambda year: dt.date(year, 3, 17),
    "good-friday": lambda year: easter_sunday(year) - 2 * _DAY,
    "easter-monday": lambda year: easter_sunday(year) + _DAY,
    "1-may": lambda year: dt.date(year, 5, 1),
    "first-monday-of-may": lambda year: _first_monday(year, 5),
    "first-monday-of-june": lambda year: _first_monday(year, 6),
    "first-monday-of-august": lambda year: _first_monday(year, 8),
    "last-monday-of-october": lambda year: _last_monday(year, 10),
    "christmas-day": lambda year: dt.date(year, 12, 25),
    "st-stephens-day": lambda year: dt.date(year, 12, 26),
}
"""Name in `parameters/calendar.toml` → the day it falls on in a year."""


def public_holidays(year: int, book: Book) -> dict[dt.date, str]:
    """The public holidays of a year by date, in order, with the name each has in the book.

    Raises:
        NotInForce: a year before the first the book holds (2023).
    """
    return _named(year, "public-holidays", book)


def closed_because(day: dt.date, book: Book) -> Closed | None:
    """Why `day` is no bank day, or None when it is one. Raises NotInForce before 2023.

    Example: 03/04/2026 is Good Friday: EURO. 28/12/2026 follows a St Stephen's Day on a Saturday: SUBSTITUTE.
    """
    if day.weekday() >= _SATURDAY:
        return Closed.WEEKEND
    holidays = public_holidays(day.year, book)
    if day in holidays:
        return Closed.PUBLIC_HOLIDAY
    if day in _named(day.year, "euro-closing-days", book):
        return Closed.EURO
    return Closed.SUBSTITUTE if day in _substitutes(holidays) else None


def bank_day(day: dt.date, book: Book) -> bool:
    """Whether wages can reach an account on `day`."""
    return closed_because(day, book) is None


def bank_day_on_or_before(day: dt.date, book: Book) -> dt.date:
    """`day` itself when it is a bank day, else the last one before it: the pay date NAERSA goes by.

    Example: 26/12/2026 (a Saturday) gives 24/12/2026.
    """
    while not bank_day(day, book):
        day -= _DAY
    return day


def bank_day_on_or_after(day: dt.date, book: Book) -> dt.date:
    """`day` itself when it is a bank day, else the next one. Example: 26/12/2026 gives 29/12/2026."""
    while not bank_day(day, book):
        day += _DAY
    return day


def _named(year: int, parameter: str, book: Book) -> dict[dt.date, str]:
    names = {name for dated in book[parameter].dated for name in dated.value}
    days = {DAYS[name](year): name for name in names}
    return {day: days[day] for day in sorted(days) if days[day] in book[parameter].on(day)}


def _substitutes(holidays: dict[dt.date, str]) -> set[dt.date]:
    """The working days banks take for public holidays on a weekend; one for each, never a public holiday."""
    taken: set[dt.date] = set()
    for holiday in holidays:
        if holiday.weekday() >= _SATURDAY:
            day = holiday + _DAY
            while day.weekday() >= _SATURDAY or day in holidays or day in taken:
                day += _DAY
            taken.add(day)
    return taken
