"""Whether a submission that is to be written was written before without anybody noting that it was sent."""

import datetime as dt
from collections.abc import Callable

from autoenroll_desktop.actions.check_pay_run import Prepared
from autoenroll_desktop.domain.checked_run import CheckedRun, RunTotals
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.reports.contribution_lines import submission_of

Before = Callable[[CheckedRun, RunTotals], dt.datetime | None]
"""A check and one of its payroll runs → when its submission was written last, None where it was not."""


def produced_before(prepared: Prepared) -> Before:
    """Asks what is kept, once, and answers for each payroll run; a store that cannot be read knows of nothing.

    A submission that was noted as sent is not told of: the file then gets another submission ID anyway.
    """
    if prepared.memory is None:
        return lambda _checked, _run: None
    try:
        lines = prepared.gathered.run.lines
        sent = prepared.memory.sent(lines).submissions  # it may have been noted since the files were read
        known = {one: at for one, at in prepared.memory.produced(lines).items() if one not in sent}
    except AppError:
        known = {}
    return lambda checked, run: known.get(submission_of(checked, run, prepared.sent)) if known else None
