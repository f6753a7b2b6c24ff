"""What should have been contributed, line by line, under both readings of the annual limit.

Contribution = base x rate, half up to the cent, each share on its own (s.58(1), s.59, s.61). The base is the payment's
gross pay as reported to Revenue (s.47(2)); the rates are those of the AEPN in force, the State's from the rule book.
"""

from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from autoenroll_desktop.domain.aepn import Status
from autoenroll_desktop.domain.finding import Ints
from autoenroll_desktop.domain.money_columns import shares
from autoenroll_desktop.rules.ages import Days, reached
from autoenroll_desktop.rules.book import Book
from autoenroll_desktop.rules.columns import Columns
from autoenroll_desktop.rules.matching import Match, Matched
from autoenroll_desktop.rules.register import Register


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


REASONS = tuple(Why)


class Expected(NamedTuple):
    """The frame `CheckedRun.expected` describes, and of each line the place of its `why` among `REASONS`."""

    amounts: pd.DataFrame
    reasons: Ints


CALCULATED = (
    Why.DUE,
    Why.NO_AEPN,
    Why.NOT_ENROLLED,
    Why.NOT_YET,
    Why.ENDED,
    Why.ZERO_RATE,
    Why.PENSIONABLE_AGE,
    Why.OVER_LIMIT,
    Why.BEFORE_SCHEME,
)
"""The reasons that lead to an amount (0 included); under all others the expected amount is missing, not 0."""


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


def expected_amounts(
    lines: Columns, register: Register, matched: Matched, before: Ints, born: Days, paid: Days, book: Book
) -> Expected:
    """What is to be contributed on each line, and why.

    Args:
        lines: the run's columns. register: the AEPNs. matched: which row governs each line.
        before: cents of gross pay this year before each line (`year_to_date.gross_before`).
        born, paid: the lines' dates of birth and pay dates, taken apart.
    """
    size, aepns = len(before), register.current
    pay_date, has_aepn = lines["pay_date"], matched.rows >= 0
    rows = np.where(has_aepn, matched.rows, -1)
    status = np.full(size, "none", dtype=object)
    status[has_aepn] = aepns["state"].to_numpy(object)[matched.rows[has_aepn]]
    status[matched.how == Match.AMBIGUOUS] = "ambiguous"
    rate = {share: aepns[f"{share}_rate"].array.take(rows, allow_fill=True) for share in ("employee", "employer")}
    cut = {share: column.to_numpy(np.int64, na_value=0) for share, column in rate.items()}
    rates_known = ~(np.asarray(rate["employee"].isna()) | np.asarray(rate["employer"].isna()))
    in_scheme = (pay_date >= pd.Timestamp(book["scheme-start"].dated[0].value)).to_numpy()
    cents = lines.cents("gross_pay")
    limit = _column(book, "annual-limit", pay_date, in_scheme)
    reasons = {
        Why.NO_PAY_DATE: ~paid.known,
        Why.BEFORE_SCHEME: ~in_scheme,
        Why.UNCLEAR_EMPLOYMENT: matched.how == Match.AMBIGUOUS,
        Why.NO_SNAPSHOT: ~has_aepn & ~_fetched(lines, register),
        Why.NO_AEPN: ~has_aepn,
        Why.UNCLEAR_STATUS: _of(register.says(Status.UNKNOWN), rows),
        Why.ENDED: _day(aepns, "end_date", rows) < pay_date.to_numpy(),
        Why.NOT_ENROLLED: ~_of(register.says(Status.ENROLLED), rows),
        "no-rates": ~rates_known,
        Why.NOT_YET: _day(aepns, "effective_date", rows) > pay_date.to_numpy(),
        Why.PENSIONABLE_AGE: reached(born, paid, _column(book, "pensionable-age", pay_date, in_scheme))
        | draws_state_pension(lines),
        Why.ZERO_RATE: rates_known & (cut["employee"] + cut["employer"] == 0),
        Why.NO_GROSS: ~lines.there("gross_pay"),
        Why.NEGATIVE_GROSS: cents < 0,
        Why.OVER_LIMIT: before >= limit,
    }
    which = np.select(list(reasons.values()), range(len(reasons)), len(reasons))
    due = which == len(reasons)
    named = [Why.UNCLEAR_STATUS if reason == "no-rates" else Why(reason) for reason in (*reasons, Why.DUE)]
    places = np.array([REASONS.index(reason) for reason in named])[which]
    unknown = ~np.array([reason in CALCULATED for reason in REASONS])[places]
    base = np.where(due, base_in_operation(cents, before, limit), 0)
    statute = np.where(due, base_under_statute(cents, before, limit), 0)
    state = np.where(cut["employee"] > 0, _column(book, "state-rate", pay_date, in_scheme), 0)
    figures = {
        "base": base,
        "employee_rate": rate["employee"],
        "employer_rate": rate["employer"],
        "employee": shares(base, cut["employee"]),
        "employer": shares(base, cut["employer"]),
        "state": shares(base, state),
        "statute_base": statute,
        "statute_employee": shares(statute, cut["employee"]),
        "statute_employer": shares(statute, cut["employer"]),
    }
    amounts = {
        name: column if name.endswith("rate") else pd.arrays.IntegerArray(column, unknown.copy())
        for name, column in figures.items()
    }
    how = np.array([Match(how).name.lower().replace("_", "-") for how in range(len(Match))], dtype=object)[matched.how]
    reason = np.array(REASONS, dtype=object)[places]
    texts = {
        name: pd.Series(column, dtype=object) for name, column in (("status", status), ("aepn", how), ("why", reason))
    }
    frame = pd.DataFrame({"status": texts["status"], "aepn": texts["aepn"], **amounts, "why": texts["why"]})
    return Expected(frame, places)


def _of(told: npt.NDArray[np.bool_], rows: Ints) -> npt.NDArray[np.bool_]:
    """What is told of each line's AEPN (row -1: none), False where there is none."""
    return np.append(told, [False])[rows]


def _day(aepns: pd.DataFrame, name: str, rows: Ints) -> npt.NDArray[np.datetime64]:
    """A date of each line's AEPN (row -1: none), missing where there is none."""
    return np.append(aepns[name].to_numpy("datetime64[s]"), [np.datetime64("NaT", "s")])[rows]


def _fetched(lines: Columns, register: Register) -> npt.NDArray[np.bool_]:
    """Lines of employers there are AEPNs of; AEPNs that name no employer are anybody's."""
    theirs = register.employers
    return lines.coded("employer_registration_number").told(lambda employer: employer in theirs) | (None in theirs)


def draws_state_pension(lines: Columns) -> npt.NDArray[np.bool_]:
    """Lines of people whose birth is not known and who, Revenue's RPN says, draw the State pension: they are 66."""
    drawing: npt.NDArray[np.bool_] = lines.cents("state_pension") == 1
    return drawing & ~lines.there("date_of_birth")


def _column(book: Book, name: str, pay_date: "pd.Series[Any]", in_scheme: npt.NDArray[np.bool_]) -> Ints:
    """The dated value for each line under the scheme, 0 for the others (which are never calculated)."""
    column = np.zeros(len(pay_date), dtype=np.int64)
    column[in_scheme] = book.column(name, pay_date[in_scheme])
    return column
