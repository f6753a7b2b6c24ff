"""Any table we read, with any cells changed and lines left out, written in its own layout and read again."""

import csv
import datetime as dt
import html
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from autoenroll_desktop import paths
from autoenroll_desktop.actions import fix_pay_run as fixing
from autoenroll_desktop.actions.check_pay_run import Given, prepare
from autoenroll_desktop.actions.corrected_file import make_corrected
from autoenroll_desktop.actions.write_files import Output, offers, write
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.fixes.step import Step, StepKind, change_of
from tests.desktop.intake.test_round_trip import HEADINGS, LINE, text
from tests.making import NOW

WORDS = Words.load(paths.resources())
Lines = list[dict[str, Any]]


def as_csv(
    path: Path, lines: Lines, mark: str = ",", encoding: str = "utf-8", quoting: int = csv.QUOTE_MINIMAL
) -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.writer(file, delimiter=mark, quoting=quoting)
        writer.writerow(HEADINGS.values())
        writer.writerows([text(line[field], field) for field in HEADINGS] for line in lines)
    return path


def as_semicolons(path: Path, lines: Lines) -> Path:
    return as_csv(path, lines, ";", "cp1252", csv.QUOTE_ALL)


def as_tabs(path: Path, lines: Lines) -> Path:
    return as_csv(path, lines, "\t", "utf-16")


def as_xlsx(path: Path, lines: Lines) -> Path:
    book = xlsxwriter.Workbook(path.with_suffix(".xlsx"))
    sheet = book.add_worksheet("Week")
    date = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(2, 1, HEADINGS.values())
    for row, line in enumerate(lines, 3):
        for column, field in enumerate(HEADINGS, 1):
            value = line[field]
            if isinstance(value, dt.date):
                sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), date)
            elif isinstance(value, int):
                sheet.write_number(row, column, value / 100)
            else:
                sheet.write_string(row, column, value)
    book.close()
    return path.with_suffix(".xlsx")


def as_html(path: Path, lines: Lines) -> Path:
    rows = [[*HEADINGS.values()], *([text(line[field], field) for field in HEADINGS] for line in lines)]
    cells = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    path.write_text(f"<html><meta charset=utf-8><table>{cells}</table></html>", encoding="utf-8")
    return path


def as_psr(path: Path, lines: Lines) -> Path:
    slips = [
        {"lineItemID": f"E{at}", "employeeID": {"employeePpsn": line["ppsn"], "employmentID": line["employment_id"]},
         "name": {"firstName": line["first_name"], "familyName": line["family_name"]}, "payDate": line["pay_date"].isoformat(),
         "grossPay": line["gross_pay"] / 100}
        for at, line in enumerate(lines)
    ]  # fmt: skip
    path.write_text(json.dumps({"payslips": slips}, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


FORMATS: list[Callable[[Path, Lines], Path]] = [as_csv, as_semicolons, as_tabs, as_xlsx, as_html, as_psr]


def plain(line: dict[str, Any]) -> dict[str, Any]:
    """Names as any format keeps them: a web page knows no two spaces in a row."""
    return {name: " ".join(value.split()) if isinstance(value, str) else value for name, value in line.items()}


@pytest.mark.parametrize("form", FORMATS, ids=[one.__name__ for one in FORMATS])
@settings(max_examples=max(4, settings.default.max_examples // 15))
@given(
    lines=st.lists(LINE.map(plain), min_size=2, max_size=6),
    others=st.lists(LINE.map(plain), min_size=6, max_size=6),
    places=st.sets(st.tuples(st.integers(0, 5), st.sampled_from(sorted(HEADINGS))), max_size=6),
    dropped=st.sets(st.integers(0, 5), max_size=2),
)
def test_it_reads_as_the_run_stands(
    tmp_path_factory: pytest.TempPathFactory,
    form: Callable[[Path, Lines], Path],
    lines: Lines,
    others: Lines,
    places: set[tuple[int, str]],
    dropped: set[int],
) -> None:
    folder = tmp_path_factory.mktemp("again")
    path = form(folder / "pay.txt", lines)
    prepared = prepare(Given(pay=(path,), employer="8000074DH"), NOW)
    assert len(prepared.gathered.run) == len(lines)
    bench = fixing.start(prepared)
    assert form is as_html or make_corrected(bench, 0).content == path.read_bytes()
    for line, field in sorted(places):
        if line < len(lines) and (field != "ae_employee" or form is not as_psr):
            change = change_of(
                prepared.gathered.run.lines, field, np.array([line]), np.array([others[line][field]], dtype=object)
            )
            bench = fixing.do(bench, Step(StepKind.EDIT, changes=(change,), alike=False)) if len(change) else bench
    gone = np.array(sorted(one for one in dropped if one < len(lines) - 1), dtype=np.int64)
    bench = fixing.do(bench, Step(StepKind.DROP, "payment-duplicate", lines=gone)) if len(gone) else bench
    offer = next((one for one in offers(bench) if one.output is Output.CORRECTED), None)
    if offer is None:
        assert not bench.stepped.edits
        assert not len(gone)
        return
    assert offer.unplaced == ()
    written = write(bench, offer, folder / offer.name, words=WORDS).path
    again = prepare(Given(pay=(written,), employer="8000074DH"), NOW).gathered.run.lines
    pd.testing.assert_frame_equal(again.drop(columns="row"), bench.checked.run.lines.drop(columns="row"))
