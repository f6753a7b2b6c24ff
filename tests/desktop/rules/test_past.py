"""Earlier payments, asked by whole columns, against the same asked one by one."""

from statistics import median
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.domain.pay_run import FIELDS
from autoenroll_desktop.rules.ages import birthday_reached
from autoenroll_desktop.rules.history import NO_DAY, Payments, Timeline, cents, day_numbers, mapped, pairs
from autoenroll_desktop.rules.past import Past, numbers_beyond, period_numbers, who_is
from tests.making import ERN, frame, line, ppsn

ONE, OTHER = ppsn(1000001), ppsn(1000002)
WHO, DAY, AMOUNT = st.integers(-1, 2), st.sampled_from([NO_DAY, 0, 5, 6, 12, 20]), st.integers(-5, 9)
PAID = st.lists(st.tuples(WHO, DAY, AMOUNT), max_size=8)
ASKED = st.lists(st.tuples(WHO, DAY, st.integers(-3, 12)), min_size=1, max_size=6)
One = tuple[int, int, int]


def ints(rows: list[One], at: int) -> Any:
    return np.array([row[at] for row in rows], dtype=np.int64)


def payments(rows: list[One]) -> Payments:
    return Payments(ints(rows, 0), ints(rows, 1))


def between(rows: list[One], who: int, start: int, end: int) -> list[One]:
    return [row for row in rows if row[0] == who >= 0 and row[1] >= 0 and start < row[1] <= end and end >= 0]


@given(PAID, PAID, ASKED)
def test_sums_over_weeks(before: list[One], now: list[One], asked: list[One]) -> None:
    who, end = ints(asked, 0), ints(asked, 1)
    start = end - ints(asked, 2)
    sums = {"gross": (payments(now).running(ints(now, 2)), payments(before).running(ints(before, 2)))}
    line_of_time = Timeline(payments(now), payments(before), sums.__getitem__)
    both = [*now, *before]
    found = [between(both, *one) for one in zip(who.tolist(), start.tolist(), end.tolist(), strict=True)]
    assert line_of_time.total("gross", who, start, end).tolist() == [sum(row[2] for row in rows) for rows in found]
    assert line_of_time.count(who, start, end).tolist() == [len(rows) for rows in found]
    first = [min((row[1] for row in rows), default=NO_DAY) for rows in found]
    assert line_of_time.first_day(who, start, end).tolist() == first


@given(PAID, ASKED)
def test_the_last_payment_before(rows: list[One], asked: list[One]) -> None:
    answer = payments(rows).last_before(ints(asked, 0), ints(asked, 1)).tolist()
    for (who, day, _), at in zip(asked, answer, strict=True):
        earlier = [row[1] for row in rows if row[0] == who >= 0 and 0 <= row[1] < day]
        assert (rows[at][0], rows[at][1]) == (who, max(earlier)) if earlier else at == -1
    again = payments(rows).last_before(ints(asked, 0), ints(asked, 1))
    assert again.dtype == np.int64


def test_of_payments_on_one_day_the_last_line_counts() -> None:
    rows = [(0, 5, 1), (0, 6, 2), (0, 6, 3), (1, 6, 4)]
    assert payments(rows).last_before(np.array([0, 0, 1]), np.array([7, 6, 6])).tolist() == [2, 0, -1]


def test_numbers_of_words() -> None:
    assert pairs(("WEEKLY 53", "MONTHLY 12")) == {"WEEKLY": 53, "MONTHLY": 12}
    column = frame(FIELDS, [line(pay_frequency=word) for word in ("MONTHLY", None, "X", "WEEKLY")])["pay_frequency"]
    assert mapped(column, {"WEEKLY": 53, "MONTHLY": 12}).tolist() == [12, 0, 0, 53]
    lines = frame(FIELDS, [line(pay_date=None, net_pay=7), line(pay_date="1970-01-03")])
    assert day_numbers(lines["pay_date"]).tolist() == [NO_DAY, 2]
    assert cents(lines["net_pay"]).tolist() == [7, 0]


def past(*rows: dict[str, Any]) -> Past:
    return Past(frame(FIELDS, [line(**row) for row in rows]))


WEEKS = ["2026-11-05", "2026-11-12", "2026-11-19"]


def test_people_and_employments_are_numbered_as_they_are_met() -> None:
    made = past({"ppsn": OTHER}, {}, {"ppsn": None}, {"employment_id": "2"}, {"ppsn": OTHER})
    assert made.person_codes.tolist() == [0, 1, -1, 1, 0]
    assert made.employment_codes.tolist() == [0, 1, -1, 2, 0]
    assert (len(made), list(made.people)) == (5, [f"{ERN}\x1f{OTHER}", f"{ERN}\x1f{ONE}"])
    known = np.array([True, True, False, True])
    texts = np.array([made.people[1], "new", "nobody", "new"], dtype=object)
    assert numbers_beyond(texts, known, made.people).tolist() == [1, 2, -1, 2]


@pytest.mark.parametrize(
    ("rows", "ids"),
    [
        ([{"pay_date": WEEKS[0]}], {ONE: "1"}),
        (
            [{"pay_date": WEEKS[0], "employment_id": "9"}, {"pay_date": WEEKS[1]}],
            {ONE: "1"},
        ),  # the latest period counts
        ([{"pay_date": WEEKS[1]}, {"pay_date": WEEKS[0], "employment_id": "9"}], {ONE: "1"}),
        ([{"pay_date": WEEKS[1]}, {"pay_date": WEEKS[1], "employment_id": "9"}], {ONE: None}),
        ([{"pay_date": WEEKS[1]}, {"pay_date": WEEKS[1]}], {ONE: "1"}),
        ([{"pay_date": WEEKS[0]}, {"pay_date": WEEKS[1], "employment_id": None}], {ONE: "1"}),
        ([{"pay_date": None}], {ONE: None}),
        ([{"pay_date": WEEKS[0], "ppsn": OTHER, "employment_id": "4"}, {"pay_date": WEEKS[0]}], {OTHER: "4", ONE: "1"}),
    ],
)
def test_the_only_employment_of_the_latest_period(rows: list[dict[str, Any]], ids: dict[str, str | None]) -> None:
    made = past(*rows)
    told = dict(zip([person.split("\x1f")[1] for person in made.people], made.only.employment_id, strict=True))
    assert told == ids


def test_who_has_left_and_when() -> None:
    made = past(
        {"leave_date": "2026-11-01"}, {"leave_date": "2026-10-01"}, {"ppsn": OTHER},
        {"employment_id": "2", "leave_date": "2026-12-01"}, {"ppsn": None, "leave_date": "2026-11-02"},
    )  # fmt: skip
    assert made.left.astype("datetime64[D]").astype(str).tolist() == ["2026-11-01", "1969-12-31", "2026-12-01"]
    assert made.people_left.tolist() == [True, False]


@given(st.lists(st.sampled_from([None, 100, 300, 301, 900, 1000]), min_size=1, max_size=7))
def test_the_usual_gross_pay(amounts: list[int | None]) -> None:
    fields = {name: FIELDS[name] for name in ("employer_registration_number", "ppsn", "employment_id", "gross_pay")}
    rows = [{"ppsn": OTHER, "gross_pay": 5}, *({"ppsn": ONE, "gross_pay": amount} for amount in amounts)]
    usual = Past(frame(fields, rows)).usual
    told = [amount for amount in amounts if amount is not None]
    middle = median(told) if told else 0
    spread = median(abs(amount - middle) for amount in told) if told else 0
    assert usual.payments.tolist() == [1, len(told)]
    assert (usual.middle[0], usual.spread[0]) == (5, 0)
    assert abs(usual.middle[1] - middle) <= 0.5
    assert abs(usual.spread[1] - spread) <= 0.5


def test_rhythms_and_the_last_run_of_each() -> None:
    made = past(
        {"pay_date": WEEKS[0], "pay_period": 44}, {"pay_date": WEEKS[2], "pay_period": 46},
        {"pay_date": WEEKS[1], "pay_period": 45}, {"pay_date": "2026-10-28", "pay_frequency": "MONTHLY", "pay_period": 10},
        {"pay_frequency": None, "pay_date": WEEKS[0]}, {"pay_date": None, "pay_frequency": "FORTNIGHTLY"},
    )  # fmt: skip
    assert made.rhythms.index.tolist() == [0, 1, 2, 3, 5]
    assert made.rhythms.iloc[3] == f"{ERN}\x1fMONTHLY"
    last = {row["pay_frequency"]: row["pay_period"] for row in made.last_runs.to_dict("records")}
    assert {word: period for word, period in last.items() if isinstance(word, str)} == {"WEEKLY": 46, "MONTHLY": 10}


def test_own_pension_is_both_sides_together() -> None:
    made = past({"employee_rbs": 1, "employer_prsa": 20, "employee_asc": 300, "employer_pepp": 4000}, {})
    assert made.own_pension.tolist() == [4321, 0]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({}, True),
        ({"date_of_birth": None}, True),  # the works number says it
        ({"works_number": "102"}, False),
        ({"first_name": "Áine"}, False),
        ({"first_name": None}, False),
        ({"family_name": "Walsh"}, False),
        ({"employer_registration_number": "3390617EH"}, False),
        ({"ppsn": OTHER, "employment_id": "7"}, True),
    ],
)
def test_who_somebody_is_without_a_number(other: dict[str, Any], same: bool) -> None:
    first, second = who_is(frame(FIELDS, [line(), line(**other)]))
    assert (first == second) is same
    assert first


def test_nobody_is_taken_for_another() -> None:
    rows = [
        line(works_number=None), line(works_number=None), line(works_number=None, date_of_birth="1990-05-06"),
        line(works_number=None, date_of_birth=None), line(family_name=None),
    ]  # fmt: skip
    by_birth, again, another, unknown, nameless = who_is(frame(FIELDS, rows))
    assert by_birth == again != another
    assert by_birth
    assert (unknown, nameless) == ("", "")


def test_a_number_that_was_left_behind_is_not_steady() -> None:
    made = past(
        {"ppsn": OTHER, "pay_date": WEEKS[0]}, {"pay_date": WEEKS[1]}, {"works_number": "7", "pay_date": WEEKS[0]}
    )
    assert made.steady.tolist() == [False, True, True]
    assert made.names.to_dict() == dict.fromkeys(who_is(made.lines), ONE)


PERIODS = ("pay_period", "pay_date", "pay_frequency")


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ((48, "2026-11-26", "WEEKLY"), (48, "2026-11-27", "WEEKLY"), True),
        ((48, "2026-11-26", "WEEKLY"), (47, "2026-11-26", "WEEKLY"), False),
        ((48, "2026-11-26", "WEEKLY"), (48, "2027-11-26", "WEEKLY"), False),
        ((48, "2026-11-26", "WEEKLY"), (48, "2026-11-26", "MONTHLY"), False),
        ((None, "2026-11-26", "WEEKLY"), (None, "2026-11-26", "WEEKLY"), True),
        ((None, "2026-11-26", "WEEKLY"), (None, "2026-11-27", "WEEKLY"), False),
        ((0, "2026-11-26", "WEEKLY"), (None, "2026-11-26", "WEEKLY"), True),
    ],
)
def test_the_number_of_a_period(first: tuple[Any, ...], second: tuple[Any, ...], same: bool) -> None:
    lines = frame(FIELDS, [line(**dict(zip(PERIODS, one, strict=True))) for one in (first, second)])
    days, known = day_numbers(lines["pay_date"]), past({}, {"pay_frequency": "MONTHLY"}).periods[0]
    one, other = period_numbers(lines, np.array([3, 3]), days, known).tolist()
    assert (one == other) is same
    assert min(one, other) >= 0
    assert one != period_numbers(lines, np.array([2, 2]), days, known)[0]


@pytest.mark.parametrize("row", [{"pay_date": None}, {"pay_frequency": None}, {"pay_frequency": "DAILY"}])
def test_a_period_that_is_not_known(row: dict[str, Any]) -> None:
    lines = frame(FIELDS, [line(**row), line()])
    known = past({}).periods[0]
    numbers = period_numbers(lines, np.array([0, -1]), day_numbers(lines["pay_date"]), known)
    assert numbers.tolist() == [-1, -1]


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [("2000-02-29", "2026-02-28", 25), ("2000-02-29", "2026-03-01", 26), ("2000-02-29", "2028-02-29", 28),
     ("1960-11-26", "2026-11-25", 65), ("1960-11-26", "2026-11-26", 66), ("1960-12-31", "2027-01-01", 66)],
)  # fmt: skip
def test_age_in_completed_years(born: str, day: str, age: int) -> None:
    lines = frame(FIELDS, [line(date_of_birth=born, pay_date=day), line(date_of_birth=None), line(pay_date=None)])
    for years, told in ((age, True), (age + 1, False)):
        assert birthday_reached(lines["date_of_birth"], lines["pay_date"], years).tolist() == [told, False, False]
