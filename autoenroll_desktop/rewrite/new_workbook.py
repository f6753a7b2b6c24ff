"""Cells of a file whose kind is never written (.xls, .ods, .xlsb, a web page), with edits, as an Excel workbook."""

import datetime as dt
import io
import re
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from autoenroll_desktop.rewrite.edit import CellEdit, Edits

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?", re.ASCII)
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def as_workbook(rows: Sequence[Sequence[Any]], edits: Edits, sheet: str) -> bytes:
    """The rows as the only sheet of a workbook. Numbers, dates and texts stay what they are; nothing is a formula."""
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
                case float() | int():
                    page.write_number(at, column, value)
                case dt.datetime() | dt.date():
                    page.write_datetime(at, column, value, date)
                case _ if str(value):
                    page.write_string(at, column, str(value))
        at += 1
    book.close()
    return result.getvalue()


def _value(edit: CellEdit, was: Any) -> Any:
    """What an edited cell holds: a number or a date where one stood or is meant, else text."""
    if isinstance(was, dt.date | dt.datetime) and _ISO.fullmatch(edit.text):
        return dt.date.fromisoformat(edit.text)
    number = isinstance(was, float | int) or (edit.number and isinstance(was, str) and not was)
    return float(edit.text) if number and _NUMBER.fullmatch(edit.text) else edit.text
