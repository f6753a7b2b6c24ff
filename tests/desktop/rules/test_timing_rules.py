"""Pay dates on which banks are closed, and opt-out windows told from AEPNs: one row, one case."""

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.rules.timing import DUBLIN
from tests.making import aepn, case, found, line, ppsn

D = dt.date


# Scheme rules 5.3 and the pay date as NAERSA counts it: the bank day before, 18:30 Dublin on that day
@pytest.mark.parametrize(
    ("pay_date", "cause", "bank_day", "utc_hour"),
    [
        (D(2026, 1, 1), "public-holiday", D(2025, 12, 31), 18),  # the bank day lies before the scheme
        (D(2026, 11, 28), "weekend", D(2026, 11, 27), 18),
        (D(2026, 4, 3), "euro-closing-day", D(2026, 4, 2), 17),
        (D(2026, 5, 1), "euro-closing-day", D(2026, 4, 30), 17),
        (D(2026, 10, 26), "public-holiday", D(2026, 10, 23), 17),  # the clocks go back in between
        (D(2026, 12, 25), "public-holiday", D(2026, 12, 24), 18),
        (D(2026, 12, 28), "substitute-day", D(2026, 12, 24), 18),
    ],
)
def test_pay_date_not_a_banking_day(pay_date: dt.date, cause: str, bank_day: dt.date, utc_hour: int) -> None:
    now = dt.datetime.combine(pay_date, dt.time(9), tzinfo=DUBLIN)
    told = [
        one for one in found(case([line(pay_date=f"{pay_date}")], now=now)) if one.code == "pay-date-not-a-banking-day"
    ]
    assert [(one.cause, len(one)) for one in told] == [(cause, 1)]
    assert told[0].fact("bank_day", 0) == bank_day
    assert told[0].fact("cut_off", 0) == dt.datetime.combine(bank_day, dt.time(utc_hour, 30), tzinfo=dt.UTC)


@pytest.mark.parametrize("pay_date", ["2026-11-26", "2026-12-24", "2026-12-31", "2025-12-27"])
def test_bank_days_and_days_before_the_scheme_are_silent(pay_date: str) -> None:
    assert not [one for one in found(case([line(pay_date=pay_date)])) if one.code == "pay-date-not-a-banking-day"]


def test_one_warning_a_pay_date_not_one_a_line() -> None:
    lines = [line(pay_date="2026-11-28", line_item_id=f"L{at}", employment_id=f"{at}") for at in range(50)]
    told = [
        one for one in found(case([*lines, line(pay_date="2026-11-29")])) if one.code == "pay-date-not-a-banking-day"
    ]
    assert [len(one) for one in told] == [2]


def stages(rows: list[dict[str, Any]], today: dt.date) -> dict[str, int]:
    now = dt.datetime.combine(today, dt.time(9), tzinfo=DUBLIN)
    return {one.cause: len(one) for one in found(case([line()], rows, now=now)) if one.code == "opt-out-window"}


# s.54(2)(a): enrolled on 1 January 2026: 1 July to 31 August as the guides say, 2 July to 1 September by the Act
@pytest.mark.parametrize(
    ("today", "stage"),
    [
        (D(2026, 6, 16), None),
        (D(2026, 6, 17), "window-opening"),
        (D(2026, 6, 30), "window-opening"),
        (D(2026, 7, 1), "window-open"),
        (D(2026, 8, 18), "window-open"),
        (D(2026, 8, 19), "window-closing"),
        (D(2026, 9, 1), "window-closing"),
        (D(2026, 9, 2), None),
        (D(2029, 6, 16), None),  # s.54(2)(c): July and August after the rates rise
        (D(2029, 6, 17), "window-opening"),
        (D(2029, 7, 1), "window-open"),
        (D(2029, 8, 31), "window-closing"),
        (D(2029, 9, 1), None),
        (D(2032, 7, 20), "window-open"),
        (D(2035, 7, 20), "window-open"),
        (D(2038, 7, 20), None),  # none after year 9
    ],
)
def test_stages_of_the_window(today: dt.date, stage: str | None) -> None:
    assert stages([aepn()], today) == ({stage: 1} if stage else {})


@pytest.mark.parametrize(
    ("row", "stage"),
    [
        ({"status": "Re-enrolled"}, {"window-open": 1}),  # s.54(2)(b)
        ({"status": "Opted in"}, {}),  # the Act names no window for them
        ({"status": "Opted out"}, {}),
        ({"status": "Suspended"}, {}),
        ({"status": "Exempt"}, {}),
        ({"end_date": "2026-07-19"}, {}),
        ({"end_date": "2026-07-20"}, {"window-open": 1}),
        ({"effective_date": None}, {}),
        ({"effective_date": "2025-12-31"}, {}),
        ({"effective_date": "2027-01-01"}, {}),
    ],
)
def test_whose_window(row: dict[str, Any], stage: dict[str, int]) -> None:
    assert stages([aepn(**row)], D(2026, 7, 20)) == stage


def test_the_opted_in_have_the_window_after_a_rise() -> None:
    assert stages([aepn(status="opted-in")], D(2029, 7, 20)) == {"window-open": 1}


def test_nobody_is_forgotten_and_both_readings_are_told(root: Any) -> None:
    rows = [
        aepn(effective_date="2026-04-20"),
        aepn(ppsn=ppsn(1000002), first_name="Áine", effective_date="2026-04-01"),
        aepn(ppsn=ppsn(1000003), effective_date=None),
        aepn(ppsn=ppsn(1000004), effective_date="2026-06-05"),
    ]
    assert stages(rows, D(2026, 11, 26)) == {"window-open": 1, "window-closing": 1, "window-opening": 1}
    told = next(one for one in found(case([line()], rows)) if one.key == "opt-out-window/window-closing")
    assert told.fact("closes", 0) == pd.Timestamp(2026, 11, 30)
    message = Words.load(root / "resources").message(told, 0)
    assert "01/10/2026 to 30/11/2026" in message
    assert "02/10/2026 to 01/12/2026" in message
    assert ppsn(1000002) not in message


def test_before_the_scheme_there_is_no_window() -> None:
    assert stages([aepn()], D(2025, 12, 31)) == {}


# Scheme rules 3.21: amendments until 18:30 in Dublin; that minute itself still counts
@pytest.mark.parametrize(
    ("utc", "code"),
    [
        (dt.time(14, 29, 59), None),
        (dt.time(14, 30), None),
        (dt.time(14, 30, 1), "cut-off-near"),
        (dt.time(18, 30), "cut-off-near"),
        (dt.time(18, 30, 1), "cut-off-passed"),
    ],
)
def test_the_minutes_around_the_cut_off(utc: dt.time, code: str | None) -> None:
    now = dt.datetime.combine(D(2026, 11, 26), utc, tzinfo=dt.UTC)
    told = [one for one in found(case([line()], now=now)) if one.code.startswith("cut-off")]
    assert [one.code for one in told] == ([code] if code else [])
    assert [(one.fact("pay_date", 0), one.fact("cut_off", 0)) for one in told] == (
        [(D(2026, 11, 26), dt.datetime(2026, 11, 26, 18, 30, tzinfo=DUBLIN))] if code else []
    )


def test_the_day_of_the_window_is_the_day_in_dublin() -> None:
    now = dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC)
    told = [one for one in found(case([line()], [aepn()], now=now)) if one.code == "opt-out-window"]
    assert [one.cause for one in told] == ["window-open"]


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({}, "Séamus Ó Briain"),
        ({"family_name": None}, "Séamus"),
        ({"first_name": None}, "Ó Briain"),
        ({"first_name": None, "family_name": None}, ""),
    ],
)
def test_whose_window_it_is_is_said_as_far_as_it_is_known(row: dict[str, Any], name: str) -> None:
    now = dt.datetime(2026, 7, 20, 9, tzinfo=dt.UTC)
    told = next(one for one in found(case([line()], [aepn(**row)], now=now)) if one.code == "opt-out-window")
    facts = [told.fact(fact, 0) for fact in ("name", "ppsn", "enrolled", "opens", "statute_opens", "statute_closes")]
    assert facts == [name, ppsn(1000001), *map(pd.Timestamp, ("2026-01-01", "2026-07-01", "2026-07-02", "2026-09-01"))]
    assert (told.place(0).row, told.place(0).file, told.field) == (2, 0, "effective_date")
