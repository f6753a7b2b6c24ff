"""Dates as payroll files write them. Ireland writes day before month; month before day is read only when chosen."""

import datetime as dt
import re
import unicodedata
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from autoenroll_desktop.intake.cells import Bools, Cells, Chars, Ints

DUBLIN = ZoneInfo("Europe/Dublin")
_TIME = r"[T ]?(?:[ ]?(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]{1,9})?)?)?"
_ZONE = r"(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?(?:\[[A-Za-z/_]+\])?"
_ISO = re.compile(rf"(?P<year>[0-9]{{4}})-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}})(?:{_TIME}{_ZONE})?", re.ASCII)
_STRICT = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})", re.ASCII)
_NUMBERS = re.compile(rf"([0-9]{{1,2}})[/.-]([0-9]{{1,2}})[/.-]([0-9]{{4}}|[0-9]{{2}}){_TIME}", re.ASCII)
_IN_WORDS = re.compile(
    rf"([0-9]{{1,2}})(?:st|nd|rd|th)?[ .-]+([a-z ]+?)[ .,-]+([0-9]{{4}}|[0-9]{{2}}){_TIME}", re.ASCII
)
_SERIAL = re.compile(r"[0-9]{5}(\.[0-9]+)?", re.ASCII)
_MONTHS = (
    ("jan", "ean"),
    ("feb", "feabh"),
    ("mar", "marta"),
    ("apr", "aib"),
    ("may", "beal"),
    ("jun", "meith"),
    ("jul", "iuil"),
    ("aug", "lun"),
    ("sep", "mfomh", "mean fomhair"),
    ("oct", "dfomh", "deireadh fomhair"),
    ("nov", "samh"),
    ("dec", "noll"),
)
"""How the English and the Irish name of each month begins, without fadas."""
_EXCEL_EPOCH = dt.date(1899, 12, 30)
_MAC_DAYS = 1462
"""Days between Excel's two epochs, 1900 and 1904."""


class DateStyle(NamedTuple):
    """How dates of one column may be written.

    Attributes:
        strict: only YYYY-MM-DD, as in a PSR. serials: five digits are an Excel serial date, `mac` from 1904.
        month_first: 11/26/2026, as a person chose. past: two-digit years that would lie ahead are last century's.
        today: tells which century a two-digit year belongs to.
    """

    strict: bool = False
    serials: bool = False
    mac: bool = False
    month_first: bool = False
    past: bool = False
    today: dt.date = dt.date(2026, 1, 1)


class ReadDate(NamedTuple):
    """A date. `by_number`: day and month were told apart by their order alone; `cleaned`: how else than usual."""

    date: dt.date
    by_number: bool = False
    swappable: bool = False
    cleaned: str = ""


def read_date(cell: str, style: DateStyle) -> ReadDate | None:
    """One date, or None where it cannot be read as one.

    Example: "26/11/2026", "26-Nov-26" and "26 Samhain 2026" are 26 November 2026; "11/26/2026" is no date.
    """
    text = cell.strip()
    if style.strict:
        found = _STRICT.fullmatch(text)
        return _date(int(found["year"]), int(found["month"]), int(found["day"])) if found else None
    if found := _ISO.fullmatch(text):
        return _zoned(found) if found["zone"] else _date(int(found["year"]), int(found["month"]), int(found["day"]))
    if found := _NUMBERS.fullmatch(text):
        return _by_number(int(found[1]), int(found[2]), found[3], style)
    if found := _IN_WORDS.fullmatch(_plain(text)):
        month = next((at for at, names in enumerate(_MONTHS, 1) if found[2].startswith(names)), 0)
        year, cleaned = _year(found[3], style)
        read = _date(year, month, int(found[1])) if month else None
        return read and read._replace(cleaned=cleaned)
    if style.serials and _SERIAL.fullmatch(text):
        day = _EXCEL_EPOCH + dt.timedelta(days=int(float(text)) + (_MAC_DAYS if style.mac else 0))
        return ReadDate(day, cleaned="excel-date")
    return None


def _by_number(first: int, second: int, year: str, style: DateStyle) -> ReadDate | None:
    day, month = (second, first) if style.month_first else (first, second)
    full, cleaned = _year(year, style)
    read = _date(full, month, day)
    return read and ReadDate(read.date, by_number=True, swappable=day <= 12 and day != month, cleaned=cleaned)


def _year(digits: str, style: DateStyle) -> tuple[int, str]:
    """The full year; two digits are this century's, or the last one's where a past date would lie ahead."""
    if len(digits) == 4:
        return int(digits), ""
    year = style.today.year // 100 * 100 + int(digits)
    if style.past and year > style.today.year - 14:
        year -= 100
    return year, "two-digit-year"


def _zoned(found: re.Match[str]) -> ReadDate | None:
    """The day it is in Dublin at a moment given with its zone."""
    zone = found["zone"].replace("Z", "+00:00")
    clock = f"{found['hour'] or '00'}:{found['minute'] or '00'}:{found['second'] or '00'}"
    try:
        moment = dt.datetime.fromisoformat(f"{found['year']}-{found['month']}-{found['day']}T{clock.zfill(8)}{zone}")
        return ReadDate(moment.astimezone(DUBLIN).date())
    except (ValueError, OverflowError):
        return None


def _plain(text: str) -> str:
    flat = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in flat if not unicodedata.combining(letter))


def _date(year: int, month: int, day: int) -> ReadDate | None:
    try:
        return ReadDate(dt.date(year, month, day)) if 1800 <= year <= 2200 else None
    except ValueError:
        return None


def looks_serial(cells: Cells) -> bool:
    """Whether every date of a column is a five-digit number, as when Excel lost the date format."""
    filled = np.flatnonzero(~cells.blank())
    first = cells.take(filled[:50]).texts()
    if not first or not all(_SERIAL.fullmatch(cell.strip()) for cell in first):
        return False
    return all(_SERIAL.fullmatch(cell.strip()) for cell in cells.take(filled).texts())


class DateColumn(NamedTuple):
    """A column of dates: datetime64[s] (NaT where missing), which cells were unreadable, and what was noticed.

    `proved`: a day over 12 shows the order; `swappable`: a cell that would be another date in the other order.
    """

    dates: npt.NDArray[np.datetime64]
    unreadable: Ints
    cleaned: dict[str, Ints]
    proved: bool
    swappable: str


def date_column(cells: Cells, style: DateStyle) -> DateColumn:
    """`read_date` over a column: the two usual shapes as a matrix of characters, the others each distinct text once."""
    days, good, swappable, proved = _plain_dates(cells.chars(10), style)
    dates = (days * _DAY).view("datetime64[s]")
    dates[~good] = np.datetime64("NaT")
    example = cells[int(swappable[0])] if len(swappable) else ""
    left = np.flatnonzero(~good if good.all() else ~good & ~cells.blank())
    cleaned: dict[str, list[int]] = {}
    unreadable: list[int] = []
    known: dict[str, ReadDate | None] = {}
    for at, cell in zip(left.tolist(), cells.take(left).texts(), strict=True):
        if cell not in known:
            known[cell] = read_date(cell, style)
        read = known[cell]
        if read is None:
            unreadable.append(at)
            continue
        dates[at] = read.date
        proved |= read.by_number and not read.swappable and read.date.day > 12
        example = example or (cell if read.swappable else "")
        if read.cleaned:
            cleaned.setdefault(read.cleaned, []).append(at)
    return DateColumn(
        dates,
        np.array(unreadable, dtype=np.int64),
        {cause: np.array(at, dtype=np.int64) for cause, at in cleaned.items()},
        proved,
        example,
    )


_DAY = 24 * 60 * 60
_ISO_DIGITS, _ISO_MARKS = (0, 1, 2, 3, 5, 6, 8, 9), (4, 7)
_DMY_DIGITS, _DMY_MARKS = (0, 1, 3, 4, 6, 7, 8, 9), (2, 5)


def _plain_dates(cells: Chars, style: DateStyle) -> tuple[Ints, Bools, Ints, bool]:
    """Days since 1970 of cells such as "2026-11-26" and "26/11/2026".

    Returns:
        The days, which cells have that shape and exist, positions of those whose day and month could be swapped, and
        whether any cannot.
    """
    chars, lengths = cells
    digit = (chars >= 48) & (chars <= 57)
    ten = lengths == 10
    value = chars.astype(np.int32) - 48

    def shaped(digits: tuple[int, ...], marks: tuple[int, ...], mark: int) -> Bools:
        fit: Bools = ten & digit[list(digits)].all(axis=0) & (chars[list(marks)] == mark).all(axis=0)
        return fit

    iso = shaped(_ISO_DIGITS, _ISO_MARKS, ord("-"))
    slashed = shaped(_DMY_DIGITS, _DMY_MARKS, ord("/")) if not style.strict else np.zeros(len(lengths), dtype=np.bool_)
    first, second = value[0] * 10 + value[1], value[3] * 10 + value[4]
    by_number = (second, first) if style.month_first else (first, second)
    year = np.where(iso, _number(value[0:4]), _number(value[6:10]))
    month = np.where(iso, value[5] * 10 + value[6], by_number[1])
    day = np.where(iso, value[8] * 10 + value[9], by_number[0])
    good = (iso | slashed) & (year >= 1800) & (year <= 2200) & (month >= 1) & (month <= 12) & (day >= 1)
    safe_month = np.where(good, month, 1)
    safe_year = np.where(good, year, 2000)
    months = ((safe_year - 1970) * 12 + safe_month - 1).astype(np.int64)
    earliest = int(months.min(initial=0))
    each = np.arange(earliest, int(months.max(initial=0)) + 2).astype("datetime64[M]")
    starts = each.astype("datetime64[D]").astype(np.int64)
    start = starts[months - earliest]
    good &= day <= starts[months - earliest + 1] - start
    numbered = good & slashed
    swappable = np.flatnonzero(numbered & (day <= 12) & (day != month))
    return start + day - 1, good, swappable, bool((numbered & (day > 12)).any())


def _number(digits: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    number: npt.NDArray[np.int32] = digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3]
    return number
