"""Puts the past out of the store beside what the files say: earlier pay lines, earlier AEPNs, and what was sent.

What a person gives as `--previous` counts before what is kept: of an employer's pay date that is in such a file,
nothing is taken from the store.
"""

from dataclasses import replace

import pandas as pd

from autoenroll_desktop.actions.gather import Gathered
from autoenroll_desktop.domain.memory import Memory
from autoenroll_desktop.domain.pay_run import PayRun
from autoenroll_desktop.domain.sent import Sent


def recall(gathered: Gathered, memory: Memory) -> tuple[Gathered, Sent]:
    """The files with the past beside them, and what was sent before. Raises AppError where the store fails."""
    lines = gathered.run.lines
    earlier = memory.earlier_lines(lines)
    given = gathered.history.lines
    if len(given) and len(earlier):
        earlier = earlier[~_periods(earlier).isin(set(_periods(given)))]
    history = PayRun(_below(given, earlier)) if len(earlier) else gathered.history
    known = memory.earlier_aepns(gathered.aepns) if len(gathered.aepns) else gathered.aepns
    aepns = _below(gathered.aepns, known) if len(known) else gathered.aepns
    return replace(gathered, history=history, aepns=aepns), memory.sent(lines)


def _periods(lines: pd.DataFrame) -> "pd.Series[str]":
    employers = lines["employer_registration_number"].astype(object)
    return employers.where(employers.notna(), "").astype(str) + lines["pay_date"].astype(str)


def _below(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Two frames one below the other, with the columns and types of the first."""
    if not len(first):
        return second.reset_index(drop=True)
    columns = {
        name: pd.concat([first[name], second[name]], ignore_index=True) for name in first.columns if name in second
    }
    return pd.DataFrame(columns)
