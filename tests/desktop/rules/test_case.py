"""What a check works out once for all rules: who is who, what was before, which law holds."""

import datetime as dt
from typing import Any

import numpy as np
import pytest

from autoenroll_desktop.rules.expected import REASONS, Why
from autoenroll_desktop.rules.history import NO_DAY
from tests.making import ERN, NOW, aepn, case, line, ppsn

ONE, OTHER = ppsn(1000001), ppsn(1000002)
SLIP = ONE[:7] + "WA"
Rows = list[dict[str, Any]]


def made(*lines: dict[str, Any], history: Rows | None = None, aepns: Rows | None = None) -> Any:
    return case([line(**one) for one in lines], aepns, [line(**one) for one in history or []])


def test_keys_of_people_and_employments() -> None:
    told = made(
        {}, {"employment_id": None}, {"ppsn": None}, {"employer_registration_number": None}, {"ppsn": "0" + ONE}
    )
    assert told.person.tolist() == [f"{ERN}\x1f{ONE}"] * 2 + [f"{ERN}\x1f", f"\x1f{ONE}", f"{ERN}\x1f{ONE}"]
    assert told.employment.tolist() == [f"{one}\x1f{'' if at == 1 else '1'}" for at, one in enumerate(told.person)]
    assert told.known.tolist() == [True, True, False, True, True]
    assert told.written_people.tolist() == [0, 0, -1, 2, 0]
    assert told.numbers.codes.tolist() == [0, 0, -1, 0, 0]
    assert told.written_codes.tolist() == [0, 1, -1, 2, 0]


def test_people_keep_the_numbers_they_had_before() -> None:
    told = made({}, {"ppsn": OTHER}, {"ppsn": None}, history=[{"ppsn": OTHER, "pay_date": "2026-11-19"}])
    assert (told.person_codes.tolist(), told.employment_codes.tolist()) == ([1, 0, -1], [1, 0, -1])


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        ({"ppsn": SLIP}, [0, 0]),  # a slip stands for the AEPN's number
        ({"employment_id": "01"}, [0, 0]),
        ({"employment_id": "9"}, [0, 0]),
        ({"ppsn": OTHER}, [1, 1]),
    ],
)
def test_what_is_meant_by_a_slip(row: dict[str, Any], codes: list[int]) -> None:
    told = made(row, history=[{"pay_date": "2026-11-19"}])
    assert [told.employment_codes[0], told.person_codes[0]] == codes


def test_a_slip_of_somebody_who_is_new_stands_for_itself() -> None:
    told = made({"ppsn": SLIP}, history=[{"ppsn": OTHER, "pay_date": "2026-11-19"}])
    assert told.employment_codes.tolist() == [1]
    assert made({"ppsn": SLIP}).employment_codes.tolist() == [0]


def test_an_id_that_was_there_before_is_no_slip() -> None:
    told = made(
        {"employment_id": "9"}, history=[{"pay_date": "2026-11-19"}, {"pay_date": "2026-11-19", "employment_id": "9"}]
    )
    assert told.employment_codes.tolist() == [1]


def test_one_person_is_spoken_of_once() -> None:
    told = made({"pay_date": "2026-11-27"}, {}, {"ppsn": OTHER}, {"ppsn": OTHER}, {"ppsn": None}, {"pay_date": None})
    assert told.last_of_person.tolist() == [True, False, False, True, False, False]
    assert told.paid_several_times.tolist() == [True, True, True, True, False, True]
    assert told.days.tolist()[-1] == NO_DAY


def test_what_was_before() -> None:
    history = [
        {"pay_date": "2026-11-12", "gross_pay": 1, "net_pay": 5},
        {"pay_date": "2026-11-19", "gross_pay": 2},
        {"pay_date": "2026-11-26", "gross_pay": 3},
        {"pay_date": "2026-11-19", "gross_pay": 4, "ppsn": OTHER, "employment_id": "7"},
    ]
    told = made({}, {"pay_date": "2026-11-19"}, {"ppsn": OTHER}, {"ppsn": None}, history=history)
    assert told.last.tolist() == [1, 0, -1, -1]
    assert told.was("gross_pay").isna().tolist() == [False, False, True, True]
    assert told.was("gross_pay").tolist()[:2] == [2, 1]
    assert told.cents_were("gross_pay").tolist() == [2, 1, 0, 0]
    assert told.cents_were("net_pay").tolist() == [0, 5, 0, 0]
    assert told.was("net_pay").isna().tolist() == [True, False, True, True]
    assert told.was("gross_pay") is told.was("gross_pay")


def test_without_a_past_nothing_was() -> None:
    told = made({}, {"ppsn": OTHER})
    assert told.last.tolist() == [-1, -1]
    assert told.was("gross_pay").isna().all()
    assert told.cents_were("gross_pay").tolist() == [0, 0]
    assert (len(told.past), told.nothing.tolist()) == (0, [False, False])


# s.50(4): NAERSA looks back up to 13 weeks
@pytest.mark.parametrize(
    ("day", "gross"),
    [("2026-08-27", 200_000), ("2026-08-28", 200_050), ("2026-11-26", 200_050), ("2026-11-27", 200_000)],
)
def test_gross_pay_of_the_weeks_looked_back_on(day: str, gross: int) -> None:
    told = made({}, history=[{"pay_date": day, "gross_pay": 50}, {"pay_date": day, "gross_pay": 70, "ppsn": OTHER}])
    assert told.gross_in_window.tolist() == [gross]


def test_payments_are_summed_by_person_and_by_employment() -> None:
    earlier = {"employment_id": "2", "gross_pay": 70_000, "pay_date": "2026-11-12"}
    told = made({}, {"employment_id": "2", "gross_pay": 50_000}, history=[{"pay_date": "2026-11-19"}, earlier])
    until = told.days
    for back, of_person, of_employment in (
        (30, [520_000] * 2, [400_000, 120_000]),
        (8, [450_000] * 2, [400_000, 50_000]),
    ):
        window = "gross_pay", told.person_codes, until - back, until
        assert told.by_person.total(*window).tolist() == of_person
        window = "gross_pay", told.employment_codes, until - back, until
        assert told.by_employment.total(*window).tolist() == of_employment
    assert told.by_person.count(told.person_codes, until - 30, until).tolist() == [4, 4]
    assert told.by_employment.count(told.employment_codes, until - 30, until).tolist() == [2, 2]


def test_pay_of_an_exempt_employment_does_not_count_to_the_limit() -> None:
    """s.58(3), T26: only employments that are not exempt."""
    history = [
        {"pay_date": "2026-11-19", "gross_pay": 50},
        {"pay_date": "2026-11-19", "gross_pay": 70, "employment_id": "2"},
    ]
    exempt = [aepn(), aepn(employment_id="2", status="Exempt")]
    told = made({}, {"employment_id": "2"}, history=history, aepns=exempt)
    assert told.gross_before.tolist() == [50, 0]
    both = made({}, {"employment_id": "2"}, history=history, aepns=[aepn(), aepn(employment_id="2")])
    assert both.gross_before.tolist() == [120, 120]
    another = made({}, history=history, aepns=exempt)
    assert another.past.earned(0, another.register)[0].gross.tolist() == [50]


def test_files_that_say_nothing_of_contributions() -> None:
    nothing = {"ae_employee": None, "ae_employer": None}
    told = made(
        nothing, {**nothing, "file": 1}, {"file": 1, "ae_employee": None}, {**nothing, "file": 2, "ae_employee": 0}
    )
    assert told.deducted.tolist() == [False, True, True, True]


def test_the_scheme_began_on_1_january_2026() -> None:
    told = made({"pay_date": "2025-12-31"}, {"pay_date": "2026-01-01"}, {"pay_date": None})
    assert told.in_scheme.tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("days", "limit_on"),
    [
        (["2028-12-31"], 150),
        (["2029-01-01"], 300),
        (["2028-12-31", "2029-01-01"], 300),
        ([None], 150),
        (["2025-06-01"], 150),
    ],
)
def test_the_law_is_that_of_the_latest_pay_date(days: list[str | None], limit_on: int) -> None:
    """s.61; without a pay date it is today's, and before the scheme its first."""
    told = made(*({"pay_date": day} for day in days))
    assert told.law("employee-rate") == limit_on
    assert (told.now, told.law("scheme-start")) == (NOW, dt.date(2026, 1, 1))


def test_reasons_are_asked_by_name() -> None:
    told = made({}, {"ppsn": OTHER}, {"gross_pay": None})
    assert told.because(Why.DUE).tolist() == [True, False, False]
    assert told.because(Why.NO_AEPN, Why.NO_GROSS).tolist() == [False, True, True]
    assert told.because().tolist() == [False] * 3
    assert [str(REASONS[at]) for at in told._worked_out.reasons] == told.expected["why"].tolist()


def test_the_aepns_columns_beside_the_lines() -> None:
    told = made({"ppsn": OTHER}, {}, aepns=[aepn(reason="x")])
    assert told.aepn("reason").tolist()[1] == "x"
    assert told.aepn("employee_rate").isna().tolist() == [True, False]
    assert made({}, aepns=[]).aepn("reason").tolist() == [None]
    assert np.array_equal(told.matched.rows, [-1, 0])
