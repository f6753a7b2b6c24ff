"""Files that were written, edited elsewhere and dropped back."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from autoenroll_desktop import paths
from autoenroll_desktop.actions import fix_pay_run as fixing
from autoenroll_desktop.actions.check_pay_run import Prepared, prepare
from autoenroll_desktop.actions.fix_pay_run import Workbench
from autoenroll_desktop.actions.merge_back import Merged, merge
from autoenroll_desktop.actions.open_sample import sample
from autoenroll_desktop.actions.write_files import Output, offers, write
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError
from tests import libreoffice
from tests.desktop.actions.test_fix_pay_run import finding

WORDS = Words.load(paths.resources())
SAMPLE = paths.resources() / "sample"


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    return prepare(*sample())


@pytest.fixture(scope="module")
def bench(prepared: Prepared) -> Workbench:
    """The sample with one step done, so that a workbook is written from a run that was changed already."""
    start = fixing.start(prepared)
    return fixing.do(start, fixing.fix(start, start.proposals(finding(start, "contribution-missing"))[0]))


@pytest.fixture(scope="module")
def annotated(bench: Workbench, tmp_path_factory: pytest.TempPathFactory) -> Path:
    offer = next(one for one in offers(bench) if one.output is Output.ANNOTATED)
    return write(bench, offer, tmp_path_factory.mktemp("annotated") / offer.name, words=WORDS).path


class Edited:
    """The annotated workbook open in another program; `at` finds a cell by line and field."""

    def __init__(self, path: Path) -> None:
        self.book = openpyxl.load_workbook(path)
        self.sheet: Worksheet = self.book["Pay lines"]
        self.column = {cell.value: cell.column for cell in self.sheet[1]}

    def at(self, line: int, field: str) -> Any:
        return self.sheet.cell(line + 3, self.column[field])

    def rows(self) -> Iterator[list[Any]]:
        for row in self.sheet.iter_rows(min_row=3):
            yield [cell.value for cell in row]

    def save(self, path: Path) -> Path:
        self.book.save(path)
        return path


def told(merged: Merged) -> dict[tuple[str, int], Any]:
    assert merged.step is not None
    return {
        (change.field, line): now
        for change in merged.step.changes
        for line, now in zip(change.lines.tolist(), change.now, strict=True)
    }


def nothing(merged: Merged) -> bool:
    return merged.step is None and not (merged.cells or merged.unknown or merged.missing or merged.unread)


def test_unchanged_it_changes_nothing(bench: Workbench, annotated: Path) -> None:
    assert nothing(merge(bench, annotated))


def test_the_workbook_says_what_is_wrong(bench: Workbench, annotated: Path) -> None:
    edited = Edited(annotated)
    assert edited.book.sheetnames == ["Pay lines", "Summary", "Findings", "autoenroll"]
    assert edited.book["autoenroll"].sheet_state == "veryHidden"
    assert edited.sheet.row_dimensions[1].hidden
    assert edited.sheet.column_dimensions["A"].hidden
    one = finding(bench, "contribution-amount")
    cell = edited.at(int(one.lines[0]), "ae_employee")
    assert cell.fill.fgColor.rgb == "FFFBD5D1"
    assert "Error" in cell.comment.text
    assert cell.number_format == "#,##0.00"
    step = bench.history.done[0].changes[0]
    assert "Was: 0.00" in edited.at(int(step.lines[0]), step.field).comment.text
    assert edited.at(0, "employment_id").number_format == "@"
    findings = [row[9] for row in edited.book["Findings"].iter_rows(min_row=2, values_only=True)]
    assert len(findings) == sum(map(len, bench.checked.findings))
    assert {row for row in findings if row} == {one.code for one in bench.checked.findings}
    assert not any(cell.data_type == "f" for sheet in edited.book for row in sheet.iter_rows() for cell in row)


def test_edits_in_excel_come_back_exactly(bench: Workbench, annotated: Path, tmp_path: Path) -> None:
    edited = Edited(annotated)
    edited.at(0, "employment_id").value = "01"
    edited.at(1, "employment_id").value = 2  # typed as a number
    edited.at(2, "first_name").value = "=cmd|'/C calc'!A0"
    edited.at(2, "first_name").data_type = "s"
    edited.at(3, "gross_pay").value = -1234.5
    edited.at(4, "pay_date").value = "27/11/2026"
    edited.at(5, "works_number").value = None
    edited.at(30, "ae_employer").value = "€1,234.50"
    merged = merge(bench, edited.save(tmp_path / "edited.xlsx"))
    day = fixing.np.datetime64("2026-11-27").astype(object)
    assert told(merged) == {
        ("employment_id", 0): "01", ("employment_id", 1): "2", ("first_name", 2): "=cmd|'/C calc'!A0", ("gross_pay", 3): -123450,
        ("pay_date", 4): day, ("works_number", 5): None, ("ae_employer", 30): 123450,
    }  # fmt: skip
    assert (merged.cells, merged.unknown, merged.missing, merged.unread) == (7, (), (), ())
    after = fixing.do(bench, merged.step)
    assert merge(after, tmp_path / "edited.xlsx").step is None
    pd.testing.assert_frame_equal(fixing.undo(after).checked.run.lines, bench.checked.run.lines)


def test_sorting_further_columns_and_titles_do_not_matter(bench: Workbench, annotated: Path, tmp_path: Path) -> None:
    edited = Edited(annotated)
    edited.at(7, "family_name").value = "Changed"
    rows = [*edited.rows()][::-1]
    for at, row in enumerate(rows, 3):
        for column, value in enumerate(row, 1):
            edited.sheet.cell(at, column).value = value
    edited.sheet.cell(2, 40).value = "My notes"
    edited.sheet.insert_rows(1)
    edited.sheet["B1"].value = "Checked by Máire"
    merged = merge(bench, edited.save(tmp_path / "sorted.xlsx"))
    assert told(merged) == {("family_name", 7): "Changed"}


def test_steps_done_since_are_not_undone(bench: Workbench, annotated: Path, tmp_path: Path) -> None:
    edited = Edited(annotated)
    edited.at(7, "family_name").value = "Changed"
    path = edited.save(tmp_path / "late.xlsx")
    later = fixing.fix_certain(bench)
    assert told(merge(later, path)) == {("family_name", 7): "Changed"}
    assert told(merge(fixing.undo(bench), path)) == {("family_name", 7): "Changed"}


def test_in_a_new_session_the_workbook_brings_its_steps_along(
    prepared: Prepared, bench: Workbench, annotated: Path
) -> None:
    start = fixing.start(prepared)
    after = fixing.do(start, merge(start, annotated).step)
    pd.testing.assert_frame_equal(after.checked.run.lines, bench.checked.run.lines)


def test_what_cannot_be_read_missing_and_unknown_rows_are_told(
    bench: Workbench, annotated: Path, tmp_path: Path
) -> None:
    edited = Edited(annotated)
    edited.at(3, "gross_pay").value = "about 500"
    edited.at(4, "pay_date").value = "soon"
    edited.at(5, "family_name").value = "Kept"
    edited.sheet.cell(44, edited.column["family_name"]).value = "Nobody"
    edited.sheet.cell(44, 1).value = "0:999"
    edited.sheet.delete_rows(3 + 10)
    merged = merge(bench, edited.save(tmp_path / "odd.xlsx"))
    assert told(merged) == {("family_name", 5): "Kept"}
    assert {(one.field, one.text) for one in merged.unread} == {("gross_pay", "about 500"), ("pay_date", "soon")}
    assert merged.missing == (int(bench.checked.run["row"].iloc[10]),)
    assert merged.unknown == (43,)


def test_a_workbook_of_other_files_is_refused(bench: Workbench, annotated: Path, tmp_path: Path) -> None:
    given, now = sample()
    pay = tmp_path / "weekly-2026-11-26.csv"
    pay.write_bytes(given.pay[0].read_bytes().replace(b"Conneely", b"Connelly"))
    other = fixing.start(prepare(replace(given, pay=(pay, given.pay[1])), now))
    with pytest.raises(AppError, match="other files"):
        merge(other, annotated)
    edited = Edited(annotated)
    edited.sheet.delete_rows(1)
    with pytest.raises(AppError, match="hidden first row"):
        merge(bench, edited.save(tmp_path / "lost.xlsx"))
    shutil.copy(given.aepn[0], tmp_path / "aepn.json")
    with pytest.raises(AppError, match="cannot be taken back"):
        merge(bench, tmp_path / "aepn.json")
    (tmp_path / "broken.xlsx").write_bytes(annotated.read_bytes()[:3000])
    with pytest.raises(AppError):
        merge(bench, tmp_path / "broken.xlsx")


def test_exceptions_come_back(bench: Workbench, tmp_path: Path) -> None:
    csv, xlsx = (
        write(bench, one, tmp_path / one.name, words=WORDS).path
        for one in offers(bench)
        if one.output is Output.EXCEPTIONS
    )
    assert nothing(merge(bench, csv))
    assert nothing(merge(bench, xlsx))
    text = csv.read_text(encoding="utf-8")
    assert ",9151657KA," in text
    lines = text.replace(",9151657KA,", ",9115657KA,").splitlines(keepends=True)
    csv.write_text("".join([lines[0], *lines[:0:-1]]), encoding="utf-8")
    assert told(merge(bench, csv)) == {("ppsn", 2): "9115657KA"}
    book = openpyxl.load_workbook(xlsx)
    sheet = book.worksheets[0]
    heading = next(cell for row in sheet.iter_rows(max_row=6) for cell in row if str(cell.value).startswith("PPS"))
    cell = sheet.cell(heading.row + 1, heading.column)
    before, cell.value = cell.value, "1234567FA"
    book.save(xlsx)
    merged = merge(bench, xlsx)
    assert [*told(merged).values()] == ["1234567FA"]
    assert merged.step is not None
    assert merged.step.changes[0].was[0] == before


@libreoffice.needs_libreoffice
@pytest.mark.parametrize("ending", [".xlsx", ".ods"])
def test_edits_in_libreoffice_come_back_exactly(bench: Workbench, annotated: Path, tmp_path: Path, ending: str) -> None:
    names = {cell.value: cell.column_letter for cell in Edited(annotated).sheet[1] if cell.value}
    typed = {
        f"{names['employment_id']}3": "01",
        f"{names['family_name']}4": "Ó Súilleabháin-O'Brien",
        f"{names['gross_pay']}5": "1234.5",
        f"{names['pay_date']}6": "2026-11-25",
        f"{names['ae_employee']}7": "-12.34",
        f"{names['works_number']}8": "",
    }
    saved = libreoffice.edit(annotated, "Pay lines", typed, tmp_path / f"saved{ending}", home=tmp_path / "home")
    day = fixing.np.datetime64("2026-11-25").astype(object)
    assert told(merge(bench, saved)) == {
        ("employment_id", 0): "01", ("family_name", 1): "Ó Súilleabháin-O'Brien", ("gross_pay", 2): 123450, ("pay_date", 3): day,
        ("ae_employee", 4): -1234, ("works_number", 5): None,
    }  # fmt: skip
