"""Brings the files of one check together: pay lines, AEPN rows, contributions, earlier periods."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from autoenroll_desktop.domain.aepn import AEPN_FIELDS
from autoenroll_desktop.domain.pay_run import FIELDS, FileRead, Kind, PayRun, Role, SkippedRow
from autoenroll_desktop.errors import UnreadableFile
from autoenroll_desktop.intake.columns import Matched
from autoenroll_desktop.intake.table import Note, Table

DTYPES = {Kind.TEXT: "object", Kind.DATE: "datetime64[s]", Kind.MOMENT: "object"}
"""How each kind of column is held; all others are `Int64`."""


@dataclass(frozen=True, eq=False)
class Reading:
    """One file as read: typed rows with their notes, or the error that stopped it."""

    file: FileRead
    rows: pd.DataFrame
    notes: Sequence[Note] = ()
    error: UnreadableFile | None = None

    @classmethod
    def failed(cls, path: Path, role: Role, error: UnreadableFile) -> "Reading":
        """A file that could not be read."""
        return cls(FileRead(str(path), path.name, role, error=str(error)), pd.DataFrame(), error=error)

    @classmethod
    def of(cls, table: Table, matched: Matched, rows: pd.DataFrame, notes: Sequence[Note], role: Role) -> "Reading":
        """A file that was read. One given as a pay file that holds AEPNs or contributions is taken as such."""
        if role is Role.PAY and matched.aepn:
            role = Role.AEPN
        elif role is Role.PAY and matched.contributions:
            role = Role.CONTRIBUTIONS
        if matched.aepn != (role is Role.AEPN):
            wanted = "AEPNs" if role is Role.AEPN else "pay lines"
            found = "AEPNs" if matched.aepn else "no AEPN columns"
            error = UnreadableFile(
                f"{table.path.name} was given for its {wanted} but holds {found}", "", "Give it as what it is"
            )
            return cls.failed(table.path, role, error)
        used = {at: field for field, at in matched.fields.items()}
        cleaned = [(note.cause, len(note.rows)) for note in notes if note.code == "value-cleaned"]
        file = FileRead(
            path=str(table.path),
            name=table.path.name,
            role=role,
            kind=f"aepn-{table.kind}" if role is Role.AEPN and not table.aepn else table.kind,
            sha256=table.sha256,
            encoding=table.encoding,
            sheet=table.sheet,
            header_row=table.header_row,
            rows_kept=len(rows),
            rows_skipped=tuple(table.skipped),
            columns=tuple((header, used.get(at, "")) for at, header in enumerate(table.headers)),
            cleaned=tuple(cleaned),
        )
        if role is Role.AEPN:
            saved = dt.datetime.fromtimestamp(table.path.stat().st_mtime, dt.UTC)
            rows["downloaded_at"] = rows["downloaded_at"].where(rows["downloaded_at"].notna(), saved)
        return cls(file, rows, notes)


@dataclass(frozen=True, eq=False)
class Gathered:
    """Everything read, brought together.

    Attributes:
        files, readings: one entry a file, in the order given.
        first_line: by file, the position of its first row among the run's lines (-1 for files without pay lines).
        aepns: rows of all AEPN files: `AEPN_FIELDS`, file and row.
    """

    files: tuple[FileRead, ...]
    readings: tuple[Reading, ...]
    first_line: tuple[int, ...]
    run: PayRun
    history: PayRun
    aepns: pd.DataFrame


def gather(
    readings: Sequence[Reading], employer: str | None, tax_year: int | None, run_reference: str | None
) -> Gathered:
    """Stack the pay lines, fill in what was said once, and put contributions beside their pay lines."""
    lines = _stack(readings, Role.PAY, FIELDS)
    history = _stack(readings, Role.PREVIOUS, FIELDS)
    aepns = _stack(readings, Role.AEPN, AEPN_FIELDS)
    employer = employer or _only(aepns["employer_registration_number"])
    for frame in (lines, history):
        _fill(frame, "employer_registration_number", employer)
        frame["employer_registration_number"] = frame["employer_registration_number"].str.upper().astype(object)
    _fill(lines, "tax_year", tax_year)
    _fill(lines, "payroll_run_reference", run_reference)
    files = [reading.file for reading in readings]
    for at, reading in enumerate(readings):
        if reading.file.role is Role.CONTRIBUTIONS and reading.error is None:
            unused = _join_contributions(lines, reading.rows)
            skipped = (*files[at].rows_skipped, *(SkippedRow(row, "no-pay-line") for row in unused))
            files[at] = replace(files[at], rows_skipped=skipped)
    starts, line = [], 0
    for reading in readings:
        pays = reading.file.role is Role.PAY and reading.error is None
        starts.append(line if pays else -1)
        line += len(reading.rows) if pays else 0
    return Gathered(tuple(files), tuple(readings), tuple(starts), PayRun(lines), PayRun(history), aepns)


def _stack(readings: Sequence[Reading], role: Role, fields: dict[str, Kind]) -> pd.DataFrame:
    """The rows of every file of that role, one below the other, with `file` added."""
    parts = [
        reading.rows.assign(file=at)
        for at, reading in enumerate(readings)
        if reading.file.role is role and reading.error is None
    ]
    if not parts:
        empty = {name: pd.Series([], dtype=DTYPES.get(kind, "Int64")) for name, kind in fields.items()}
        return pd.DataFrame(empty | {name: pd.Series([], dtype="int64") for name in ("file", "row")})
    if len(parts) == 1:
        return parts[0].reset_index(drop=True)
    columns = {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in parts[0].columns}
    return pd.DataFrame(columns)


def _fill(lines: pd.DataFrame, field: str, value: Any) -> None:
    if value is not None:
        lines[field] = lines[field].where(lines[field].notna(), value)


def _only(column: "pd.Series[Any]") -> str | None:
    """The one value of a column, or None when it has none or several."""
    values = column.dropna().unique()
    return str(values[0]) if len(values) == 1 else None


def _join_contributions(lines: pd.DataFrame, rows: pd.DataFrame) -> list[int]:
    """Write contributions beside their pay lines in place; returns the rows of the file that found none.

    The key is PPSN + employment ID, and the pay date where the file gives one; the n-th row of a key goes to the
    n-th pay line of that key.
    """
    key = ["ppsn", "employment_id"] + (["pay_date"] if rows["pay_date"].notna().all() else [])
    if rows["employment_id"].isna().all():
        key.remove("employment_id")
    mine, theirs = (
        pd.MultiIndex.from_arrays([*(frame[name] for name in key), frame.groupby(key, dropna=False).cumcount()])
        for frame in (lines, rows)
    )
    found = theirs.get_indexer(mine) if len(rows) else np.full(len(lines), -1)
    hit = found >= 0
    for share in ("ae_employee", "ae_employer"):
        given = rows[share].iloc[found[hit]].to_numpy()
        lines.loc[hit, share] = given
    used = set(found[hit].tolist())
    return [int(row) for at, row in enumerate(rows["row"]) if at not in used]
