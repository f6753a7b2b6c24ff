"""Reads what a person typed into a cell, as a file's cell would be read."""

import datetime as dt
import re

from autoenroll_desktop.domain.identifiers import HIDDEN
from autoenroll_desktop.domain.pay_run import FIELDS, Kind
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.intake.dates_text import DateStyle, read_date
from autoenroll_desktop.intake.money_text import read_money

_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)


def read_cell(field: str, text: str, today: dt.date) -> str | int | dt.date | None:
    """The value of a field: text as it is, cents, a whole number or a date; None for an empty cell.

    Example: "1,234.5" in gross_pay is 123450; "26/11/2026" in pay_date is a date.

    Raises:
        AppError: the text is no value of the field.
    """
    typed = text.strip()
    if not typed:
        return None
    if field == "ppsn" and HIDDEN in typed:
        raise AppError("A masked PPSN cannot be changed in part", "", "Type the whole number, or show PPSNs first")
    match FIELDS[field]:
        case Kind.MONEY:
            money = read_money(typed)
            if money is None:
                raise AppError(f"“{typed}” is no amount", "", "Type it as 1234.50")
            return money.cents
        case Kind.DATE:
            style = DateStyle(month_first=False, past=field == "date_of_birth", today=today)
            day = read_date(typed, style)
            if day is None:
                raise AppError(f"“{typed}” is no date", "", "Type it as 26/11/2026")
            return day.date
        case Kind.WHOLE:
            if not _WHOLE.fullmatch(typed):
                raise AppError(f"“{typed}” is no whole number", "", "Type digits only")
            return int(typed)
    return typed
