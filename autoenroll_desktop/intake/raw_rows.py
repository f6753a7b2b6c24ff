"""Every row of a table as it stands in its file, for whoever writes the file again."""

import csv
import io
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import python_calamine

from autoenroll_desktop.errors import UnreadableFile
from autoenroll_desktop.intake.csv_reader import DELIMITERS, HEAD
from autoenroll_desktop.intake.fixed_width import cut, cuts
from autoenroll_desktop.intake.html_reader import best_table
from autoenroll_desktop.intake.second_look import look_again
from autoenroll_desktop.intake.sheet_cells import SheetCells, cell_text
from autoenroll_desktop.intake.source import Source, decode
from autoenroll_desktop.intake.workbook_measure import Workbook
from autoenroll_desktop.intake.xls_cells import Place, refuse_far_cells

NOTHING: Mapping[Place, str] = MappingProxyType({})


def raw_rows(source: Source, *, delimiter: str = "", sheet: str | None = None) -> list[list[Any]]:
    """The cells of every row, the first being spreadsheet row 1; none for a file that is no table.

    A workbook's cells are numbers, dates and texts, those of other files texts.

    Args:
        delimiter: its name ("comma"); "" for a report in columns. sheet: of a workbook.
    """
    match source.form:
        case "xlsx":
            return Sheets.of(source).rows(str(sheet))
        case "xls" | "ods":  # written as another workbook, so that what the reader leaves blank would be lost
            looked = look_again(source, str(sheet), Workbook(odd_cells={"content.xml"}))
            return Sheets.of(source).rows(str(sheet), looked.texts)
        case "html":
            return best_table(source)[0]
        case "text":
            text = decode(source)
            lines = (line.replace("\f", "") for line in text.lines())
            if mark := next((mark for mark, name in DELIMITERS.items() if name == delimiter), None):
                return [*csv.reader(lines, delimiter=mark, strict=True)]
            columns = cuts(text.head(HEAD).replace("\f", "")) or []
            return [cut(line.rstrip("\r\n"), columns) for line in lines]
    return []


class Sheets:
    """A workbook's sheets, hidden ones too, opened once."""

    def __init__(self, book: python_calamine.CalamineWorkbook) -> None:
        self._book = book
        self.names = tuple(book.sheet_names)

    @classmethod
    def of(cls, source: Source) -> "Sheets":
        """The sheets of a file. Raises UnreadableFile where it is damaged, FileTooLarge where a cell stands far out."""
        if source.form == "xls":
            refuse_far_cells(source.path.name, source.data)
        try:
            return cls(python_calamine.load_workbook(io.BytesIO(source.data)))
        except (python_calamine.CalamineError, OSError) as error:
            raise UnreadableFile(
                f"{source.path.name} is damaged", f"the workbook cannot be read ({error})", "Open and save it in Excel"
            ) from error

    def rows(self, name: str, mended: Mapping[Place, str] = NOTHING) -> list[list[Any]]:
        """The cells of a sheet: numbers, dates and texts; every row as long as the longest.

        Args:
            mended: cells that the reader leaves blank, by row and column from 0.
        """
        cells = SheetCells(self._book.get_sheet_by_name(name))
        cells.mend(mended)
        return [*cells.rows()]


def as_text(cells: list[Any]) -> list[str]:
    """A row's cells as the texts they are read as."""
    return [cell if type(cell) is str else cell_text(cell) for cell in cells]
