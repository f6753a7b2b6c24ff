"""What the reader of workbooks does not tell, looked up in the sheet: errors, formulas without results, styles."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO

from lxml import etree

from autoenroll_desktop.intake.limits import SPARSE, reaches_too_far
from autoenroll_desktop.intake.source import Source
from autoenroll_desktop.intake.workbook_measure import Workbook
from autoenroll_desktop.intake.xls_cells import Place, look_into_xls

_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_RESULT = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"
_PERCENT = frozenset({9, 10})
"""The built-in number formats that show a percentage."""


@dataclass
class SecondLook:
    """What was found. `texts`: error cells ("#N/A") and formulas without a result ("=B2+C2"); `hidden`: rows."""

    texts: dict[Place, str] = field(default_factory=dict)
    hidden: int = 0


def look_again(source: Source, sheet: str, measured: Workbook) -> SecondLook:
    """Look at a sheet again where measuring the workbook gave reason to.

    A damaged relation between workbook and sheets gives nothing: the reader has said already what it makes of it.

    Raises:
        FileTooLarge: a formula of LibreOffice stands far beyond what the file can hold cells for.
    """
    look = SecondLook()
    if source.form == "xls":
        found = look_into_xls(source.data, sheet)
        return SecondLook(dict(found.errors), found.hidden)
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            if source.form == "ods":
                if "content.xml" in measured.odd_cells:
                    with archive.open("content.xml") as file:
                        _libreoffice(file, sheet, look)
                    _refuse_far(source.path.name, look.texts, archive.getinfo("content.xml").file_size)
                return look
            part = part_of(archive, sheet)
            look.hidden = measured.hidden_rows.get(part, 0)
            if part in measured.odd_cells:
                with archive.open(part) as file:
                    look.texts.update(_excel(file))
    except (KeyError, StopIteration, etree.XMLSyntaxError):
        return SecondLook()
    return look


def _refuse_far(name: str, texts: dict[Place, str], size: int) -> None:
    rows = max((row + 1 for row, _ in texts), default=0)
    columns = max((column + 1 for _, column in texts), default=0)
    if rows * columns > max(SPARSE, size):
        raise reaches_too_far(name, rows, columns)


def _excel(file: IO[bytes]) -> Iterator[tuple[Place, str]]:
    for cell, place in _cells(file):
        value, formula = cell.findtext(f"{_MAIN}v"), cell.findtext(f"{_MAIN}f")
        if cell.get("t") == "e":
            yield place, value or "#ERROR"
        elif formula is not None and not value and cell.get("t") != "str":
            yield place, f"={formula}"


def _cells(file: IO[bytes]) -> Iterator[tuple[etree._Element, Place]]:
    for _, cell in etree.iterparse(file, tag=f"{_MAIN}c", resolve_entities=False, no_network=True):
        if place := _CELL.fullmatch(cell.get("r", "")):
            yield cell, (int(place[2]) - 1, _position(place[1]))
        cell.clear()


def _libreoffice(file: IO[bytes], sheet: str, look: SecondLook) -> None:
    """The error cells, formulas without a result and hidden rows of a sheet; a row or cell may stand for many."""
    row = 0
    for _, table in etree.iterparse(file, tag=f"{_TABLE}table", resolve_entities=False, no_network=True):
        if table.get(f"{_TABLE}name") != sheet:
            table.clear()
            continue
        for line in table.iter(f"{_TABLE}table-row"):
            column, times = 0, int(line.get(f"{_TABLE}number-rows-repeated", "1"))
            if line.get(f"{_TABLE}visibility") in ("collapse", "filter"):
                look.hidden += times
            for cell in line:
                if cell.get(_TYPE) == "error":
                    look.texts[row, column] = "".join(cell.itertext()).strip() or "#ERROR"
                elif cell.get(f"{_TABLE}formula") and not cell.get(_RESULT) and not "".join(cell.itertext()):
                    look.texts[row, column] = "=" + cell.get(f"{_TABLE}formula", "").removeprefix("of:").lstrip("=")
                column += int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
            row += times


def percent_cells(source: Source, sheet: str, columns: Callable[[int], bool]) -> set[Place]:
    """The cells of some columns that are shown as percentages, so that 0.015 is meant as 1.5 %."""
    if source.form != "xlsx":
        return set()
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            styles = _percent_styles(archive)
            if not styles:
                return set()
            with archive.open(part_of(archive, sheet)) as file:
                return {place for cell, place in _cells(file) if columns(place[1]) and cell.get("s") in styles}
    except (KeyError, StopIteration, ValueError, etree.XMLSyntaxError):
        return set()


def _percent_styles(archive: zipfile.ZipFile) -> set[str]:
    """The numbers of the cell styles whose number format shows a percentage."""
    styles = _parsed(archive.read("xl/styles.xml"))
    own = {
        int(one.get("numFmtId", "0"))
        for one in styles.iter(f"{_MAIN}numFmt")
        if "%" in re.sub(r'"[^"]*"', "", one.get("formatCode", ""))
    }
    cells = styles.find(f"{_MAIN}cellXfs")
    if cells is None:
        return set()
    return {str(at) for at, one in enumerate(cells) if int(one.get("numFmtId", "0")) in own | _PERCENT}


def part_of(archive: zipfile.ZipFile, name: str) -> str:
    """The part of an archive that holds the sheet of that name. Raises KeyError or StopIteration where none does."""
    book = _parsed(archive.read("xl/workbook.xml"))
    relation = next(one.get(_RELATED) for one in book.iter(f"{_MAIN}sheet") if one.get("name") == name)
    relations = _parsed(archive.read("xl/_rels/workbook.xml.rels"))
    target = next(str(one.get("Target")) for one in relations if one.get("Id") == relation)
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _parsed(xml: bytes) -> etree._Element:
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _position(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
