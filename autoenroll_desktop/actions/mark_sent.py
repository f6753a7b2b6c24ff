"""Noting that files were sent to NAERSA, so that the same submission is not sent twice."""

import numpy as np
import pandas as pd

from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.domain.pay_run import Role
from autoenroll_desktop.domain.sent import fingerprints
from autoenroll_desktop.store.audit import Stamp
from autoenroll_desktop.store.ledger import FILE, ITEM, SUBMISSION, add_sent
from autoenroll_desktop.store.store import Store

_WHOSE = ["employer_registration_number", "tax_year"]


def mark_sent(checked: CheckedRun, store: Store, stamp: Stamp) -> list[str]:
    """Note the pay and contribution files of a check as sent, employer by employer, all or nothing.

    Returns:
        The names of the files noted. Raises AppError where the store cannot be written to.
    """
    sent = [file for file in checked.files if file.role in (Role.PAY, Role.CONTRIBUTIONS) and file.rows_kept]
    lines = checked.run.lines
    marks = {SUBMISSION: fingerprints(lines, "submission_id"), ITEM: fingerprints(lines, "line_item_id")}
    group = lines.groupby(_WHOSE, dropna=False, sort=False).ngroup().to_numpy()
    with store.writing() as connection:
        for number in range(group.max(initial=-1) + 1):
            mine = np.flatnonzero(group == number)
            used = [(kind, str(one)) for kind, column in marks.items() for one in column.iloc[mine].dropna()]
            used += [(FILE, file.sha256) for file in sent]
            employer, year = lines[_WHOSE].iloc[mine[0]]
            add_sent(
                connection,
                "" if pd.isna(employer) else str(employer),
                None if pd.isna(year) else int(year),
                used,
                stamp,
            )
    return [file.name for file in sent]
