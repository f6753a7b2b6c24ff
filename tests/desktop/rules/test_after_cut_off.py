"""The way out after the cut-off: which route, which figures, what the makers of packages say."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.actions.after_cut_off import after_cut_off
from autoenroll_desktop.domain.way_out import Amounts, Mistake, Route, Sent, Wrong
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.reports.way_out import Subject, way_out_as_json, way_out_as_text
from autoenroll_desktop.rules.after_cut_off import PRACTICE, PracticeError, load_practice, way_out
from tests.making import BOOK

D = dt.date
PAY_DATE = D(2026, 11, 26)
BEFORE, AFTER = (dt.datetime(2026, 11, 26, *time, tzinfo=dt.UTC) for time in ((18, 30), (18, 31)))
MAKERS = load_practice()
MISTAKES = {
    Wrong.TOO_LITTLE: {"sent_gross": 50_000, "right_gross": 70_000},
    Wrong.TOO_MUCH: {"sent_gross": 70_000, "right_gross": 50_000},
    Wrong.LEFT_OUT: {"right_gross": 70_000},
    Wrong.WRONGLY_IN: {"sent_gross": 70_000},
    Wrong.CONTRIBUTION: {"sent_gross": 70_000, "right_gross": 70_000, "sent_employee": 500, "sent_employer": 1050},
    Wrong.DETAILS: {"sent_gross": 70_000},
}


def mistake(wrong: Wrong, **changes: object) -> Mistake:
    return Mistake(
        **{"wrong": wrong, "sent": Sent.YES, "package": "", "pay_date": PAY_DATE, **MISTAKES[wrong], **changes}
    )


# Scheme rules 3.21-3.24
@pytest.mark.parametrize(
    ("wrong", "route"),
    [
        (Wrong.TOO_LITTLE, Route.NEXT_RUN),
        (Wrong.TOO_MUCH, Route.NEXT_RUN),
        (Wrong.LEFT_OUT, Route.PORTAL),
        (Wrong.WRONGLY_IN, Route.NAERSA),
        (Wrong.CONTRIBUTION, Route.NAERSA),
        (Wrong.DETAILS, Route.NAERSA),
    ],
)
def test_routes(wrong: Wrong, route: Route) -> None:
    assert after_cut_off(mistake(wrong), BEFORE).route is Route.RESEND
    assert after_cut_off(mistake(wrong), AFTER).route is route
    assert after_cut_off(mistake(wrong, sent=Sent.NO), AFTER).route is Route.SEND_LATE
    unknown = after_cut_off(mistake(wrong, sent=Sent.UNKNOWN), AFTER)
    assert (unknown.route, unknown.ask_first) == (route, True)
    assert not after_cut_off(mistake(wrong, sent=Sent.UNKNOWN), BEFORE).ask_first


def test_a_leaver_has_no_next_run_to_lower() -> None:
    assert after_cut_off(mistake(Wrong.TOO_MUCH, leaver=True), AFTER).route is Route.NAERSA
    assert after_cut_off(mistake(Wrong.TOO_LITTLE, leaver=True), AFTER).route is Route.NEXT_RUN  # pay after leaving


# T19: 700 paid, 500 right: the next gross pay is 200 lower; contributions follow the gross pay
@pytest.mark.parametrize(
    ("changes", "gross", "employee", "change", "left_over"),
    [
        ({"next_gross": 65_000}, 45_000, 675, -20_000, 0),
        ({"next_gross": 20_000}, 0, 0, -20_000, 0),
        ({"next_gross": 15_000}, 0, 0, -15_000, 5_000),
        ({}, -20_000, -300, -20_000, 0),
        ({"next_gross": 65_000, "rate": 300}, 45_000, 1350, -20_000, 0),
        ({"next_gross": 65_000, "next_pay_date": D(2029, 1, 4)}, 45_000, 1350, -20_000, 0),  # s.61: rate by pay date
        ({"next_gross": 65_000, "next_pay_date": D(2029, 1, 4), "rate": 150}, 45_000, 1350, -20_000, 0),
    ],
)
def test_an_overpayment_lowers_the_next_gross(
    changes: dict, gross: int, employee: int, change: int, left_over: int
) -> None:
    following = after_cut_off(mistake(Wrong.TOO_MUCH, **changes), AFTER).next_run
    assert following is not None
    assert following.amounts == Amounts(gross, employee, employee)
    assert (following.change, following.left_over) == (change, left_over)


def test_an_underpayment_raises_the_next_gross() -> None:
    found = after_cut_off(mistake(Wrong.TOO_LITTLE, next_gross=65_000), AFTER)
    assert found.next_run is not None
    assert found.next_run.amounts == Amounts(85_000, 1275, 1275)
    assert found.interest is None  # s.59: nothing is due on pay that has not been made


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_an_overpayment_is_never_lost(over: int, right: int, planned: int) -> None:
    found = way_out(
        mistake(Wrong.TOO_MUCH, sent_gross=right + over, right_gross=right, next_gross=planned), AFTER, BOOK, MAKERS
    )
    following = found.next_run
    assert following is not None
    assert following.amounts.gross >= 0
    assert planned - following.amounts.gross + following.left_over == over
    assert following.left_over == 0 or following.amounts.gross == 0


# s.138: from the pay date, on what was due and is missing
@pytest.mark.parametrize(
    ("asked", "amount", "interest"),
    [
        (mistake(Wrong.LEFT_OUT), 2100, 17),
        (mistake(Wrong.CONTRIBUTION), 550, 5),
        (mistake(Wrong.CONTRIBUTION, sent=Sent.NO), 2100, 17),
        (mistake(Wrong.WRONGLY_IN), None, None),
        (mistake(Wrong.DETAILS), None, None),
        (mistake(Wrong.TOO_LITTLE), None, None),
        (mistake(Wrong.CONTRIBUTION, sent_employee=2000), None, None),
    ],
)
def test_interest(asked: Mistake, amount: int | None, interest: int | None) -> None:
    late = after_cut_off(asked, AFTER + dt.timedelta(days=30)).interest
    assert (late and late.amount, late and late.interest) == (amount, interest)


def test_makers_differ_and_say_so() -> None:
    found = after_cut_off(mistake(Wrong.TOO_MUCH, package="brightpay"), AFTER)
    assert {view.package: view.route for view in found.views} == {
        "sage-50": Route.NEXT_RUN,
        "brightpay": Route.PORTAL,
        "thesaurus": Route.PORTAL,
        "payback": Route.NAERSA,
    }
    assert found.makers_differ
    assert found.own is not None
    assert found.own.route is Route.PORTAL
    assert not after_cut_off(mistake(Wrong.LEFT_OUT), AFTER).makers_differ
    assert after_cut_off(mistake(Wrong.LEFT_OUT, package="sage-50"), AFTER).own is None
    assert after_cut_off(mistake(Wrong.TOO_MUCH), BEFORE).views == ()


def test_every_maker_is_cited() -> None:
    for maker in MAKERS:
        assert maker.link.startswith("https://")
        assert maker.checked >= D(2026, 1, 1)
        assert maker.says


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("too-little =", "too-small =", "too-small is no mistake"),
        ('"next-run"', '"next-year"', "next-year is no route"),
        ("checked =", "read =", "nothing else"),
    ],
)
def test_a_wrong_practice_file_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    file = tmp_path / "practice.toml"
    file.write_text(PRACTICE.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PracticeError, match=f"sage-50: .*{says}"):
        load_practice(file)


@pytest.mark.parametrize(
    "asked",
    [
        mistake(Wrong.TOO_LITTLE, right_gross=50_000),
        mistake(Wrong.TOO_MUCH, right_gross=70_000),
        mistake(Wrong.LEFT_OUT, sent_gross=1),
        mistake(Wrong.LEFT_OUT, right_gross=0),
        mistake(Wrong.WRONGLY_IN, sent_gross=0),
        mistake(Wrong.DETAILS, sent_gross=0),
        mistake(Wrong.CONTRIBUTION, sent_employee=None, sent_employer=None),
        mistake(Wrong.TOO_MUCH, right_gross=-1),
        mistake(Wrong.TOO_MUCH, package="unheard-of"),
        mistake(Wrong.TOO_MUCH, pay_date=D(2025, 12, 31)),
    ],
)
def test_figures_that_do_not_fit_are_refused(asked: Mistake) -> None:
    with pytest.raises(AppError):
        after_cut_off(asked, AFTER)


@pytest.mark.parametrize("wrong", Wrong)
@pytest.mark.parametrize("sent", Sent)
@pytest.mark.parametrize("now", [BEFORE, AFTER])
@pytest.mark.parametrize("leaver", [False, True])
def test_every_way_out_has_words(root: Path, wrong: Wrong, sent: Sent, now: dt.datetime, leaver: bool) -> None:
    words = Words.load(root / "resources")
    found = after_cut_off(mistake(wrong, sent=sent, leaver=leaver, package="payback"), now)
    text = way_out_as_text(found, words, Subject("8000074DH", "W48", "104"), 8_000_000)
    assert words.say(f"route.{found.route}") in text
    assert "second opinion" in text
    assert ("Text for NAERSA" in text) == (found.route is Route.NAERSA)
    assert '"format": "autoenroll-late"' in way_out_as_json(found, words, Subject())


def test_the_text_for_naersa_carries_the_figures(root: Path) -> None:
    words = Words.load(root / "resources")
    subject = Subject("8000074DH", "W48", "works number 104")
    asked = mistake(Wrong.CONTRIBUTION, sent_employer=2100)
    text = way_out_as_text(after_cut_off(asked, AFTER), words, subject, 8_000_000)
    for part in ("8000074DH", "26/11/2026", "W48", "works number 104", "too little: employee €5.50, employer €0.00",
                 "too much: employee €0.00, employer €10.50", "18:30"):  # fmt: skip
        assert part in text
    unsure = way_out_as_text(after_cut_off(replace(asked, sent=Sent.UNKNOWN), AFTER), words, subject, 8_000_000)
    assert "We believe" in unsure
