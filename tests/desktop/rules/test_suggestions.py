"""What a rule would put into the cell it marks: one row, one case."""

from typing import Any

import pytest

from autoenroll_desktop.domain.words import absent
from tests.making import aepn, case, found, line, ppsn

ONE, OTHER = ppsn(1000001), ppsn(1000002)
SLIP = ONE[:7] + "WA"
LAST_WEEK = {"pay_date": "2026-11-19"}


@pytest.mark.parametrize(
    ("key", "lines", "aepns", "history", "suggested"),
    [
        ("ppsn-check-letter", [{"ppsn": SLIP}], [{}], [], [ONE]),
        ("ppsn-check-letter", [{"ppsn": SLIP}], [{"first_name": "Áine"}], [], [None]),  # somebody else's
        ("ppsn-format", [{"ppsn": ONE[1:]}], [{}], [], [ONE]),
        ("ppsn-format", [{"ppsn": "12"}], [{}], [], [None]),
        ("ppsn-zero-padded", [{"ppsn": "0" + ONE}], [{}], [], [ONE]),
        ("ppsn-changed", [{"ppsn": OTHER}], [], [LAST_WEEK], [ONE]),
        ("ppsn-changed", [{"ppsn": OTHER, "line_item_id": "L2"}, {}], [], [LAST_WEEK], [ONE]),
        ("employment-id-missing", [{"employment_id": None}], [{"employment_id": "7"}], [], ["7"]),
        ("employment-id-missing", [{"employment_id": None}], [{"employment_id": "7"}, {"employment_id": "8"}], [], [None]),
        ("employment-id-case", [{"employment_id": "e01"}], [{"employment_id": "E01"}], [], ["E01"]),
        ("employment-id-case", [{"employment_id": "001"}], [{}], [], ["1"]),
        ("employment-id-case/last-period", [{"employment_id": "a7"}], [], [{"employment_id": "A7", **LAST_WEEK}], ["A7"]),
        ("employment-id-case/other-line", [{"employment_id": "a7"}, {"employment_id": "A7", "line_item_id": "L2"}], [], [], ["a7"]),
        ("employment-id-changed", [{"employment_id": "2"}], [], [LAST_WEEK], ["1"]),
        ("aepn-employment-id-mismatch", [{"employment_id": "2"}], [{}], [], ["1"]),
        ("aepn-employment-id-mismatch/several", [{"employment_id": "9"}], [{}, {"employment_id": "2"}], [], [None]),
        ("name-too-long/family-name", [{"family_name": "O" * 49 + " Briain"}], [{}], [], ["O" * 49]),
        ("name-characters/first-name", [{"first_name": "Jörg"}, {"first_name": "Ann", "line_item_id": "L2"}], [{}], [], ["Jorg"]),
        ("contribution-amount/unexplained", [{"ae_employee": 1, "ae_employer": 1}], [{}], [], [3000]),
    ],
)  # fmt: skip
def test_what_is_suggested(
    key: str,
    lines: list[dict[str, Any]],
    aepns: list[dict[str, Any]],
    history: list[dict[str, Any]],
    suggested: list[Any],
) -> None:
    made = case([line(**one) for one in lines], [aepn(**one) for one in aepns], [line(**one) for one in history])
    told = next(one for one in found(made) if one.key == key)
    offered = [told.fact("suggestion", at) for at in range(len(told))]
    assert [None if absent(one) else one for one in offered] == suggested


# One PPSN is one person: names that share a word, and no two dates of birth
@pytest.mark.parametrize(
    ("other", "rows"),
    [
        ({"first_name": "Áine", "family_name": "Walsh"}, [2, 3]),
        ({"first_name": "Shay"}, []),  # a short form of the same person
        ({"first_name": "SÉAMUS", "family_name": "Walsh"}, []),
        ({"family_name": None, "first_name": "Áine"}, []),
        ({"date_of_birth": "1990-05-06"}, [2, 3]),
        ({"date_of_birth": None, "first_name": "Shay"}, []),
        ({"first_name": "Áine", "family_name": "Walsh", "ppsn": OTHER}, []),
        ({"first_name": "Áine", "family_name": "Walsh", "employer_registration_number": "3390617EH"}, [2, 3]),
    ],
)
@pytest.mark.parametrize("number", [ONE, SLIP])
def test_one_ppsn_with_two_people(number: str, other: dict[str, Any], rows: list[int]) -> None:
    """Also under a number that cannot be right: it is the same number twice."""
    lines = [line(ppsn=number), line(**{"ppsn": number, "employment_id": "2", "line_item_id": "L2", **other})]
    third = line(ppsn=ppsn(1000003), line_item_id="L3", first_name="Tom", family_name="Daly")
    told = [one for one in found(case([*lines, third])) if one.code == "ppsn-shared"]
    assert [one.rows.tolist() for one in told] == ([rows] if rows else [])
    assert all(one.fact("ppsn", 0) == number for one in told)
