"""Appointments as an iCalendar file (RFC 5545), which every calendar program takes in."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_FOLD = 75
"""Octets of a line, without its end (RFC 5545, 3.1)."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """One entry: on a day, from a day to another, or until a moment (timezone-aware) that is reminded of before it.

    Attributes:
        about: more text. last: last day, inside. until: shown as the half hour before that moment.
        remind: minutes before, None for no reminder.
    """

    day: dt.date
    title: str
    about: str = ""
    last: dt.date | None = None
    until: dt.datetime | None = None
    remind: int | None = None


def calendar_file(appointments: Iterable[Appointment], now: dt.datetime) -> bytes:
    """The file: UTF-8, lines folded, commas, semicolons, backslashes and line ends of a text escaped.

    The same appointment has the same UID in every file, so that taking in a later one changes it and adds none.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//AutoEnroll Desktop//EN", "CALSCALE:GREGORIAN"]
    for one in appointments:
        lines += _event(one, now)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def folded(line: str) -> bytes:
    """A content line with its end, broken so that no part is longer than 75 octets and no letter is cut."""
    parts, part, room = [], b"", _FOLD
    for letter in line:
        octets = letter.encode()
        if len(part) + len(octets) > room:
            parts.append(part)
            part, room = b"", _FOLD - 1  # the space that begins a continued line counts
        part += octets
    return b"\r\n ".join([*parts, part]) + b"\r\n"


def escaped(text: str) -> str:
    """A text as a value (RFC 5545, 3.3.11); control characters, which no value may hold, are left out."""
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        text = text.replace(sign, written)
    return "".join(letter for letter in text if letter == "\t" or letter.isprintable())


def _event(one: Appointment, now: dt.datetime) -> Iterator[str]:
    name = hashlib.sha256(f"{one.day} {one.title}".encode()).hexdigest()[:32]
    yield "BEGIN:VEVENT"
    yield f"UID:{name}@autoenroll-desktop"
    yield f"DTSTAMP:{_moment(now)}"
    if one.until is not None:
        yield f"DTSTART:{_moment(one.until - dt.timedelta(minutes=30))}"
        yield f"DTEND:{_moment(one.until)}"
    else:
        yield f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{(one.last or one.day) + dt.timedelta(days=1):%Y%m%d}"  # the day after the last
        yield "TRANSP:TRANSPARENT"
    yield f"SUMMARY:{escaped(one.title)}"
    if one.about:
        yield f"DESCRIPTION:{escaped(one.about)}"
    if one.remind is not None:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{escaped(one.title)}")
        yield from (f"TRIGGER:-PT{one.remind}M", "END:VALARM")
    yield "END:VEVENT"


def _moment(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
