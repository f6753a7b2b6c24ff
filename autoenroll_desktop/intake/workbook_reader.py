"""Workbooks of Excel (.xlsx, .xls) and LibreOffice (.ods). Cells come as numbers, dates and text and leave as text.

The reader gives every number as a float (an employment ID 12 as 12.0) and error cells and formulas without a stored
result as blanks: whole numbers go back to digits, dates to ISO text, and cells of the other two kinds are looked up in
the sheet itself, because a blank that is none would be a person without pay.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

import python_calamine
from python_calamine import SheetVisibleEnum

from autoenroll_desktop import paths
from autoenroll_desktop.domain.pay_run import Seen
from autoenroll_desktop.domain.progress import Progress
from autoenroll_desktop.errors import EmptyFile, UnreadableFile
from autoenroll_desktop.intake.cells import Cells, ListCells
from autoenroll_desktop.intake.choices import Choices
from autoenroll_desktop.intake.collector import collector_paused
from autoenroll_desktop.intake.grid import Bulk, table_from_rows
from autoenroll_desktop.intake.heading_rows import LOOK_AHEAD
from autoenroll_desktop.intake.headings import Layout, known_headings
from autoenroll_desktop.intake.limits import Limits
from autoenroll_desktop.intake.number_cells import NumberCells
from autoenroll_desktop.intake.second_look import look_again, percent_cells
from autoenroll_desktop.intake.sheet_cells import SheetCells, cell_text
from autoenroll_desktop.intake.source import Source
from autoenroll_desktop.intake.table import NoHeadings, Table, about_file
from autoenroll_desktop.intake.workbook_measure import Workbook, measure_workbook
from autoenroll_desktop.intake.xls_cells import refuse_far_cells

_RATES = ("employee_rate", "employer_rate")


@dataclass
class _Sheet:
    """One sheet: its name, its cells unless another is read, and how many headings we know its best row has."""

    name: str
    cells: SheetCells | None
    known: int


def read_workbook(source: Source, limits: Limits, progress: Progress, choices: Choices) -> Table:
    """Read a workbook's pay sheet as a table of text: the chosen one, or the first with headings we know.

    Raises:
        UnreadableFile: damaged, no workbook, no such sheet, or no sheet with headings we know. FileTooLarge: would
            grow past the limits. EmptyFile: nothing in any sheet.
    """
    packed = source.form != "xls"
    measured = measure_workbook(source.path.name, source.data, limits, progress) if packed else Workbook()
    if not packed:
        refuse_far_cells(source.path.name, source.data)
    progress.step("reading")
    with collector_paused():
        sheet, cells, names, alike, hidden_sheets = _pay_sheet(source, choices)
    look = look_again(source, sheet.name, measured)
    cells.mend(look.texts)
    with collector_paused():
        try:
            table = table_from_rows(
                source,
                _rows(source, cells),
                source.form,
                limits,
                progress,
                choices,
                _bulk(source, cells),
                positional=True,
            )
        except NoHeadings as error:
            error.sheets = tuple(names)
            raise
    table.sheet, table.sheets, table.mac_dates = sheet.name, tuple(names), measured.mac_dates
    table.seen.append(Seen.of("sheet", name=sheet.name, of=len(names)))
    if measured.mac_dates:
        table.seen.append(Seen.of("mac-dates"))
    errors = sum(not text.startswith("=") for text in look.texts.values())
    for what, times in (("error-cells", errors), ("formulas-without-result", len(look.texts) - errors)):
        if times:
            table.seen.append(Seen.of(what, times=times))
    if hidden_sheets:
        table.seen.append(Seen.of("hidden-sheets", names=", ".join(hidden_sheets)))
    if look.hidden:
        table.notes.append(about_file("file-hidden-rows", {"times": look.hidden}))
    _show_percentages(source, table)
    if alike:
        table.notes.append(about_file("sheet-ambiguous", {"name": sheet.name, "options": ", ".join(alike)}))
    return table


def _show_percentages(source: Source, table: Table) -> None:
    """Give the cells of rate columns that Excel shows as percentages the text it shows: 0.015 is "1.5%"."""
    layout = Layout.load(paths.resources())
    rates = [at for at, header in enumerate(table.headers) if (layout.field(header) or ("",))[0] in _RATES]
    rates = [at for at in rates if isinstance(table.columns[at], NumberCells)]
    shown = percent_cells(source, table.sheet or "", rates.__contains__) if rates else set()
    for at in rates:
        cells = table.columns[at].texts()
        percent = [(row - 1, at) in shown and bool(cell) for row, cell in zip(table.rows.tolist(), cells, strict=True)]
        if any(percent):
            pairs = zip(cells, percent, strict=True)
            table.columns[at] = ListCells([f"{Decimal(cell) * 100:f}%" if is_one else cell for cell, is_one in pairs])


def _pay_sheet(source: Source, choices: Choices) -> tuple[_Sheet, SheetCells, list[str], list[str], list[str]]:
    """The sheet to read and its cells; the names of all sheets with anything in them, of those alike, of hidden ones.

    A sheet hidden in Excel is read only where it was chosen or no other holds anything.
    """
    sheets: list[_Sheet] = []
    names, shown, contents = _opened(source)
    for name, cells in contents:
        if any(cell != "" for row in _rows(source, cells) for cell in row):
            known = max(map(known_headings, islice(_rows(source, cells), LOOK_AHEAD)))
            kept = not any(sheet.known > 1 for sheet in sheets) or name == choices.sheet
            sheets.append(_Sheet(name, cells if kept else None, known))
    if choices.sheet is not None and choices.sheet not in names:
        raise UnreadableFile(
            f"{source.path.name} has no sheet “{choices.sheet}”", f"its sheets are {', '.join(names)}", "Choose one"
        )
    chosen = next((sheet for sheet in sheets if sheet.name == choices.sheet), None)
    sheet = chosen or next((sheet for sheet in sheets if sheet.known > 1), sheets[0] if sheets else None)
    if sheet is None or sheet.cells is None:
        raise EmptyFile(f"{source.path.name} is empty", "no sheet holds anything", "Export it again")
    alike = [one.name for one in sheets if one.known > 1 and one.known >= sheet.known - 1 and one is not sheet]
    hidden = [one.name for one in sheets if one.name not in shown]
    ordered = sorted((one.name for one in sheets), key=names.index)
    return sheet, sheet.cells, ordered, [] if chosen else [name for name in alike if name not in hidden], hidden


def _opened(source: Source) -> tuple[list[str], set[str], Iterator[tuple[str, SheetCells]]]:
    """The names of a workbook's sheets, which of them are shown, and each with its cells, the hidden ones last."""
    with _named_errors(source):
        workbook = python_calamine.load_workbook(io.BytesIO(source.data))
        names = workbook.sheet_names
        shown = {one.name for one in workbook.sheets_metadata if one.visible == SheetVisibleEnum.Visible}

    def contents() -> Iterator[tuple[str, SheetCells]]:
        for name in sorted(names, key=lambda name: name not in shown):
            with _named_errors(source):
                cells = SheetCells(workbook.get_sheet_by_name(name))
            yield name, cells

    return names, shown, contents()


@contextmanager
def _named_errors(source: Source) -> Iterator[None]:
    """The reader's errors as errors of ours; nothing but calls of the reader may stand inside."""
    try:
        yield
    except python_calamine.PasswordError as error:
        raise UnreadableFile(
            f"{source.path.name} is protected by a password", "it cannot be opened without it", "Save it without one"
        ) from error
    except BaseException as error:  # the reader's own errors share no base, and a panic derives from BaseException
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit | MemoryError):
            raise
        raise UnreadableFile(
            f"{source.path.name} is damaged", f"the workbook cannot be read ({error})", "Open and save it in Excel"
        ) from error


def _bulk(source: Source, cells: SheetCells) -> Bulk:
    """The columns of all rows below a row; row by row where one of them reaches further than the headings."""

    def bulk(row: int, width: int) -> list[Cells] | None:
        with _named_errors(source):
            return cells.columns(row, width)

    return bulk


def _rows(source: Source, cells: SheetCells) -> Iterator[list[str]]:
    """Every row as texts."""
    with _named_errors(source):
        for row in cells.rows():
            yield [cell if type(cell) is str else cell_text(cell) for cell in row]
