"""Workbooks written again: formats, formulas, other sheets and parts stay; checked with another library."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.domain.progress import SILENT
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.intake.read_table import LIMITS
from autoenroll_desktop.intake.source import open_source
from autoenroll_desktop.rewrite.edit import CellEdit, Edits
from autoenroll_desktop.rewrite.rewrite import rewrite
from autoenroll_desktop.rewrite.workbook import rewrite_workbook

PART = "xl/worksheets/sheet1.xml"


def workbook() -> bytes:
    """A small pay sheet as Excel writes one: styles, a date, a formula column, totals, a chart, a second sheet."""
    result = io.BytesIO()
    book = xlsxwriter.Workbook(result, {"in_memory": True})
    page, other = book.add_worksheet("Pay"), book.add_worksheet("Notes")
    money, date = (
        book.add_format({"num_format": "#,##0.00", "bg_color": "#FFFF00"}),
        book.add_format({"num_format": "dd/mm/yyyy"}),
    )
    page.write_row(0, 0, ["No", "Name", "Date", "Gross", "AE"])
    for row in range(1, 6):
        page.write_string(row, 0, f"000{row}")
        page.write_string(row, 1, f"Ní {row}")
        page.write_datetime(row, 2, dt.datetime(2026, 11, 26), date)
        page.write_number(row, 3, 1000 * row, money)
        page.write_formula(row, 4, f"=D{row + 1}*0.015", money, 15 * row)
    page.write_formula(6, 3, "=SUM(D2:D6)", money, 15000)
    page.write_comment(1, 1, "look here")
    other.write_string(0, 0, "kept")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Pay!$D$2:$D$6"})
    other.insert_chart("C3", chart)
    book.close()
    return result.getvalue()


BOOK = workbook()


def opened(data: bytes, *, values: bool = True) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def edit(*cells: CellEdit, dropped: frozenset[int] = frozenset(), close_up: bool = False, data: bytes = BOOK) -> bytes:
    return rewrite_workbook(data, PART, Edits(cells, dropped), close_up=close_up)


def test_cells_keep_their_format_and_kind() -> None:
    after = opened(
        edit(
            CellEdit(2, 3, "1250.5", number=True),
            CellEdit(3, 2, "2026-12-03"),
            CellEdit(4, 0, "01"),
            CellEdit(5, 1, "=x"),
        )
    )
    page, before = after["Pay"], opened(BOOK)["Pay"]
    assert (page["D2"].value, page["C3"].value, page["A4"].value, page["B5"].value) == (
        1250.5,
        dt.datetime(2026, 12, 3),
        "01",
        "=x",
    )
    assert page["B5"].data_type == "s"
    for place in ("D2", "C3", "A4", "B5"):
        assert (
            page[place].style_id == before[place].style_id or page[place].number_format == before[place].number_format
        )
    assert page["D2"].fill.bgColor.rgb == before["D2"].fill.bgColor.rgb
    assert page["D3"].value == 2000


def test_everything_else_is_the_same_bytes() -> None:
    after = edit(CellEdit(2, 1, "Other"))
    with zipfile.ZipFile(io.BytesIO(BOOK)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        assert new.namelist() == old.namelist()
        changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
    assert changed == {PART, "xl/workbook.xml"}  # Excel is asked to calculate again


def test_a_formula_that_is_overwritten_goes_with_its_place_in_the_chain() -> None:
    after = edit(CellEdit(2, 4, "20.00", number=True))
    assert opened(after, values=False)["Pay"]["E2"].value == 20
    assert opened(after, values=False)["Pay"]["E3"].value == "=D3*0.015"
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        assert "xl/calcChain.xml" not in archive.namelist()
        assert b"calcChain" not in archive.read("[Content_Types].xml")


def test_a_total_keeps_its_formula() -> None:
    after = edit(CellEdit(7, 3, "16000.00", number=True, keep_formula=True))
    assert opened(after)["Pay"]["D7"].value == 16000
    assert opened(after, values=False)["Pay"]["D7"].value == "=SUM(D2:D6)"


def shared() -> bytes:
    """The same with Excel's shared formula in three cells."""
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts[PART]
    for row, formula in (
        (2, '<f t="shared" ref="E2:E4" si="0">D2*0.015</f>'),
        (3, '<f t="shared" si="0"/>'),
        (4, '<f t="shared" si="0"/>'),
    ):
        sheet = sheet.replace(f"<f>D{row}*0.015</f>".encode(), formula.encode())
    assert sheet.count(b'si="0"') == 3
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, sheet if name == PART else content)
    return result.getvalue()


def test_a_shared_formula_is_taken_apart_before_its_first_cell_goes() -> None:
    after = opened(edit(CellEdit(2, 4, "20.00", number=True), data=shared()), values=False)["Pay"]
    assert [after[f"E{row}"].value for row in range(2, 6)] == [20, "=D3*0.015", "=D4*0.015", "=D5*0.015"]


def test_an_array_formula_is_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(shared())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[PART] = parts[PART].replace(b't="shared" ref="E2:E4" si="0"', b't="array" ref="E2:E4"')
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(AppError, match="array formula"):
        edit(CellEdit(2, 4, "20.00"), data=result.getvalue())


def test_rows_left_out_leave_formulas_pointing_right() -> None:
    page = opened(edit(dropped=frozenset({3})), values=False)["Pay"]
    assert [page[f"A{row}"].value for row in range(2, 7)] == ["0001", None, "0003", "0004", "0005"]
    assert page["D7"].value == "=SUM(D2:D6)"


def test_rows_close_up_where_only_some_are_wanted() -> None:
    page = opened(edit(dropped=frozenset({2, 4, 5, 7}), close_up=True), values=False)["Pay"]
    assert [[cell.value for cell in row][:5] for row in page.iter_rows(min_row=2, max_row=3)] == [
        ["0002", "Ní 2", dt.datetime(2026, 11, 26), 2000, 30],
        ["0005", "Ní 5", dt.datetime(2026, 11, 26), 5000, 75],
    ]
    assert page.max_row == 3


def test_a_workbook_that_does_not_say_where_its_sheet_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"worksheets/sheet1.xml", b"worksheets/none.xml"
    )
    path = tmp_path / "odd.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(AppError, match="own layout"):
        rewrite(open_source(path, LIMITS, SILENT), "xlsx", Edits((CellEdit(2, 0, "x"),)), sheet="Pay")


def test_a_row_that_is_not_there_is_named() -> None:
    with pytest.raises(AppError, match="Row 99"):
        edit(CellEdit(99, 0, "x"))


@given(
    st.dictionaries(
        st.tuples(st.integers(2, 6), st.sampled_from([0, 1, 3, 4, 5, 6, 7, 8])),
        st.text(st.sampled_from("ab&<>'\"é 0.-"), max_size=8),
        max_size=6,
    )
)
def test_any_text_in_any_cell(wanted: dict[tuple[int, int], str]) -> None:
    after = opened(edit(*(CellEdit(row, column, text) for (row, column), text in wanted.items())))["Pay"]
    before = opened(BOOK)["Pay"]
    for row in range(2, 7):
        for column in range(9):
            cell = after.cell(row, column + 1).value
            if (row, column) in wanted:
                text = wanted[row, column]
                assert str(cell if cell is not None else "") == text or float(cell) == float(text)
            else:
                assert cell == before.cell(row, column + 1).value
