"""What we wrote reads back as the same columns, in every format."""

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.domain.money import plain
from tests.reading import read

NAME = (
    st.text("ABCDEFáéíóúÁÉÍÓÚabcdef '-", min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda text: text.strip("-' ") != "" and text.lower() != "ea")
)
LINE = st.fixed_dictionaries(
    {
        "ppsn": st.from_regex(r"[0-9]{7}[A-W][AB]?", fullmatch=True),
        "employment_id": st.from_regex(r"[A-Za-z0-9_]{1,20}", fullmatch=True),
        "first_name": NAME,
        "family_name": NAME,
        "pay_date": st.dates(dt.date(2018, 1, 1), dt.date(2035, 12, 31)),
        "gross_pay": st.integers(-99_999_999, 99_999_999),
        "ae_employee": st.integers(0, 9_999_999),
    }
)
HEADINGS = {"ppsn": "PPS Number", "employment_id": "Employment ID", "first_name": "First Name", "family_name": "Surname",
            "pay_date": "Pay Date", "gross_pay": "Gross Pay", "ae_employee": "MyFuture Fund EE"}  # fmt: skip


def parsed(path: Path) -> pd.DataFrame:
    _, _, frame, notes = read(path)
    assert [note.code for note in notes if note.code == "value-unreadable"] == []
    return frame


def same(frame: pd.DataFrame, lines: list[dict[str, Any]], fields: tuple[str, ...] = tuple(HEADINGS)) -> None:
    for field in fields:
        expected = [line[field] for line in lines]
        got = [cell.date() for cell in frame[field]] if field == "pay_date" else frame[field].tolist()
        assert got == expected, field


def text(value: Any, field: str) -> str:
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return plain(value) if field in ("gross_pay", "ae_employee") else value


@given(
    st.lists(LINE, min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
def test_csv(tmp_path_factory, lines: list[dict[str, Any]], mark: str, encoding: str) -> None:
    path = tmp_path_factory.getbasetemp() / "trip.csv"
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.writer(file, delimiter=mark)
        writer.writerow(HEADINGS.values())
        writer.writerows([text(line[field], field) for field in HEADINGS] for line in lines)
    frame = parsed(path)
    same(frame, lines)
    assert frame["row"].tolist() == list(range(2, len(lines) + 2))


@given(st.lists(LINE, min_size=1, max_size=5), st.integers(0, 3))
def test_xlsx(tmp_path_factory, lines: list[dict[str, Any]], above: int) -> None:
    path = tmp_path_factory.getbasetemp() / "trip.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    date = book.add_format({"num_format": "dd/mm/yyyy"})
    for row in range(above):
        sheet.write_string(row, 0, "Gross to net")
    sheet.write_row(above, 0, HEADINGS.values())
    for row, line in enumerate(lines, above + 1):
        for column, field in enumerate(HEADINGS):
            value = line[field]
            if isinstance(value, dt.date):
                sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), date)
            elif isinstance(value, int):
                sheet.write_number(row, column, value / 100)
            else:
                sheet.write_string(row, column, value)
    book.close()
    frame = parsed(path)
    same(frame, lines)
    assert frame["row"].tolist() == list(range(above + 2, above + 2 + len(lines)))


@given(st.lists(LINE, min_size=1, max_size=8), st.booleans())
def test_psr_json(tmp_path_factory, lines: list[dict[str, Any]], envelope: bool) -> None:
    body = {
        "payslips": [
            {
                "employeeID": {"employeePpsn": line["ppsn"], "employmentID": line["employment_id"]},
                "name": {"firstName": line["first_name"], "familyName": line["family_name"]},
                "payDate": line["pay_date"].isoformat(),
                "grossPay": line["gross_pay"] / 100,
            }
            for line in lines
        ]
    }
    whole = {"employerRegistrationNumber": "8000074DH", "taxYear": 2026, "requestBody": body} if envelope else body
    path = tmp_path_factory.getbasetemp() / "trip.json"
    path.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    frame = parsed(path)
    same(frame, lines, ("ppsn", "employment_id", "first_name", "family_name", "pay_date", "gross_pay"))
    assert frame["tax_year"].isna().all() != envelope
