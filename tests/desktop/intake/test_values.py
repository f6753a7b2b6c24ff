"""Cells as people write them, headings as packages print them."""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.intake.cells import ListCells
from autoenroll_desktop.intake.choices import Choices, read_choices
from autoenroll_desktop.intake.dates_text import DateStyle, date_column, read_date
from autoenroll_desktop.intake.headings import plain_heading
from autoenroll_desktop.intake.money_text import money_column, read_money
from tests.reading import read

STYLE = DateStyle(today=dt.date(2026, 11, 26))


@pytest.mark.parametrize(
    ("cell", "cents", "cleaned"),
    [
        ("1234.5", 123450, ""), ("-0.75", -75, ""), ("0", 0, ""), ("€1,234.50", 123450, "euro-sign"),
        ("1,234.50", 123450, "thousands"), ("(3.00)", -300, "brackets"), ("(€1,234.50)", -123450, "brackets"),
        ("12.34-", -1234, "trailing-minus"), (" 5.00 ", 500, "spaces"), ("30.000000000000004", 3000, ""),
        ("€ 12", 1200, "euro-sign"), ("12.00 EUR", 1200, "euro-sign"), ("1.500", 150, ""), ("1.10000", 110, ""),
    ],
)  # fmt: skip
def test_amounts(cell: str, cents: int, cleaned: str) -> None:
    read = read_money(cell)
    assert read is not None
    assert (read.cents, read.cleaned) == (cents, cleaned)


@pytest.mark.parametrize(
    "cell",
    [
        "1,50",
        "NaN",
        "Infinity",
        "1e5",
        "1_000",
        "1.005",
        "twelve",
        "١٢",
        "1,23,456",
        "--5",
        "(-5)",
        "9" * 13,
        "1.2.3",
        ".",
        "5.",
        ".5",
        "#N/A",
    ],
)
def test_no_amounts(cell: str) -> None:
    read = read_money(cell)
    assert read is None
    assert money_column(ListCells([cell])).unreadable.tolist() == [True]


@given(st.lists(st.one_of(st.text(max_size=20), st.from_regex(r"-?[0-9]{1,9}(\.[0-9]{1,2})?", fullmatch=True))))
def test_the_column_reads_what_the_cell_reads(cells: list[str]) -> None:
    column = money_column(ListCells(cells))
    for at, cell in enumerate(cells):
        read = read_money(cell)
        if column.missing[at]:
            assert cell.strip() in ("", "-", "–", "—", "--")
        elif column.unreadable[at]:
            assert read is None
        else:
            assert read is not None
            assert column.cents[at] == read.cents


@pytest.mark.parametrize(
    ("cell", "date"),
    [
        ("26/11/2026", dt.date(2026, 11, 26)), ("26-11-2026", dt.date(2026, 11, 26)), ("6.1.2026", dt.date(2026, 1, 6)),
        ("2026-11-26", dt.date(2026, 11, 26)), ("2026-11-26T10:00:00", dt.date(2026, 11, 26)),
        ("22/02/2018 11:07", dt.date(2018, 2, 22)), ("26 Nov 2026", dt.date(2026, 11, 26)),
        ("26-November-2026", dt.date(2026, 11, 26)), ("29/02/2028", dt.date(2028, 2, 29)),
        ("11/26/2026", None), ("29/02/2027", None), ("20261126", None), ("2026-W47-5", None), ("46352", None),
        ("26/11/26", dt.date(2026, 11, 26)), ("26-Nov-26", dt.date(2026, 11, 26)), ("soon", None),
        ("26 Samhain 2026", dt.date(2026, 11, 26)), ("1-Márta-2026", dt.date(2026, 3, 1)),
        ("3 Deireadh Fómhair 2026", dt.date(2026, 10, 3)), ("2nd March 2026", dt.date(2026, 3, 2)),
        ("2020-04-27T11:02:23.479Z[UTC]", dt.date(2020, 4, 27)), ("2026-07-01T23:30:00Z", dt.date(2026, 7, 2)),
        ("2026-11-26 and more", None), ("31/04/2026", None), ("26 Nonsense 2026", None), ("٢٦/١١/٢٠٢٦", None),
    ],
)  # fmt: skip
def test_dates(cell: str, date: dt.date | None) -> None:
    read = read_date(cell, STYLE)
    assert (read.date if read else None) == date


def test_psr_dates_are_strict_and_serials_need_their_place() -> None:
    strict = STYLE._replace(strict=True)
    assert read_date("26/11/2026", strict) is None
    assert read_date("2026-11-26", strict) is not None
    for style, cell in ((STYLE._replace(serials=True), "46352"), (STYLE._replace(serials=True, mac=True), "44890")):
        serial = read_date(cell, style)
        assert serial is not None
        assert serial.date == dt.date(2026, 11, 26)


def test_years_of_two_digits_and_months_first() -> None:
    born = STYLE._replace(past=True)
    assert [read_date(cell, born).date.year for cell in ("01/02/90", "01/02/13", "01/02/05")] == [1990, 1913, 2005]
    assert read_date("11/26/2026", STYLE._replace(month_first=True)).date == dt.date(2026, 11, 26)
    assert read_date("26/11/2026", STYLE._replace(month_first=True)) is None


@given(
    st.lists(
        st.one_of(
            st.dates().map(dt.date.isoformat),
            st.dates().map(lambda day: f"{day:%d/%m/%Y}"),
            st.from_regex(r"[0-9]{2}[/-][0-9]{2}[/-][0-9]{4}", fullmatch=True),
            st.text(max_size=12),
        )
    ),
    st.booleans(),
)
def test_the_column_reads_the_dates_the_cell_reads(cells: list[str], month_first: bool) -> None:
    style = STYLE._replace(month_first=month_first)
    column = date_column(ListCells(cells), style)
    for at, cell in enumerate(cells):
        read = read_date(cell, style)
        if read is None:
            assert np.isnat(column.dates[at])
        else:
            assert column.dates[at].astype(dt.datetime).date() == read.date


def table_of(tmp_path: Path, text: str):
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    return read(path)


def test_headings_are_compared_plainly() -> None:
    assert plain_heading("P.P.S.  Number") == plain_heading("pps_number") == plain_heading("PPS-NUMBER")
    assert plain_heading("\ufeffEmployeePPSN") == "employee ppsn"
    assert plain_heading("Ainm Baistí") == "ainm baisti"


def test_preamble_totals_and_rows_left_out(tmp_path: Path) -> None:
    text = (
        "Gross to net,November\n\nPPSN,Surname,First Name,Pay Date,Gross Pay\n1234567FA,Walsh,Ann,26/11/2026,100.00\n"
        ",,,,\n1234567OB,Burke,Joe,26/11/2026,50.00\nPPSN,Surname,First Name,Pay Date,Gross Pay\n"
        "1234567T,Keane,Una,26/11/2026,25.00,surplus\n,,,see page 2,\nTotal,,,,150.00\n"
    )
    table, _, frame, notes = table_of(tmp_path, text)
    assert frame["gross_pay"].tolist() == [10000, 5000]
    assert frame["row"].tolist() == [4, 6]
    assert {(row.row, row.reason) for row in table.skipped} == {
        (1, "preamble"), (2, "blank"), (5, "blank"), (7, "repeated-header"), (8, "too-many-cells"),
        (9, "not-a-pay-line"), (10, "totals"),
    }  # fmt: skip
    assert {note.code for note in notes} == {"file-preamble-skipped", "file-rows-skipped", "file-totals-row-skipped"}


def test_a_total_that_is_wrong(tmp_path: Path) -> None:
    text = "PPSN,Surname,First Name,Pay Date,Gross Pay\n1234567FA,Walsh,Ann,26/11/2026,100.00\nTotal,,,,101.00\n"
    _, _, frame, notes = table_of(tmp_path, text)
    assert len(frame) == 1
    wrong = [note for note in notes if note.code == "control-total-mismatch"]
    assert wrong[0].facts == {"name": ["gross_pay"], "stated": ["€101.00"], "summed": ["€100.00"]}


def test_somebody_called_total_is_kept(tmp_path: Path) -> None:
    text = "Surname,PPSN,First Name,Pay Date,Gross Pay\nSum,1234567FA,Ann,26/11/2026,100.00\nTotalini,1234567OB,Joe,26/11/2026,9.00\n"
    _, _, frame, _ = table_of(tmp_path, text)
    assert frame["family_name"].tolist() == ["Sum", "Totalini"]


def test_ambiguous_headings(tmp_path: Path) -> None:
    text = "PPSN,Surname,First Name,Pay Date,Gross Pay,Gross,emp_id\n1234567FA,Walsh,Ann,26/11/2026,100.00,90.00,7\n"
    _, _, frame, notes = table_of(tmp_path, text)
    assert frame["gross_pay"].tolist() == [10000]
    assert frame["works_number"].tolist() == ["7"]
    assert {note.cause for note in notes if note.code == "column-ambiguous"} == {
        "two-columns",
        "works-number-or-employment-id",
    }


def test_names_and_missing_columns(tmp_path: Path) -> None:
    text = 'PPSN,Employee Name,Gross Pay\n1234567FA,"Ó Briain, Séamus",100.00\n'
    _, _, frame, notes = table_of(tmp_path, text)
    assert (frame["first_name"][0], frame["family_name"][0]) == ("Séamus", "Ó Briain")
    assert {(note.code, note.field) for note in notes} == {("column-missing", "pay_date")}


@pytest.mark.parametrize(
    ("names", "first", "family"),
    [
        ("family-first", None, "Séamus Ó Briain"), ("first-family", "Séamus", "Ó Briain"),
    ],
)  # fmt: skip
def test_names_without_a_comma_are_not_guessed(tmp_path: Path, names: str, first: str | None, family: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text("PPSN,Employee Name,Pay Date,Gross Pay\n1234567FA,Séamus Ó Briain,26/11/2026,1.00\n")
    _, _, frame, notes = read(path, Choices(names=names))
    assert (frame["first_name"][0], frame["family_name"][0]) == (first, family)
    assert ("column-ambiguous" in {note.code for note in notes}) == (first is None)


def test_day_or_month(tmp_path: Path) -> None:
    head = "PPSN,Surname,First Name,Pay Date,Date of Birth,Gross Pay\n"
    _, _, frame, notes = table_of(tmp_path, head + "1234567FA,Walsh,Ann,05/11/2026,01/02/1990,1.00\n")
    assert frame["pay_date"][0].date() == dt.date(2026, 11, 5)
    assert [note.field for note in notes if note.code == "date-order-ambiguous"] == ["date_of_birth", "pay_date"]
    _, _, _, notes = table_of(tmp_path, head + "1234567FA,Walsh,Ann,05/11/2026,21/02/1990,1.00\n")
    assert [note.code for note in notes] == []


def test_lost_zeros_and_unreadable_cells(tmp_path: Path) -> None:
    text = "PPSN,Surname,First Name,Pay Date,Gross Pay\n1B,Walsh,Ann,26/11/2026,NaN\n12345T,Burke,Joe,11/26/2026,1.00\n852473A,Keane,Una,26/11/2026,1.00\n"
    _, _, frame, notes = table_of(tmp_path, text)
    assert frame["ppsn"].tolist() == ["1B", "12345T", "0852473A"]
    assert frame["gross_pay"].isna().tolist() == [True, False, False]
    assert {(note.code, note.field, note.rows.tolist()[0]) for note in notes} == {
        ("value-unreadable", "gross_pay", 2), ("value-unreadable", "pay_date", 3), ("value-cleaned", "ppsn", 4),
    }  # fmt: skip


def test_own_mapping(tmp_path: Path) -> None:
    mapping = tmp_path / "map.toml"
    mapping.write_text('[columns]\n"Brutto" = "gross_pay"\n"Number" = "ppsn"\n', encoding="utf-8")
    path = tmp_path / "t.csv"
    path.write_text("Number,Surname,First Name,Pay Date,Brutto\n1234567FA,Walsh,Ann,26/11/2026,1.00\n")
    _, matched, _, _ = read(path, read_choices(mapping))
    assert {"gross_pay", "ppsn"} <= matched.fields.keys()


@pytest.mark.parametrize("text", ["no toml [", "x = 1", '[columns]\nA = "colour"', "columns = 3"])
def test_a_wrong_mapping_is_told(tmp_path: Path, text: str) -> None:
    mapping = tmp_path / "map.toml"
    mapping.write_text(text)
    with pytest.raises(AppError, match="mapping"):
        read_choices(mapping)
