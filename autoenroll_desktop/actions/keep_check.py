"""Keeps a check with everything it was made from: the next one knows what came before, and evidence is at hand."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from autoenroll_desktop.actions.check_pay_run import Prepared
from autoenroll_desktop.actions.split_runs import split_runs
from autoenroll_desktop.domain.aepn import AEPN_FIELDS
from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.domain.finding import NOWHERE
from autoenroll_desktop.domain.progress import SILENT, Progress
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.intake.read_table import LIMITS
from autoenroll_desktop.intake.source import open_source
from autoenroll_desktop.store import keeping
from autoenroll_desktop.store.audit import Stamp
from autoenroll_desktop.store.keeping import Download, Original
from autoenroll_desktop.store.runs import Kept
from autoenroll_desktop.store.store import Store


def keep_check(
    store: Store, prepared: Prepared, checked: CheckedRun, stamp: Stamp, progress: Progress = SILENT
) -> list[Kept]:
    """Keep a check in one transaction; what each of its payroll runs became.

    A file that was changed or removed since it was read is told of without being kept itself.

    Raises:
        AppError: nothing was kept. Cancelled: the person pressed Cancel before anything was.
    """
    aepns = prepared.gathered.aepns[prepared.gathered.aepns["file"] != NOWHERE]
    employers = {only.employer_registration_number or "" for only in checked.runs}
    owners = _owners(checked, aepns, employers)
    originals = [*_originals(checked, owners, progress)]
    downloads = [*_downloads(aepns, employers)]
    return keeping.keep_check(store, split_runs(checked), originals, downloads, stamp)


def _owners(checked: CheckedRun, aepns: pd.DataFrame, employers: set[str]) -> dict[int, set[str]]:
    """By file: the employers whose people are in it; all of the check for files that do not say."""
    owners: dict[int, set[str]] = {}
    for frame, column in ((checked.run.lines, "file"), (checked.run.lines, "contribution_file"), (aepns, "file")):
        for file, employer in frame[[column, "employer_registration_number"]].drop_duplicates().itertuples(index=False):
            if not pd.isna(file):
                known = set() if pd.isna(employer) else {str(employer).upper()}
                owners.setdefault(int(file), set()).update(known or employers)
    return {at: owners.get(at) or employers for at in range(len(checked.files))}


def _originals(checked: CheckedRun, owners: dict[int, set[str]], progress: Progress) -> Iterator[Original]:
    seen = set()
    for at, file in enumerate(checked.files):
        if not file.sha256 or file.sha256 in seen:
            continue
        try:
            source = open_source(Path(file.path), LIMITS, progress)
        except AppError:
            continue
        if source.sha256 == file.sha256:
            seen.add(file.sha256)
            yield Original(file.sha256, source.data, frozenset(owners[at]))


def _downloads(aepns: pd.DataFrame, employers: set[str]) -> Iterator[Download]:
    """Rows by file and employer; those that name no employer belong to the only one of the check, or to nobody."""
    known = aepns["employer_registration_number"].astype(object)
    only = next(iter(employers)) if len(employers) == 1 else ""
    for (_, employer), rows in aepns.groupby(["file", known.where(known.notna(), only).str.upper()], sort=False):
        if employer or employers == {""}:
            yield Download(str(employer), max(rows["downloaded_at"]), rows[[*AEPN_FIELDS, "row"]])
