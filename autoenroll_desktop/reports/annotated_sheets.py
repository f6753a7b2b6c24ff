"""The annotated workbook's further sheets: the summary, and every finding with its place."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.domain.finding import NOWHERE
from autoenroll_desktop.domain.words import Words

DUBLIN = ZoneInfo("Europe/Dublin")
LISTED = 100_000
"""Places listed; the others are counted."""


def summary_sheet(book: xlsxwriter.Workbook, sheet: Worksheet, checked: CheckedRun, words: Words) -> None:
    """The verdict, totals by run, the files with their hashes, and how to use the workbook."""
    bold, big, money = (
        book.add_format(look) for look in ({"bold": True}, {"bold": True, "font_size": 16}, {"num_format": "#,##0.00"})
    )
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 6, 18)
    for at, (form, cells) in enumerate(_summary(checked, words)):
        for column, cell in enumerate(cells):
            if isinstance(cell, int):
                sheet.write_number(at, column, cell)
            elif isinstance(cell, float):
                sheet.write_number(at, column, cell, money)
            elif form == "wide":
                sheet.set_row(at, 48)
                sheet.merge_range(at, 0, at, 6, cell, wrap)
            else:
                sheet.write_string(at, column, cell, {"bold": bold, "big": big}.get(form))


def _summary(checked: CheckedRun, words: Words) -> Iterator[tuple[str, list[Any]]]:
    say = words.say
    yield "big", [say(f"verdict.{checked.verdict.answer.value}")]
    yield "", [words.tally(checked)]
    yield "", [say("sheet.checked"), f"{checked.checked_at.astimezone(DUBLIN):%d/%m/%Y %H:%M}"]
    yield "", [say("sheet.rules"), checked.rule_book]
    yield "", []
    yield "wide", [say("sheet.how-to", lines=say("sheet.lines"))]
    yield "", [say("sheet.colours")]
    yield "", []
    yield "bold", [say(f"sheet.{one}") for one in ("run", "rows", "gross", "employee", "employer", "state")]
    for run in checked.runs:
        name = " ".join(filter(None, (run.employer_registration_number, run.payroll_run_reference))) or "–"
        sums = (run.gross, run.expected_employee, run.expected_employer, run.expected_state)
        yield "", [name, run.lines, *(cents / 100 for cents in sums)]
    yield "", []
    yield "bold", [say(f"sheet.{one}") for one in ("file", "rows", "hash")]
    for file in checked.files:
        yield "", [file.name, file.rows_kept, file.sha256]
    yield "", []
    yield "", [say("check.second-opinion")]


def findings_sheet(book: xlsxwriter.Workbook, sheet: Worksheet, checked: CheckedRun, words: Words) -> None:
    """One row a place: what, where, in words, what to do, the law."""
    bold = book.add_format({"bold": True, "bg_color": "#E8ECF1", "bottom": 1})
    heads = ("severity", "what", "file", "row", "who", "field", "message", "do", "law", "code")
    for column, (head, width) in enumerate(zip(heads, (11, 34, 22, 7, 24, 16, 80, 60, 22, 28), strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, words.say(f"sheet.{head}"), bold)
    at = 0
    for finding in checked.findings:
        severity, title = words.say(f"severity.{finding.severity}"), words.title(finding)
        action = words.action(finding)
        field = words.say(f"heading.{finding.field}") if words.knows(f"heading.{finding.field}") else ""
        for index in range(min(len(finding), LISTED - at)):
            place = finding.place(index)
            at += 1
            name = checked.files[place.file].name if place.file != NOWHERE else ""
            who = checked.run.name(place.line) if place.line != NOWHERE else ""
            sheet.write_string(at, 0, severity)
            sheet.write_string(at, 1, title)
            sheet.write_string(at, 2, name)
            if place.row != NOWHERE:
                sheet.write_number(at, 3, place.row)
            for column, text in enumerate((who, field), 4):
                sheet.write_string(at, column, text)
            sheet.write_string(at, 6, words.message(finding, index, show_ppsn=True))
            for column, text in enumerate((action, finding.rule.law, finding.code), 7):
                sheet.write_string(at, column, text)
    sheet.autofilter(0, 0, max(at, 1), len(heads) - 1)
    sheet.freeze_panes(1, 0)
    if (more := sum(map(len, checked.findings)) - at) > 0:
        sheet.write_string(at + 1, 1, words.say("sheet.too-many", more=more))
