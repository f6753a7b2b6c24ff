"""The minimum an own pension scheme must reach for an employment to be exempt (S.I. 668/2025, in force 1 January 2026).

Both limbs, over three months, on gross pay:
  - the employer pays at least the lesser of 1.5 % of gross pay and EUR 1,200 a year;
  - both together pay at least the lesser of 3.5 % of gross pay and EUR 2,800 a year.
The yearly limits are taken for the months assessed: a quarter of them for three months. How Schedule 1A measures gross
pay and the year within the three months has not been seen; the months and the pro rata reading are said in the result.
Trust RACs and PEPPs are not in the summaries read and are marked as open. A defined benefit scheme has another test,
which no payroll file can show.
"""

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from autoenroll_desktop.domain.finding import Ints
from autoenroll_desktop.domain.money_columns import shares
from autoenroll_desktop.rules.book import Book
from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.expected import Why

TESTED = ("employee_rbs", "employer_rbs", "employee_prsa", "employer_prsa", "employee_avc", "employee_asc")
"""Pension fields the test is known for; additional contributions count to the total."""
OPEN = ("employee_rac", "employee_pepp", "employer_pepp")
"""Pension fields whose test has not been seen."""
_EMPLOYER = ("employer_rbs", "employer_prsa", "employer_pepp")


def minimum(gross: Ints, months: int, book: Book, day: dt.date) -> tuple[Ints, Ints]:
    """Cents the employer, and both together, must have paid on cents of gross pay over some months.

    Example: EUR 60,000 over 12 months needs EUR 900.00 from the employer and EUR 2,100.00 in all; EUR 100,000 needs
    EUR 1,200.00 and EUR 2,800.00.
    """
    law = book.on(day)
    employer = shares(gross, np.full(len(gross), law["exempt-employer-share"], dtype=np.int64))
    total = shares(gross, np.full(len(gross), law["exempt-total-share"], dtype=np.int64))
    return (
        np.minimum(employer, law["exempt-employer-limit"] * months // 12),
        np.minimum(total, law["exempt-total-limit"] * months // 12),
    )


def exemption(case: Case) -> pd.DataFrame | None:
    """The own schemes in the run, assessed over the months up to each employment's last pay date.

    Returns:
        One row an employment with an own pension and no AEPN that says "enrolled": line (position of its last line),
        since (first pay date counted), payments, gross, employer, total, employer_needed, total_needed,
        employer_short, total_short (cents over the months, 0 where enough), employer_short_year, total_short_year
        (the same pace over a year), open (bool: only fields whose test has not been seen). None where no line has an
        own pension.
    """
    fields = [field for field in (*TESTED, *OPEN) if case.run.has(field)]
    if not fields:
        return None
    months = int(case.law("exempt-months"))
    payments = case.by_employment
    last = _last_lines(case)
    who, end = case.employment_codes[last], case.days[last]
    start = end - (365 * months) // 12
    sums = {field: payments.total(field, who, start, end) for field in fields}
    nothing = np.zeros(len(last), dtype=np.int64)
    tested = sum((sums[field] for field in fields if field in TESTED), start=nothing)
    unseen = sum((sums[field] for field in fields if field in OPEN), start=nothing)
    employer = sum((sums[field] for field in fields if field in _EMPLOYER), start=nothing)
    first = payments.first_day(who, start, end)
    gross = payments.total("gross_pay", who, start, end)
    fewest: int = case.law("exempt-fewest-days")
    covered = (end - first >= fewest) & (gross > 0) & (tested + unseen > 0)
    covered &= ~case.because(Why.DUE, Why.OVER_LIMIT)[last]
    if not covered.any():
        return pd.DataFrame({"line": last[:0]})
    day = pd.Timestamp(case["pay_date"].max()).date()
    needed = minimum(gross, months, case.book, max(day, case.book["exempt-months"].dated[0].start))
    frame = pd.DataFrame(
        {
            "line": last,
            "since": first.astype("datetime64[D]").astype("datetime64[s]"),
            "payments": payments.count(who, start, end),
            "gross": gross,
            "employer": employer,
            "total": tested + unseen,
            "employer_needed": needed[0],
            "total_needed": needed[1],
            "open": (unseen > 0) & (tested == 0),
        }
    )
    for limb in ("employer", "total"):
        frame[f"{limb}_short"] = np.maximum(frame[f"{limb}_needed"] - frame[limb], 0)
        frame[f"{limb}_short_year"] = frame[f"{limb}_short"] * 12 // months
    told: pd.DataFrame = frame[covered].reset_index(drop=True)
    return told


def _last_lines(case: Case) -> Ints:
    """The position of the last line of each employment with a PPSN and a pay date."""
    frame: Any = pd.DataFrame({"who": case.employment_codes, "day": case.days})
    known = frame[(frame["who"] >= 0) & (frame["day"] >= 0)]
    ordered = known.sort_values("day", kind="stable").drop_duplicates("who", keep="last")
    return np.sort(ordered.index.to_numpy(np.int64))
