"""The employer's duty to tell employees of their enrolment within 14 days of NAERSA's notice (s.50(7), s.53(8)).

What was given stands in no payroll file: an office keeps a record of its notices (`check --notices`), and without one
nothing is said. NAERSA's notice is taken to have come on the day the record says, else on the day the AEPN was issued.
Enrolments from before the record begins are not asked for.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from autoenroll_desktop.domain.aepn import Status
from autoenroll_desktop.domain.finding import NOWHERE
from autoenroll_desktop.domain.identifier_columns import check_column
from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.keys import keys
from autoenroll_desktop.rules.rule import ACT, ERROR, Where, rule
from autoenroll_desktop.rules.timing import DUBLIN


@rule("notice-overdue", severity=ERROR, topic="timing", law="s.50(7), s.53(8)", link=ACT)
def notice_overdue(case: Case) -> Iterator[Where]:
    """Enrolments the employee has not been told of in time: in the record without a day given, or not in it at all."""
    record = case.notices
    if not len(record):
        return
    days = pd.Timedelta(days=case.law("notice-days"))
    today = pd.Timestamp(case.now.astimezone(DUBLIN).date())
    untold = record[(record["given"].isna() & (record["received"] + days < today)).to_numpy(bool)]
    facts = {**_who(untold), "received": untold["received"].array, "deadline": (untold["received"] + days).array}
    nowhere = np.full(len(untold), NOWHERE)
    yield Where(files=nowhere, rows=nowhere, facts={**facts, "row": untold["row"].array})
    current = case.register.current
    issued = current["issue_date"].fillna(current["effective_date"])
    due = (current["state"] == Status.ENROLLED) & (issued >= record["received"].min()) & (issued + days < today)
    rows = current[due.to_numpy(bool) & ~_recorded(case)]
    since = issued[rows.index]
    facts = {**_who(rows), "received": since.array, "deadline": (since + days).array, "row": [None] * len(rows)}
    files, at = (rows[name].to_numpy(np.int64) for name in ("file", "row"))
    yield Where(files=files, rows=at, field="ppsn", facts=facts, cause="not-recorded")


def _recorded(case: Case) -> Any:
    """AEPN rows of people in the record; an employer number the record leaves out is that of every row."""
    numbers = check_column(case.notices["ppsn"].to_numpy(object)).numbers
    with_employer = keys(case.notices["employer_registration_number"], numbers)
    alone = numbers[case.notices["employer_registration_number"].isna().to_numpy()]
    own = pd.Index(case.register.person, dtype=object).isin(with_employer)
    return own | case.register.current["ppsn"].isin(alone).to_numpy()


def _who(rows: pd.DataFrame) -> dict[str, Any]:
    names = rows["first_name"].fillna("") + " " + rows["family_name"].fillna("")
    return {"name": names.str.strip().array, "ppsn": rows["ppsn"].array}
