"""The catalogue of findings: every code with its weight, law and topic.

Codes with a rule are declared beside it; those that come from reading files are declared here.
"""

from autoenroll_desktop.rules import (  # noqa: F401 - importing them declares their rules
    aepn,
    contributions,
    employment_ids,
    expectation,
    file,
    identity,
    notices,
    opt_out,
    pay_period,
    pay_run,
    pension,
    people,
    period_diff,
    timing,
)
from autoenroll_desktop.rules.rule import CATALOGUE, ERROR, INFO, TESTS, WARNING, declare

TOPICS = ("file", "timing", "identity", "aepn", "pay-run", "contributions", "pension", "expectation")
"""The groups of the catalogue in reading order."""

for _code, _severity, _fix in (
    ("file-unreadable", ERROR, ""),
    ("file-empty", ERROR, ""),
    ("file-too-large", ERROR, ""),
    ("file-encoding-guessed", INFO, ""),
    ("file-preamble-skipped", INFO, ""),
    ("file-totals-row-skipped", INFO, ""),
    ("file-rows-skipped", WARNING, ""),
    ("file-left-out", INFO, ""),
    ("file-hidden-rows", INFO, ""),
    ("file-deletes-lines", WARNING, ""),
    ("sheet-ambiguous", WARNING, "choose"),
    ("control-total-mismatch", ERROR, ""),
    ("column-missing", ERROR, "choose"),
    ("column-ambiguous", WARNING, "choose"),
    ("value-unreadable", ERROR, "choose"),
    ("date-order-ambiguous", WARNING, "choose"),
    ("value-cleaned", INFO, "auto"),
):
    declare(_code, _severity, "file", fix=_fix)

__all__ = ["CATALOGUE", "TESTS", "TOPICS"]
