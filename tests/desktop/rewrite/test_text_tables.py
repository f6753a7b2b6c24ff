"""Delimited text and printed reports written again: what was not edited stays, to the byte."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.rewrite.edit import CellEdit, Edits
from autoenroll_desktop.rewrite.text_tables import rewrite_delimited, rewrite_fixed_width

CELL = st.text(st.sampled_from("ab1€é,;\t|\"'\n =-.0"), max_size=6)
ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8-sig",
    "utf-16": "utf-16",
    "cp1252": "cp1252",
    "utf-16-le": "utf-16-le",
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[str]], bytes, str, str]:
    """Rows, the file they make, its encoding and its delimiter."""
    width = draw(st.integers(2, 5))
    rows = draw(st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=6))
    mark = draw(st.sampled_from(",;\t|"))
    ending = draw(st.sampled_from(["\r\n", "\n"]))
    text = io.StringIO(newline="")
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    csv.writer(text, delimiter=mark, lineterminator=ending, quoting=quoting).writerows(rows)
    whole = text.getvalue()
    if draw(st.booleans()):
        whole = whole.removesuffix(ending)
    encoding = draw(st.sampled_from([*ENCODINGS]))
    return rows, whole.encode(ENCODINGS[encoding]), encoding, mark


def read(data: bytes, encoding: str, mark: str) -> list[list[str]]:
    return [*csv.reader(io.StringIO(data.decode(ENCODINGS[encoding]), newline=""), delimiter=mark, strict=True)]


@given(tables(), st.data())
def test_only_the_edited_cells_change(made: tuple[list[list[str]], bytes, str, str], data: st.DataObject) -> None:
    rows, content, encoding, mark = made
    places = st.tuples(st.integers(1, len(rows)), st.integers(0, len(rows[0]) - 1))
    wanted = data.draw(st.dictionaries(places, CELL, max_size=4))
    dropped = data.draw(st.frozensets(st.integers(1, len(rows)), max_size=2))
    edits = Edits(tuple(CellEdit(row, column, text) for (row, column), text in wanted.items()), dropped)
    after = rewrite_delimited(content, encoding, mark, edits)
    now = [[wanted.get((row, column), cell) for column, cell in enumerate(cells)] for row, cells in enumerate(rows, 1)]
    assert read(after, encoding, mark) == [cells for row, cells in enumerate(now, 1) if row not in dropped]
    if not edits:
        assert after == content


@given(tables(), st.data())
def test_rows_are_put_in_below_the_last(made: tuple[list[list[str]], bytes, str, str], data: st.DataObject) -> None:
    rows, content, encoding, mark = made
    below = data.draw(st.integers(1, len(rows)))
    new = data.draw(st.lists(st.lists(CELL, min_size=len(rows[0]), max_size=len(rows[0])), min_size=1, max_size=3))
    added = tuple(tuple(CellEdit(0, column, text) for column, text in enumerate(cells)) for cells in new)
    after = rewrite_delimited(content, encoding, mark, Edits(added=added, below=below))
    assert read(after, encoding, mark) == [*rows[:below], *new, *rows[below:]]


def test_quotes_line_ends_and_marks_stay() -> None:
    content = b'\xef\xbb\xbf"No","Name"\r\n"0001",  Anna \r\n0002,"O""Brien"\n0003,x'
    after = rewrite_delimited(content, "utf-8-sig", ",", Edits((CellEdit(2, 0, "0009"), CellEdit(4, 1, "a,b"))))
    assert after == b'\xef\xbb\xbf"No","Name"\r\n"0009",  Anna \r\n0002,"O""Brien"\n0003,"a,b"'


@given(tables(), st.data())
def test_page_breaks_in_front_of_any_record_shift_no_cell(
    made: tuple[list[list[str]], bytes, str, str], data: st.DataObject
) -> None:
    rows, content, encoding, mark = made
    row, column = data.draw(st.integers(1, len(rows))), data.draw(st.integers(0, len(rows[0]) - 1))
    codec = encoding.replace("-sig", "") if encoding != "utf-16" else "utf-16-le"
    mine = content.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe")
    front = content[: len(content) - len(mine)]
    paged = front + "\f".encode(codec) + mine
    after = rewrite_delimited(paged, encoding, mark, Edits((CellEdit(row, column, "new"),)))
    assert after.startswith(front + "\f".encode(codec))
    now = [[*cells] for cells in rows]
    now[row - 1][column] = "new"
    assert read(front + after[len(front) + len("\f".encode(codec)) :], encoding, mark) == now


def test_a_short_row_gets_the_cells_it_lacks() -> None:
    assert (
        rewrite_delimited(b"a,b,c\n1\n2,3,4\n", "utf-8", ",", Edits((CellEdit(2, 2, "x"),))) == b"a,b,c\n1,,x\n2,3,4\n"
    )


def test_a_character_the_encoding_lacks_is_refused() -> None:
    with pytest.raises(AppError, match="ł"):
        rewrite_delimited(b"a,b\n1,2\n", "cp1252", ",", Edits((CellEdit(2, 0, "Pawe\u0142"),)))


REPORT = b"Works No  Name        Gross Pay\n0001      Anna          1234.50\n0002      Bea            900.00\n"
COLUMNS = [(0, 10), (10, 22), (22, None)]


def test_columns_stay_where_they_are() -> None:
    after = rewrite_fixed_width(
        REPORT, "utf-8", COLUMNS, Edits((CellEdit(2, 2, "1300.00"), CellEdit(3, 1, "Beatrice")))
    )
    assert after == REPORT.replace(b"1234.50", b"1300.00").replace(b"Bea     ", b"Beatrice")


def test_a_text_wider_than_its_column_is_refused() -> None:
    with pytest.raises(AppError, match="too long"):
        rewrite_fixed_width(REPORT, "utf-8", COLUMNS, Edits((CellEdit(2, 1, "Anna Maria Katharina"),)))


def test_page_breaks_stay(tmp_path: Path) -> None:
    paged = REPORT + b"\f" + REPORT
    after = rewrite_fixed_width(paged, "utf-8", COLUMNS, Edits((CellEdit(6, 0, "0009"),)))
    assert after == REPORT + b"\f" + REPORT.replace(b"0002", b"0009")
