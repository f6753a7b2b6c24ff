"""Takes one check apart into its payroll runs, so that each can be kept, opened and erased with its own client.

A check may hold several runs and several employers. What is said about a line goes with the line; what is said about
a file goes with every run of an employer whose lines, or nobody's, are in that file. Nothing of one employer ends up
in what is kept for another.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from autoenroll_desktop.domain.checked_run import CheckedRun, RunTotals
from autoenroll_desktop.domain.finding import NOWHERE, Finding, Ints
from autoenroll_desktop.domain.pay_run import FileRead, PayRun
from autoenroll_desktop.rules.reconcile import bucket_counts
from autoenroll_desktop.rules.rejections import rejections
from autoenroll_desktop.rules.verdict import judge

_RUN = ["employer_registration_number", "tax_year", "payroll_run_reference"]


def split_runs(checked: CheckedRun) -> list[tuple[str, CheckedRun]]:
    """Each payroll run with its employer number ("" where the files do not say), in file order."""
    if len(checked.runs) == 1:
        return [(checked.runs[0].employer_registration_number or "", checked)]
    group = checked.run.lines.groupby(_RUN, dropna=False, sort=False).ngroup().to_numpy()
    owners = _owners(checked)
    return [
        (only.employer_registration_number or "", _part(checked, only, np.flatnonzero(group == number), owners))
        for number, only in enumerate(checked.runs)
    ]


def _owners(checked: CheckedRun) -> dict[int, set[str]]:
    employers = checked.run["employer_registration_number"].fillna("")
    owners: dict[int, set[str]] = {}
    for column in ("file", "contribution_file"):
        if column in checked.run.lines:
            pairs = pd.DataFrame({"file": checked.run[column], "employer": employers}).dropna().drop_duplicates()
            for file, employer in pairs.itertuples(index=False):
                owners.setdefault(int(file), set()).add(str(employer))
    return owners


def _part(checked: CheckedRun, only: RunTotals, mine: Ints, owners: dict[int, set[str]]) -> CheckedRun:
    employer = only.employer_registration_number or ""
    several = len({one.employer_registration_number for one in checked.runs}) > 1
    now = np.full(len(checked.run), NOWHERE, dtype=np.int64)
    now[mine] = np.arange(len(mine))
    closed = {at for at, who in owners.items() if who != {employer}} if several else set()
    findings = tuple(_findings(checked.findings, now, closed, several=several))
    reconciled = _reconciliation(checked.reconciliation, now, employer, several=several)
    return replace(
        checked,
        run=PayRun(checked.run.lines.iloc[mine].reset_index(drop=True)),
        files=tuple(_shown(file, at in closed) for at, file in enumerate(checked.files)),
        expected=checked.expected.iloc[mine].reset_index(drop=True),
        findings=findings,
        verdict=judge(findings, checked.verdict.cut_off),
        runs=(only,),
        buckets=bucket_counts(reconciled),
        reconciliation=reconciled,
        rejections=rejections(findings),
        changes=_changes(checked.changes, now, several=several),
        confirmed={
            key: (now[places[now[places] != NOWHERE]], why)
            for key, (places, why) in checked.confirmed.items()
            if not len(places) or (now[places] != NOWHERE).any()
        },
    )


def _findings(findings: tuple[Finding, ...], now: Ints, closed: set[int], *, several: bool) -> Iterator[Finding]:
    """Findings at these lines, and those at no line that may be told to this employer."""
    for finding in findings:
        on_line = finding.lines != NOWHERE
        lines = np.where(on_line, now[finding.lines], NOWHERE)
        away = np.isin(finding.files, sorted(closed)) if closed else np.zeros(len(lines), dtype=bool)
        kept = np.flatnonzero(np.where(on_line, lines != NOWHERE, ~away))
        if not len(kept):
            continue
        facts = {name: [column[at] for at in kept.tolist()] for name, column in finding.facts.items()}
        files = np.where(several & ~on_line & away, NOWHERE, finding.files)
        yield replace(finding, files=files[kept], rows=finding.rows[kept], lines=lines[kept], facts=facts)


def _reconciliation(frame: pd.DataFrame, now: Ints, employer: str, *, several: bool) -> pd.DataFrame:
    line = frame["line"].to_numpy(np.int64)
    moved = np.where(line != NOWHERE, now[line], NOWHERE)
    theirs = (
        frame["key"].astype(str).str.contains(employer, regex=False).to_numpy(bool)
        if several
        else np.ones(len(frame), dtype=bool)
    )
    kept = np.where(line != NOWHERE, moved != NOWHERE, theirs)
    return frame.assign(line=moved)[kept].reset_index(drop=True)


def _changes(frame: pd.DataFrame, now: Ints, *, several: bool) -> pd.DataFrame:
    """Changes at these lines; who is gone since the last period is told where there is but one employer."""
    line = frame["line"].to_numpy(np.int64)
    moved = np.where(line != NOWHERE, now[line], NOWHERE)
    kept = np.where(line != NOWHERE, moved != NOWHERE, not several)
    return frame.assign(line=moved)[kept].reset_index(drop=True)


def _shown(file: FileRead, closed: bool) -> FileRead:
    """A file as one of its employers may see it: without examples of cells where others are in it as well."""
    return replace(file, columns=tuple(replace(one, examples=()) for one in file.columns)) if closed else file
