"""Reads every file a person gave: folders and archives opened up, choices and remembered maps applied, errors kept."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from autoenroll_desktop import paths
from autoenroll_desktop.actions.gather import Reading
from autoenroll_desktop.domain.pay_run import Kind, Role, Seen
from autoenroll_desktop.domain.progress import Progress
from autoenroll_desktop.errors import UnreadableFile
from autoenroll_desktop.intake.choices import NO_CHOICES, Choices, choices_from
from autoenroll_desktop.intake.columns import Matched, match_columns
from autoenroll_desktop.intake.find_files import Found, find_files
from autoenroll_desktop.intake.headings import Layout, plain_heading
from autoenroll_desktop.intake.headless import profiles
from autoenroll_desktop.intake.read_table import LIMITS, read_table
from autoenroll_desktop.intake.table import Note, Table, about_file
from autoenroll_desktop.intake.values import parse_columns
from autoenroll_desktop.store.column_maps import ColumnMaps, Remembered


@dataclass(frozen=True)
class HowToRead:
    """What is known about files before they are opened.

    Attributes:
        everywhere: choices for every file. for_file: choices for single files, instead.
        client: whose remembered maps to use (an ERN, or "" where it is not known); maps: where they are, or None.
    """

    today: dt.date
    everywhere: Choices = NO_CHOICES
    for_file: Mapping[Path, Choices] = field(default_factory=dict)
    client: str = ""
    maps: ColumnMaps | None = None


def read_files(files: Iterable[tuple[Role, Path]], how: HowToRead, progress: Progress) -> list[Reading]:
    """Read files one after the other; one that cannot be read is a reading with an error and stops none of the rest.

    Raises:
        Cancelled: the person pressed Cancel.
    """
    found = [(role, one) for role, path in files for one in find_files([path], LIMITS)]
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
        table = read_table(found.path, choices, progress=progress)
        progress.step("columns")
        remembered = None if choices or table.canonical else _remembered(table, how)
        if remembered:
            choices = _still_there(choices_from(remembered.tables), table)
        forms = profiles(paths.resources())
        matched = match_columns(table, layout, choices, how.today, forms, remembered=bool(remembered))
        frame, notes = parse_columns(table, matched, how.today)
        if choices.add_up and matched.holds == "pay":
            frame = _added_up(table, frame, matched)
    except UnreadableFile as error:
        return Reading.failed(found.path, role, error, chosen=found.chosen)
    notes = [*table.notes, *matched.notes, *notes, *_about(remembered, table)]
    return Reading.of(table, matched, frame, notes, role)


def _remembered(table: Table, how: HowToRead) -> Remembered | None:
    return how.maps.find(how.client, headings_of(table.headers)) if how.maps else None


def headings_of(headers: Iterable[str]) -> list[str]:
    """A file's headings as they are remembered: plain, in the file's order."""
    return [plain for header in headers if (plain := plain_heading(header))]


def _still_there(choices: Choices, table: Table) -> Choices:
    """Remembered choices without sums of columns that are gone."""
    known = set(headings_of(table.headers))
    sums = {name: parts for name, parts in choices.sums.items() if all(plain_heading(one) in known for one in parts)}
    return replace(choices, sums=sums)


def _about(remembered: Remembered | None, table: Table) -> Iterator[Note]:
    """How a remembered map was used; a doubt where the headings have changed since."""
    if remembered is None:
        return
    day = f"{remembered.confirmed:%d/%m/%Y}"
    table.seen.append(Seen.of("remembered", day=day))
    if remembered.changed:
        facts = {"header": ", ".join(remembered.changed), "used_as": day}
        yield about_file("column-ambiguous", facts, None, "headings-changed")


_SAME_PAYMENT = ("ppsn", "employment_id", "works_number", "first_name", "family_name", "pay_date")


def _added_up(table: Table, rows: pd.DataFrame, matched: Matched) -> pd.DataFrame:
    """Rows of one employment on one pay date as one payment, amounts added, because a person said so."""
    amounts = [name for name, kind in matched.known_fields.items() if kind is Kind.MONEY]
    groups = rows.groupby([*_SAME_PAYMENT], dropna=False, sort=False)
    joined = groups.head(1).reset_index(drop=True)
    sums = groups[amounts].sum(min_count=1).reset_index(drop=True)
    joined[amounts] = sums[amounts]
    table.seen.append(Seen.of("added-up", rows=len(rows), payments=len(joined)))
    return joined
