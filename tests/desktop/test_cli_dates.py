"""`autoenroll dates` and `autoenroll late`, as a person types them."""

import json

import pytest

from autoenroll_desktop.cli import main

NOW = ("--now", "2026-07-20T10:00")


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert main(arguments) == code
    out, err = capsys.readouterr()
    return err if code else out


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        ((), ["26/11/2026 18:30", "It is a banking day"]),
        (("--enrolled", "2026-01-01"), ["01/07/2026 to 31/08/2026", "02/07/2026 to 01/09/2026", "01/07/2029 to 31/08/2029",
                                        "suspended from 01/07/2026"]),
        (("--enrolled", "2026-01-01", "--notice-given", "2026-01-15"), ["16/07/2026 to 15/09/2026"]),
        (("--enrolled", "2026-01-01", "--re-enrolled", "2028-08-01"), ["after re-enrolment", "01/02/2029 to 31/03/2029"]),
        (("--notice-received", "2026-03-02"), ["told by 16/03/2026", "Days late: 126", "€5,000.00", "6 months", "21 days"]),
        (("--notice-received", "2026-07-13"), ["there is time until 27/07/2026"]),
        (("--notice-received", "2026-03-02", "--notice-given", "2026-03-16"), ["Told on 16/03/2026, in time."]),
        (("--notice-received", "2026-03-02", "--notice-given", "2026-03-18"), ["Told on 18/03/2026. Days late: 2."]),
        (("--period-end", "2026-03-29"), ["from 29/03/2026, at the latest 29/04/2026"]),
        (("--opted-out", "2026-07-20"), ["from 20/07/2028 on"]),
        (("--suspended", "2026-07-02"), ["between 02/07/2027 and 02/07/2028", "02/01/2029"]),
        (("--contribution", "100", "--paid-on", "2026-12-26"), ["€0.82 on €100.00", "days late: 30", "s.131"]),
        (("--contribution", "100", "--paid-on", "2026-11-26"), ["No interest"]),
        (("--enrolled", "2026-01-01", "--employee-paid", "420"), ["about €420.00"]),
        (("--enrolled", "2026-01-01", "--employee-paid", "840", "--opted-out", "2029-08-01"), ["about €420.00"]),
        (("--enrolled", "2026-01-01", "--employee-paid", "840", "--opted-out", "2026-10-01"), ["no opt-out window"]),
    ],
)  # fmt: skip
def test_dates(capsys: pytest.CaptureFixture[str], asked: tuple[str, ...], parts: list[str]) -> None:
    text = said(capsys, "dates", "--pay-date", "2026-11-26", *NOW, *asked)
    for part in parts:
        assert part in text
    assert "NAERSA decides" in text


@pytest.mark.parametrize(
    ("pay_date", "reason", "bank_day", "next_day"),
    [
        ("2026-12-26", "a weekend", "24/12/2026", "29/12/2026"),
        ("2026-04-03", "a day without payments", "02/04/2026", "07/04/2026"),
        ("2026-01-01", "a public holiday", "31/12/2025", "02/01/2026"),
    ],
)
def test_dates_on_a_closed_day(
    capsys: pytest.CaptureFixture[str], pay_date: str, reason: str, bank_day: str, next_day: str
) -> None:
    text = said(capsys, "dates", "--pay-date", pay_date, *NOW)
    for part in (reason, f"before it is {bank_day}", f"the next one {next_day}", "send by 18:30"):
        assert part in text


def test_dates_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("--enrolled", "2026-01-01", "--contribution", "100", "--paid-on", "2026-12-26")
    found = json.loads(said(capsys, "dates", "--pay-date", "2026-11-26", *asked, *NOW, "--format", "json"))
    assert (found["format"], found["version"], found["today"]) == ("autoenroll-dates", 1, "2026-07-20")
    assert found["pay_day"]["closed"] is None
    assert found["windows"][0]["statute"] == {"first": "2026-07-02", "last": "2026-09-01"}
    assert (found["interest"]["interest"], found["interest"]["days"]) == ("0.82", 30)
    assert (found["notice"], found["refund"]) == (None, None)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("--pay-date", "2025-11-26"), "scheme began"),
        (("--pay-date", "2026-11-26", "--enrolled", "2025-12-01"), "scheme began"),
        (("--pay-date", "2026-11-26", "--enrolled", "2026-12-01", "--opted-out", "2026-11-30"), "opt-out lies before"),
        (
            ("--pay-date", "2026-11-26", "--notice-received", "2026-03-02", "--notice-given", "2026-03-01"),
            "told before",
        ),
    ],
)
def test_dates_that_cannot_be(capsys: pytest.CaptureFixture[str], asked: tuple[str, ...], says: str) -> None:
    assert says in said(capsys, "dates", *asked, *NOW, code=2)


LATE = ("late", "--pay-date", "2026-11-26", "--now", "2026-11-26T19:00")


def test_late(capsys: pytest.CaptureFixture[str]) -> None:
    figures = ("--gross-sent", "700", "--gross-right", "500", "--next-gross", "650")
    text = said(capsys, *LATE, "--wrong", "too-much", "--sent", "yes", "--package", "brightpay", *figures)
    for part in (
        "next pay run",
        "€650.00 becomes €450.00",
        "employee €6.75",
        "never both",
        "contradict",
        "second opinion",
    ):
        assert part in text


def test_late_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("--wrong", "left-out", "--gross-right", "700", "--format", "json")
    found = json.loads(said(capsys, *LATE, *asked))
    assert (found["route"], found["ask_first"], found["cut_off_passed"]) == ("portal", True, True)
    assert found["right"] == {"gross": "700.00", "employee": "10.50", "employer": "10.50"}
    assert (found["next_run"], found["text_for_naersa"], found["makers_differ"]) == (None, None, False)


def test_late_with_a_package_nobody_knows(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, *LATE, "--wrong", "left-out", "--gross-right", "700", "--package", "abacus", code=2)
    assert "sage-50" in text


def test_the_rule_book_prints_the_daily_rate(capsys: pytest.CaptureFixture[str]) -> None:
    assert "late-interest = 0.0274 % from 01/01/2026" in said(capsys, "rules", "--on", "2026-11-26")
