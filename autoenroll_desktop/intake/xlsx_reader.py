"""Excel workbooks. Cells come as numbers, dates and text and leave as the text a person sees.

The reader gives every number as a float (an employment ID 12 as 12.0) and error cells as blanks: whole numbers go
back to digits, dates to ISO text. Read is the first sheet that has headings we know.
"""

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import python_calamine

from autoenroll_desktop.domain.progress import Progress
from autoenroll_desktop.errors import EmptyFile, UnreadableFile
from autoenroll_desktop.intake.grid import LOOK_AHEAD, table_from_rows
from autoenroll_desktop.intake.headings import known_headings
from autoenroll_desktop.intake.source import Limits, Source, check_archive
from autoenroll_desktop.intake.table import Table


def read_xlsx(source: Source, limits: Limits, progress: Progress) -> Table:
    """Read a workbook's pay sheet as a table of text.

    Raises:
        UnreadableFile: damaged, no workbook, or no sheet with headings we know. FileTooLarge: would grow past the
            limits. EmptyFile: nothing in any sheet.
    """
    check_archive(source, limits, progress)
    progress.step("reading")
    sheet, cells = _pay_sheet(source)
    table = table_from_rows(source, _texts(cells), "xlsx", limits, progress)
    table.sheet = sheet
    return table


def _pay_sheet(source: Source) -> tuple[str, list[list[Any]]]:
    """The first sheet with headings we know, else the first with anything in it."""
    fallback: tuple[str, list[list[Any]]] | None = None
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(source.data))
        for name in workbook.sheet_names:
            cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            if any(known_headings([_text(cell) for cell in row]) > 1 for row in cells[:LOOK_AHEAD]):
                return name, cells
            fallback = fallback or ((name, cells) if cells else None)
    except BaseException as error:  # the reader's own errors share no base, and a panic derives from BaseException
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise UnreadableFile(
            f"{source.path.name} is damaged", f"the workbook cannot be read ({error})", "Open and save it in Excel"
        ) from error
    if fallback is None:
        raise EmptyFile(f"{source.path.name} is empty", "no sheet holds anything", "Export it again")
    return fallback


def _texts(rows: list[list[Any]]) -> Iterator[list[str]]:
    for row in rows:
        yield [cell if type(cell) is str else _text(cell) for cell in row]


def _text(cell: Any) -> str:
    match cell:
        case str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        case dt.datetime():
            return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
        case None:
            return ""
    return str(cell)
