"""Brings the files of one check together: pay lines, AEPN rows, contributions, earlier periods."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from autoenroll_desktop.actions.beside import fill_from_people, join_contributions
from autoenroll_desktop.domain.aepn import AEPN_FIELDS
from autoenroll_desktop.domain.pay_run import FIELDS, FileRead, Kind, PayRun, Role, SkippedRow
from autoenroll_desktop.domain.people import PEOPLE_FIELDS
from autoenroll_desktop.errors import ForeignFile, UnreadableFile
from autoenroll_desktop.intake.choices import NO_CHOICES, Choices
from autoenroll_desktop.intake.columns import Matched
from autoenroll_desktop.intake.table import Note, Table

DTYPES = {Kind.TEXT: "object", Kind.DATE: "datetime64[s]", Kind.MOMENT: "object", Kind.FLAG: "boolean"}
"""How each kind of column is held; all others are `Int64`."""


@dataclass(frozen=True, eq=False)
class Reading:
    """One file as read: typed rows with their notes, or the error that stopped it; `choices` it was read with."""

    file: FileRead
    rows: pd.DataFrame
    notes: Sequence[Note] = ()
    error: UnreadableFile | None = None
    choices: Choices = NO_CHOICES

    @classmethod
    def failed(cls, path: Path, role: Role, error: UnreadableFile, *, chosen: bool = True) -> "Reading":
        """A file that could not be read; one that is none of ours and came along in a folder is left out instead."""
        if isinstance(error, ForeignFile) and not chosen:
            return cls(FileRead(str(path), path.name, role, left_out=error.why), pd.DataFrame(), error=error)
        return cls(FileRead(str(path), path.name, role, error=str(error)), pd.DataFrame(), error=error)

    @classmethod
    def of(
        cls,
        table: Table,
        matched: Matched,
        rows: pd.DataFrame,
        notes: Sequence[Note],
        role: Role,
        saved: dt.datetime,
    ) -> "Reading":
        """A file that was read. One given as a pay file that holds something else is taken as what it holds.

        Args:
            saved: when the file was last written; AEPNs that do not say when they were fetched are from then.
        """
        held = Role(matched.holds)
        if role is Role.PAY:
            role = held
        if role in (Role.AEPN, Role.PREVIOUS) and held is not (Role.PAY if role is Role.PREVIOUS else Role.AEPN):
            wanted, found = _WANTED[role], _WANTED[held]
            error = UnreadableFile(
                f"{table.path.name} was given for its {wanted} but holds {found}", "", "Give it as what it is"
            )
            return cls.failed(table.path, role, error)
        cleaned: dict[str, int] = {}
        for note in notes:
            if note.code == "value-cleaned":
                cleaned[note.cause] = cleaned.get(note.cause, 0) + len(note.rows)
        file = FileRead(
            path=str(table.path),
            name=table.path.name,
            role=role,
            kind=_kind(table, role),
            sha256=table.sha256,
            encoding=table.encoding,
            sheet=table.sheet,
            sheets=table.sheets,
            header_row=table.header_row,
            rows_kept=len(rows),
            rows_skipped=tuple(table.skipped),
            columns=matched.columns,
            cleaned=tuple(cleaned.items()),
            seen=tuple(table.seen),
        )
        if role is Role.AEPN:
            rows["downloaded_at"] = rows["downloaded_at"].where(rows["downloaded_at"].notna(), saved)
        return cls(file, rows, notes, choices=matched.choices)


_WANTED = {
    Role.PAY: "pay lines",
    Role.AEPN: "AEPNs",
    Role.CONTRIBUTIONS: "contributions",
    Role.PREVIOUS: "earlier pay lines",
    Role.PEOPLE: "people",
}


def _kind(table: Table, role: Role) -> str:
    """The format with what it holds: aepn-csv, rpn-csv, employee-list; plain formats hold pay lines."""
    if table.canonical:
        return table.kind
    if role is Role.AEPN:
        return f"aepn-{table.kind}"
    if role is Role.PEOPLE:
        rpn = any("rpn" in header.lower() for header in table.headers)
        return f"rpn-{table.kind}" if rpn else "employee-list"
    return table.kind


@dataclass(frozen=True, eq=False)
class Gathered:
    """Everything read, brought together.

    Attributes:
        files, readings: one entry a file, in the order given.
        first_line: by file, the position of its first row among the run's lines (-1 for files without pay lines).
        aepns: rows of all AEPN files: `AEPN_FIELDS`, file and row.
        people: rows of RPNs and lists of employees: `PEOPLE_FIELDS`, file and row.
        unpaid: rows of contribution files that found no pay line: `FIELDS`, file and row.
    """

    files: tuple[FileRead, ...]
    readings: tuple[Reading, ...]
    first_line: tuple[int, ...]
    run: PayRun
    history: PayRun
    aepns: pd.DataFrame
    people: pd.DataFrame
    unpaid: pd.DataFrame


def gather(
    readings: Sequence[Reading], employer: str | None, tax_year: int | None, run_reference: str | None
) -> Gathered:
    """Stack the pay lines, fill in what was said once, and put contributions beside their pay lines."""
    lines = _stack(readings, Role.PAY, FIELDS)
    history = _stack(readings, Role.PREVIOUS, FIELDS)
    aepns = _stack(readings, Role.AEPN, AEPN_FIELDS)
    people = _stack(readings, Role.PEOPLE, PEOPLE_FIELDS)
    employer = employer or _only(aepns["employer_registration_number"])
    for frame in (lines, history):
        _fill(frame, "employer_registration_number", employer)
    for frame in (lines, history, people):
        frame["employer_registration_number"] = frame["employer_registration_number"].str.upper().astype(object)
    _fill(lines, "tax_year", tax_year)
    _fill(lines, "payroll_run_reference", run_reference)
    for frame in (lines, history):
        fill_from_people(frame, people)
    files = [reading.file for reading in readings]
    lines["contribution_file"] = pd.Series([pd.NA] * len(lines), dtype="Int64")
    lines["contribution_row"] = lines["contribution_file"]
    unpaid = [_stack((), Role.CONTRIBUTIONS, FIELDS)]
    for at, reading in enumerate(readings):
        if reading.file.role is Role.CONTRIBUTIONS and reading.error is None:
            unused = join_contributions(lines, reading.rows, at)
            unpaid.append(unused.assign(file=at))
            skipped = (*files[at].rows_skipped, *(SkippedRow(int(row), "no-pay-line") for row in unused["row"]))
            files[at] = replace(files[at], rows_skipped=skipped)
    starts, line = [], 0
    for reading in readings:
        pays = reading.file.role is Role.PAY and reading.error is None
        starts.append(line if pays else -1)
        line += len(reading.rows) if pays else 0
    return Gathered(
        tuple(files), tuple(readings), tuple(starts), PayRun(lines), PayRun(history), aepns, people, _below(unpaid)
    )


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
    return _below(parts)


def _below(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Frames of the same columns one below the other, each column with its type."""
    columns = {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in parts[0].columns}
    return pd.DataFrame(columns)


def _fill(lines: pd.DataFrame, field: str, value: Any) -> None:
    if value is not None:
        lines[field] = lines[field].where(lines[field].notna(), value)


def _only(column: "pd.Series[Any]") -> str | None:
    """The one value of a column, or None when it has none or several."""
    values = column.dropna().unique()
    return str(values[0]) if len(values) == 1 else None
