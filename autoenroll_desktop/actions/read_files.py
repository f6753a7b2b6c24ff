"""Reads every file a person gave: folders and archives opened up, choices and remembered maps applied, errors kept."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from autoenroll_desktop import paths
from autoenroll_desktop.actions.gather import Reading
from autoenroll_desktop.actions.how_to_read import HowToRead
from autoenroll_desktop.actions.recall_columns import read_recalled
from autoenroll_desktop.domain.pay_run import Kind, Role, Seen
from autoenroll_desktop.domain.progress import Progress
from autoenroll_desktop.errors import UnreadableFile
from autoenroll_desktop.intake.columns import Matched, match_columns
from autoenroll_desktop.intake.find_files import Found, find_files
from autoenroll_desktop.intake.headings import Layout
from autoenroll_desktop.intake.headless import profiles
from autoenroll_desktop.intake.read_table import LIMITS
from autoenroll_desktop.intake.table import Table
from autoenroll_desktop.intake.values import parse_columns


def read_files(files: Iterable[tuple[Role, Path]], how: HowToRead, progress: Progress) -> list[Reading]:
    """Read files one after the other; one that cannot be read is a reading with an error and stops none of the rest.

    Raises:
        Cancelled: the person pressed Cancel.
    """
    found: list[tuple[Role, Found]] = []
    for role, path in files:
        found += [(role, one) for one in ([Found(path)] if path in how.pasted else find_files([path], LIMITS))]
    layout = Layout.load(paths.resources())
    readings = []
    for done, (role, one) in enumerate(found):
        progress.file(one.path.name, done + 1, len(found))
        readings.append(_read(role, one, layout, how, progress))
    return readings


def _read(role: Role, found: Found, layout: Layout, how: HowToRead, progress: Progress) -> Reading:
    """Read one file: text in, typed columns out."""
    try:
        if found.error:
            raise found.error
        choices = how.for_file.get(found.path, how.everywhere)
        recalled = read_recalled(found.path, choices, how, progress)
        table, choices = recalled.table, recalled.choices
        progress.step("columns")
        forms, again = profiles(paths.resources()), recalled.remembered is not None
        matched = match_columns(table, layout, choices, how.today, forms, remembered=again)
        frame, notes = parse_columns(table, matched, how.today)
        if choices.add_up and matched.holds == "pay":
            frame = _added_up(table, frame, matched)
    except UnreadableFile as error:
        return Reading.failed(found.path, role, error, chosen=found.chosen)
    notes = [*table.notes, *matched.notes, *notes, *recalled.notes()]
    return Reading.of(table, matched, frame, notes, role, _saved(found.path, how))


def _saved(path: Path, how: HowToRead) -> dt.datetime:
    """When a file, or the archive it is in, was last written."""
    on_disk = next((one for one in (path, *path.parents) if one.is_file()), None)
    if path in how.pasted or on_disk is None:
        return how.now
    return dt.datetime.fromtimestamp(on_disk.stat().st_mtime, dt.UTC)


_SAME_PAYMENT = (
    "employer_registration_number",
    "payroll_run_reference",
    "ppsn",
    "employment_id",
    "works_number",
    "first_name",
    "family_name",
    "pay_date",
)


def _added_up(table: Table, rows: pd.DataFrame, matched: Matched) -> pd.DataFrame:
    """Rows of one employment on one pay date as one payment, amounts added, because a person said so."""
    amounts = [name for name, kind in matched.known_fields.items() if kind is Kind.MONEY]
    groups = rows.groupby([*_SAME_PAYMENT], dropna=False, sort=False)
    joined = groups.head(1).reset_index(drop=True)
    sums = groups[amounts].sum(min_count=1).reset_index(drop=True)
    joined[amounts] = sums[amounts]
    table.seen.append(Seen.of("added-up", rows=len(rows), payments=len(joined)))
    return joined
