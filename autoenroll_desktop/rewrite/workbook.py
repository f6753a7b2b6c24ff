"""Excel workbooks (.xlsx, .xlsm) with single cells changed in their sheet's XML; formats, other sheets and parts stay.

A library that loads a workbook and writes it again loses what it does not know: charts, images, form controls, macros.
Here every part but the sheet is copied as it is, and in the sheet only the cells that change are written anew, with
the format they had. Excel is asked to calculate everything again when it opens the copy.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

from lxml import etree

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.rewrite.edit import CellEdit, Edits, spliced_bytes
from autoenroll_desktop.rewrite.shared_formulas import FORMULA, letters, position, unshared

ROW = re.compile(rb"<((?:[\w.-]+:)?)row\b([^>]*?)(/>|>(.*?)</\1row>)", re.DOTALL)
CELL = re.compile(rb"<((?:[\w.-]+:)?)c\b([^>]*?)(/>|>(.*?)</\1c>)", re.DOTALL)
_NUMBER_OF_ROW = re.compile(rb'\br="([0-9]+)"')
_PLACE_OF_CELL = re.compile(rb'\br="([A-Z]+)[0-9]+"')
_STYLE = re.compile(rb'\bs="[0-9]+"')
_TYPE = re.compile(rb'\bt="([a-zA-Z]+)"')
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_EPOCH = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}
_MERGED = re.compile(rb"<(?:[\w.-]+:)?mergeCell\b[^>]*\bref=\"[A-Z]+[0-9]+:[A-Z]+([0-9]+)\"[^>]*/>")
_DATE1904 = re.compile(rb"\bdate1904=\"(1|true)\"")
_BOOK = "xl/workbook.xml"


def rewrite_workbook(data: bytes, part: str, edits: Edits, *, close_up: bool = False) -> bytes:
    """The workbook with cells of one sheet changed and rows left out.

    Rows below one that was left out move up where no formula of the sheet could point to the wrong row then;
    otherwise it stays behind empty.

    Args:
        part: the sheet's part of the archive ("xl/worksheets/sheet1.xml").
        close_up: move them up in any case; formulas become the values they had.

    Raises:
        AppError: a cell that belongs to a formula over several cells, or a row that is not in the sheet.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = archive.read(_BOOK)
        sheet = archive.read(part)
        changed, formulas_went = _sheet(sheet, edits, mac_dates=bool(_DATE1904.search(book)), close_up=close_up)
        result = io.BytesIO()
        with zipfile.ZipFile(result, "w") as copy:
            for about in archive.infolist():
                content = changed if about.filename == part else archive.read(about)
                if about.filename == "xl/calcChain.xml" and formulas_went:
                    continue
                if formulas_went and about.filename == "[Content_Types].xml":
                    content = _without(content, "PartName", "/xl/calcChain.xml")
                if formulas_went and about.filename == "xl/_rels/workbook.xml.rels":
                    content = _without(content, "Target", "calcChain.xml")
                if about.filename == _BOOK and FORMULA.search(sheet):
                    content = _calculated_on_load(content)
                copy.writestr(about, content)
    return result.getvalue()


def _without(content: bytes, attribute: str, value: str) -> bytes:
    """A list of parts without the one that names the chain of calculation; Excel makes it again."""
    tree = _tree(content)
    for one in list(tree):
        if str(one.get(attribute, "")).endswith(value):
            tree.remove(one)
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def _calculated_on_load(book: bytes) -> bytes:
    tree = _tree(book)
    settings = [one for one in tree if etree.QName(one).localname == "calcPr"]
    if not settings:
        return book  # without settings Excel calculates what it finds stale
    settings[0].set("fullCalcOnLoad", "1")
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def _tree(content: bytes) -> etree._Element:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _sheet(sheet: bytes, edits: Edits, *, mac_dates: bool, close_up: bool) -> tuple[bytes, bool]:
    """The sheet's XML with rows changed, and whether a formula went."""
    wanted = dict(edits.by_row())
    sheet = unshared(sheet, {(row, int(column)) for row, cells in wanted.items() for column in cells}, edits.dropped)
    moves = bool(edits.dropped) and (close_up or not FORMULA.search(sheet))
    spans: list[tuple[int, int, bytes]] = []
    went, number, lost = False, 0, 0
    for row in ROW.finditer(sheet):
        stated = _NUMBER_OF_ROW.search(row[2])
        number = int(stated[1]) if stated else number + 1
        if number in edits.dropped:
            spans.append((row.start(), row.end(), b""))
            went |= bool(FORMULA.search(row[0]))
            lost += 1
            continue
        new = row[0]
        if number in wanted:
            new, gone = _row(row, number, wanted.pop(number), mac_dates)
            went |= gone
        if moves and lost:
            went |= bool(FORMULA.search(new))
            new = _moved(new, number, number - lost)
        if new is not row[0]:
            spans.append((row.start(), row.end(), new))
    if edits.added:
        spans += _added_rows(sheet, edits, number)
    if wanted:
        raise AppError(f"Row {min(wanted)} is not in the sheet", "", "Check whether the workbook was changed since")
    if moves:
        first = min(edits.dropped)
        spans += [(one.start(), one.end(), b"") for one in _MERGED.finditer(sheet) if int(one[1]) >= first]
    return spliced_bytes(sheet, spans), went


def _added_rows(sheet: bytes, edits: Edits, last: int) -> list[tuple[int, int, bytes]]:
    """The span that puts new rows below the last one, with the formats of the row they follow.

    Raises:
        AppError: further rows stand below, a totals row for one, which would have to move.
    """
    if last != edits.below:
        raise AppError(
            "No row can be put into this workbook", "other rows stand below the last line", "Add it in Excel"
        )
    *_, like = ROW.finditer(sheet)
    prefix = like[1]
    styles = {
        position(place[1]): style[0]
        for cell in CELL.finditer(like[4] or b"")
        if (place := _PLACE_OF_CELL.search(cell[2])) and (style := _STYLE.search(cell[2]))
    }
    rows = []
    for number, cells in enumerate(edits.added, last + 1):
        parts = []
        for edit in sorted(cells, key=lambda one: int(one.column)):
            reference = f"{letters(int(edit.column))}{number}"
            made = _cell(prefix, None, reference, edit, mac_dates=False)
            parts.append(_styled(made, styles.get(int(edit.column))))
        rows.append(b'<%srow r="%d">%s</%srow>' % (prefix, number, b"".join(parts), prefix))
    return [(like.end(), like.end(), b"".join(rows))]


def _styled(cell: bytes, style: bytes | None) -> bytes:
    """A cell with a format; `cell` begins with its reference."""
    return re.sub(rb'(\br="[A-Z]+[0-9]+")', rb"\1 " + style, cell, count=1) if style else cell


def _moved(row: bytes, number: int, now: int) -> bytes:
    """A row under another number, with the values of its formulas."""
    row = re.sub(rb'\br="%d"' % number, b'r="%d"' % now, row, count=1)
    row = re.sub(rb'\br="([A-Z]+)%d"' % number, lambda cell: b'r="%s%d"' % (cell[1], now), row)
    return FORMULA.sub(b"", row)


def _row(row: re.Match[bytes], number: int, cells: Mapping[int | str, CellEdit], mac_dates: bool) -> tuple[bytes, bool]:
    """A row with cells changed, and whether a formula went; missing ones are put where they belong."""
    prefix, attributes, inside = row[1], row[2], row[4] or b""
    found: list[tuple[int, re.Match[bytes]]] = []
    at = -1
    for cell in CELL.finditer(inside):
        place = _PLACE_OF_CELL.search(cell[2])
        at = position(place[1]) if place else at + 1
        found.append((at, cell))
    spans: list[tuple[int, int, bytes]] = []
    put_in: dict[int, bytes] = {}
    went = False
    for column, edit in sorted((int(column), edit) for column, edit in cells.items()):
        own = next((cell for place, cell in found if place == column), None)
        new = _cell(prefix, own, f"{letters(column)}{number}", edit, mac_dates)
        if own is not None:
            went |= bool(FORMULA.search(own[0])) and not edit.keep_formula
            spans.append((own.start(), own.end(), new))
        else:
            place_of_next = next((cell.start() for where, cell in found if where > column), len(inside))
            put_in[place_of_next] = put_in.get(place_of_next, b"") + new
    spans += [(place, place, new) for place, new in put_in.items()]
    return b"<%srow%s>%s</%srow>" % (prefix, attributes, spliced_bytes(inside, spans), prefix), went


def _cell(prefix: bytes, own: re.Match[bytes] | None, reference: str, edit: CellEdit, mac_dates: bool) -> bytes:
    """A cell with another content and the format it had: a number where it was one, else text."""
    style = _STYLE.search(own[2]) if own is not None else None
    kind = _TYPE.search(own[2]) if own is not None else None
    formula = FORMULA.search(own[0]) if own is not None and edit.keep_formula else None
    filled = own is not None and bool(own[4])
    plain = kind is None or kind[1] in (b"n", b"str", b"e") if formula else kind is None or kind[1] == b"n"
    start = b'<%sc r="%s"%s' % (prefix, reference.encode(), b" " + style[0] if style else b"")
    if not edit.text:
        return start + b"/>"
    value = _as_number(edit, mac_dates, filled=filled) if plain else None
    if value is not None:
        kept = formula[0] if formula else b""
        return start + b">%s<%sv>%s</%sv></%sc>" % (kept, prefix, value.encode(), prefix, prefix)
    body = escape(edit.text).encode()
    opened = b' t="inlineStr"><%sis><%st xml:space="preserve">' % (prefix, prefix)
    return start + opened + b"%s</%st></%sis></%sc>" % (body, prefix, prefix, prefix)


def _as_number(edit: CellEdit, mac_dates: bool, *, filled: bool) -> str | None:
    """What a numeric cell holds for a text: the number itself, or the serial number of an ISO date; None for a text.

    An empty cell takes a number only where one is meant.
    """
    if filled and _DATE.fullmatch(edit.text):
        return str((dt.date.fromisoformat(edit.text) - _EPOCH[mac_dates]).days)
    return edit.text if (filled or edit.number) and _NUMBER.fullmatch(edit.text) else None
