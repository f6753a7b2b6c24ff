"""Workbooks of Excel (.xlsx, .xls) and LibreOffice (.ods). Cells come as numbers, dates and text and leave as text.

The reader gives every number as a float (an employment ID 12 as 12.0) and error cells and formulas without a stored
result as blanks: whole numbers go back to digits, dates to ISO text, and cells of the other two kinds are looked up in
the sheet itself, because a blank that is none would be a person without pay.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import python_calamine
from lxml import etree

from autoenroll_desktop.domain.pay_run import Seen
from autoenroll_desktop.domain.progress import Progress
from autoenroll_desktop.errors import EmptyFile, UnreadableFile
from autoenroll_desktop.intake.archive import Workbook, measure_workbook
from autoenroll_desktop.intake.cells import Cells
from autoenroll_desktop.intake.choices import Choices
from autoenroll_desktop.intake.collector import collector_paused
from autoenroll_desktop.intake.grid import LOOK_AHEAD, Bulk, table_from_rows
from autoenroll_desktop.intake.headings import known_headings
from autoenroll_desktop.intake.limits import Limits
from autoenroll_desktop.intake.number_cells import cells_of, number_text
from autoenroll_desktop.intake.source import Source
from autoenroll_desktop.intake.table import Table, about_file

_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass
class _Sheet:
    """One sheet: its name, cells by row, and how many headings we know its best row has."""

    name: str
    cells: list[list[Any]]
    known: int


def read_workbook(source: Source, limits: Limits, progress: Progress, choices: Choices) -> Table:
    """Read a workbook's pay sheet as a table of text: the chosen one, or the first with headings we know.

    Raises:
        UnreadableFile: damaged, no workbook, no such sheet, or no sheet with headings we know. FileTooLarge: would
            grow past the limits. EmptyFile: nothing in any sheet.
    """
    packed = source.form != "xls"
    measured = measure_workbook(source.path.name, source.data, limits, progress) if packed else Workbook()
    progress.step("reading")
    sheet, names, alike = _pay_sheet(source, choices)
    odd, part = _odd_cells(source, sheet.name, measured) if source.form == "xlsx" else ({}, "")
    for (row, column), text in odd.items():
        if row < len(sheet.cells) and column < len(sheet.cells[row]):
            sheet.cells[row][column] = text
    with collector_paused():
        table = table_from_rows(
            source, map(_row, sheet.cells), source.form, limits, progress, choices, _bulk(sheet.cells)
        )
    table.sheet, table.sheets, table.mac_dates = sheet.name, tuple(names), measured.mac_dates
    table.seen.append(Seen.of("sheet", name=sheet.name, of=len(names)))
    if measured.mac_dates:
        table.seen.append(Seen.of("mac-dates"))
    errors = sum(not text.startswith("=") for text in odd.values())
    for what, times in (("error-cells", errors), ("formulas-without-result", len(odd) - errors)):
        if times:
            table.seen.append(Seen.of(what, times=times))
    if hidden := measured.hidden_rows.get(part, 0):
        table.notes.append(about_file("file-hidden-rows", {"times": hidden}))
    if alike:
        table.notes.append(about_file("sheet-ambiguous", {"name": sheet.name, "options": ", ".join(alike)}))
    return table


def _pay_sheet(source: Source, choices: Choices) -> tuple[_Sheet, list[str], list[str]]:
    """The sheet to read, the names of all sheets with anything in them, and of those that look just like it."""
    sheets: list[_Sheet] = []
    try:
        with python_calamine.load_workbook(io.BytesIO(source.data)) as workbook:
            names = workbook.sheet_names
            for name in names:
                cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                if any(cell != "" for row in cells for cell in row):
                    known = max(known_headings(_row(row)) for row in cells[:LOOK_AHEAD])
                    kept = not any(sheet.known > 1 for sheet in sheets) or name == choices.sheet
                    sheets.append(_Sheet(name, cells if kept else [], known))
    except python_calamine.PasswordError as error:
        raise UnreadableFile(
            f"{source.path.name} is protected by a password", "it cannot be opened without it", "Save it without one"
        ) from error
    except BaseException as error:  # the reader's own errors share no base, and a panic derives from BaseException
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise UnreadableFile(
            f"{source.path.name} is damaged", f"the workbook cannot be read ({error})", "Open and save it in Excel"
        ) from error
    if choices.sheet is not None and choices.sheet not in names:
        raise UnreadableFile(
            f"{source.path.name} has no sheet “{choices.sheet}”", f"its sheets are {', '.join(names)}", "Choose one"
        )
    chosen = next((sheet for sheet in sheets if sheet.name == choices.sheet), None)
    sheet = chosen or next((sheet for sheet in sheets if sheet.known > 1), sheets[0] if sheets else None)
    if sheet is None:
        raise EmptyFile(f"{source.path.name} is empty", "no sheet holds anything", "Export it again")
    alike = [one.name for one in sheets if one.known > 1 and one.known >= sheet.known - 1 and one is not sheet]
    return sheet, [one.name for one in sheets], [] if chosen else alike


def _odd_cells(source: Source, name: str, measured: Workbook) -> tuple[dict[tuple[int, int], str], str]:
    """Error cells ("#N/A") and formulas without a result ("=B2+C2") of a sheet by 0-based place; and its part's name.

    A damaged relation between workbook and sheets gives none: the reader has said already what it makes of it.
    """
    found: dict[tuple[int, int], str] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            part = part_of(archive, name)
            if part not in measured.odd_cells:
                return found, part
            with archive.open(part) as file:
                for _, cell in etree.iterparse(file, tag=f"{_MAIN}c", resolve_entities=False, no_network=True):
                    value, formula = cell.findtext(f"{_MAIN}v"), cell.findtext(f"{_MAIN}f")
                    place = _CELL.fullmatch(cell.get("r", ""))
                    if place and (cell.get("t") == "e" or (formula is not None and not value)):
                        text = value if cell.get("t") == "e" else f"={formula}"
                        found[int(place[2]) - 1, _position(place[1])] = text or "#ERROR"
                    cell.clear()
    except (KeyError, StopIteration, etree.XMLSyntaxError):
        return {}, ""
    return found, part


def part_of(archive: zipfile.ZipFile, name: str) -> str:
    """The part of an archive that holds the sheet of that name. Raises KeyError where none does."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    book = etree.fromstring(archive.read("xl/workbook.xml"), parser)
    relation = next(one.get(_RELATED) for one in book.iter(f"{_MAIN}sheet") if one.get("name") == name)
    relations = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), parser)
    target = next(str(one.get("Target")) for one in relations if one.get("Id") == relation)
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _position(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _bulk(rows: list[list[Any]]) -> Bulk:
    """The columns of all rows below a row; row by row where one of them reaches further than the headings."""

    def bulk(row: int, width: int) -> list[Cells] | None:
        columns = [*zip(*islice(rows, row, None), strict=True)]
        if len(columns) < width or any(any(cell != "" for cell in column) for column in columns[width:]):
            return None
        return [cells_of(column, cell_text) for column in columns[:width]]

    return bulk


def _row(cells: Sequence[Any]) -> list[str]:
    return [cell if type(cell) is str else cell_text(cell) for cell in cells]


def cell_text(cell: Any) -> str:
    """A cell of any type as the text it is read as: 12.0 is "12", a date is ISO text."""
    match cell:
        case str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            return number_text(cell)
        case dt.datetime():
            return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
        case None:
            return ""
    return str(cell)
