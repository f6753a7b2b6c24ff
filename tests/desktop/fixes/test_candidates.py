"""What may be chosen where no rule has a suggestion."""

import datetime as dt
from typing import Any

import pytest

from autoenroll_desktop.domain.aepn import AEPN_FIELDS
from autoenroll_desktop.domain.finding import Finding
from autoenroll_desktop.domain.pay_run import FIELDS
from autoenroll_desktop.fixes.proposal import Known, Proposal
from autoenroll_desktop.fixes.propose import proposals
from tests.making import ERN, aepn, case, found, frame, line, ppsn

ONE, OTHER = ppsn(1000001), ppsn(1000002)


def offered(
    code: str,
    lines: list[dict[str, Any]],
    aepns: list[dict[str, Any]],
    past: list[dict[str, Any]],
    place: int | None = 0,
) -> list[Proposal]:
    made = case(lines, aepns, past)
    finding: Finding = next(one for one in found(made) if one.code == code)
    known = Known(made.run.lines, made.register.current if aepns else frame(AEPN_FIELDS, []), frame(FIELDS, past))
    return proposals(finding, known, place)


def told(made: list[Proposal]) -> list[tuple[str, Any]]:
    return [(one.choice, one.changes[0].now[0]) for one in made]


@pytest.mark.parametrize(
    ("aepns", "past", "wanted"),
    [
        ([aepn(employment_id="7")], [], [("", "7")]),
        ([], [line(employment_id="5", pay_date="2026-11-19")], [("last-period", "5")]),
        ([aepn(employment_id="7"), aepn(employment_id="8")], [line(employment_id="5")],
         [("its-aepn", "8"), ("its-aepn", "7"), ("last-period", "5")]),
        ([aepn(ppsn=OTHER)], [], []),
    ],
)  # fmt: skip
def test_employment_ids(aepns: list[dict[str, Any]], past: list[dict[str, Any]], wanted: list[tuple[str, str]]) -> None:
    assert sorted(told(offered("employment-id-missing", [line(employment_id=None)], aepns, past))) == sorted(wanted)


def test_employment_ids_of_last_period_at_once() -> None:
    lines = [line(employment_id=None, line_item_id="L1"), line(employment_id=None, ppsn=OTHER, line_item_id="L2")]
    past = [line(employment_id="4"), line(employment_id="6", ppsn=OTHER)]
    (one,) = offered("employment-id-missing", lines, [], past, None)
    assert (one.choice, one.changes[0].now.tolist(), one.places, one.left) == ("last-period", ["4", "6"], 2, 0)


def test_employer_numbers_go_to_every_line_that_has_the_wrong_one() -> None:
    lines = [line(employer_registration_number="8000074AH"), line(employer_registration_number="8000074AH", ppsn=OTHER)]
    (one,) = offered("employer-number-check", lines, [aepn()], [])
    assert (one.choice, one.changes[0].now.tolist()) == ("its-aepn", [ERN, ERN])
    (one,) = offered("employer-number-missing", [line(employer_registration_number=None)], [aepn()], [])
    assert told([one]) == [("its-aepn", ERN)]


def test_the_tax_year_or_the_pay_date() -> None:
    made = offered("pay-date-outside-tax-year", [line(tax_year=2025)], [aepn()], [])
    assert told(made) == [("its-pay-date", 2026), ("its-tax-year", dt.date(2025, 11, 26))]


def test_pay_frequencies() -> None:
    lines = [line(pay_frequency="WEEKLYY"), line(ppsn=OTHER, pay_frequency="MONTHLY")]
    made = offered("pay-frequency-unknown", lines, [aepn()], [line(pay_frequency="WEEKLY")])
    assert told(made) == [("last-period", "WEEKLY"), ("as-others", "MONTHLY")]


@pytest.mark.parametrize(("frequency", "day", "period"), [
    ("WEEKLY", "2026-11-26", 48), ("WEEKLY", "2026-01-01", 1), ("WEEKLY", "2026-12-31", 53), ("FORTNIGHTLY", "2026-11-26", 24),
    ("FOUR_WEEKLY", "2026-11-26", 12), ("MONTHLY", "2026-11-26", 11), ("QUARTERLY", "2026-11-26", 4),
])  # fmt: skip
def test_pay_periods_by_the_pay_date(frequency: str, day: str, period: int) -> None:
    """Weeks and months from 1 January (Revenue PSR data items, Pay Period)."""
    made = offered(
        "pay-period-out-of-range", [line(pay_frequency=frequency, pay_date=day, pay_period=99)], [aepn()], []
    )
    assert told(made) == [("its-pay-date", period)]


def test_old_suffixes_by_the_name() -> None:
    old = ppsn(1000001, "W")
    made = offered("ppsn-old-suffix", [line(ppsn=old)], [aepn(ppsn=OTHER)], [line(ppsn=ppsn(1000003))])
    assert told(made) == [("its-aepn", OTHER), ("last-period", ppsn(1000003))]


@pytest.mark.parametrize(
    ("changes", "theirs", "wanted"),
    [
        ({"ppsn": OTHER}, {}, [{"ppsn": ONE}]),
        ({"ppsn": None}, {}, [{"ppsn": ONE}]),  # a new starter, before anybody has keyed the number
        ({"ppsn": OTHER, "employment_id": "9"}, {}, [{"ppsn": ONE, "employment_id": "1"}]),
        ({"ppsn": OTHER, "first_name": "SÉAMUS"}, {}, [{"ppsn": ONE}]),
        ({"ppsn": OTHER, "first_name": "Áine"}, {}, []),  # somebody else
        ({"ppsn": OTHER}, {"first_name": None, "family_name": None}, []),  # an AEPN that names nobody
        ({"ppsn": OTHER}, {"employer_registration_number": None}, [{"ppsn": ONE}]),  # AEPNs of any employer
    ],
)
def test_an_aepn_without_a_line_offers_its_numbers_to_a_line_of_that_name(
    changes: dict[str, Any], theirs: dict[str, Any], wanted: list[dict[str, str]]
) -> None:
    """A leaver or somebody left out is for the payroll package; a wrong number is put right here."""
    made = offered("aepn-not-on-payroll", [line(**changes)], [aepn(**theirs)], [])
    assert [{one.field: one.now[0] for one in proposal.changes} for proposal in made] == wanted
    assert {proposal.choice for proposal in made} <= {"its-aepn"}


def test_a_line_that_has_an_aepn_of_its_own_is_left_alone() -> None:
    namesake = [aepn(), aepn(ppsn=OTHER)]
    assert offered("aepn-not-on-payroll", [line()], namesake, []) == []
