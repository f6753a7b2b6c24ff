"""What one payment contributes, under both readings of the annual limit."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from autoenroll_desktop.domain.money import share
from autoenroll_desktop.rules.ages import birthday_reached
from autoenroll_desktop.rules.book import Book
from autoenroll_desktop.rules.expected import base_in_operation, base_under_statute


@dataclass(frozen=True, slots=True)
class Contribution:
    """Cents, and the rates in basis points. `why` is a key of the words' `why` table."""

    base: int
    employee_rate: int
    employer_rate: int
    state_rate: int
    employee: int
    employer: int
    state: int
    statute_base: int
    statute_employee: int
    statute_employer: int
    statute_state: int
    why: str


def work_out_contribution(
    gross: int, pay_date: dt.date, book: Book, *, before: int = 0, rate: int | None = None, born: dt.date | None = None
) -> Contribution:
    """The contribution on one payment.

    Args:
        gross: cents of gross pay as reported to Revenue. before: cents earned this calendar year before that day.
        rate: the AEPN's rate in basis points; the Act's for the pay date when left out.
        born: date of birth; a payment on or after the 66th birthday contributes nothing (s.57(1)).

    Raises:
        NotInForce: the pay date lies before the scheme.
    """
    law = book.on(pay_date)
    rates = [rate if rate is not None else law[f"{who}-rate"] for who in ("employee", "employer")]
    amounts = (np.array([value], dtype=np.int64) for value in (gross, before, law["annual-limit"]))
    figures = tuple(amounts)
    operation, statute = int(base_in_operation(*figures)[0]), int(base_under_statute(*figures)[0])
    why = "due" if operation or statute or not gross else "over-limit"
    if born is not None:
        days = pd.Series([born, pay_date], dtype="datetime64[s]")
        if birthday_reached(days.iloc[:1], days.iloc[1:].reset_index(drop=True), law["pensionable-age"])[0]:
            operation = statute = 0
            why = "pensionable-age"
    state = law["state-rate"] if rates[0] else 0
    rate_ee, rate_er = rates
    return Contribution(
        base=operation,
        employee_rate=rate_ee,
        employer_rate=rate_er,
        state_rate=state,
        employee=share(operation, rate_ee),
        employer=share(operation, rate_er),
        state=share(operation, state),
        statute_base=statute,
        statute_employee=share(statute, rate_ee),
        statute_employer=share(statute, rate_er),
        statute_state=share(statute, state),
        why=why if any(rates) else "zero-rate",
    )
