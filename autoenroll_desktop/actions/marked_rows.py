"""The lines of an annotated workbook that comes back, as typed rows with their keys."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from autoenroll_desktop.domain import marked_workbook
from autoenroll_desktop.domain.finding import Ints
from autoenroll_desktop.domain.pay_run import FIELDS
from autoenroll_desktop.domain.progress import Progress
from autoenroll_desktop.errors import AppError, UnreadableFile
from autoenroll_desktop.intake.columns import Matched
from autoenroll_desktop.intake.number_cells import cells_of
from autoenroll_desktop.intake.raw_rows import Sheets, as_text
from autoenroll_desktop.intake.read_table import LIMITS
from autoenroll_desktop.intake.sheet_cells import cell_text
from autoenroll_desktop.intake.source import open_source
from autoenroll_desktop.intake.table import Table
from autoenroll_desktop.intake.values import parse_columns
from autoenroll_desktop.intake.workbook_measure import measure_workbook

_KEY = re.compile(r"[0-9]+:[0-9]+", re.ASCII)
_LOOK = 20
"""Rows in which the names of the columns are looked for; people put titles above."""


@dataclass(frozen=True, eq=False)
class MarkedRows:
    """What an annotated workbook holds now.

    Attributes:
        about: what it says about itself: format, version, sheet, done, "file N" → hash.
        keys: by row, "" where a row has none, because somebody added it.
        numbers: by row, its number in the workbook.
        rows: typed rows (`FIELDS`); only `fields` stand in the workbook.
        unread: cells that cannot be read: position of the row, field, text.
    """

    about: Mapping[str, str]
    version: int
    keys: list[str]
    numbers: Ints
    rows: pd.DataFrame
    fields: tuple[str, ...]
    unread: tuple[tuple[int, str, str], ...]


def read_marked(path: Path, today: dt.date, progress: Progress) -> MarkedRows | None:
    """The lines of an annotated workbook; None for any other file.

    Raises:
        AppError: it cannot be read, or its hidden row or column is gone.
    """
    source = open_source(path, LIMITS, progress)
    if source.form not in ("xlsx", "ods"):
        return None
    measured = measure_workbook(path.name, source.data, LIMITS, progress)
    sheets = Sheets.of(source)
    about = dict(_pairs(sheets.rows(marked_workbook.ABOUT))) if marked_workbook.ABOUT in sheets.names else {}
    if about.get("format") != marked_workbook.FORMAT:
        return None
    sheet = about.get("sheet", "")
    if sheet not in sheets.names:
        raise AppError(f"{path.name} has no sheet “{sheet}” any more", "", "Give the sheet its name back")
    cells = sheets.rows(sheet)
    head = next((at for at, row in enumerate(cells[:_LOOK]) if marked_workbook.KEY in row), None)
    if head is None:
        raise AppError(
            f"{path.name} has lost its hidden first row or column", "they say which line is which", "Write it again"
        )
    names = as_text(cells[head])
    columns = {name: at for at, name in enumerate(names) if name in FIELDS}
    key = names.index(marked_workbook.KEY)
    first = head + 1 + (len(cells) > head + 1 and not _key(cells[head + 1][key]))  # the headings people see
    body = [*zip(*cells[first:], strict=True)] or [()] * len(names)
    table = Table(
        path=path,
        kind="xlsx",
        sha256=source.sha256,
        headers=[*columns],
        columns=[cells_of(body[at], cell_text) for at in columns.values()],
        rows=np.arange(first + 1, len(cells) + 1, dtype=np.int64),
        sheet=sheet,
        canonical=True,
        mac_dates=measured.mac_dates,
    )
    rows, notes = parse_columns(table, Matched({name: at for at, name in enumerate(columns)}, "pay", []), today)
    unread = tuple(
        (int(position), str(note.field), str(text))
        for note in notes
        if note.code == "value-unreadable"
        for position, text in zip(note.positions.tolist(), note.facts["value"], strict=True)
    )
    version = about.get("version", "")
    keys = [*map(_key, body[key])]
    return MarkedRows(about, int(version) if version.isdigit() else 0, keys, table.rows, rows, tuple(columns), unread)


def _key(cell: Any) -> str:
    """The key in a cell, "" where it is none."""
    text = cell.strip() if isinstance(cell, str) else ""
    return text if _KEY.fullmatch(text) else ""


def _pairs(rows: list[list[Any]]) -> list[tuple[str, str]]:
    texts = [as_text(row) for row in rows]
    if not texts:
        raise UnreadableFile("The workbook says nothing about itself", "", "Write it again")
    return [(row[0], row[1]) for row in texts if len(row) > 1]
