"""Answers as a whole: every part of what the book, the duties and the way out say, not only the part a case is about."""

import datetime as dt
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from dateutil.easter import easter

from autoenroll_desktop.domain.duty_dates import LateInterest, Notice, OptOutWindow, Span, Suspension
from autoenroll_desktop.domain.way_out import Amounts, Mistake, NextRun, Route, Sent, View, WayOut, Wrong
from autoenroll_desktop.rules.after_cut_off import Practice, load_practice, way_out
from autoenroll_desktop.rules.book import PARAMETERS, BookError, Dated, NotInForce, Parameter, load_book
from autoenroll_desktop.rules.calendar import Closed, bank_day_on_or_after, closed_because, easter_sunday
from autoenroll_desktop.rules.duties import (
    anniversary,
    late_interest,
    notice,
    suspension,
    window_after_enrolment,
    windows_after_rate_rises,
)

BOOK = load_book()
D = dt.date
ACT = "http://revisedacts.lawreform.ie/eli/2024/act/20/front/revised/en/html"


def test_a_parameter_holds_all_its_file_says() -> None:
    checked = D(2026, 11, 23)
    assert BOOK["pensionable-age"] == Parameter(
        name="pensionable-age",
        title="Birthday on and after which a payment attracts no contribution (born on 29 February: 1 March in other years)",
        unit="count",
        law="s.57(1); Social Welfare Consolidation Act 2005 s.2",
        link=ACT,
        note="",
        dated=(Dated(D(2026, 1, 1), 66, checked),),
    )
    assert BOOK["annual-limit-readings"].note.startswith("operation: contributions on the whole payment")
    assert {parameter.name for parameter in BOOK.values()} == set(BOOK)
    assert BOOK.version.split(".")[0] == "2026"


def test_a_day_too_early_says_which_value_and_day() -> None:
    with pytest.raises(NotInForce, match="employee-rate has no value on 31/12/2025") as told:
        BOOK["employee-rate"].on(D(2025, 12, 31))
    assert (told.value.name, told.value.day) == ("employee-rate", D(2025, 12, 31))
    with pytest.raises(NotInForce, match="employee-rate has no value on 30/12/2025"):
        BOOK.column("employee-rate", pd.Series(pd.to_datetime(["2026-01-01", "2025-12-30"])))
    nothing = BOOK.column("employee-rate", pd.Series([], dtype="datetime64[s]"))
    assert (nothing.shape, nothing.dtype) == ((0,), np.dtype(object))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "book.toml: version is missing"),
        ("a = 1", "book.toml: version is missing"),
    ],
)
def test_a_book_without_a_version(tmp_path: Path, text: str, says: str) -> None:
    shutil.copytree(PARAMETERS, tmp_path, dirs_exist_ok=True)
    (tmp_path / "book.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BookError) as told:
        load_book(tmp_path)
    assert str(told.value) == says
    (tmp_path / "book.toml").unlink()
    with pytest.raises(BookError, match="version is missing"):
        load_book(tmp_path)


def test_the_places_of_a_mistake_in_the_book(tmp_path: Path) -> None:
    shutil.copytree(PARAMETERS, tmp_path, dirs_exist_ok=True)
    (tmp_path / "z.toml").write_text(
        '[a]\ntitle="t"\nunit="words"\nlaw="l"\nlink=""\nvalues=[{from=2026-01-01, value=[], checked=2026-11-23}]\n'
    )
    with pytest.raises(BookError) as told:
        load_book(tmp_path)
    assert str(told.value) == "z.toml: a: [] is no words"
    (tmp_path / "z.toml").write_text(
        '[a]\ntitle="t"\nunit="count"\nlaw="l"\nlink=""\nvalues=[{from=2026-01-01, value=1}]\n'
    )
    with pytest.raises(BookError) as told:
        load_book(tmp_path)
    assert str(told.value) == "z.toml: a: each value has exactly checked, from, value"


@pytest.mark.parametrize("century", range(1583, 2584, 200))
def test_easter_of_a_thousand_years(century: int) -> None:
    assert [easter_sunday(year) for year in range(century, century + 200)] == [
        easter(year) for year in range(century, century + 200)
    ]


# St Stephen's Day on a Sunday: Christmas Day's substitute is Monday 27, St Stephen's Tuesday 28 December
@pytest.mark.parametrize(
    ("day", "why"),
    [
        (D(2027, 12, 27), Closed.SUBSTITUTE),
        (D(2027, 12, 28), Closed.SUBSTITUTE),
        (D(2027, 12, 29), None),
        (D(2028, 1, 3), Closed.SUBSTITUTE),
    ],
)
def test_substitute_days(day: dt.date, why: Closed | None) -> None:
    assert closed_because(day, BOOK) is why
    assert bank_day_on_or_after(D(2027, 12, 25), BOOK) == D(2027, 12, 29)


def test_every_part_of_the_duties() -> None:
    day = D(2026, 3, 2)
    assert notice(day, D(2026, 3, 20), D(2026, 6, 1), BOOK) == Notice(day, D(2026, 3, 16), D(2026, 3, 20), 4)
    assert notice(day, None, D(2026, 3, 17), BOOK) == Notice(day, D(2026, 3, 16), None, 1)
    first = window_after_enrolment(D(2026, 1, 1), D(2026, 1, 10), BOOK)
    assert first == OptOutWindow(
        "first", Span(D(2026, 7, 1), D(2026, 8, 31)), Span(D(2026, 7, 11), D(2026, 9, 10)), D(2026, 1, 1)
    )
    july = Span(D(2029, 7, 1), D(2029, 8, 31))
    assert windows_after_rate_rises(day, BOOK)[0] == OptOutWindow("rate-rise", july, july, D(2029, 1, 1))
    assert suspension(D(2026, 7, 2), BOOK) == Suspension(
        D(2026, 7, 2), Span(D(2027, 7, 2), D(2028, 7, 2)), D(2029, 1, 2)
    )
    assert late_interest(10_000, D(2026, 9, 1), D(2026, 10, 1), BOOK) == LateInterest(
        10_000, D(2026, 9, 1), D(2026, 10, 1), 30, 82
    )
    assert anniversary(D(2028, 2, 29), 4) == D(2032, 2, 29)


def test_a_maker_with_all_that_is_read_of_it(tmp_path: Path) -> None:
    file = tmp_path / "p.toml"
    file.write_text(
        '[a]\nname = "Á Payroll"\nlink = "http://a.ie"\nchecked = 2026-11-23\nsays = { too-much = "naersa" }\n',
        encoding="utf-8",
    )
    assert load_practice(file) == (
        Practice("a", "Á Payroll", "http://a.ie", D(2026, 11, 23), {"too-much": Route.NAERSA}),
    )


MAKER = Practice(
    "a", "A Payroll", "http://a.ie", D(2026, 11, 23), {"too-little": Route.PORTAL, "not-sent": Route.SEND_LATE}
)
CLOSES = dt.datetime(2026, 11, 26, 18, 30, tzinfo=dt.UTC)


def told(mistake: Mistake, now: dt.datetime) -> WayOut:
    return way_out(mistake, now, BOOK, (MAKER,))


def test_the_whole_way_out_of_too_little_pay() -> None:
    mistake = Mistake(Wrong.TOO_LITTLE, Sent.YES, "a", D(2026, 11, 26), sent_gross=50_000, right_gross=70_000)
    view = View("a", "A Payroll", Route.PORTAL, "http://a.ie", D(2026, 11, 23))
    assert told(mistake, CLOSES + dt.timedelta(seconds=1)) == WayOut(
        mistake=mistake,
        cut_off=CLOSES,
        passed=True,
        route=Route.NEXT_RUN,
        ask_first=False,
        sent=Amounts(50_000, 750, 750),
        right=Amounts(70_000, 1050, 1050),
        next_run=NextRun(20_000, Amounts(20_000, 300, 300), planned=False, left_over=0),
        interest=None,
        views=(view,),
        own=view,
    )
    in_time = told(mistake, CLOSES)
    assert (in_time.passed, in_time.route, in_time.views, in_time.own, in_time.next_run) == (
        False,
        Route.RESEND,
        (),
        None,
        None,
    )


def test_who_was_wrongly_in_should_have_nothing() -> None:
    mistake = Mistake(Wrong.WRONGLY_IN, Sent.YES, "", D(2026, 11, 26), sent_gross=70_000, sent_employer=900)
    way = told(mistake, CLOSES + dt.timedelta(hours=1))
    assert (way.sent, way.right) == (Amounts(70_000, 1050, 900), Amounts(70_000, 0, 0))
    details = Mistake(Wrong.DETAILS, Sent.YES, "", D(2026, 11, 26), sent_gross=70_000, right_gross=1)
    assert told(details, CLOSES + dt.timedelta(hours=1)).right == Amounts(70_000, 1050, 1050)


def test_a_first_submission_is_what_the_maker_says_about_sending_late() -> None:
    mistake = Mistake(Wrong.TOO_LITTLE, Sent.NO, "a", D(2026, 11, 26), sent_gross=50_000, right_gross=70_000)
    way = told(mistake, CLOSES + dt.timedelta(hours=1))
    assert way.own == View("a", "A Payroll", Route.SEND_LATE, "http://a.ie", D(2026, 11, 23))


def test_the_next_run_says_whether_it_was_planned() -> None:
    planned = Mistake(
        Wrong.TOO_MUCH, Sent.YES, "", D(2026, 11, 26), sent_gross=70_000, right_gross=50_000, next_gross=15_000
    )
    next_run = told(planned, CLOSES + dt.timedelta(hours=1)).next_run
    assert next_run == NextRun(-15_000, Amounts(0, 0, 0), planned=True, left_over=5_000)


def test_interest_counts_days_in_dublin_and_from_the_first_cent() -> None:
    """Half past eleven in the evening, UTC, of a summer's day is the next day in Dublin."""
    mistake = Mistake(Wrong.LEFT_OUT, Sent.YES, "", D(2026, 6, 25), right_gross=70_000)
    late = told(mistake, dt.datetime(2026, 6, 26, 23, 30, tzinfo=dt.UTC)).interest
    assert late is not None
    assert (late.days, late.until) == (2, D(2026, 6, 27))
    cent = Mistake(
        Wrong.CONTRIBUTION, Sent.YES, "", D(2026, 6, 25), sent_gross=70_000, right_gross=70_000, sent_employee=1049
    )
    told_late = told(cent, dt.datetime(2026, 6, 26, 12, tzinfo=dt.UTC)).interest
    assert told_late is not None
    assert told_late.amount == 1
