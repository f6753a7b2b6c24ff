"""Rules about pay lines: dates, gross pay and doubles."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

import numpy as np
import numpy.typing as npt
import pandas as pd

from autoenroll_desktop.domain.sent import HEADER, fingerprints
from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.columns import several
from autoenroll_desktop.rules.keys import keys
from autoenroll_desktop.rules.rule import ACT, ERROR, INFO, NAERSA_ERRORS, REVENUE, WARNING, Where, rule


@rule("pay-date-missing", severity=ERROR, topic="pay-run", law="Revenue PSR item payDate", link=REVENUE)
def pay_date_missing(case: Case) -> Where:
    """Lines without a readable pay date."""
    return Where(~case.paid_on.known, field="pay_date")


@rule("pay-date-outside-tax-year", severity=ERROR, topic="pay-run", law="Revenue 2019", link=REVENUE, fix="choose")
def pay_date_outside_tax_year(case: Case) -> Where:
    """Lines whose pay date lies in another year than the tax year stated."""
    differs = case.paid_on.known & case.there("tax_year") & (case.paid_on.year != case.cents("tax_year"))
    return Where(differs, field="pay_date", facts={"pay_date": case["pay_date"], "tax_year": case["tax_year"]})


@rule("pay-date-before-scheme", severity=INFO, topic="pay-run", law="s.61, in force from 1 January 2026", link=ACT)
def pay_date_before_scheme(case: Case) -> Where:
    """Lines paid before contributions existed."""
    early = case.paid_on.known & ~case.in_scheme
    return Where(early, field="pay_date", facts={"pay_date": case["pay_date"]})


@rule("gross-missing", severity=ERROR, topic="pay-run", law="s.47(2)", link=ACT)
def gross_missing(case: Case) -> Where:
    """Lines without a readable gross pay: it is the base of every contribution and is never taken as 0."""
    return Where(~case.there("gross_pay"), field="gross_pay")


@rule("gross-negative", severity=WARNING, topic="pay-run")
def gross_negative(case: Case) -> Where:
    """Lines with negative gross pay; no source says what is contributed on them, so nothing is calculated."""
    return Where(case.cents("gross_pay") < 0, field="gross_pay", facts={"gross": case["gross_pay"]})


@rule("gross-zero", severity=INFO, topic="pay-run")
def gross_zero(case: Case) -> Where:
    """Lines with a gross pay of 0: nothing is contributed, and nothing is made up later."""
    return Where(case.there("gross_pay") & (case.cents("gross_pay") == 0), field="gross_pay")


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
    twice = np.flatnonzero(several(case.coded("line_item_id").codes))
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
def submission_duplicate(case: Case) -> Where | None:
    """A run reference with a submission ID that was sent before; one place a submission, its first line."""
    used = _used_before(case, "submission_id", case.sent.submissions)
    if not used.any():
        return None
    again = case.run.lines[[*HEADER, "submission_id"]].duplicated().to_numpy()
    facts = {"submission": case["submission_id"], "run": case["payroll_run_reference"]}
    return Where(used & ~again, field="submission_id", facts=facts)


def _used_before(case: Case, identifier: str, sent: AbstractSet[str]) -> npt.NDArray[np.bool_]:
    """Lines whose identifier was used in the same run of the same year: in the ledger, or in an earlier period."""
    if not case.there(identifier).any() or not (sent or len(case.past)):
        return case.nothing
    used = case.nothing.copy()
    if sent:
        used |= fingerprints(case.run.lines, identifier).isin(sent).to_numpy(bool)
    here = frozenset(case.coded("payroll_run_reference").words)
    again = case.past.columns.coded("payroll_run_reference").told(lambda reference: reference in here)
    if again.any():
        both = [lines[[*HEADER, identifier]] for lines in (case.run.lines, case.past.lines[again])]
        mine, theirs = (pd.MultiIndex.from_frame(lines) for lines in both)
        used |= both[0].notna().all(axis=1).to_numpy(bool) & mine.isin(theirs)
    return used


@rule("payment-duplicate", severity=ERROR, topic="pay-run", fix="choose")
def payment_duplicate(case: Case) -> Iterator[Where]:
    """Second and later lines that pay one employment the same gross on the same day; 0 does not count."""
    gross, employment = case.cents("gross_pay"), case.written_codes
    sound = np.flatnonzero(several(employment) & case.paid_on.known & (gross != 0))
    part = pd.DataFrame({"employment": employment[sound], "day": case.days[sound], "gross": gross[sound]})
    again = part.duplicated(keep="first").to_numpy()
    if again.any():
        first_row = case["row"].iloc[sound].set_axis(part.index).groupby([*part.to_numpy().T]).transform("first")
        other = np.zeros(len(case.run), dtype=np.int64)
        other[sound] = first_row.to_numpy()
        facts = {"gross": case["gross_pay"], "other_row": other}
        yield Where(sound[again], field="gross_pay", facts=facts)
