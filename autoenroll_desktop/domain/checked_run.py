"""The result of the main job: what the window, the terminal and the report all show."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as of
from datetime import datetime

import pandas as pd

from autoenroll_desktop.domain.finding import Finding, Ints
from autoenroll_desktop.domain.pay_run import FileRead, PayRun
from autoenroll_desktop.domain.verdict import Verdict

CHANGES = ("line", "past", "gross_was", "gross", "contribution_was", "contribution", "pay", "share")
"""The columns of `CheckedRun.changes`."""


@dataclass(frozen=True, slots=True)
class RunTotals:
    """One payroll run of one employer. Money is cents; expected amounts count the lines that could be calculated."""

    employer_registration_number: str | None
    tax_year: int | None
    payroll_run_reference: str | None
    pay_dates: tuple[str, ...]
    lines: int
    gross: int
    expected_employee: int
    expected_employer: int
    expected_state: int


@dataclass(frozen=True, eq=False)
class CheckedRun:
    """A pay run with its verdict.

    Attributes:
        files: every file given, in order, including those that could not be read.
        expected: aligned with `run.lines`: status (text), aepn (text: exact, id-variant, person, none, ambiguous),
            base, employee_rate, employer_rate, employee, employer, state, statute_base, statute_employee,
            statute_employer (Int64 cents; rates in basis points; missing where not calculated) and why (text key).
        findings: ordered as people should read them: errors, gates, warnings, information; within each by topic.
        buckets: employments by `Bucket` of the reconciliation, every bucket named.
        reconciliation: one row an employment of any side (see `rules.reconcile`), money in cents.
        changes: every employment of the run and of the last period, what moved and why (see `rules.period_diff`).
        rejections: lines NAERSA would refuse: line, code (MFFERR…), key of the finding behind it.
        rules_run: how many rules looked at the run.
        rule_book: version of the dated law used.
        confirmed: warnings a person looked at and found right: finding key → lines (none: the whole run), and why.
    """

    run: PayRun
    files: tuple[FileRead, ...]
    expected: pd.DataFrame
    findings: tuple[Finding, ...]
    verdict: Verdict
    runs: tuple[RunTotals, ...]
    buckets: dict[str, int]
    reconciliation: pd.DataFrame
    rejections: pd.DataFrame
    changes: pd.DataFrame
    rules_run: int
    rule_book: str
    checked_at: datetime
    confirmed: Mapping[str, tuple[Ints, str]] = of(default_factory=dict)

    @property
    def only_employer(self) -> str | None:
        """The registration number every line is of; None where there are several, or none is known."""
        employers = {one.employer_registration_number for one in self.runs}
        return employers.pop() if len(employers) == 1 else None
