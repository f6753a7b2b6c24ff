"""Noting that files were sent to NAERSA, so that the same submission is not sent twice."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.domain.pay_run import Role
from autoenroll_desktop.domain.sent import fingerprints
from autoenroll_desktop.store.ledger import Ledger


def mark_sent(checked: CheckedRun, ledger: Path, moment: dt.datetime) -> list[str]:
    """Note the pay and contribution files of a check as sent.

    Returns:
        The names of the files noted. Raises AppError where the ledger cannot be written.
    """
    sent = [file for file in checked.files if file.role in (Role.PAY, Role.CONTRIBUTIONS) and file.rows_kept]
    lines = checked.run.lines
    Ledger(ledger).add(
        moment,
        _known(fingerprints(lines, "submission_id")),
        _known(fingerprints(lines, "line_item_id")),
        (file.sha256 for file in sent),
    )
    return [file.name for file in sent]


def _known(column: "pd.Series[str]") -> Iterable[str]:
    return (str(one) for one in column.dropna())
