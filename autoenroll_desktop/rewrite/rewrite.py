"""A file of any kind we read, written again in its own layout with cells changed."""

import io
import zipfile

from lxml import etree

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.intake.csv_reader import DELIMITERS, HEAD
from autoenroll_desktop.intake.fixed_width import cuts
from autoenroll_desktop.intake.source import Source, decode
from autoenroll_desktop.intake.workbook_reader import part_of
from autoenroll_desktop.rewrite.edit import Edits
from autoenroll_desktop.rewrite.payslips_json import rewrite_json
from autoenroll_desktop.rewrite.payslips_xml import rewrite_xml
from autoenroll_desktop.rewrite.text_tables import rewrite_delimited, rewrite_fixed_width
from autoenroll_desktop.rewrite.workbook import rewrite_workbook

NEVER = ("xls", "ods", "html-table")
"""Kinds we read and do not write; their cells go into a new workbook instead (see `as_workbook`)."""


def keeps_layout(source: Source, kind: str) -> bool:
    """Whether a file of this kind can be written in its own layout. Binary workbooks (.xlsb) cannot."""
    if kind.endswith(NEVER):
        return False
    if source.form != "xlsx":
        return True
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        return "xl/workbook.xml" in archive.namelist()


def rewrite(
    source: Source, kind: str, edits: Edits, *, delimiter: str = "", sheet: str | None = None, close_up: bool = False
) -> bytes:
    """The bytes of the file with the edits made; the same bytes where there are none.

    Args:
        kind: as `FileRead.kind` says it. delimiter: its name ("comma"), for delimited text. sheet: of a workbook.
        close_up: in a workbook, rows below one left out move up even where formulas are lost by it.

    Raises:
        AppError: the file cannot hold an edit (its encoding, its column's width, an array formula).
    """
    if not edits:
        return source.data
    match source.form:
        case "json":
            return rewrite_json(source.data, decode(source).encoding, edits)
        case "xml":
            return rewrite_xml(source.data, edits)
        case "xlsx":
            return rewrite_workbook(source.data, _part(source, sheet or ""), edits, close_up=close_up)
        case "text":
            text = decode(source)
            if kind.endswith("fixed-width") and (columns := cuts(text.head(HEAD).replace("\f", ""))):
                return rewrite_fixed_width(source.data, text.encoding, columns, edits)
            mark = next((mark for mark, name in DELIMITERS.items() if name == delimiter), ",")
            return rewrite_delimited(source.data, text.encoding, mark, edits)
    raise AppError(f"{source.path.name} cannot be written in its own layout", f"it is {kind}", "Save it as a workbook")


def _part(source: Source, sheet: str) -> str:
    """The part of a workbook that holds a sheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            part = part_of(archive, sheet)
            archive.getinfo(part)
            return part
    except (KeyError, StopIteration, etree.XMLSyntaxError) as error:
        raise AppError(
            f"{source.path.name} cannot be written in its own layout",
            f"it does not say where its sheet “{sheet}” is",
            "Open and save it in Excel, and check it again",
        ) from error
