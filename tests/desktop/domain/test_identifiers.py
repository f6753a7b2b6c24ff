"""PPSN and employer number checks: the published tables, and python-stdnum as the judge."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.ie import pps

from autoenroll_desktop.domain.identifier_columns import check_column
from autoenroll_desktop.domain.identifiers import Check, explain, mask_ppsn

# Scheme rules, section 5.1
GOOD = [
    ("1234567T", 112),
    ("1234567TW", 112),
    ("1234567FA", 121),
    ("1234567OB", 130),
    ("6433435F", 144),
    ("6433435FT", 144),
    ("6433435OA", 153),
    ("6433435AB", 162),
    ("6433435IH", 216),
    ("0000001B", 2),
    ("9999999P", 315),
]
BAD = [
    ("6433435E", Check.BAD_LETTER),
    ("6433435VH", Check.BAD_LETTER),
    ("123456T", Check.BAD_FORMAT),
    ("1234567X", Check.BAD_FORMAT),
    ("7654321T", Check.BAD_LETTER),
    ("9876543HH", Check.BAD_LETTER),
    ("1234567TA", Check.BAD_LETTER),
    ("09876543T", Check.BAD_LETTER),
    ("١٢٣٤٥٦٧T", Check.BAD_FORMAT),
    ("", Check.MISSING),
]


@pytest.mark.parametrize(("number", "total"), GOOD)
def test_numbers_that_pass(number: str, total: int) -> None:
    told = explain(number)
    assert (told.check, told.total) == (Check.GOOD, total)


@pytest.mark.parametrize(("number", "check"), BAD)
def test_numbers_that_fail(number: str, check: Check) -> None:
    assert explain(number).check is check


# Revenue's own files: zero-padded PPSNs, lower case, employer numbers (file formats, B5)
@pytest.mark.parametrize("number", ["01234567T", "01074431E", "00000008P", "00000012G"])
def test_a_surplus_leading_zero_is_dropped(number: str) -> None:
    told = explain(number)
    assert told.check is Check.GOOD
    assert told.zero_padded
    assert told.number == number[1:]


@pytest.mark.parametrize(
    "number", ["8002392EH", "8001135CH", "8000074DH", "8000075FH", "3390617EH", "3980609P", "1112215f"]
)
def test_employer_numbers_share_the_check(number: str) -> None:
    assert explain(number).check is Check.GOOD


@pytest.mark.parametrize("number", ["•••••01S", "*****67T", "XXXXX67T", "12•••67T"])
def test_masked_numbers_are_told(number: str) -> None:
    assert explain(number).masked


def test_old_suffix_z_tries_both_second_letters() -> None:
    assert explain("1234567FZ").check is Check.GOOD
    assert explain("1234567OZ").check is Check.GOOD
    assert explain("1234567TZ").check is Check.BAD_LETTER


def test_stdnum_agrees_on_random_numbers() -> None:
    """100,000 numbers; suffix W, T and X follow the old rule in both, other second letters the rule of 2013."""
    chance = random.Random(20260101)
    numbers = [
        f"{chance.randrange(10**7):07d}{chance.choice('ABCDEFGHIJKLMNOPQRSTUVW')}{chance.choice(['', 'A', 'B', 'H', 'W', 'T', 'X'])}"
        for _ in range(100_000)
    ]
    column = check_column(np.array(numbers, dtype=object))
    ours = column.check == Check.GOOD
    theirs = np.array([pps.is_valid(number) for number in numbers])
    differ = [number for number, agrees in zip(numbers, ours == theirs, strict=True) if not agrees]
    assert not differ, differ[:5]
    assert 3000 < ours.sum() < 6000


@given(st.lists(st.one_of(st.none(), st.text(max_size=12), st.from_regex(r"[0-9]{6,8}[A-Z]{1,2}", fullmatch=True))))
def test_the_column_says_what_the_single_check_says(cells: list[str | None]) -> None:
    column = check_column(np.array(cells, dtype=object))
    for at, cell in enumerate(cells):
        told = explain(cell or "")
        assert column.check[at] == told.check
        assert (column.numbers[at] or "") == told.number
        assert column.zero_padded[at] == told.zero_padded
        assert column.masked[at] == told.masked


def test_masking_hides_all_but_the_end() -> None:
    assert mask_ppsn("1234567T") == "•••••67T"
    assert mask_ppsn("12") == "••"
