"""What should have been contributed, line by line, under both readings of the annual limit.

Contribution = base x rate, half up to the cent, each share on its own (s.58(1), s.59, s.61). The base is the payment's
gross pay as reported to Revenue (s.47(2)); the rates are those of the AEPN in force, the State's from the rule book.
"""

from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from autoenroll_desktop.domain.aepn import Status
from autoenroll_desktop.domain.finding import Ints
from autoenroll_desktop.domain.money_columns import shares
from autoenroll_desktop.rules.book import Book
from autoenroll_desktop.rules.register import Match, Matched


class Why(StrEnum):
    """Why an amount is expected, or none is."""

    DUE = "due"
    NO_AEPN = "no-aepn"
    NO_SNAPSHOT = "no-snapshot"
    NOT_ENROLLED = "not-enrolled"
    NOT_YET = "not-yet"
    ENDED = "ended"
    ZERO_RATE = "zero-rate"
    PENSIONABLE_AGE = "pensionable-age"
    BEFORE_SCHEME = "before-scheme"
    OVER_LIMIT = "over-limit"
    NO_GROSS = "no-gross"
    NEGATIVE_GROSS = "negative-gross"
    NO_PAY_DATE = "no-pay-date"
    UNCLEAR_STATUS = "unclear-status"
    UNCLEAR_EMPLOYMENT = "unclear-employment"


CALCULATED = (
    Why.DUE,
    Why.NO_AEPN,
    Why.NOT_ENROLLED,
    Why.NOT_YET,
    Why.ENDED,
    Why.ZERO_RATE,
    Why.PENSIONABLE_AGE,
    Why.OVER_LIMIT,
)
"""The reasons that lead to an amount (0 included); under all others the expected amount is missing, not 0."""

COLUMNS = (
    "base",
    "employee_rate",
    "employer_rate",
    "employee",
    "employer",
    "state",
    "statute_base",
    "statute_employee",
    "statute_employer",
)


def base_in_operation(gross: Ints, before: Ints, limit: Ints) -> Ints:
    """Cents contributed on as payroll software does today: the whole payment until the limit has been reached.

    Example: 79,500.00 before and a payment of 2,000.00 give a base of 2,000.00; the next payment gives 0.
    """
    return np.where(before >= limit, 0, gross)


def base_under_statute(gross: Ints, before: Ints, limit: Ints) -> Ints:
    """Cents contributed on as s.58(3) is written: only the part of the payment up to the limit.

    Example: 79,500.00 before and a payment of 2,000.00 give a base of 500.00.
    """
    base: Ints = np.clip(limit - before, 0, np.maximum(gross, 0))
    return base


def birthday_reached(
    born: "pd.Series[Any]", day: "pd.Series[Any]", years: npt.NDArray[Any] | int
) -> npt.NDArray[np.bool_]:
    """Whether the birthday of `years` falls on or before `day`; False where either date is missing.

    Somebody born on 29 February has the birthday on 1 March in other years: the Act states no convention.
    """
    known = (born.notna() & day.notna()).to_numpy()
    age = (day.dt.year - born.dt.year).to_numpy(np.float64, na_value=0)
    before = (day.dt.month * 100 + day.dt.day).to_numpy(np.float64, na_value=0) < (
        born.dt.month * 100 + born.dt.day
    ).to_numpy(np.float64, na_value=0)
    reached: npt.NDArray[np.bool_] = known & (age - before >= years)
    return reached


def expected_amounts(
    lines: pd.DataFrame, aepns: pd.DataFrame, matched: Matched, before: Ints, book: Book
) -> pd.DataFrame:
    """The frame `CheckedRun.expected` describes.

    Args:
        lines: the run's lines. aepns: the current snapshot. matched: which row governs each line.
        before: cents of gross pay this year before each line (`year_to_date.gross_before`).
    """
    size = len(lines)
    pay_date = lines["pay_date"]
    has_aepn = matched.rows >= 0
    governed = aepns.iloc[np.where(has_aepn, matched.rows, 0)].reset_index(drop=True) if len(aepns) else None
    status = np.full(size, "none", dtype=object)
    employee_rate = pd.Series(pd.array([pd.NA] * size, dtype="Int64"))
    employer_rate = employee_rate.copy()
    not_yet = ended = np.zeros(size, dtype=bool)
    if governed is not None:
        status[has_aepn] = governed["state"].to_numpy(object)[has_aepn]
        employee_rate = governed["employee_rate"].where(has_aepn)
        employer_rate = governed["employer_rate"].where(has_aepn)
        not_yet = has_aepn & (governed["effective_date"] > pay_date).to_numpy()
        ended = has_aepn & (governed["end_date"] < pay_date).to_numpy()
    status[matched.how == Match.AMBIGUOUS] = "ambiguous"
    start = book["scheme-start"].dated[0].value
    in_scheme = (pay_date >= pd.Timestamp(start)).to_numpy()
    gross = lines["gross_pay"]
    known_gross = gross.notna().to_numpy()
    cents = gross.fillna(0).to_numpy(np.int64)
    limit = _column(book, "annual-limit", pay_date, in_scheme)
    of_age = np.zeros(size, dtype=bool)
    years = _column(book, "pensionable-age", pay_date, in_scheme)
    of_age[in_scheme] = birthday_reached(lines["date_of_birth"], pay_date, years)[in_scheme]
    of_age |= in_scheme & draws_state_pension(lines)
    rates_known = (employee_rate.notna() & employer_rate.notna()).to_numpy()
    zero_rate = rates_known & (employee_rate.fillna(0) + employer_rate.fillna(0) == 0).to_numpy(bool)
    why = np.select(
        [
            pay_date.isna().to_numpy(),
            ~in_scheme,
            matched.how == Match.AMBIGUOUS,
            ~has_aepn & (len(aepns) == 0),
            ~has_aepn,
            status == Status.UNKNOWN,
            ended,
            status != Status.ENROLLED,
            ~rates_known,
            not_yet,
            of_age,
            zero_rate,
            ~known_gross,
            cents < 0,
            before >= limit,
        ],
        [
            Why.NO_PAY_DATE,
            Why.BEFORE_SCHEME,
            Why.UNCLEAR_EMPLOYMENT,
            Why.NO_SNAPSHOT,
            Why.NO_AEPN,
            Why.UNCLEAR_STATUS,
            Why.ENDED,
            Why.NOT_ENROLLED,
            Why.UNCLEAR_STATUS,
            Why.NOT_YET,
            Why.PENSIONABLE_AGE,
            Why.ZERO_RATE,
            Why.NO_GROSS,
            Why.NEGATIVE_GROSS,
            Why.OVER_LIMIT,
        ],
        default=Why.DUE,
    ).astype(object)
    calculated = np.isin(why, CALCULATED)
    due = why == Why.DUE
    operation = np.where(due, base_in_operation(cents, before, limit), 0)
    statute = np.where(due, base_under_statute(cents, before, limit), 0)
    rate_ee = employee_rate.fillna(0).to_numpy(np.int64)
    rate_er = employer_rate.fillna(0).to_numpy(np.int64)
    rate_state = _column(book, "state-rate", pay_date, in_scheme)
    figures = {
        "base": operation,
        "employee": shares(operation, rate_ee),
        "employer": shares(operation, rate_er),
        "state": shares(operation, np.where(rate_ee > 0, rate_state, 0)),
        "statute_base": statute,
        "statute_employee": shares(statute, rate_ee),
        "statute_employer": shares(statute, rate_er),
    }
    frame = pd.DataFrame({name: pd.array(column, dtype="Int64") for name, column in figures.items()})
    frame = frame.where(pd.Series(calculated))
    frame["employee_rate"] = employee_rate.array
    frame["employer_rate"] = employer_rate.array
    frame = frame[list(COLUMNS)]
    frame.insert(0, "status", pd.Series(status, dtype=object))
    frame.insert(
        1,
        "aepn",
        pd.Series([Match(how).name.lower().replace("_", "-") for how in range(6)]).to_numpy(object)[matched.how],
    )
    frame["why"] = pd.Series(why, dtype=object)
    return frame


def draws_state_pension(lines: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Lines of people whose birth is not known and who, Revenue's RPN says, draw the State pension: they are 66."""
    hint: npt.NDArray[np.bool_] = lines["state_pension"].eq(1).fillna(False).to_numpy(bool)
    return hint & lines["date_of_birth"].isna().to_numpy()


def _column(book: Book, name: str, pay_date: "pd.Series[Any]", in_scheme: npt.NDArray[np.bool_]) -> Ints:
    """The dated value for each line under the scheme, 0 for the others (which are never calculated)."""
    column = np.zeros(len(pay_date), dtype=np.int64)
    column[in_scheme] = book.column(name, pay_date[in_scheme])
    return column
