"""Rules about pay lines: dates, gross pay and doubles."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

import numpy as np
import numpy.typing as npt
import pandas as pd

from autoenroll_desktop.domain.identifiers import Check
from autoenroll_desktop.domain.sent import HEADER, fingerprints
from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.register import keys
from autoenroll_desktop.rules.rule import ACT, ERROR, INFO, NAERSA_ERRORS, REVENUE, WARNING, Where, rule


@rule("pay-date-missing", severity=ERROR, topic="pay-run", law="Revenue PSR item payDate", link=REVENUE)
def pay_date_missing(case: Case) -> Where:
    """Lines without a readable pay date."""
    return Where(case["pay_date"].isna(), field="pay_date")


@rule("pay-date-outside-tax-year", severity=ERROR, topic="pay-run", law="Revenue 2019", link=REVENUE, fix="choose")
def pay_date_outside_tax_year(case: Case) -> Where:
    """Lines whose pay date lies in another year than the tax year stated."""
    year = case["pay_date"].dt.year.astype("Int64")
    differs = (year != case["tax_year"]).fillna(False)
    return Where(
        differs.to_numpy(bool), field="pay_date", facts={"pay_date": case["pay_date"], "tax_year": case["tax_year"]}
    )


@rule("pay-date-before-scheme", severity=INFO, topic="pay-run", law="s.61, in force from 1 January 2026", link=ACT)
def pay_date_before_scheme(case: Case) -> Where:
    """Lines paid before contributions existed."""
    early = case["pay_date"].notna().to_numpy() & ~case.in_scheme
    return Where(early, field="pay_date", facts={"pay_date": case["pay_date"]})


@rule("gross-missing", severity=ERROR, topic="pay-run", law="s.47(2)", link=ACT)
def gross_missing(case: Case) -> Where:
    """Lines without a readable gross pay: it is the base of every contribution and is never taken as 0."""
    return Where(case["gross_pay"].isna(), field="gross_pay")


@rule("gross-negative", severity=WARNING, topic="pay-run")
def gross_negative(case: Case) -> Where:
    """Lines with negative gross pay; no source says what is contributed on them, so nothing is calculated."""
    return Where((case["gross_pay"] < 0).fillna(False), field="gross_pay", facts={"gross": case["gross_pay"]})


@rule("gross-zero", severity=INFO, topic="pay-run")
def gross_zero(case: Case) -> Where:
    """Lines with a gross pay of 0: nothing is contributed, and nothing is made up later."""
    return Where((case["gross_pay"] == 0).fillna(False), field="gross_pay")


@rule(
    "line-item-duplicate",
    severity=ERROR,
    topic="pay-run",
    law="MFFERR033; Revenue 2007",
    link=NAERSA_ERRORS,
    fix="auto",
)
def line_item_duplicate(case: Case) -> Iterator[Where]:
    """Second and later lines of a run that carry a line item ID already used in it, or sent before."""
    item = case["line_item_id"]
    twice = np.flatnonzero(item.notna() & item.duplicated(keep=False))
    lines = case.run.lines.iloc[twice]
    key = keys(lines["employer_registration_number"], lines["payroll_run_reference"], lines["line_item_id"])
    again = twice[pd.Index(key, dtype=object).duplicated()]
    yield Where(again, field="line_item_id", facts={"item": item})
    before = np.setdiff1d(np.flatnonzero(_used_before(case, "line_item_id", case.sent.items)), again)
    yield Where(before, field="line_item_id", facts={"item": item}, cause="used-before")


@rule(
    "submission-duplicate",
    severity=ERROR,
    topic="pay-run",
    law="MFFERR020; Revenue PSR header",
    link=NAERSA_ERRORS,
    fix="auto",
)
def submission_duplicate(case: Case) -> Where:
    """A run reference with a submission ID that was sent before; one place a submission, its first line."""
    used = _used_before(case, "submission_id", case.sent.submissions)
    again = case.run.lines[[*HEADER, "submission_id"]].duplicated().to_numpy()
    facts = {"submission": case["submission_id"], "run": case["payroll_run_reference"]}
    return Where(used & ~again, field="submission_id", facts=facts)


def _used_before(case: Case, identifier: str, sent: AbstractSet[str]) -> npt.NDArray[np.bool_]:
    """Lines whose identifier was used in the same run of the same year: in the ledger, or in an earlier period."""
    if not case.run.has(identifier) or not (sent or len(case.history)):
        return case.nothing
    used = case.nothing.copy()
    if sent:
        used |= fingerprints(case.run.lines, identifier).isin(sent).to_numpy(bool)
    past = case.history.lines
    again = past["payroll_run_reference"].isin(case["payroll_run_reference"].dropna().unique())
    if again.any():
        both = [lines[[*HEADER, identifier]] for lines in (case.run.lines, past[again.to_numpy(bool)])]
        mine, theirs = (pd.MultiIndex.from_frame(lines) for lines in both)
        used |= both[0].notna().all(axis=1).to_numpy(bool) & mine.isin(theirs)
    return used


@rule("payment-duplicate", severity=ERROR, topic="pay-run", fix="choose")
def payment_duplicate(case: Case) -> Iterator[Where]:
    """Second and later lines that pay one employment the same gross on the same day; 0 does not count."""
    gross = case["gross_pay"]
    frame = pd.DataFrame(
        {
            "employment": case.employment,
            "day": case["pay_date"],
            "gross": gross,
        }
    )
    sound = (
        (case.ppsn.check != Check.MISSING) & case["pay_date"].notna().to_numpy() & (gross.fillna(0) != 0).to_numpy(bool)
    )
    part = frame[sound]
    again = part.duplicated(keep="first").to_numpy()
    if again.any():
        first_row = case["row"][sound].groupby([part["employment"], part["day"], part["gross"]]).transform("first")
        other = pd.Series(np.zeros(len(frame), dtype=np.int64))
        other[np.flatnonzero(sound)] = first_row.to_numpy()
        lines = np.flatnonzero(sound)[again]
        yield Where(lines, field="gross_pay", facts={"gross": gross, "other_row": other})
