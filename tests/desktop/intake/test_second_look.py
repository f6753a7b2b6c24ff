"""What the reader of workbooks does not tell: found wherever it stands, in a damaged file nothing, never a traceback."""

import re
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.intake.sheet_attributes import look_at
from autoenroll_desktop.intake.xls_cells import look_into_xls

BOOKS = Path(__file__).resolve().parents[2] / "data" / "intake" / "workbooks"
ERRORS = (BOOKS / "error-cells.xls").read_bytes()
FAR = re.compile(rb' r="(?![A-Z]{0,2}[0-9]{1,5}")')
WIDE = re.compile(rb' r="[A-Z]{2,}[0-9]')


def test_error_cells_and_hidden_rows_of_an_old_workbook() -> None:
    assert look_into_xls(ERRORS, "Sheet1").errors == {(1, 4): "#N/A", (2, 4): "#DIV/0!", (3, 0): "#VALUE!"}
    assert look_into_xls((BOOKS / "hidden-rows.xls").read_bytes(), "Pay").hidden == 1
    assert look_into_xls(ERRORS, "Another") == look_into_xls(b"", "Sheet1") == look_into_xls(ERRORS[:600], "Sheet1")


@given(st.integers(0, len(ERRORS) - 8), st.binary(min_size=1, max_size=8))
def test_a_damaged_old_workbook_raises_nothing(at: int, put: bytes) -> None:
    look = look_into_xls(ERRORS[:at] + put + ERRORS[at + len(put) :], "Sheet1")
    assert len(look.errors) <= len(ERRORS) // 10


@pytest.mark.parametrize("sector", [0, 1, 3, 0xFFFFFFF9])
def test_sectors_that_run_in_a_circle_end(sector: int) -> None:
    (table,) = struct.unpack_from("<I", ERRORS, 76)
    at = (table + 1) * 512
    circle = ERRORS[:at] + struct.pack("<I", sector) * 128 + ERRORS[at + 512 :]
    many = circle[:44] + struct.pack("<I", 0xFFFFFF) + circle[48:76] + struct.pack("<I", table) * 109 + circle[512:]
    assert look_into_xls(many, "Sheet1").hidden == 0


PLACES = st.from_regex(r"[A-Z]{0,4}[0-9]{0,7}|[a-z]{1,3}[0-9]{1,3}|", fullmatch=True)
CELLS = st.lists(
    st.tuples(
        PLACES,
        st.sampled_from(["", ' s="1"', ' t="s"', ' t="e"', ' hidden="1"', ' spans="1:25"', " s = '3'", ' t= "e"']),
        st.sampled_from(["", "<v>1</v>", "<v>a=b</v>", "<f>A1=B1</f>", "<is><t>x = y</t></is>"]),
    ),
    min_size=1,
    max_size=30,
)


@given(CELLS)
def test_a_look_at_attributes_misses_nothing_a_search_finds(cells: list[tuple[str, str, str]]) -> None:
    parts = [f'<c r="{place}"{more}>{inside}</c>' for place, more, inside in cells]
    window = f'<row r="1">{"".join(parts)}</row></sheetData></worksheet>'.encode()
    said = look_at(window)
    assert said.far or not FAR.search(window)
    assert said.wide or not WIDE.search(window)
    assert said.errors == (b' t="e"' in window)
    assert said.hidden or b'hidden="1"' not in window
    assert said.far or not re.search(rb" =|= ", window)


def test_an_ordinary_sheet_needs_no_search() -> None:
    window = b'<row r="99999"><c r="Z99999" s="1" t="s"><v>1</v></c><c r="A1"><v>2.5</v></c></row></sheetData>'
    assert look_at(window) == (False, False, False, False)
    assert look_at(window.replace(b'"A1"', b'"AB1"')) == (False, True, False, False)
    assert look_at(window.replace(b'"A1"', b'"A100000"')).far
