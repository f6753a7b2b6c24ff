"""What spreadsheets and careless readers spoil comes out as it went in, from every format."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
import xlsxwriter

from tests.reading import read

DAMAGE = ["0007", "007", "7", "NA", "N/A", "nan", "None", "null", "1E5", "1e-5", "+353", "1/2/2026", "2026-01-02", "-0",
          "00", "12.0", "1_000", "12345678901234567890", "00000000000000000001", "TRUE", "False", "#1", "=1+1", "@x",
          "Infinity", "0x1F", "٣", "½", "1 000"]  # fmt: skip
HEAD = ["PPSN", "Works No", "Surname", "First Name", "Pay Date", "Gross Pay"]


def row(value: str) -> list[str]:
    return ["1234567FA", value, "Walsh", "Ann", "26/11/2026", "1.00"]


def delimited(mark: str, encoding: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with path.open("w", newline="", encoding=encoding) as file:
            csv.writer(file, delimiter=mark).writerows([HEAD, *map(row, DAMAGE)])

    return write


def workbook(path: Path) -> None:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    for at, cells in enumerate([HEAD, *map(row, DAMAGE)]):
        for column, cell in enumerate(cells):
            sheet.write_string(at, column, cell)
    book.close()


def web_page(path: Path) -> None:
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>" for cells in [HEAD, *map(row, DAMAGE)]
    )
    path.write_text(f'<html><meta charset="utf-8"><table>{rows}</table></html>', encoding="utf-8")


def psr_json(path: Path) -> None:
    slips = [{"employerReference": value, "payDate": "2026-11-26", "grossPay": 1} for value in DAMAGE]
    path.write_text(json.dumps({"payslips": slips}), encoding="utf-8")


def psr_xml(path: Path) -> None:
    slips = "".join(
        f"<Payslip><EmployerReference>{escape(value)}</EmployerReference><PayDate>2026-11-26</PayDate>"
        "<GrossPay>1</GrossPay></Payslip>"
        for value in DAMAGE
    )
    path.write_text(f"<PayrollSubmissionRequest>{slips}</PayrollSubmissionRequest>", encoding="utf-8")


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(delimited(",", "utf-8"), id="csv"),
        pytest.param(delimited(";", "utf-8-sig"), id="semicolons"),
        pytest.param(delimited("\t", "utf-16"), id="tabs"),
        pytest.param(workbook, id="xlsx"),
        pytest.param(web_page, id="html"),
        pytest.param(psr_json, id="psr-json"),
        pytest.param(psr_xml, id="psr-xml"),
    ],
)
def test_identifiers_are_never_touched(tmp_path: Path, write: Callable[[Path], None]) -> None:
    path = tmp_path / "file"
    write(path)
    _, _, frame, notes = read(path)
    assert frame["works_number"].tolist() == DAMAGE
    assert [note for note in notes if note.field == "works_number"] == []


@pytest.mark.parametrize(("number", "text"), [(12, "12"), (12.0, "12"), (7, "7"), (10**15, "1000000000000000"), (1.5, "1.5"),
                                              (1e5, "100000"), (-0.0, "0")])  # fmt: skip
def test_a_number_in_a_workbook_is_its_digits(tmp_path: Path, number: float, text: str) -> None:
    path = tmp_path / "numbers.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, ["1234567FA", number, "Walsh", "Ann", "26/11/2026", 1])
    book.close()
    _, _, frame, _ = read(path)
    assert frame["works_number"].tolist() == [text]
