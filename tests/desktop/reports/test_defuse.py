"""Texts that a spreadsheet would take for formulas, on their way out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.reports.defuse import defused
from autoenroll_desktop.reports.delimited import delimited, rows_of


@pytest.mark.parametrize(
    "text", ["=1+1", "=cmd|' /C calc'!A0", "+353 86 cmd", "@SUM(A1)", "-2+3+cmd", "\t=1", "\r=1", "-A1", "=-12.50"]
)
def test_formulas_are_made_harmless(text: str) -> None:
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    ["-12.50", "-1,234.50", "+5.00", "-€3.00", "O'Brien", "Ní Dhomhnaill", "-", "", "12.50", "3 = 3", "a@b.ie", "–"],
)
def test_amounts_and_names_stay(text: str) -> None:
    assert defused(text) == text


@given(st.text(st.sampled_from("=+-@'a1. ,€\t"), max_size=8))
def test_an_apostrophe_is_all_it_adds(text: str) -> None:
    assert defused(text) in (text, f"'{text}")
    assert defused(text)[:1] not in ("=", "@", "\t")


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\r\n"), max_size=5),
            min_size=2,
            max_size=4,
        ),
        max_size=4,
    )
)
def test_a_table_reads_back(rows: list[list[str]]) -> None:
    assert rows_of(delimited(rows)) == [[defused(cell) for cell in row] for row in rows]
