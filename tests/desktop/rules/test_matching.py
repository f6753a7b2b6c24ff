"""Which AEPN governs a line, and how it was found (scheme rules 3.1-3.4). One row, one case."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.domain.aepn import Status
from autoenroll_desktop.rules.keys import keys, plain_id
from autoenroll_desktop.rules.matching import Match, one_slip
from autoenroll_desktop.rules.register import counts
from autoenroll_desktop.rules.timing import DUBLIN
from tests.making import ERN, NOW, aepn, case, found, line, ppsn

ONE, OTHER = ppsn(1000001), ppsn(1000002)
SLIP = ONE[:7] + "WA"
N, E, V, P, R, A = Match.NONE, Match.EXACT, Match.ID_VARIANT, Match.PERSON, Match.REPAIRED, Match.AMBIGUOUS


@pytest.mark.parametrize(
    ("why", "lines", "aepns", "rows", "how"),
    [
        ("the key", [{}], [{"ppsn": OTHER}, {}], [1], [E]),
        ("case of the ID", [{"employment_id": "a1"}], [{"employment_id": "A1"}], [0], [V]),
        ("zeros of the ID", [{"employment_id": "1"}], [{"employment_id": "001"}], [0], [V]),
        ("0 is an ID", [{"employment_id": "0"}], [{"employment_id": "00"}], [0], [V]),
        ("0 is not no ID", [{"employment_id": "0"}], [{"employment_id": None}], [0], [P]),
        ("two variants left", [{"employment_id": "a1"}], [{"employment_id": "A1"}, {"employment_id": "0A1"}], [-1], [A]),
        ("a variant taken by its own line", [{"employment_id": "A1"}, {"employment_id": "a1"}], [{"employment_id": "A1"}], [0, -1], [E, N]),
        ("the person's only one", [{"employment_id": "9"}], [{}], [0], [P]),
        ("no ID on the line", [{"employment_id": None}], [{}], [0], [P]),
        ("no ID on either", [{"employment_id": None}], [{"employment_id": None}], [0], [P]),
        ("two left for the person", [{"employment_id": "9"}], [{}, {"employment_id": "2"}], [-1], [A]),
        ("one of two left", [{}, {"employment_id": "9"}], [{}, {"employment_id": "2"}], [0, 1], [E, P]),
        ("two IDs for one AEPN", [{"employment_id": "8"}, {"employment_id": "9"}], [{}], [-1, -1], [A, A]),
        ("one ID twice for one AEPN", [{"employment_id": "9"}, {"employment_id": "9"}], [{}], [0, 0], [P, P]),
        ("both lines of one employment", [{}, {}], [{}], [0, 0], [E, E]),
        ("nobody's", [{"ppsn": OTHER, "first_name": "Áine"}], [{}], [-1], [N]),
        ("no PPSN", [{"ppsn": None}], [{}], [-1], [N]),
        ("another employer's", [{}], [{"employer_registration_number": "3390617EH"}], [-1], [N]),
        ("AEPNs that name no employer", [{}], [{"employer_registration_number": None}], [0], [E]),
        ("ID by person without employer", [{"employment_id": "9"}], [{"employer_registration_number": None}], [0], [P]),
        ("a slip, same name", [{"ppsn": SLIP}], [{}], [0], [R]),
        ("a slip, name in capitals", [{"ppsn": SLIP, "first_name": "SÉAMUS"}], [{}], [0], [R]),
        ("a slip, another name", [{"ppsn": SLIP, "first_name": "Áine"}], [{}], [-1], [N]),
        ("a slip of a number that is taken", [{}, {"ppsn": SLIP}], [{}], [0, -1], [E, N]),
        ("two slips for one AEPN", [{"ppsn": SLIP}, {"ppsn": ONE[:7] + "VA"}], [{}], [0, 0], [R, R]),
        ("two it may be", [{"ppsn": "1000001WA"}], [{"ppsn": "1000001SA"}, {"ppsn": "1000001TA"}], [-1], [N]),
        ("a digit short", [{"ppsn": ONE[1:]}], [{}], [0], [R]),
        ("masked", [{"ppsn": "•••••01" + ONE[7:]}], [{}], [-1], [N]),
        ("a sound number is no slip", [{"ppsn": OTHER}], [{}], [-1], [N]),
    ],
)  # fmt: skip
def test_which_aepn(
    why: str, lines: list[dict[str, Any]], aepns: list[dict[str, Any]], rows: list[int], how: list[Match]
) -> None:
    made = case([line(**one) for one in lines], [aepn(**one) for one in aepns])
    assert (made.matched.rows.tolist(), made.matched.how.tolist()) == (rows, [int(one) for one in how]), why


FIRST, SECOND = {"issue_date": "2026-01-01"}, {"issue_date": "2026-06-01"}


@pytest.mark.parametrize(
    ("why", "aepns", "day", "row", "clash"),
    [
        ("the one issued last", [FIRST, SECOND], "2026-11-26", 1, 0),
        ("whatever their order", [SECOND, FIRST], "2026-11-26", 0, 0),
        ("without a date of issue first", [SECOND, {"issue_date": None}], "2026-11-26", 0, 0),
        ("not yet in force", [FIRST, {**SECOND, "effective_date": "2026-11-27"}], "2026-11-26", 0, 0),
        ("in force from today", [FIRST, {**SECOND, "effective_date": "2026-11-26"}], "2026-11-26", 1, 0),
        ("ended yesterday", [FIRST, {**SECOND, "end_date": "2026-11-25"}], "2026-11-26", 0, 0),
        ("ends today", [FIRST, {**SECOND, "end_date": "2026-11-26"}], "2026-11-26", 1, 0),
        ("ended before begun counts more", [{**FIRST, "end_date": "2026-02-01"}, {**SECOND, "effective_date": "2026-12-01"}], "2026-11-26", 0, 0),
        ("from the day it began", [{**FIRST, "effective_date": "2026-02-01"}, FIRST], "2026-11-26", 0, 0),
        ("two of one date", [FIRST, FIRST], "2026-11-26", 1, 2),
        ("two without a date", [{"issue_date": None}, {"issue_date": None}], "2026-11-26", 1, 2),
        ("two of one date, one ended", [FIRST, {**FIRST, "end_date": "2026-02-01"}], "2026-11-26", 0, 0),
        ("two of one date that begin apart", [FIRST, {**FIRST, "effective_date": "2026-02-01"}], "2026-11-26", 1, 0),
        ("one of three stands apart", [FIRST, SECOND, SECOND], "2026-11-26", 2, 2),
        ("no pay date: the one without a beginning", [{**FIRST, "effective_date": None}, SECOND], None, 0, 0),
    ],
)  # fmt: skip
def test_the_instruction_in_force(why: str, aepns: list[dict[str, Any]], day: str | None, row: int, clash: int) -> None:
    made = case([line(pay_date=day)], [aepn(**one) for one in aepns])
    assert made.matched.rows.tolist() == [row], why
    assert int(made.matched.twice.sum()) == clash
    assert sum(len(one) for one in found(made) if one.code == "aepn-duplicate") == clash


@pytest.mark.parametrize(
    ("left", "right", "slip"),
    [
        ("1234567T", "1234567T", False),
        ("1234567T", "1234567W", True),
        ("1234567T", "1243567T", True),
        ("1234567T", "2134567T", True),
        ("1234567T", "1234576T", True),
        ("1234567T", "3214567T", False),  # swapped, but no neighbours
        ("1234567T", "1243569T", False),
        ("1234567T", "1253567T", False),  # two neighbours that are not swapped
        ("1234567T", "123567T", True),
        ("123567T", "1234567T", True),
        ("234567T", "1234567T", True),
        ("1234567T", "1234567TA", True),
        ("1234567T", "12567T", False),
        ("1234567T", "123567W", False),
        (None, "1234567T", False),
        ("1234567T", None, False),
    ],
)
def test_one_slip(left: str | None, right: str | None, slip: bool) -> None:
    assert one_slip(left, right) is slip


@given(st.text("0123456789ABT", min_size=8, max_size=9), st.integers(0, 7), st.sampled_from("0129ABT"))
def test_any_single_slip_is_one(text: str, at: int, other: str) -> None:
    assert one_slip(text, text[:at] + text[at + 1 :])
    assert one_slip(text[:at] + other + text[at:], text)
    changed = text[:at] + other + text[at + 1 :]
    assert one_slip(text, changed) is (changed != text)


def test_ids_without_case_and_zeros() -> None:
    assert plain_id(["A01", "0a1", "000", "0", None, "", "10", "ß"]).tolist() == [
        "a01",
        "a1",
        "0",
        "0",
        "",
        "",
        "10",
        "ss",
    ]


def test_keys_keep_parts_apart() -> None:
    assert keys(["a", "ab", None], ["bc", "c", "x"]).tolist() == ["a\x1fbc", "ab\x1fc", "\x1fx"]
    assert keys(["a", None]).tolist() == ["a", ""]


def test_which_states_speak_of_an_employment_that_goes_on() -> None:
    gone = {Status.LEFT, Status.CEASED, Status.DE_ENROLLED}
    assert {state for state in Status if not counts(state)} == gone


# NAERSA refreshes AEPNs at night; what was fetched before the last night is old
@pytest.mark.parametrize(
    ("fetched", "now", "stale"),
    [
        ("2026-11-26 05:00", "2026-11-26 15:00", False),
        ("2026-11-25 23:00", "2026-11-26 15:00", True),
        ("2026-11-19 12:00", "2026-11-20 15:00", True),  # a week ahead of the pay date
        ("2026-11-20 08:00", "2026-11-20 15:00", False),
        ("2026-11-26 05:00", "2026-11-28 15:00", False),  # the cut-off is what it was fetched for
        ("2026-11-25 22:00", "2026-11-28 15:00", True),
    ],
)
def test_old_aepns(fetched: str, now: str, stale: bool) -> None:
    moment, clock = (dt.datetime.fromisoformat(f"{one}+00:00") for one in (fetched, now))
    told = [one for one in found(case([line()], [aepn(downloaded_at=moment)], now=clock)) if one.code == "aepn-stale"]
    assert [len(one) for one in told] == ([1] if stale else [])
    if stale:
        assert (told[0].fact("employer", 0), told[0].fact("downloaded", 0)) == (ERN, moment)
        assert told[0].place(0)[:3] == (-1, -1, -1)


def test_the_night_begins_with_the_refresh() -> None:
    refresh = dt.datetime.combine(dt.date(2026, 11, 26), case([line()]).law("aepn-refresh"), tzinfo=DUBLIN)
    second = dt.timedelta(seconds=1)
    for fetched, now, stale in (
        (refresh - second, refresh - second, False),
        (refresh - second, refresh, True),
        (refresh, refresh, False),
        (refresh, refresh + second, False),
    ):
        made = case([line()], [aepn(downloaded_at=fetched)], now=now)
        assert any(one.code == "aepn-stale" for one in found(made)) is stale


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "enrolled from 01/01/2026 at 1.5 % / 1.5 %"),
        ({"employee_rate": None}, "enrolled from 01/01/2026"),
        ({"employer_rate": None}, "enrolled from 01/01/2026"),
        ({"employee_rate": 300, "employer_rate": 0}, "enrolled from 01/01/2026 at 3 % / 0 %"),
        ({"effective_date": None, "end_date": "2026-12-31"}, "enrolled until 31/12/2026 at 1.5 % / 1.5 %"),
        ({"status": "Opted out"}, "opted out from 01/01/2026 at 1.5 % / 1.5 %"),
    ],
)
def test_an_instruction_in_words(changes: dict[str, Any], words: str) -> None:
    before = aepn(status="Exempt", downloaded_at=NOW - dt.timedelta(days=7))
    told = [one for one in found(case([line()], [before, aepn(**changes)])) if one.code == "aepn-changed"]
    assert [one.cause for one in told] == ["changed"]
    assert told[0].fact("now", 0) == words
    assert told[0].fact("before", 0) == "exempt from 01/01/2026 at 1.5 % / 1.5 %"
    assert (told[0].fact("name", 0), told[0].place(0).row) == ("Séamus Ó Briain", 3)
