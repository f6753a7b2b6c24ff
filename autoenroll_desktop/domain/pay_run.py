"""A pay run as columns: one line is one payment to one employment.

Held as a pandas frame, one typed column a field: text as Python strings (missing is None), dates as
`datetime64[s]` (missing is NaT), money as `Int64` cents, counts as `Int64`. Never a float, never a default: a value
that was not in the file is missing, not 0.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


class Kind(StrEnum):
    """The type of a field's column."""

    TEXT = "text"
    DATE = "date"
    MONEY = "money"
    WHOLE = "whole"
    RATE = "rate"
    MOMENT = "moment"
    FLAG = "flag"


FIELDS: dict[str, Kind] = {
    "employer_registration_number": Kind.TEXT,
    "tax_year": Kind.WHOLE,
    "payroll_run_reference": Kind.TEXT,
    "submission_id": Kind.TEXT,
    "line_item_id": Kind.TEXT,
    "previous_line_item_id": Kind.TEXT,
    "ppsn": Kind.TEXT,
    "employment_id": Kind.TEXT,
    "works_number": Kind.TEXT,
    "first_name": Kind.TEXT,
    "family_name": Kind.TEXT,
    "date_of_birth": Kind.DATE,
    "start_date": Kind.DATE,
    "leave_date": Kind.DATE,
    "pay_date": Kind.DATE,
    "pay_frequency": Kind.TEXT,
    "pay_period": Kind.WHOLE,
    "gross_pay": Kind.MONEY,
    "basic_pay": Kind.MONEY,
    "taxable_benefits": Kind.MONEY,
    "pay_for_income_tax": Kind.MONEY,
    "pay_for_usc": Kind.MONEY,
    "pay_for_employee_prsi": Kind.MONEY,
    "prsi_class": Kind.TEXT,
    "insurable_weeks": Kind.WHOLE,
    "net_pay": Kind.MONEY,
    "employee_rbs": Kind.MONEY,
    "employer_rbs": Kind.MONEY,
    "employee_prsa": Kind.MONEY,
    "employer_prsa": Kind.MONEY,
    "employee_rac": Kind.MONEY,
    "employee_avc": Kind.MONEY,
    "employee_asc": Kind.MONEY,
    "employee_pepp": Kind.MONEY,
    "employer_pepp": Kind.MONEY,
    "pension_tracing_numbers": Kind.TEXT,
    "ae_employee": Kind.MONEY,
    "ae_employer": Kind.MONEY,
    "ytd_gross": Kind.MONEY,
    "state_pension": Kind.FLAG,
}
"""Canonical field name → type of its column (Revenue PSR items and the contribution amounts).

`state_pension`: Revenue's RPN says that the person draws the State pension, so is 66 or older.
"""


class Role(StrEnum):
    """What a file was given as."""

    PAY = "pay"
    AEPN = "aepn"
    CONTRIBUTIONS = "contributions"
    PREVIOUS = "previous"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row of a file that is no pay line. `reason` is one of the words in `domain.words` (`skipped.*`)."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class Seen:
    """Something seen or done while a file was read; words stand under `health.*`, filled with `facts`."""

    what: str
    facts: tuple[tuple[str, str | int], ...] = ()

    @classmethod
    def of(cls, what: str, **facts: str | int) -> "Seen":
        """`Seen.of("sheet", name="Week 48")`."""
        return cls(what, tuple(facts.items()))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file as it was understood.

    Attributes:
        header: the heading as written, unlike every other of its file (`intake.headings.column_names`).
        field: the canonical field, "" for a column that is not used.
        confidence: how sure that is, 0 to 100.
        because: heading, near-heading, values, chosen, remembered, sum, position or standard (words: `evidence.*`).
        examples: a few of its cells as written.
        alternatives: fields it could be instead, likeliest first; empty where it is sure.
    """

    header: str
    field: str
    confidence: int = 0
    because: str = ""
    examples: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file as it was understood.

    Attributes:
        name: the file's name without its folder; `path` the whole path.
        kind: the format with what it holds (psr-json, aepn-csv, xlsx …), "" when it could not be read.
        sheets: every sheet of a workbook that holds something.
        header_row: the spreadsheet row of the header, 1-based; None for PSR files and files without headings.
        cleaned: what was tidied while reading → how many cells ("euro-sign": 12).
        seen: file health: everything else that was seen and done.
        error: why the file could not be read, or "".
        left_out: why a file of a folder or archive is none of ours ("it is a picture"), or "".
    """

    path: str
    name: str
    role: Role
    kind: str = ""
    sha256: str = ""
    encoding: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    header_row: int | None = None
    rows_kept: int = 0
    rows_skipped: tuple[SkippedRow, ...] = ()
    columns: tuple[Column, ...] = ()
    cleaned: tuple[tuple[str, int], ...] = ()
    seen: tuple[Seen, ...] = ()
    error: str = ""
    left_out: str = ""


@dataclass(frozen=True, eq=False)
class PayRun:
    """The pay lines of every file given together.

    Attributes:
        lines: a frame with `FIELDS` plus `file` (int64, index into the files of the check) and `row` (int64);
            its index is 0..n-1, the position used by `Place.line`.
    """

    lines: "pd.DataFrame"

    def __len__(self) -> int:
        return len(self.lines)

    def __getitem__(self, field: str) -> "pd.Series[Any]":
        return self.lines[field]

    def has(self, field: str) -> bool:
        """Whether any line carries this field."""
        return bool(self.lines[field].notna().any())

    def name(self, line: int) -> str:
        """First and family name of a line, as far as they are there."""
        parts = (self.lines[field].iloc[line] for field in ("first_name", "family_name"))
        return " ".join(part for part in parts if isinstance(part, str))
