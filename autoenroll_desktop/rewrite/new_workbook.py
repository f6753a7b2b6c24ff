"""Cells of a file whose kind is never written (.xls, .ods, .xlsb, a web page), with edits, as an Excel workbook."""

import datetime as dt
import io
import math
import re
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.intake.sheet_cells import cell_text
from autoenroll_desktop.rewrite.edit import CellEdit, Edits

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?", re.ASCII)
_FIRST_YEAR = 1901
"""Dates before it are written as texts: workbooks count from 1900 and have a day too many in that year."""
_LONGEST = 32_767
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def as_workbook(rows: Sequence[Sequence[Any]], edits: Edits, sheet: str) -> bytes:
    """The rows as the only sheet of a workbook. Numbers, dates and texts stay what they are; nothing is a formula.

    Raises:
        AppError: a text longer than a cell of a workbook holds.
    """
    result = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(result, options)
    page = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", sheet)[:31] or "Pay")
    date = book.add_format({"num_format": "dd/mm/yyyy"})
    wanted = edits.by_row()
    at = 0
    for number, cells in enumerate(rows, 1):
        if number in edits.dropped:
            continue
        mine = wanted.get(number, {})
        for column in range(max(len(cells), *(int(one) + 1 for one in mine), 0)):
            edit = mine.get(column)
            cell = cells[column] if column < len(cells) else ""
            value = cell if edit is None else _value(edit, cell)
            match value:
                case bool() | None:
                    page.write_string(at, column, "" if value is None else str(value).upper())
                case float() | int() if math.isfinite(value):
                    page.write_number(at, column, value)
                case dt.datetime() | dt.date() if value.year >= _FIRST_YEAR:
                    page.write_datetime(at, column, value, date)
                case _ if text := cell_text(value):
                    _refuse_long(text, number)
                    page.write_string(at, column, text)
        at += 1
    book.close()
    return result.getvalue()


def _refuse_long(text: str, row: int) -> None:
    if len(text) > _LONGEST:
        raise AppError(
            f"A text in row {row} is too long for a workbook",
            f"it has {len(text):,} letters; a cell holds {_LONGEST:,}",
            "Shorten it in payroll and export again",
        )


def _value(edit: CellEdit, was: Any) -> Any:
    """What an edited cell holds: a number or a date where one stood or is meant, else text."""
    if isinstance(was, dt.date | dt.datetime) and _ISO.fullmatch(edit.text):
        return dt.date.fromisoformat(edit.text)
    number = isinstance(was, float | int) or (edit.number and isinstance(was, str) and not was)
    return float(edit.text) if number and _NUMBER.fullmatch(edit.text) else edit.text
