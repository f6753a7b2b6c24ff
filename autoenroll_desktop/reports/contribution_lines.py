"""What is reported to NAERSA for one payroll run: one line a payment with a contribution, and its totals.

The amounts are those payroll took where its files say them, else those the AEPNs ask for. Payments without a
contribution are left out: NAERSA wants the employees with a deduction in the run.
"""

import datetime as dt
import re
from collections.abc import Container
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from autoenroll_desktop.domain.checked_run import CheckedRun, RunTotals
from autoenroll_desktop.domain.finding import NOWHERE, Ints, Severity
from autoenroll_desktop.domain.sent import Sent, fingerprint

LONGEST_ID = 50
_RUN = ("employer_registration_number", "tax_year", "payroll_run_reference")


@dataclass(frozen=True, eq=False)
class Contributions:
    """One payroll run's contributions.

    Attributes:
        lines: a frame with line_item_id, previous_line_item_id, ppsn, employment_id, first_name, family_name,
            pay_date (date), pay_frequency, gross_pay, employee, employer (Int64 cents) and aepn_number.
        replaces: a submission of this run was sent before.
        downloaded_at: when the AEPNs were fetched, None where none were given.
    """

    employer: str | None
    tax_year: int | None
    run_reference: str | None
    submission_id: str
    replaces: bool
    downloaded_at: dt.datetime | None
    lines: pd.DataFrame

    def total(self, field: str) -> int:
        """Cents of a column added up."""
        return int(self.lines[field].fillna(0).sum())

    def fingerprints(self) -> tuple[frozenset[str], frozenset[str]]:
        """Fingerprints of the submission and of its line items, as the ledger keeps them."""
        head = (self.employer, self.tax_year, self.run_reference)
        items = frozenset(fingerprint(*head, item) for item in self.lines["line_item_id"])
        return frozenset({fingerprint(*head, self.submission_id)}), items


def lines_of(checked: CheckedRun, run: RunTotals) -> Ints:
    """The positions of a payroll run's lines."""
    mine = np.ones(len(checked.run), dtype=np.bool_)
    wanted = (run.employer_registration_number, run.tax_year, run.payroll_run_reference)
    for field, value in zip(_RUN, wanted, strict=True):
        column = checked.run[field]
        mine &= (column.isna() if value is None else (column == value).fillna(value=False)).to_numpy(bool)
    return np.flatnonzero(mine)


def errors_in(checked: CheckedRun, lines: Ints) -> int:
    """How many errors stand in these lines, or concern the run as a whole."""
    errors = [finding for finding in checked.findings if finding.severity is Severity.ERROR]
    return sum(int((np.isin(one.lines, lines) | (one.lines == NOWHERE)).sum()) for one in errors)


def contributions(checked: CheckedRun, run: RunTotals, aepns: pd.DataFrame, sent: Sent) -> Contributions:
    """The contributions of a run.

    Args:
        aepns: the current AEPNs (`Register.current`). sent: what was sent before.
    """
    at = lines_of(checked, run)
    mine = checked.run.lines.iloc[at].reset_index(drop=True)
    expected = checked.expected.iloc[at].reset_index(drop=True)
    frame = mine[
        ["line_item_id", "ppsn", "employment_id", "first_name", "family_name", "pay_frequency", "gross_pay"]
    ].copy()
    frame["previous_line_item_id"] = mine["previous_line_item_id"]
    frame["pay_date"] = [None if pd.isna(day) else day.date() for day in mine["pay_date"]]
    for share in ("employee", "employer"):
        frame[share] = mine[f"ae_{share}"].fillna(expected[share]).astype("Int64")
    frame["aepn_number"] = _numbers(mine, aepns)
    paid = ((frame["employee"].fillna(0) != 0) | (frame["employer"].fillna(0) != 0)).to_numpy(bool)
    frame = frame[paid].reset_index(drop=True)
    head = _head(run)
    wanted, submission = _submission(mine, run, sent)
    frame["line_item_id"] = _items(frame["line_item_id"], submission, _Sent(sent.items, head))
    moments = [moment for moment in aepns.get("downloaded_at", ()) if isinstance(moment, dt.datetime)]
    return Contributions(*head, submission, submission != wanted, max(moments, default=None), frame)


def submission_of(checked: CheckedRun, run: RunTotals, sent: Sent) -> str:
    """The fingerprint of the submission that a contribution file of this run would make."""
    mine = checked.run.lines.iloc[lines_of(checked, run)]
    return fingerprint(*_head(run), _submission(mine, run, sent)[1])


def _head(run: RunTotals) -> tuple[str | None, int | None, str | None]:
    return run.employer_registration_number, run.tax_year, run.payroll_run_reference


def _submission(mine: pd.DataFrame, run: RunTotals, sent: Sent) -> tuple[str, str]:
    """The submission ID a run asks for, and the one it gets: another where that one was sent before."""
    stated = mine["submission_id"].dropna().unique()
    reference = run.payroll_run_reference or "-".join(run.pay_dates)
    wanted = str(stated[0]) if len(stated) == 1 else _plain(f"{reference}-AE")
    known = _Sent(sent.submissions, _head(run))
    return wanted, wanted if wanted not in known else _next(wanted, known)


class _Sent:
    """Whether an identifier was sent; only fingerprints are kept."""

    def __init__(self, used: frozenset[str], head: tuple[object, ...]) -> None:
        self._used, self._head = used, head

    def __contains__(self, text: object) -> bool:
        return fingerprint(*self._head, text) in self._used


def _next(text: str, used: Container[str]) -> str:
    number = 2
    while (new := f"{text[: LONGEST_ID - len(str(number)) - 1]}-{number}") in used:
        number += 1
    return new


def _items(written: "pd.Series[Any]", submission: str, used: Container[str]) -> list[str]:
    """A line item ID for every line: its own where it has one nobody used, else one made of the submission's."""
    taken = set(written.dropna())
    items, seen = [], set()
    for at, own in enumerate(written, 1):
        item = own if isinstance(own, str) and own not in seen else _plain(f"{submission[:42]}-{at}")
        while item in seen or item in used or (item != own and item in taken):
            item = _next(item, used)
        seen.add(item)
        items.append(item)
    return items


def _plain(text: str) -> str:
    """The text with the characters an identifier may have (Revenue's pattern)."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text)[:LONGEST_ID]


def _numbers(lines: pd.DataFrame, aepns: pd.DataFrame) -> list[str | None]:
    """The number of the AEPN behind each line, None where it has none."""
    if aepns.empty or "aepn_number" not in aepns:
        return [None] * len(lines)
    known = {
        (ppsn, employment): number
        for ppsn, employment, number in zip(aepns["ppsn"], aepns["employment_id"], aepns["aepn_number"], strict=True)
    }
    found = (known.get(key) for key in zip(lines["ppsn"], lines["employment_id"], strict=True))
    return [number if isinstance(number, str) else None for number in found]
