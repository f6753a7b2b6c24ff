"""An office's record of enrolment notices: whom NAERSA enrolled, and when the employee was told.

    employer number,PPSN,first name,family name,received,given
    8000074DH,1234567FA,Aoife,Byrne,02/03/2026,16/03/2026

A CSV file of its own, in this fixed shape, because no package writes one. `received` is the day NAERSA's notice came,
`given` the day the employee was told, left blank until then. Dates are 02/03/2026 or 2026-03-02.
"""

import csv
import datetime as dt
import io
import re
from pathlib import Path

import pandas as pd

from autoenroll_desktop.domain.identifiers import Check, explain
from autoenroll_desktop.errors import AppError

_HEADINGS = {
    "employernumber": "employer_registration_number",
    "employerregistrationnumber": "employer_registration_number",
    "ppsn": "ppsn",
    "ppsnumber": "ppsn",
    "firstname": "first_name",
    "familyname": "family_name",
    "surname": "family_name",
    "received": "received",
    "given": "given",
}
FIELDS = ("employer_registration_number", "ppsn", "first_name", "family_name", "received", "given")
_DAYS = ("received", "given")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_IRISH = re.compile(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}", re.ASCII)
_SHAPE = "The first row names the columns: employer number, PPSN, first name, family name, received, given"


def read_notices(path: Path) -> pd.DataFrame:
    """The record, one row a notice: `FIELDS` and row (the file's own row number).

    Raises:
        AppError: the file cannot be read, lacks a column, or a cell is no PPSN or no date; names the row.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise AppError(f"{path.name} cannot be read", error.strerror or "", "Check the file's name") from error
    except UnicodeDecodeError as error:
        raise AppError(f"{path.name} is no CSV file", "it is not text in UTF-8", "Save it as CSV UTF-8") from error
    try:
        rows = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error as error:
        raise AppError(f"{path.name} is no CSV file", str(error), "Save it as CSV UTF-8") from error
    fields = [_HEADINGS.get(re.sub(r"[^a-z]", "", cell.lower()), "") for cell in (rows[0] if rows else ())]
    missing = {"ppsn", *_DAYS} - set(fields)
    if missing:
        raise AppError(f"{path.name} is no list of notices", f"the column {min(missing)} is missing", _SHAPE)
    told = [_notice(path, number, fields, row) for number, row in enumerate(rows[1:], 2) if any(map(str.strip, row))]
    return notice_frame(told)


def notice_frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Notices as typed columns; what a row does not name is missing."""
    columns = {name: pd.Series([row.get(name) for row in rows], dtype=object) for name in FIELDS}
    for name in _DAYS:
        columns[name] = pd.to_datetime(columns[name]).astype("datetime64[s]")
    return pd.DataFrame({**columns, "row": pd.Series([row.get("row", 0) for row in rows], dtype="int64")})


def _notice(path: Path, number: int, fields: list[str], row: list[str]) -> dict[str, object]:
    cells = {field: cell.strip() or None for field, cell in zip(fields, row, strict=False) if field}
    notice: dict[str, object] = {**cells, "row": number}
    ppsn = cells.get("ppsn") or ""
    if explain(ppsn).check is not Check.GOOD:
        raise AppError(f"{path.name}, row {number}: the PPSN cannot be right", "", "Correct it in the list")
    for name in _DAYS:
        cell = cells.get(name)
        notice[name] = _day(path, number, name, cell) if cell else None
    if notice["received"] is None:
        raise AppError(f"{path.name}, row {number}: received is blank", "", "Enter the day NAERSA's notice came")
    employer = cells.get("employer_registration_number")
    notice["employer_registration_number"] = employer.upper() if employer else None
    return notice


def _day(path: Path, number: int, name: str, cell: str) -> dt.date:
    try:
        if _ISO.fullmatch(cell):
            return dt.date.fromisoformat(cell)
        if _IRISH.fullmatch(cell):
            day, month, year = map(int, cell.split("/"))
            return dt.date(year, month, day)
    except ValueError:
        pass
    raise AppError(f"{path.name}, row {number}: “{cell}” is no date", "", f"Write {name} as 02/03/2026")
