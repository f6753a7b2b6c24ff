"""Findings to the last fact: where they stand, in which field, and what they are told with."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from autoenroll_desktop.domain.finding import Finding
from tests.making import NOW, aepn, case, found, line, ppsn

DUBLIN = ZoneInfo("Europe/Dublin")
WEEK = dt.timedelta(days=7)


def told(made: Any, key: str) -> Finding:
    (one,) = [one for one in found(made) if one.key == key]
    return one


def facts(finding: Finding) -> dict[str, list[Any]]:
    return {name: list(column) for name, column in finding.facts.items()}


def places(finding: Finding) -> list[tuple[int, int, int]]:
    """Line, file and row of each place."""
    return list(zip(finding.lines.tolist(), finding.files.tolist(), finding.rows.tolist(), strict=True))


def test_each_wrong_employer_number_is_told_once_at_its_first_line() -> None:
    numbers = ("8000074DA", "8000074DA", "1234567A")
    made = case([line(employer_registration_number=one, line_item_id=f"L{at}") for at, one in enumerate(numbers)], [])
    wrong = told(made, "employer-number-check")
    assert (wrong.field, places(wrong)) == ("employer_registration_number", [(0, 0, 2), (2, 0, 4)])
    assert facts(wrong) == {"value": ["8000074DA", "1234567A"], "expected": ["J", "T"]}
    misshapen = told(case([line(employer_registration_number="80X")], []), "employer-number-format")
    assert (places(misshapen), facts(misshapen)) == ([(0, 0, 2)], {"value": ["80X"], "expected": [""]})


def test_what_changed_since_the_snapshot_before() -> None:
    second, third, fourth = (ppsn(1000002 + at) for at in range(3))
    out = {"status": "Opted out", "employee_rate": 0, "employer_rate": 0}
    now = [
        aepn(file=1),
        aepn(ppsn=second, first_name=None, family_name="Murphy", file=1),
        aepn(ppsn=third, **out, file=1),
        aepn(ppsn=third, **out, file=1, issue_date="2026-11-20"),
    ]
    before = [
        aepn(downloaded_at=NOW - WEEK, file=0),
        aepn(ppsn=third, downloaded_at=NOW - WEEK, file=0, effective_date="2026-02-01"),
        aepn(ppsn=third, downloaded_at=NOW - WEEK, file=0),
        aepn(ppsn=fourth, downloaded_at=NOW - WEEK, file=0, first_name="Úna", family_name=None),
    ]
    made = case([line()], [*now, *before])
    enrolled = "enrolled from 01/01/2026 at 1.5 % / 1.5 %"
    new, changed, gone = (told(made, f"aepn-changed/{cause}") for cause in ("new", "changed", "gone"))
    assert {one.field for one in (new, changed, gone)} == {"status"}
    assert (places(new), facts(new)) == (
        [(-1, 1, 3)],
        {"name": ["Murphy"], "now": [enrolled], "before": ["not there"]},
    )
    assert (places(changed), facts(changed)) == (
        [(-1, 1, 5)],
        {"name": ["Séamus Ó Briain"], "now": ["opted out from 01/01/2026 at 0 % / 0 %"], "before": [enrolled]},
    )
    assert (places(gone), facts(gone)) == ([(-1, 0, 9)], {"name": ["Úna"], "now": ["not there"], "before": [enrolled]})
    missing = told(made, "aepn-not-on-payroll")
    assert facts(missing)["name"][0] == "Murphy"
    assert (facts(missing)["status"][0], missing.field, places(missing)[0]) == ("enrolled", "ppsn", (-1, 1, 3))


def test_aepns_without_an_employer_are_compared_as_well() -> None:
    nobodys = {"employer_registration_number": None}
    made = case([line()], [aepn(**nobodys), aepn(**nobodys, ppsn=ppsn(1000002), downloaded_at=NOW - WEEK)])
    assert facts(told(made, "aepn-changed/new"))["name"] == ["Séamus Ó Briain"]
    assert facts(told(made, "aepn-changed/gone"))["name"] == ["Séamus Ó Briain"]
    missing = told(
        case([line(employer_registration_number=None)], [aepn(**nobodys, ppsn=ppsn(1000002))]), "aepn-not-on-payroll"
    )
    assert facts(missing)["ppsn"] == [ppsn(1000002)]


def test_an_old_snapshot_is_told_with_dublins_clock() -> None:
    fetched = dt.datetime(2026, 7, 21, 22, 30, tzinfo=dt.UTC)
    july = line(pay_date="2026-07-24", pay_period=30)
    old = told(
        case([july], [aepn(downloaded_at=fetched)], now=dt.datetime(2026, 7, 23, 8, 0, tzinfo=dt.UTC)), "aepn-stale"
    )
    assert places(old) == [(-1, -1, -1)]
    (downloaded,), (night,) = facts(old)["downloaded"], facts(old)["night"]
    assert (f"{downloaded:%d/%m/%Y %H:%M}", f"{night:%d/%m/%Y %H:%M}") == ("21/07/2026 23:30", "23/07/2026 00:00")
    assert facts(old)["employer"] == ["8000074DH"]
