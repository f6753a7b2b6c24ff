"""What reading a file gives: columns of text with their spreadsheet rows, and what was noticed on the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as of
from pathlib import Path
from typing import Any

import numpy as np

from autoenroll_desktop.domain.finding import NOWHERE, Ints
from autoenroll_desktop.domain.pay_run import Seen, SkippedRow
from autoenroll_desktop.errors import UnreadableFile
from autoenroll_desktop.intake.cells import Cells, ListCells

HARMLESS = ("blank", "preamble", "totals", "repeated-header", "page-heading", "rule-line", "headings", "not-found")
"""Reasons for skipping a row that need no look by a person."""


NumberedRow = tuple[int, Sequence[str]]
"""A spreadsheet row's number and its cells as text."""


class NoHeadings(UnreadableFile):
    """A table whose columns nobody could name but a person: its first rows are kept to choose from."""

    rows: Sequence[NumberedRow] = ()
    sheets: tuple[str, ...] = ()

    @classmethod
    def of(cls, name: str, rows: Sequence[NumberedRow], sheets: tuple[str, ...] = ()) -> "NoHeadings":
        """For a file of that name, with the first row that says anything shown."""
        start = next((row for row in rows if sum(map(bool, row[1])) > 1), rows[0] if rows else (1, ()))
        shown = ", ".join(cell.strip()[:30] for cell in list(start[1])[:8] if cell.strip())
        error = cls(
            f"No headings we know in {name}",
            f"row {start[0]} starts: {shown}" if shown else "",
            "Say which column is which, or export it with a heading row that names at least PPSN and gross pay",
        )
        error.rows, error.sheets = rows, sheets
        return error


@dataclass(frozen=True, eq=False)
class Note:
    """Something noticed at one or many rows; becomes a finding under its catalogue code.

    Attributes:
        rows: int64 spreadsheet rows (1-based payslips in a PSR); [-1] when about the whole file.
        positions: int64 positions among the table's kept rows, -1 where the row was not kept; as long as `rows`.
        field: the canonical field, or None.
        facts: columns as long as `rows`, for the words.
    """

    code: str
    rows: Ints
    positions: Ints
    field: str | None
    facts: Mapping[str, Sequence[Any]]
    cause: str = ""


def about_file(code: str, facts: Mapping[str, Any] | None = None, field: str | None = None, cause: str = "") -> Note:
    """A note about the file as a whole."""
    nowhere = np.array([NOWHERE], dtype=np.int64)
    return Note(code, nowhere, nowhere, field, {name: [fact] for name, fact in (facts or {}).items()}, cause)


def about_skipped(code: str, rows: Sequence[int], facts: Mapping[str, Sequence[Any]] | None = None) -> Note:
    """A note about rows that were not kept."""
    at = np.array(rows, dtype=np.int64)
    return Note(code, at, np.full(len(at), NOWHERE, dtype=np.int64), None, facts or {})


_SHOWN = 20
"""Line item IDs named in a note."""


@dataclass(eq=False)
class Table:
    """A file as columns of text; "" is an empty cell.

    Attributes:
        kind: psr-json, psr-xml, aepn-json, rpn-json, rpn-xml, employee-list, csv, tsv, fixed-width, xlsx, xls, ods
            or html-table.
        rows: int64, the spreadsheet row (or payslip) of each kept row.
        canonical: the headers are already canonical field names (PSR, AEPN JSON, RPN).
        holds: what a canonical table's rows are: pay, aepn or people.
        shared: canonical values stated once for the file.
        stated: counts and totals the file states about itself, as they stand there: label → text.
        deleted_line_items: line item IDs a PSR asks Revenue to delete.
        top: the first rows of the file, headings and all, for a person to choose the heading row from.
        mac_dates: Excel date numbers count from 1904. headless: the headings are ours (A, B, C …).
        seen: file health, what was seen and done while reading.
    """

    path: Path
    kind: str
    sha256: str
    headers: list[str]
    columns: list[Cells]
    rows: Ints
    encoding: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    header_row: int | None = None
    skipped: list[SkippedRow] = of(default_factory=list)
    notes: list[Note] = of(default_factory=list)
    seen: list[Seen] = of(default_factory=list)
    canonical: bool = False
    holds: str = "pay"
    shared: dict[str, str] = of(default_factory=dict)
    stated: dict[str, str] = of(default_factory=dict)
    deleted_line_items: list[str] = of(default_factory=list)
    top: Sequence[NumberedRow] = ()
    mac_dates: bool = False
    headless: bool = False

    def deletes(self, items: list[str]) -> None:
        """Take in which line items the file asks to delete, with a note where there are any."""
        self.deleted_line_items = items
        if items:
            more = f" (+{len(items) - _SHOWN})" if len(items) > _SHOWN else ""
            self.seen.append(Seen.of("deletes", times=len(items)))
            self.notes.append(about_file("file-deletes-lines", {"items": ", ".join(items[:_SHOWN]) + more}))


def canonical_table(path: Path, sha256: str, kind: str, columns: dict[str, list[str]], size: int) -> Table:
    """A table whose headers are canonical field names, its rows counted from 1."""
    return Table(
        path=path,
        kind=kind,
        sha256=sha256,
        headers=list(columns),
        columns=[ListCells(column) for column in columns.values()],
        rows=np.arange(1, size + 1, dtype=np.int64),
        canonical=True,
    )
