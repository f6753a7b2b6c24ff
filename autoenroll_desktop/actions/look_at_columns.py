"""What a screen shows while a person says which column is which, and how it hands the answer back.

For each column a screen gets (`Column`): its name (`header`, unlike every other of the file, so that it can be handed
back), three cells as written (`examples`), what it was taken for (`field`, "" for not used), how sure that is
(`confidence`, 0 to 100; from 90 on nothing needs asking), why (`because`, words under `evidence.*`), and what it could
be instead (`alternatives`, likeliest first; empty where it is sure). `fields` are all the fields it may be given.

The answer is one `Choices` for the file, made from what the person settled:

    Choices(columns={"Pay Ref": "works_number", "Notes": ""},      # "" leaves a column out
            sums={"gross_pay": ("Basic Pay", "Overtime")},         # amounts over several columns, added up
            sheet="Week 48", heading_row=3, decimal="comma", dates="month-first", names="first-family")

Look again with it to show what it leads to, check with `Given(choices={path: answer})`, and keep it for the next file
with the same headings by `remember_columns(folder, client, look.headers, answer, today)`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autoenroll_desktop import paths
from autoenroll_desktop.actions.how_to_read import HowToRead
from autoenroll_desktop.actions.recall_columns import read_recalled
from autoenroll_desktop.domain.pay_run import Column
from autoenroll_desktop.domain.progress import SILENT, Progress
from autoenroll_desktop.errors import UnreadableFile
from autoenroll_desktop.intake.choices import FIELD_NAMES, Choices
from autoenroll_desktop.intake.columns import match_columns
from autoenroll_desktop.intake.evidence import sample
from autoenroll_desktop.intake.headings import Layout, column_names
from autoenroll_desktop.intake.headless import profiles
from autoenroll_desktop.intake.table import NoHeadings, Note, Table


@dataclass(frozen=True)
class ColumnsLook:
    """A file as far as its columns are known.

    Attributes:
        rows: the first rows as they stand in the file, (spreadsheet row, cells), to choose the heading row from.
        heading_row: the row taken for the headings; None for a file without any, and where none was found.
        headers: the headings as written, for `remember_columns`.
        columns: every column; empty where no heading row is known yet.
        missing: fields the file should have and no column was found for.
        doubts: what is not sure, as (cause, column, what it was used as); words under `cause.*`.
        sheets: of a workbook; `sheet` is the one looked at.
        choices: the answer that stands so far: given, or remembered for these headings (`remembered`).
        settled: the format itself says which column is which (PSR, RPN, AEPN in JSON): there is nothing to ask.
        error: why the file cannot be read at all or not yet ("No headings we know …"), or "".
    """

    path: Path
    rows: Sequence[tuple[int, Sequence[str]]] = ()
    heading_row: int | None = None
    headers: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    missing: tuple[str, ...] = ()
    doubts: tuple[tuple[str, str, str], ...] = ()
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    choices: Choices = Choices()  # noqa: RUF009 - it cannot be changed
    remembered: bool = False
    settled: bool = False
    error: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field a column may be given."""
        return tuple(sorted(FIELD_NAMES))


def look_at_columns(path: Path, choices: Choices, how: HowToRead, progress: Progress = SILENT) -> ColumnsLook:
    """Read a file as far as its columns and say what each was taken for. Never raises for what is in the file.

    Args:
        choices: what the person settled so far; without any, what was remembered for these headings is used.

    Raises:
        Cancelled: the person pressed Cancel.
    """
    try:
        recalled = read_recalled(path, choices, how, progress)
    except NoHeadings as error:
        return ColumnsLook(path, rows=error.rows, sheets=error.sheets, choices=choices, error=str(error))
    except UnreadableFile as error:
        return ColumnsLook(path, choices=choices, error=str(error))
    table, answer, kept = recalled.table, recalled.choices, recalled.remembered is not None
    try:
        layout, forms = Layout.load(paths.resources()), profiles(paths.resources())
        matched = match_columns(table, layout, answer, how.today, forms, remembered=kept)
    except UnreadableFile as error:
        return _look(path, table, _unnamed(table), (), answer, error=str(error))
    return _look(path, table, matched.columns, matched.notes, answer, remembered=kept)


def _look(
    path: Path,
    table: Table,
    columns: tuple[Column, ...],
    notes: Sequence[Note],
    choices: Choices,
    *,
    remembered: bool = False,
    error: str = "",
) -> ColumnsLook:
    return ColumnsLook(
        path,
        rows=table.top,
        heading_row=table.header_row,
        headers=tuple(table.headers),
        columns=columns,
        missing=tuple(note.field for note in notes if note.code == "column-missing" and note.field),
        doubts=tuple(
            (note.cause, note.facts["header"][0], note.facts["used_as"][0])
            for note in notes
            if note.code == "column-ambiguous"
        ),
        sheet=table.sheet,
        sheets=table.sheets,
        choices=choices,
        remembered=remembered,
        settled=table.canonical,
        error=error,
    )


def _unnamed(table: Table) -> tuple[Column, ...]:
    """The columns of a table of which too few are known, all of them not used yet."""
    names = column_names(table.headers)
    return tuple(
        Column(name, "", examples=tuple(dict.fromkeys(sample(cells)))[:3])
        for name, cells in zip(names, table.columns, strict=True)
    )
