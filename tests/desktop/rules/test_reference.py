"""The columns beside the slow reference, on generated payments of every status, rate, date and cap case.

The short form judges 4,000 lines; `dev.py campaign reference` 200,000.
"""

import datetime as dt
import os
import random
from collections import Counter
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from autoenroll_desktop.domain.pay_run import FIELDS, PayRun
from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.engine import apply_rules
from tests.desktop.rules.reference import Answer, Instruction, Payment, judge
from tests.making import aepn, case, frame, line, ppsn

CHUNK, CHUNKS = {"campaign": (2_000, 100), "mutation": (400, 2)}.get(
    os.environ.get("HYPOTHESIS_PROFILE", ""), (2_000, 2)
)
CODES = (
    "missing",
    "without-aepn",
    "not-due",
    "before-effective-date",
    "after-66",
    "amount",
    "rounding",
    "over-cap",
    "shares-differ",
)
DAYS = [
    dt.date(2025, 12, 31), dt.date(2026, 1, 1), dt.date(2026, 2, 28), dt.date(2026, 3, 1), dt.date(2026, 11, 26),
    dt.date(2026, 12, 31), dt.date(2027, 1, 1), dt.date(2028, 2, 28), dt.date(2028, 2, 29), dt.date(2028, 3, 1),
    dt.date(2028, 12, 31), dt.date(2029, 1, 1), dt.date(2031, 12, 31), dt.date(2032, 1, 1), dt.date(2034, 12, 31),
    dt.date(2035, 1, 1), dt.date(2040, 6, 15),
]  # fmt: skip
STATUSES = {
    "Enrolled": "enrolled", "re-enrolled": "enrolled", "Exempt": "exempt", "Opted out": "opted_out", "SUSPENDED": "suspended",
    "De-enrolled": "de_enrolled", "Ceased": "ceased", "Left": "left", "Pending review": "unknown",
}  # fmt: skip
GROSS = [0, 1, 33, 34, 10_033, 33_333, 100_100, 100_300, 200_000, 400_000, 7_999_999, 8_000_000, 8_000_001, 12_345_678]


def near(chance: random.Random, day: dt.date) -> dt.date:
    return day + dt.timedelta(days=chance.choice([-400, -31, -1, 0, 1, 31]))


def birth(chance: random.Random, day: dt.date) -> dt.date | None:
    """Often just 66 on, before or after that day, or born on 29 February."""
    kind = chance.random()
    if kind < 0.1:
        return None
    if kind < 0.2:
        return dt.date(chance.choice([1960, 1964, 1968]), 2, 29)
    if kind < 0.5:
        last = dt.date(day.year - 66, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
        return last + dt.timedelta(days=chance.choice([-1, 0, 1]))
    return dt.date(chance.randint(1940, 2005), chance.randint(1, 12), chance.randint(1, 28))


def instruction(chance: random.Random, day: dt.date) -> dict[str, Any]:
    rate = chance.choice([150, 150, 150, 300, 450, 600, 0, None])
    other = chance.choice([rate] * 8 + [0, 150, None])
    status = "Enrolled" if chance.random() < 0.7 else chance.choice(list(STATUSES))
    return {
        "status": status,
        "issue_date": chance.choice([None, near(chance, day), dt.date(2026, 1, 1)]),
        "effective_date": chance.choice([None, dt.date(2026, 1, 1), dt.date(2026, 1, 1), near(chance, day)]),
        "end_date": near(chance, day) if chance.random() < 0.15 else None,
        "employee_rate": rate,
        "employer_rate": other,
    }


def taken(chance: random.Random, gross: int | None) -> tuple[int | None, int | None]:
    """What was taken: mostly right, then a cent or more off, nothing, one side only, or not known."""
    right = ((gross or 0) * chance.choice([150, 150, 150, 300]) + 5000) // 10000
    kind = chance.random()
    if kind < 0.5:
        return right, right
    if kind < 0.6:
        return None, None
    if kind < 0.7:
        return 0, 0
    if kind < 0.8:
        return right + chance.choice([-2, -1, 1, 2]), right
    if kind < 0.9:
        return (wrong := right + chance.choice([-100, -2, -1, 1, 2, 100])), wrong
    return (right, None) if kind < 0.95 else (None, right)


Rows = list[dict[str, Any]]


def person(chance: random.Random, number: int, only: dt.date | None) -> tuple[Rows, Rows, Rows]:
    """Pay lines, AEPNs and earlier lines of one person with one or two employments, all lines on one day if told so."""
    lines, aepns, history = [], [], []
    day = only or chance.choice(DAYS)
    born = birth(chance, day)
    for employment in ("1", "2")[: chance.choice([1, 1, 2])]:
        opening = chance.choice([0, 0, 7_600_000, 7_950_000, 7_999_999, 8_000_000, 8_200_000])
        stated = chance.random() < 0.5
        days = sorted({day, *(near(chance, day) for _ in range(0 if only else chance.choice([0, 0, 1])))})
        sofar: Counter[int] = Counter()
        for when in (*(day - dt.timedelta(days=7 * back) for back in range(chance.choice([0, 1, 2]), 0, -1)), *days):
            gross = None if chance.random() < 0.03 else chance.choice([*GROSS, chance.randint(1, 900_000)])
            if gross and chance.random() < 0.05:
                gross = -gross
            sofar[when.year] += gross or 0
            employee, employer = taken(chance, gross)
            made = {
                "ppsn": ppsn(number), "employment_id": employment, "pay_date": when, "tax_year": when.year, "gross_pay": gross,
                "date_of_birth": born, "ytd_gross": opening + sofar[when.year] if stated and gross is not None else None,
                "ae_employee": employee, "ae_employer": employer, "line_item_id": f"{number}-{employment}-{when}", "works_number": None,
            }  # fmt: skip
            (history if when < min(days) else lines).append(made)
        if chance.random() < 0.02 and lines:
            lines[-1]["pay_date"] = lines[-1]["ytd_gross"] = None
        rules = chance.choice([0, 1, 1, 1, 1, 2])
        aepns += [{"ppsn": ppsn(number), "employment_id": employment, **instruction(chance, day)} for _ in range(rules)]
    return lines, aepns, history


def generated(seed: int) -> tuple[Case, list[Answer]]:
    """A run of every kind of day, or (odd seeds) of one pay date, as an office checks it."""
    chance = random.Random(seed)
    only = chance.choice(DAYS[2:]) if seed % 2 else None
    lines: list[dict[str, Any]] = []
    aepns: list[dict[str, Any]] = []
    history: list[dict[str, Any]] = []
    while len(lines) < CHUNK:
        mine, theirs, earlier = person(chance, 1_000_000 + len(lines), only)
        lines, aepns, history = lines + mine, aepns + theirs, history + earlier
    made = case([line(**one) for one in lines], [aepn(**one) for one in aepns])
    made = Case(
        made.run,
        PayRun(frame(FIELDS, [line(**one) for one in history])),
        made.register,
        made.files,
        made.book,
        made.now,
    )
    return made, expected(lines, aepns, history)


def euro(cents: int | None) -> Decimal | None:
    return None if cents is None else Decimal(cents) / 100


def expected(lines: list[dict[str, Any]], aepns: list[dict[str, Any]], history: list[dict[str, Any]]) -> list[Answer]:
    rules: dict[tuple[str, str], list[Instruction]] = {}
    for one in aepns:
        rules.setdefault((one["ppsn"], one["employment_id"]), []).append(
            Instruction(
                STATUSES[one["status"]], one["issue_date"], one["effective_date"], one["end_date"],
                euro(one["employee_rate"]), euro(one["employer_rate"]),
            )
        )  # fmt: skip
    payments = [
        Payment(
            one["ppsn"], one["employment_id"], one["pay_date"], euro(one["gross_pay"]), one["date_of_birth"], euro(one["ytd_gross"]),
            euro(one["ae_employee"]), euro(one["ae_employer"]), earlier,
        )
        for many, earlier in ((lines, False), (history, True))
        for one in many
    ]  # fmt: skip
    of_person: dict[str, list[Payment]] = {}
    for one in payments:
        of_person.setdefault(one.person, []).append(one)
    return [judge(one, rules, of_person[one.person], file_has_amounts=True) for one in payments[: len(lines)]]


@pytest.mark.parametrize("seed", range(CHUNKS))
def test_the_columns_say_what_the_reference_says(seed: int) -> None:
    made, answers = generated(seed)
    names = ("base", "employee", "employer", "state", "statute_base", "statute_employee", "statute_employer")
    ours = made.expected
    for name in names:
        theirs = pd.array(
            [None if (value := getattr(one, name)) is None else int(value * 100) for one in answers], dtype="Int64"
        )
        same = (ours[name].array == theirs).fillna(False) | (ours[name].isna().array & theirs.isna())
        assert same.all(), _first(made, answers, ~same, name)
    assert ours["why"].tolist() == [one.why for one in answers]
    before = [int(one.before * 100) for one in answers]
    assert made.gross_before.tolist() == before
    found: list[set[str]] = [set() for _ in answers]
    for finding in apply_rules(made):
        if finding.code.removeprefix("contribution-") in CODES:
            for at in finding.lines:
                found[at].add(finding.code)
    assert found == [set(one.found) for one in answers]


def _first(made: Case, answers: list[Answer], wrong: Any, name: str) -> str:
    at = int(wrong.to_numpy(bool).argmax()) if hasattr(wrong, "to_numpy") else int(wrong.argmax())
    row = made.run.lines.iloc[at][
        ["ppsn", "employment_id", "pay_date", "gross_pay", "ytd_gross", "date_of_birth"]
    ].to_dict()
    return f"{name}: {row} {made.expected.iloc[at].to_dict()} reference {answers[at]}"


@pytest.mark.skipif(CHUNK < 2_000, reason="the few lines that judge a mutant do not hold every case")
def test_every_case_is_there() -> None:
    """The generator reaches every reason and every code, or the agreement above would prove little."""
    _, answers = generated(0)
    reasons = Counter(one.why for one in answers)
    assert set(reasons) == {
        "due", "no-aepn", "not-enrolled", "not-yet", "ended", "zero-rate", "pensionable-age", "before-scheme", "over-limit",
        "no-gross", "negative-gross", "no-pay-date", "unclear-status",
    }  # fmt: skip
    assert {code for one in answers for code in one.found} == {f"contribution-{code}" for code in CODES}
    crossing = [one for one in answers if one.why == "due" and one.base != one.statute_base]
    assert len(crossing) > 20
