"""Which number was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.domain.identifiers import Check, explain
from autoenroll_desktop.fixes.ppsn_repairs import LOOK_ALIKES, Source, ranked, repairs, sure
from tests.making import ppsn

RIGHT = ppsn(1234567)
numbers = st.integers(0, 9_999_999).map(ppsn)


@pytest.mark.parametrize(
    ("slip", "written"),
    [
        ("one digit wrong", "1234568" + RIGHT[7:]),
        ("two digits exchanged", "1234576" + RIGHT[7:]),
        ("first two digits exchanged", "2134567" + RIGHT[7:]),
        ("the check letter mistyped", RIGHT[:7] + ("B" if RIGHT[7] != "B" else "C") + RIGHT[8:]),
        ("I for 1", "I234567" + RIGHT[7:]),
        ("small l for 1", "l234567" + RIGHT[7:]),
        ("S for 5", "1234S67" + RIGHT[7:]),
        ("a digit twice", "12345567" + RIGHT[7:]),
    ],
)
def test_slips_people_make(slip: str, written: str) -> None:
    assert RIGHT in repairs(written), slip


@given(numbers, st.integers(0, 6), st.integers(1, 9))
def test_every_repair_passes_and_the_right_one_is_among_them(number: str, at: int, by: int) -> None:
    wrong = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]
    offered = repairs(wrong)
    assert number in offered
    assert all(explain(one).check is Check.GOOD for one in offered)
    assert len(set(offered)) == len(offered) < 40


@given(st.text(max_size=20))
def test_any_text_gives_valid_numbers_or_none(text: str) -> None:
    assert all(explain(one).check is Check.GOOD for one in repairs(text))


def test_look_alikes_are_letters_for_digits() -> None:
    assert all(sign.isalpha() and digit.isdigit() for sign, digit in LOOK_ALIKES.items())


WRONG = "1234576" + RIGHT[7:]


@pytest.mark.parametrize(
    ("aepn", "past", "best", "source"),
    [
        ({RIGHT: ["Séamus Ó Briain"]}, {}, RIGHT, Source.AEPN),
        ({}, {RIGHT: ["SÉAMUS Ó BRIAIN"]}, RIGHT, Source.LAST_PERIOD),
        ({RIGHT: ["Mary Walsh"]}, {}, None, Source.AEPN_OTHER_NAME),
        ({}, {}, None, Source.CHECK),
    ],
)
def test_only_a_person_of_the_same_name_makes_it_sure(aepn, past, best, source) -> None:
    told = ranked(WRONG, "Séamus Ó Briain", aepn, past)
    repair = sure(told)
    assert (repair.number if repair else None) == best
    assert told[0].source == source


def test_two_of_one_name_are_not_sure() -> None:
    other = next(one for one in repairs(WRONG) if one != RIGHT)
    told = ranked(WRONG, "Mary Walsh", {RIGHT: ["Mary Walsh"], other: ["Mary Walsh"]}, {})
    assert sure(told) is None
