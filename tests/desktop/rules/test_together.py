"""All situations at once, as the employers of one office: each is told what it is told alone, in words a clerk would use.

A bureau drops the files of many clients in one go, so nothing of one employer may reach another. What every situation
is told stands in `told.txt`, word for word; `python -m tests.desktop.rules.test_together` writes it anew, to be read.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autoenroll_desktop.domain.aepn import AEPN_FIELDS
from autoenroll_desktop.domain.finding import NOWHERE, Finding
from autoenroll_desktop.domain.identifiers import Check, explain
from autoenroll_desktop.domain.pay_run import FIELDS, FileRead, PayRun, Role
from autoenroll_desktop.domain.words import Words, as_date
from autoenroll_desktop.paths import resources
from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.engine import apply_rules
from autoenroll_desktop.rules.register import build_register
from tests.desktop.rules.tables import Rows, Situation, situations
from tests.making import BOOK, ERN, NOW, frame, ppsn

TOLD = Path(__file__).with_name("told.txt")
WHOLE_OFFICE = {"ppsn-shared"}
"""One PPSN is one person whoever pays: this is looked for across employers."""


def _own(told: Situation) -> bool:
    """Whether a situation is about one employer whose number may be any."""
    return all(row["employer_registration_number"] == ERN for row in (*told.lines, *told.aepns, *told.history))


TOGETHER = [one for one in situations() if _own(one)]
NUMBERS = [ppsn(2_000_000 + at, "H") for at in range(len(TOGETHER))]


def _moved(rows: Rows, **changes: Any) -> Rows:
    return [{**row, **changes} for row in rows]


Told = list[tuple[str, Finding, int]]


def _office() -> Case:
    lines: Rows = []
    aepns: Rows = []
    history: Rows = []
    for at, (one, number) in enumerate(zip(TOGETHER, NUMBERS, strict=True)):
        lines += _moved(one.lines, employer_registration_number=number, file=at)
        aepns += _moved(one.aepns, employer_registration_number=number)
        history += _moved(one.history, employer_registration_number=number)
    files = tuple(FileRead(f"{number}.csv", f"{number}.csv", Role.PAY) for number in NUMBERS)
    register = build_register(frame(AEPN_FIELDS, aepns), NOW)
    return Case(PayRun(frame(FIELDS, lines)), PayRun(frame(FIELDS, history)), register, files, BOOK, NOW)


def _places(case: Case) -> Iterator[tuple[str, Finding, int]]:
    """Every place of every finding with the employer it belongs to; one about a day belongs to all paid on it."""
    of_row = {
        int(row["row"]): row["employer_registration_number"]
        for snapshot in (case.register.current, case.register.previous)
        for row in snapshot[["row", "employer_registration_number"]].to_dict("records")
    }
    paid: dict[Any, list[str]] = {}
    for day, number in zip(
        case["pay_date"].dropna(), case["employer_registration_number"][case["pay_date"].notna()], strict=True
    ):
        paid.setdefault(as_date(day), []).append(number)
    for finding in apply_rules(case):
        for at in range(len(finding)):
            place = finding.place(at)
            if place.line != NOWHERE:
                numbers = [case["employer_registration_number"].iloc[place.line]]
            elif place.row != NOWHERE:
                numbers = [of_row[place.row]]
            elif "employer" in finding.facts:
                numbers = [finding.fact("employer", at)]
            else:
                numbers = list(dict.fromkeys(paid[as_date(finding.fact("pay_date", at))]))
            for number in numbers:
                yield number, finding, at


def test_each_employer_is_told_what_it_is_told_alone_in_the_words_that_were_approved() -> None:
    office = list(_places(_office()))
    told: dict[str, set[str]] = {number: set() for number in NUMBERS}
    for number, finding, _ in office:
        told[number].add(finding.key)
    for one, number in zip(TOGETHER, NUMBERS, strict=True):
        assert told[number] - WHOLE_OFFICE - {"cut-off-near"} == one.expected - WHOLE_OFFICE, one.name
    assert _text(office).splitlines() == TOLD.read_text(encoding="utf-8").splitlines()


def _text(office: Told) -> str:
    words = Words.load(resources())
    told: dict[str, list[str]] = {number: [] for number in NUMBERS}
    for number, finding, at in office:
        if finding.code not in WHOLE_OFFICE | {"cut-off-near", "cut-off-passed"}:
            suggestion = finding.fact("suggestion", at) if finding.rule.fix and finding.field != "ppsn" else None
            offered = (
                f" [{finding.rule.fix}: {suggestion}]" if suggestion is not None and f"{suggestion}" != "nan" else ""
            )
            told[number].append(
                f"  {finding.severity} {finding.field}: {words.title(finding)}. {words.message(finding, at)}{offered}"
            )
    parts = ["\n".join([one.name, *sorted(told[number])]) for one, number in zip(TOGETHER, NUMBERS, strict=True)]
    return "\n\n".join(parts) + "\n"


def test_no_sentence_shows_a_number_in_full() -> None:
    text = TOLD.read_text(encoding="utf-8")
    numbers = re.findall(r"\b[0-9]{7,8}[A-Z]{1,2}\b", text)
    assert not [number for number in numbers if explain(number).check is Check.GOOD and number not in NUMBERS]
    assert "•••••" in text


if __name__ == "__main__":
    TOLD.write_text(_text(list(_places(_office()))), encoding="utf-8")
