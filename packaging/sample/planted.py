"""The problems planted in the sample employer's current files."""

from dataclasses import dataclass
from typing import Any

from staff import Person

from autoenroll_desktop.domain.money import share


@dataclass(frozen=True)
class Planted:
    """A planted problem: whose line, which cells, what is found there, and what else follows from it."""

    works: str
    code: str
    field: str
    why: str
    cells: dict[str, Any]
    also: tuple[str, ...] = ()


def swapped(number: str) -> str:
    """The number with its first two unequal neighbours exchanged."""
    at = next(at for at in range(2, 6) if number[at] != number[at + 1])
    return number[:at] + number[at + 1] + number[at] + number[at + 2 :]


def planted(everybody: dict[str, Person]) -> list[Planted]:
    """The problems of the current files."""
    by = everybody
    rate = 150
    after_pension = share(by["206"].gross - 17_500, rate)
    return [
        Planted("103", "ppsn-check-letter", "ppsn", "two digits of the PPSN exchanged", {"ppsn": swapped(by["103"].ppsn)}),
        Planted("104", "contribution-missing", "ae_employee", "enrolled, nothing deducted", {"ee": 0, "er": 0}),
        Planted("101", "contribution-amount", "ae_employee", "overtime left out of the base",
                {"ee": share(by["101"].basic, rate), "er": share(by["101"].basic, rate)}),
        Planted("109", "contribution-not-due", "ae_employee", "opted out, still deducted",
                {"ee": share(by["109"].gross, rate), "er": share(by["109"].gross, rate)}),
        Planted("111", "contribution-after-66", "ae_employee", "turned 66 on 20/11/2026",
                {"ee": share(by["111"].gross, rate), "er": share(by["111"].gross, rate)}),
        Planted("119", "contribution-before-effective-date", "ae_employee", "AEPN starts on 01/12/2026",
                {"ee": share(by["119"].gross, rate), "er": share(by["119"].gross, rate)}),
        Planted("120", "contribution-without-aepn", "ae_employee", "new starter, no AEPN yet",
                {"ee": share(by["120"].gross, rate), "er": share(by["120"].gross, rate)}),
        Planted("112", "name-characters", "family_name", "curly apostrophe", {"family": "O’Toole"}),
        Planted("113", "contribution-shares-differ", "ae_employee", "employer share doubled by hand",
                {"er": 2 * share(by["113"].gross, rate)}, also=("contribution-amount",)),
        Planted("114", "aepn-employment-id-mismatch", "employment_id", "the AEPN stands under another ID", {"employment": "7"}),
        Planted("117", "contribution-rounding", "ae_employee", "rounded down",
                {"ee": share(by["117"].gross, rate) - 1, "er": share(by["117"].gross, rate) - 1}),
        Planted("118", "ppsn-zero-padded", "ppsn", "a zero too many in front", {"ppsn": "0" + by["118"].ppsn}),
        Planted("124", "employment-id-case", "employment_id", "01 instead of 1", {"employment": "01"}),
        Planted("203", "contribution-over-cap", "ae_employee", "this payment passes 80,000", {}),
        Planted("206", "contribution-amount", "ae_employee", "taken on pay after pension",
                {"ee": after_pension, "er": after_pension, "pension": 17_500}, also=("pension-and-contribution",)),
        Planted("208", "name-missing", "first_name", "no first name", {"first": ""}),
        Planted("212", "ppsn-format", "ppsn", "a digit is missing", {"ppsn": by["212"].ppsn[:3] + by["212"].ppsn[4:]}),
        Planted("214", "aepn-unknown-status", "status", "NAERSA's word is not one we know", {}),
        Planted("215", "aepn-rate-not-statutory", "employee_rate", "the AEPN says 3 %", {}, also=("contribution-amount",)),
    ]  # fmt: skip
