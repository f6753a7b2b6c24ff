"""Dates as payroll files write them. Ireland writes day before month; month before day is never guessed."""

import datetime as dt
import re
from typing import NamedTuple

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ].*)?", re.ASCII)
_DAY_FIRST = re.compile(
    r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})(?: [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?", re.ASCII
)
_IN_WORDS = re.compile(r"([0-9]{1,2})[ -]([A-Za-z]{3})[a-z]*[ -]([0-9]{4})", re.ASCII)
_SERIAL = re.compile(r"[0-9]{5}(\.0+)?", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EXCEL_EPOCH = dt.date(1899, 12, 30)


class ReadDate(NamedTuple):
    """A date. `swappable`: day and month could be exchanged and it would be another date. `serial`: an Excel number."""

    date: dt.date
    day_first: bool = False
    swappable: bool = False
    serial: bool = False


def read_date(cell: str, *, strict: bool = False, serials: bool = False) -> ReadDate | None:
    """One date, or None where it cannot be read as one.

    Args:
        strict: only YYYY-MM-DD, as in a PSR. serials: five digits are an Excel serial date.

    Example: "26/11/2026" is 26 November 2026; "11/26/2026" is no date.
    """
    text = cell.strip()
    if found := _ISO.fullmatch(text):
        if strict and len(text) != 10:
            return None
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if strict:
        return None
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year = int(found[1]), int(found[2]), int(found[3])
        read = _date(year, month, day)
        return read and read._replace(day_first=True, swappable=day <= 12 and day != month)
    if (found := _IN_WORDS.fullmatch(text)) and found[2].lower() in _MONTHS:
        return _date(int(found[3]), _MONTHS.index(found[2].lower()) + 1, int(found[1]))
    if serials and _SERIAL.fullmatch(text):
        return ReadDate(_EXCEL_EPOCH + dt.timedelta(days=int(float(text))), serial=True)
    return None


def _date(year: int, month: int, day: int) -> ReadDate | None:
    try:
        return ReadDate(dt.date(year, month, day)) if 1800 <= year <= 2200 else None
    except ValueError:
        return None


def looks_serial(cells: set[str]) -> bool:
    """Whether every date of a column is a five-digit number, as when Excel lost the date format."""
    written = {cell.strip() for cell in cells} - {""}
    return bool(written) and all(_SERIAL.fullmatch(cell) for cell in written)
