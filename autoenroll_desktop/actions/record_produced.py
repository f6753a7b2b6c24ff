"""Notes in the store what was written, from which run, and which identifiers it would use up when it is sent."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from autoenroll_desktop.actions.write_files import Written
from autoenroll_desktop.domain.checked_run import CheckedRun, RunTotals
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.store import clients, runs
from autoenroll_desktop.store.audit import Stamp
from autoenroll_desktop.store.produced import Made, add_produced
from autoenroll_desktop.store.store import Store


def record_produced(store: Store, checked: CheckedRun, kind: str, made: Path | Written, stamp: Stamp) -> int:
    """Note a file that was written, once for every client it is about; returns how many that are.

    Args:
        checked: the run as it stood when the file was written. kind: a word of `Output`, or "recipe" or "result".

    Raises:
        AppError: the file is gone already, or the store cannot be written to.
    """
    written = made if isinstance(made, Written) else None
    path = (written.path if written else made).absolute()  # type: ignore[union-attr]
    sha256 = written.sha256 if written else _sha256(path)
    about = [*_about(checked, written)]
    employers = [*dict.fromkeys(one.employer_registration_number or "" for one in about)]
    with store.writing() as connection:
        for employer in employers:
            owner = clients.ensure(connection, employer, stamp)
            mine = [one for one in about if (one.employer_registration_number or "") == employer]
            only = mine[0] if len(mine) == 1 else None
            noted = Made(
                kind,
                str(path),
                sha256,
                checked.verdict.answer.value,
                runs.newest_of(connection, owner, only) if only else None,
                only.payroll_run_reference if only else None,
                written.submission_id if written else None,
                next(iter(written.submissions), None) if written else None,
                written.items if written else frozenset(),
            )
            add_produced(connection, employer, noted, stamp)
    return len(employers)


def _about(checked: CheckedRun, written: Written | None) -> Iterator[RunTotals]:
    """The payroll runs a file is about: the one it was made from, those with lines in what it corrects, else all."""
    if written is not None and written.run is not None:
        yield checked.runs[written.run]
        return
    lines = checked.run.lines
    mine = pd.Series(data=True, index=lines.index)
    if written is not None and written.file is not None:
        in_it = (lines["file"] == written.file) | (lines["contribution_file"] == written.file).fillna(value=False)
        mine = in_it.astype(bool) if in_it.any() else mine
    heads = ["employer_registration_number", "tax_year", "payroll_run_reference"]
    there = {
        tuple(None if pd.isna(value) else value for value in row)
        for row in lines.loc[mine, heads].drop_duplicates().itertuples(index=False)
    }
    for one in checked.runs:
        if (one.employer_registration_number, one.tax_year, one.payroll_run_reference) in there:
            yield one


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise AppError(f"{path.name} was not noted in the ledger", error.strerror or "", "Write it again") from error
