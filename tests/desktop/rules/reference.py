"""The law once more, line by line in plain Decimal: slow, obvious, and sharing no code with the product.

Written from the scheme's rules (the Act's sections are named at each step), to be held against the columns. Money is
Decimal euro, rates are Decimal per cent, what is not known is None.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")


@dataclass
class Instruction:
    """One AEPN of an employment."""

    status: str
    issued: dt.date | None = None
    starts: dt.date | None = None
    ends: dt.date | None = None
    employee_rate: Decimal | None = None
    employer_rate: Decimal | None = None


@dataclass
class Payment:
    """One pay line. `year_to_date` includes this payment. `earlier` marks lines of earlier periods."""

    person: str
    employment: str
    pay_date: dt.date | None
    gross: Decimal | None
    born: dt.date | None = None
    year_to_date: Decimal | None = None
    employee: Decimal | None = None
    employer: Decimal | None = None
    earlier: bool = False


@dataclass
class Answer:
    """What is due, and what is wrong with what was taken. Amounts are None where nothing can be said."""

    why: str
    base: Decimal | None = None
    employee: Decimal | None = None
    employer: Decimal | None = None
    state: Decimal | None = None
    statute_base: Decimal | None = None
    statute_employee: Decimal | None = None
    statute_employer: Decimal | None = None
    before: Decimal = NOTHING
    found: tuple[str, ...] = ()


def employee_rate_of_the_act(day: dt.date) -> Decimal:
    """Section 61(1): 1.5 %, then 3 %, 4.5 % and 6 % in blocks of three calendar years."""
    if day.year <= 2028:
        return Decimal("1.5")
    if day.year <= 2031:
        return Decimal("3.0")
    if day.year <= 2034:
        return Decimal("4.5")
    return Decimal("6.0")


def state_rate(day: dt.date) -> Decimal:
    """Section 61(2): a third of the employee's."""
    return employee_rate_of_the_act(day) / 3


def to_the_cent(amount: Decimal) -> Decimal:
    """Half up (scheme rules 2.31)."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def has_turned(born: dt.date, years: int, day: dt.date) -> bool:
    """Whether the birthday has come; 29 February counts on 1 March where there is none (scheme rules 1, age)."""
    try:
        birthday = born.replace(year=born.year + years)
    except ValueError:
        birthday = dt.date(born.year + years, 3, 1)
    return day >= birthday


def in_force(instructions: Sequence[Instruction], day: dt.date | None) -> Instruction | None:
    """Scheme rules 3.1-3.4: of those running on the day the one issued last; else of those begun; else any."""
    if not instructions:
        return None

    def order(at: int) -> tuple[int, dt.date, dt.date, int]:
        one = instructions[at]
        started = one.starts is None or (day is not None and one.starts <= day)
        running = started and (one.ends is None or (day is not None and one.ends >= day))
        rank = 2 if running else 1 if started else 0
        return (rank, one.issued or dt.date.min, one.starts or dt.date.min, at)

    return instructions[max(range(len(instructions)), key=order)]


Rules = Mapping[tuple[str, str], Sequence[Instruction]]
"""Person and employment → its AEPNs."""


def is_exempt(payment: Payment, rules: Rules) -> bool:
    """Whether the employment was exempt on that day (s.51: it is about an employment at a time)."""
    rule = in_force(rules.get((payment.person, payment.employment), []), payment.pay_date)
    return rule is not None and rule.status == "exempt"


def earned_before(payment: Payment, everything: Sequence[Payment], rules: Rules) -> Decimal:
    """Section 58(3): gross pay this calendar year before that day in all employments that are not exempt.

    What the lines themselves show, and beyond it what a year to date stated on a line proves to have been earned.
    """
    day = payment.pay_date
    if day is None:
        return NOTHING
    total = NOTHING
    mine = [one for one in everything if one.person == payment.person and one.pay_date is not None]
    this_year = [
        one for one in mine if one.pay_date.year == day.year and one.pay_date <= day and not is_exempt(one, rules)
    ]  # type: ignore[union-attr, operator]
    for employment in {one.employment for one in this_year}:
        lines = [one for one in this_year if one.employment == employment]
        unseen = NOTHING
        for line in lines:
            if line.year_to_date is not None:
                seen = sum((one.gross or NOTHING for one in lines if one.pay_date < line.pay_date), NOTHING)  # type: ignore[operator]
                unseen = max(unseen, line.year_to_date - (line.gross or NOTHING) - seen)
        total += unseen + sum((one.gross or NOTHING for one in lines if one.pay_date < day), NOTHING)  # type: ignore[operator]
    return total


def judge(payment: Payment, rules: Rules, everything: Sequence[Payment], file_has_amounts: bool) -> Answer:
    """One payment under the AEPNs of its employment, beside all other payments of the person."""
    rule = in_force(rules.get((payment.person, payment.employment), []), payment.pay_date)
    before = NOTHING if is_exempt(payment, rules) else earned_before(payment, everything, rules)
    answer = due(payment, rule, before)
    answer.before = before
    answer.found = tuple(wrong(payment, rule, answer, file_has_amounts))
    return answer


def due(payment: Payment, rule: Instruction | None, before: Decimal) -> Answer:  # noqa: C901 - one step after the other, as the Act reads
    """What the payment contributes."""
    day, gross = payment.pay_date, payment.gross
    if day is None:
        return Answer("no-pay-date")
    if day < dt.date(2026, 1, 1):  # s.61: in force from 1 January 2026
        return nothing("before-scheme")
    if rule is None:  # s.50, s.59: no AEPN, no deduction
        return nothing("no-aepn")
    if rule.status == "unknown":
        return Answer("unclear-status")
    if rule.ends is not None and rule.ends < day:
        return nothing("ended")
    if rule.status != "enrolled":  # s.54, s.57, s.62
        return nothing("not-enrolled")
    if rule.employee_rate is None or rule.employer_rate is None:
        return Answer("unclear-status")
    if rule.starts is not None and rule.starts > day:
        return nothing("not-yet")
    if payment.born is not None and has_turned(payment.born, 66, day):  # s.57(1)
        return nothing("pensionable-age")
    if rule.employee_rate == 0 and rule.employer_rate == 0:
        return nothing("zero-rate")
    if gross is None:  # never taken as 0
        return Answer("no-gross")
    if gross < 0:  # no rule is known (2.36)
        return Answer("negative-gross")
    if before >= 80000:
        return nothing("over-limit")
    statute = min(max(Decimal(80000) - before, NOTHING), gross)  # s.58(3) as written
    employee, employer = rule.employee_rate / 100, rule.employer_rate / 100
    state = state_rate(day) / 100 if rule.employee_rate > 0 else NOTHING
    return Answer(
        "due",
        gross,
        to_the_cent(gross * employee),
        to_the_cent(gross * employer),
        to_the_cent(gross * state),
        statute,
        to_the_cent(statute * employee),
        to_the_cent(statute * employer),
    )


def nothing(why: str) -> Answer:
    """Nothing is due, and that is certain."""
    return Answer(why, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING)


def wrong(payment: Payment, rule: Instruction | None, answer: Answer, file_has_amounts: bool) -> list[str]:
    """The codes about what was taken (catalogue, contributions)."""
    employee, employer = payment.employee or NOTHING, payment.employer or NOTHING
    taken = employee != 0 or employer != 0
    asked = answer.why == "due" and (answer.employee != 0 or answer.employer != 0)
    crossing = answer.why == "over-limit" or (asked and answer.base != answer.statute_base)
    found = []
    if taken:
        found += {
            "no-aepn": ["contribution-without-aepn"],
            "not-enrolled": ["contribution-not-due"],
            "ended": ["contribution-not-due"],
            "zero-rate": ["contribution-not-due"],
            "before-scheme": ["contribution-not-due"],
            "not-yet": ["contribution-before-effective-date"],
            "pensionable-age": ["contribution-after-66"],
        }.get(answer.why, [])
    if asked and not taken and not crossing and file_has_amounts:  # s.59(1)
        found.append("contribution-missing")
    if asked and taken and not crossing:
        off = [
            abs(was - right)
            for was, right in ((payment.employee, answer.employee), (payment.employer, answer.employer))
            if was is not None and right is not None
        ]
        if max(off) > CENT:  # MFFERR044
            found.append("contribution-amount")
        elif max(off) == CENT:
            found.append("contribution-rounding")
    if crossing:
        found.append("contribution-over-cap")
    both = payment.employee is not None and payment.employer is not None
    if (
        (asked or crossing)
        and taken
        and both
        and rule is not None
        and rule.employee_rate == rule.employer_rate
        and employee != employer
    ):
        found.append("contribution-shares-differ")  # s.61(1)
    return found
