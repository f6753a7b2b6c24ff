"""The annotated workbook: every pay line with what was found in it, to be edited in Excel and dropped back.

Text columns are formatted as text, so that an employment ID 01 typed into one stays 01. Nothing in it is a formula:
what looks like one stays a text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from autoenroll_desktop.domain import marked_workbook
from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.domain.finding import NOWHERE
from autoenroll_desktop.domain.pay_run import FIELDS, Kind
from autoenroll_desktop.domain.progress import SILENT, Progress
from autoenroll_desktop.domain.words import Words, as_date
from autoenroll_desktop.reports.annotated_sheets import findings_sheet, summary_sheet

_WHO = ("works_number", "family_name", "first_name")
"""Columns that stay in view while the others scroll."""
_ALWAYS = ("family_name", "first_name", "ppsn", "employment_id", "pay_date", "gross_pay", "ae_employee", "ae_employer")
_BESIDE = {"expected-employee": Kind.MONEY, "expected-employer": Kind.MONEY, "status": Kind.TEXT, "found": Kind.TEXT}
"""Columns for reading only, with their kinds; they stand right of the amounts they are about."""
_COLOURS = {"error": "#FBD5D1", "gate": "#FBD5D1", "warning": "#FDE9C0", "info": "#DCE9F8", "changed": "#D7F0DF"}
_FORMS = {Kind.MONEY: "#,##0.00", Kind.DATE: "dd/mm/yyyy", Kind.WHOLE: "0"}
_FIRST = 3
"""The first column of the pay line itself: key, row and file stand before it."""
COMMENTS = 4_000
"""Cells that get a comment, the graver first; Excel opens slowly with many more. All are coloured and listed."""
_LINES = 8
"""Findings spelled out in one comment."""


@dataclass(frozen=True)
class Marks:
    """What the workbook has to say about itself, and what was changed since the files were read.

    Attributes:
        done: the fingerprint of the steps done.
        was: field → the values changed cells had, aligned with `CheckedRun.run.lines`: line → value.
    """

    done: str
    was: Mapping[str, Mapping[int, Any]]


def write_annotated(checked: CheckedRun, path: Path, marks: Marks, words: Words, progress: Progress = SILENT) -> None:
    """Write the workbook to `path`. Raises OSError when that cannot be done."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_date_format": "dd/mm/yyyy",
    }
    book = xlsxwriter.Workbook(str(path), options)
    try:
        _Annotated(checked, marks, words, progress).write(book)
    finally:
        book.close()


class _Annotated:
    def __init__(self, checked: CheckedRun, marks: Marks, words: Words, progress: Progress) -> None:
        self.checked, self.marks, self.words, self.progress = checked, marks, words, progress
        self.lines = checked.run.lines
        first = [*dict.fromkeys((*_WHO, *_ALWAYS))]
        held = [name for name in FIELDS if name in _ALWAYS or self.lines[name].notna().any()]
        front = [name for name in first if name in held]
        self.columns = [*front, *_BESIDE, *(name for name in held if name not in front)]
        self.severity, self.told = _by_cell(checked)

    def write(self, book: xlsxwriter.Workbook) -> None:
        name = self.words.say("sheet.lines")
        self.formats = _Formats(book)
        self._lines(book.add_worksheet(name))
        summary_sheet(book, book.add_worksheet(self.words.say("sheet.summary")), self.checked, self.words)
        findings_sheet(book, book.add_worksheet(self.words.say("sheet.findings")), self.checked, self.words)
        about = book.add_worksheet(marked_workbook.ABOUT)
        facts = {
            "format": marked_workbook.FORMAT,
            "version": str(marked_workbook.VERSION),
            "sheet": name,
            "done": self.marks.done,
            **{f"file {at}": file.sha256 for at, file in enumerate(self.checked.files)},
        }
        for row, (what, value) in enumerate(facts.items()):
            about.write_string(row, 0, what)
            about.write_string(row, 1, value)
        about.very_hidden()

    def _lines(self, sheet: Worksheet) -> None:
        files = self.lines["file"].to_numpy(np.int64)
        rows = self.lines["row"].to_numpy(np.int64)
        beside = self._beside()
        columns = [beside[name] if name in _BESIDE else self._column(name) for name in self.columns]
        self._headings(sheet)
        spoken = self._with_comment()
        names = [one.name for one in self.checked.files]
        for line in range(len(self.lines)):
            if line % 500 == 0:
                self.progress.step("reporting", line, len(self.lines))
            at = line + 2
            file, row = int(files[line]), int(rows[line])
            sheet.write_string(at, 0, marked_workbook.key(file, row))
            sheet.write_number(at, 1, row, self.formats.of(Kind.WHOLE, self.severity.get((line, None), "")))
            sheet.write_string(at, 2, names[file])
            if (line, None) in spoken:
                self._say(sheet, at, 1, line, None)
            for column, (name, values) in enumerate(zip(self.columns, columns, strict=True), _FIRST):
                if name in _BESIDE:
                    if values[line] is not None and values[line] != "":
                        _put(sheet, at, column, values[line], self.formats.of(_BESIDE[name], "quiet"))
                    continue
                mark = self.severity.get((line, name)) or ("changed" if line in self.marks.was.get(name, ()) else "")
                if mark or values[line] is not None:  # an empty cell has its column's format
                    _put(sheet, at, column, values[line], self.formats.of(FIELDS[name], mark))
                if mark and (line, name) in spoken:
                    self._say(sheet, at, column, line, name)
        sheet.autofilter(1, 1, max(len(self.lines) + 1, 2), _FIRST + len(self.columns) - 1)
        sheet.freeze_panes(2, _FIRST + sum(name in _WHO for name in self.columns))
        sheet.set_landscape()
        sheet.set_paper(8)  # A3
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(1)

    def _with_comment(self) -> set[tuple[int, str | None]]:
        """The cells that get a comment: changed ones and those with findings, the graver first."""
        rank = {severity: at for at, severity in enumerate(_COLOURS)}
        marked = sorted(self.severity, key=lambda cell: rank[self.severity[cell]])
        changed = [(line, name) for name, lines in self.marks.was.items() for line in lines]
        return {*[*changed, *marked][:COMMENTS]}

    def _say(self, sheet: Worksheet, at: int, column: int, line: int, field: str | None) -> None:
        """Write a cell's comment; only while its row is being written."""
        told = self._comment(line, field)
        size = {"x_scale": 2.2, "y_scale": 1 + told.count("\n") * 0.35}
        if sheet.write_comment(at, column, told, {**size, "author": "AutoEnroll Desktop"}):
            raise ValueError(f"no comment could be written at {at}, {column}")

    def _headings(self, sheet: Worksheet) -> None:
        say = self.words.say
        names = ["" if name in _BESIDE else name for name in self.columns]
        texts = [say(f"{'sheet' if name in _BESIDE else 'heading'}.{name}") for name in self.columns]
        sheet.set_column(0, 0, None, None, {"hidden": True})
        sheet.set_column(1, 1, 7)
        sheet.set_column(2, 2, 24)
        for column, name in enumerate(self.columns, _FIRST):
            kind = _BESIDE.get(name) or FIELDS[name]
            width = 60 if name == "found" else {Kind.DATE: 12, Kind.MONEY: 13, Kind.WHOLE: 9}.get(kind, 15)
            sheet.set_column(column, column, width, self.formats.of(kind, ""))
        sheet.set_row(0, None, None, {"hidden": True})
        for column, name in enumerate([marked_workbook.KEY, "", "", *names]):
            if name:
                sheet.write_string(0, column, name)
        sheet.set_row(1, 45)
        for column, text in enumerate([say("sheet.key"), say("sheet.row"), say("sheet.file"), *texts]):
            sheet.write_string(1, column, text, self.formats.heading)

    def _column(self, name: str) -> list[Any]:
        """Cells as they are written: text, numbers (euros for cents), dates, None."""
        column = self.lines[name]
        match FIELDS[name]:
            case Kind.MONEY:
                return _whole_numbers(column, 100)
            case Kind.WHOLE:
                return _whole_numbers(column, 1)
            case Kind.DATE:
                return _days(column)
        return [None if pd.isna(value) else str(value) for value in column]

    def _beside(self) -> dict[str, list[Any]]:
        """The columns for reading only."""
        expected = self.checked.expected
        due = [_whole_numbers(expected[share], 100) for share in ("employee", "employer")]
        status = [self.words.say(f"status.{one}") if isinstance(one, str) else "" for one in expected["status"]]
        titles: list[list[str]] = [[] for _ in range(len(self.lines))]
        for finding in self.checked.findings:
            if finding.severity.value != "info":
                title = self.words.title(finding)
                for line in finding.lines[finding.lines != NOWHERE].tolist():
                    titles[line].append(title)
        found = [" · ".join(one) for one in titles]
        return dict(zip(_BESIDE, (*due, status, found), strict=True))

    def _comment(self, line: int, field: str | None) -> str:
        parts = []
        was = self.marks.was.get(field or "", {})
        if line in was:
            value = was[line]
            shown = _shown(FIELDS[field or ""], value)
            parts.append(self.words.say("sheet.was", value=shown) if shown else self.words.say("sheet.was-empty"))
        told = self.told.get((line, field), [])
        for finding, place in told[:_LINES]:
            severity = self.words.say(f"severity.{finding.severity}")
            parts.append(f"{severity}: {self.words.message(finding, place, show_ppsn=True)}")
        if len(told) > _LINES:
            parts.append(self.words.say("sheet.more", more=len(told) - _LINES))
        return "\n".join(parts)


def _whole_numbers(column: "pd.Series[Any]", divisor: int) -> list[Any]:
    """A column of whole numbers, each divided; None where missing."""
    numbers = column.to_numpy(np.int64, na_value=0).tolist()
    missing = column.isna().tolist()
    return [None if gone else number / divisor for number, gone in zip(numbers, missing, strict=True)]


def _days(column: "pd.Series[Any]") -> list[Any]:
    """Dates as Excel counts them, days since 30/12/1899; as text where its calendar does not reach."""
    days = column.to_numpy("datetime64[D]")
    counted = (days - np.datetime64("1899-12-30")).astype(np.int64).tolist()
    told = zip(counted, np.isnat(days).tolist(), strict=True)
    found: list[Any] = [None if gone else count for count, gone in told]
    for at in np.flatnonzero(days < np.datetime64("1900-03-01")).tolist():
        found[at] = f"{as_date(days[at]):%d/%m/%Y}"
    return found


def _shown(kind: Kind, value: Any) -> str:
    if value is None or pd.isna(value):
        return ""
    if kind is Kind.MONEY:
        return f"{int(value) / 100:,.2f}"
    return as_date(value).strftime("%d/%m/%Y") if kind is Kind.DATE else str(value)


def _put(sheet: Worksheet, row: int, column: int, value: Any, form: Format) -> None:
    match value:
        case None | "":
            sheet.write_blank(row, column, None, form)
        case str():
            sheet.write_string(row, column, value, form)
        case _:
            sheet.write_number(row, column, value, form)


def _by_cell(checked: CheckedRun) -> tuple[dict[tuple[int, str | None], str], dict[tuple[int, str | None], list[Any]]]:
    """The graver severity of each marked cell, and its findings with the place in each; field None is the row's own."""
    severity: dict[tuple[int, str | None], str] = {}
    told: dict[tuple[int, str | None], list[Any]] = {}
    for finding in checked.findings:
        field = finding.field if finding.field in FIELDS else None
        for place, line in enumerate(finding.lines.tolist()):
            if line != NOWHERE:
                severity.setdefault((line, field), finding.severity.value)
                told.setdefault((line, field), []).append((finding, place))
    return severity, told


class _Formats:
    """One format a kind and mark, made when first asked for."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[Kind, str], Format] = {}
        look = {"bold": True, "bg_color": "#E8ECF1", "text_wrap": True, "valign": "vcenter", "bottom": 1}
        self.heading = book.add_format(look)

    def of(self, kind: Kind, mark: str) -> Format:
        if (kind, mark) not in self._made:
            look: dict[str, Any] = {"num_format": _FORMS.get(kind, "@")}
            if mark in _COLOURS:
                look |= {"bg_color": _COLOURS[mark], "border": 1, "border_color": "#C9CFD6"}
            elif mark == "quiet":
                look |= {"font_color": "#596372"}
            self._made[kind, mark] = self._book.add_format(look)
        return self._made[kind, mark]
