"""Every column has a name of its own, whatever its heading."""

from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.intake.headings import column_names, plain_heading


def test_a_heading_that_stands_twice_gets_a_number_and_a_blank_one_a_letter() -> None:
    assert column_names(["Pay", "", "Pay", "pay", " Pay ", "Pay (2)"]) == [
        "Pay", "(B)", "Pay (2)", "pay (3)", "Pay (4)", "Pay (2) (2)",
    ]  # fmt: skip


@given(st.lists(st.sampled_from(["Pay", "pay", "P.A.Y", "Pay (2)", "", "(B)", "B", "#", "…"]), max_size=12))
def test_names_are_told_apart_and_the_first_of_a_heading_keeps_it(headers: list[str]) -> None:
    names = column_names(headers)
    plain = [plain_heading(name) for name in names]
    assert len(set(plain)) == len(headers)
    for at, header in enumerate(headers):
        if header and plain_heading(header) not in plain[:at]:
            assert names[at] == header


def test_thousands_of_columns_alike_are_named_at_once() -> None:
    assert column_names(["x"] * 16_384)[-1] == "x (16384)"
