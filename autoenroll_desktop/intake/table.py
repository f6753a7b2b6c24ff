"""What reading a file gives: columns of text with their spreadsheet rows, and what was noticed on the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as of
from pathlib import Path
from typing import Any

import numpy as np

from autoenroll_desktop.domain.finding import NOWHERE, Ints
from autoenroll_desktop.domain.pay_run import SkippedRow

HARMLESS = ("blank", "preamble", "totals", "repeated-header")
"""Reasons for skipping a row that need no look by a person."""


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


@dataclass(eq=False)
class Table:
    """A file as columns of text; "" is an empty cell.

    Attributes:
        kind: psr-json, psr-xml, aepn-json, csv, tsv or xlsx.
        rows: int64, the spreadsheet row (or payslip) of each kept row.
        canonical: the headers are already canonical field names (PSR, AEPN JSON).
        shared: canonical values stated once for the file.
        deleted_line_items: line item IDs a PSR asks Revenue to delete.
    """

    path: Path
    kind: str
    sha256: str
    headers: list[str]
    columns: list[list[str]]
    rows: Ints
    encoding: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    skipped: list[SkippedRow] = of(default_factory=list)
    notes: list[Note] = of(default_factory=list)
    canonical: bool = False
    aepn: bool = False
    shared: dict[str, str] = of(default_factory=dict)
    deleted_line_items: list[str] = of(default_factory=list)
