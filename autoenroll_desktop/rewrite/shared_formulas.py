"""Formulas that Excel states once for many cells ("shared"): each gets its own before one of them is overwritten."""

import re
from collections.abc import Set as AbstractSet
from xml.sax.saxutils import escape, unescape

from openpyxl.formula.translate import Translator

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.rewrite.edit import spliced_bytes

FORMULA = re.compile(rb"<((?:[\w.-]+:)?)f(?=[\s/>])([^>]*?)(/>|>(.*?)</\1f>)", re.DOTALL)
_CELL = re.compile(rb'<(?:[\w.-]+:)?c\b[^>]*?\br="([A-Z]+)([0-9]+)"[^>]*?(?:/>|>.*?</(?:[\w.-]+:)?c>)', re.DOTALL)
_GROUP = re.compile(rb'\bsi="([0-9]+)"')
Place = tuple[int, int]
"""Spreadsheet row and 0-based column."""


def unshared(sheet: bytes, cells: AbstractSet[Place], rows: AbstractSet[int]) -> bytes:
    """The sheet with shared formulas taken apart where a cell of theirs is overwritten, or its row left out.

    Raises:
        AppError: such a cell is part of an array formula.
    """
    groups: dict[bytes, list[tuple[str, int, int, re.Match[bytes]]]] = {}
    hit: set[bytes] = set()
    for cell in _CELL.finditer(sheet) if b't="shared"' in sheet or b't="array"' in sheet else ():
        formula = FORMULA.search(cell[0])
        if formula is None:
            continue
        mine = (int(cell[2]), position(cell[1])) in cells or int(cell[2]) in rows
        if b't="array"' in formula[2] and mine:
            place = (cell[1] + cell[2]).decode()
            raise AppError(f"{place} belongs to an array formula", "Excel keeps such cells together", "Change it there")
        if b't="shared"' in formula[2] and (group := _GROUP.search(formula[2])):
            where = (cell.start() + formula.start(), cell.start() + formula.end())
            groups.setdefault(group[1], []).append(((cell[1] + cell[2]).decode(), *where, formula))
            hit |= {group[1]} if mine else set()
    spans = [span for group in hit for span in _apart(groups[group])]
    return spliced_bytes(sheet, spans)


def _apart(group: list[tuple[str, int, int, re.Match[bytes]]]) -> list[tuple[int, int, bytes]]:
    """The spans that give each cell of a group its own formula."""
    stated = next(((place, formula[4]) for place, _, _, formula in group if formula[4]), None)
    if stated is None:
        return [(start, end, b"") for _, start, end, _ in group]
    master = Translator("=" + unescape(stated[1].decode()), origin=stated[0])
    spans = []
    for place, start, end, formula in group:
        own = escape(master.translate_formula(place).removeprefix("=")).encode()
        spans.append((start, end, b"<%sf>%s</%sf>" % (formula[1], own, formula[1])))
    return spans


def position(name: bytes) -> int:
    """The 0-based position of a column by its letters: b"C" is 2."""
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number - 1


def letters(place: int) -> str:
    """The letters of a column by its 0-based position: 27 is "AB"."""
    name = ""
    while place >= 0:
        name = chr(65 + place % 26) + name
        place = place // 26 - 1
    return name
