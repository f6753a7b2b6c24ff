"""What a person decided about a file: which column is what, which sheet, how amounts and dates are written.

Nothing here is ever guessed. Choices come from a mapping file (`--mapping`), from the Columns window, or from what was
confirmed for the same headings before (`remembered`). Text form, every part optional:

    [file]
    sheet = "Week 48"          # which sheet of a workbook
    heading_row = 3            # 0: the file has no headings
    [columns]
    "Pay Ref" = "works_number" # "" leaves a column out; A, B, C name columns of a file without headings
    [sums]
    gross_pay = ["Basic Pay", "Overtime"]
    [values]
    decimal = "comma"          # 1.234,56
    dates = "month-first"      # 11/26/2026
    names = "first-family"     # "Séamus Ó Briain" in one column
    as_written = ["lost-zero"] # tidying that is not wanted, by its name
    [rows]
    add_up = true              # rows of one employment on one pay date are one payment

A column is named by its heading, whatever its case and punctuation; where a heading stands twice the second is
"Pay (2)", and a column without one is named by its letter, "(F)". `autoenroll columns FILE` lists the names.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autoenroll_desktop.domain.aepn import AEPN_FIELDS
from autoenroll_desktop.domain.pay_run import FIELDS, Kind
from autoenroll_desktop.domain.people import PEOPLE_FIELDS
from autoenroll_desktop.errors import AppError

FULL_NAME = "full_name"
FIELD_NAMES = {*FIELDS, *AEPN_FIELDS, *PEOPLE_FIELDS, FULL_NAME}
_VALUES = {
    "decimal": ("point", "comma"),
    "dates": ("day-first", "month-first"),
    "names": ("family-first", "first-family"),
}


@dataclass(frozen=True)
class Choices:
    """A person's decisions about one file; the defaults decide nothing.

    Attributes:
        columns: heading as written → field, "" for a column to leave out.
        sums: money field → headings whose amounts add up to it.
        as_written: causes of tidying that were switched off; an amount or date that cannot be read without it is
            then said to be unreadable, never made up.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sheet: str | None = None
    heading_row: int | None = None
    decimal: str = "point"
    dates: str = "day-first"
    names: str = "family-first"
    as_written: tuple[str, ...] = ()
    add_up: bool = False

    def __bool__(self) -> bool:
        return self != NO_CHOICES

    def as_dict(self) -> dict[str, Any]:
        """The same as plain tables, as in a mapping file."""
        return {
            "file": {"sheet": self.sheet, "heading_row": self.heading_row},
            "columns": dict(self.columns),
            "sums": {name: list(headings) for name, headings in self.sums.items()},
            "values": {name: getattr(self, name) for name in _VALUES} | {"as_written": list(self.as_written)},
            "rows": {"add_up": self.add_up},
        }


def read_choices(path: Path) -> Choices:
    """Read a mapping file.

    Raises:
        AppError: it is not there, is no TOML, or names a field or a way of writing that does not exist.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AppError(f"The mapping {path.name} cannot be read", str(error), "Correct the file") from error
    try:
        return choices_from(tables)
    except ValueError as error:
        raise AppError(f"The mapping {path.name} is not right", str(error), "Correct the file") from error


def _check_fields(columns: Mapping[str, Any], sums: Mapping[str, Any]) -> None:
    for heading, name in columns.items():
        if name != "" and name not in FIELD_NAMES:
            raise ValueError(f"{heading!r} = {name!r}: the fields are {', '.join(sorted(FIELD_NAMES))}")
    for name, headings in sums.items():
        if FIELDS.get(name) is not Kind.MONEY:
            raise ValueError(f"[sums] {name}: not an amount of a pay line")
        if not isinstance(headings, list) or not all(isinstance(heading, str) for heading in headings):
            raise ValueError(f"[sums] {name}: a list of headings is needed")


def choices_from(tables: Mapping[str, Any]) -> Choices:
    """Choices from the tables of a mapping file. Raises ValueError that names what is wrong."""
    known = {"file", "columns", "sums", "values", "rows"}
    if unknown := tables.keys() - known:
        raise ValueError(f"[{min(unknown)}] is none of {', '.join(sorted(known))}")
    if not all(isinstance(table, dict) for table in tables.values()):
        raise ValueError('every part is a table, as in [columns] and "Heading" = "field" below it')
    columns, sums = tables.get("columns", {}), tables.get("sums", {})
    _check_fields(columns, sums)
    values, file, rows = tables.get("values", {}), tables.get("file", {}), tables.get("rows", {})
    for name, words in _VALUES.items():
        if values.get(name, words[0]) not in words:
            raise ValueError(f"[values] {name}: either {words[0]} or {words[1]}")
    heading_row = file.get("heading_row")
    if heading_row is not None and (not isinstance(heading_row, int) or heading_row < 0):
        raise ValueError("[file] heading_row: the number of a row, or 0 for none")
    return Choices(
        columns=dict(columns),
        sums={name: tuple(headings) for name, headings in sums.items()},
        sheet=file.get("sheet"),
        heading_row=heading_row,
        **{name: values.get(name, words[0]) for name, words in _VALUES.items()},
        as_written=tuple(values.get("as_written", ())),
        add_up=bool(rows.get("add_up")),
    )


NO_CHOICES = Choices()
"""Nothing was decided."""
