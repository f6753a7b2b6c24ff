"""CSV, TSV and other delimited text, and reports in columns of a fixed width.

The standard reader is the only one that shows a ragged row instead of shifting its cells or refusing the file. Where
every row has as many cells as there are headings and none is quoted, the same answer is had from the bytes at once
(`plain_rows`).
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace

from autoenroll_desktop.domain.pay_run import Seen
from autoenroll_desktop.domain.progress import Progress
from autoenroll_desktop.errors import UnreadableFile
from autoenroll_desktop.intake.cells import Cells
from autoenroll_desktop.intake.choices import Choices
from autoenroll_desktop.intake.fixed_width import cut, cuts
from autoenroll_desktop.intake.grid import Bulk, table_from_rows
from autoenroll_desktop.intake.headings import known_headings
from autoenroll_desktop.intake.limits import Limits
from autoenroll_desktop.intake.plain_rows import plain_rows
from autoenroll_desktop.intake.source import Source, Text, decode
from autoenroll_desktop.intake.table import Table, about_file

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_LONGEST_CELL = 100_000
HEAD = 1 << 16
"""Bytes in which headings are looked for."""


def read_csv(source: Source, limits: Limits, progress: Progress, choices: Choices) -> Table:
    """Read delimited text, or text in columns, as a table of text.

    Raises:
        UnreadableFile: no text, no headings we know, or broken quoting (with its row). EmptyFile: no rows.
    """
    text = decode(source)
    if b"\f" in text.data:
        text = replace(text, data=text.data.replace(b"\f", b""))
    head = text.head(HEAD)
    delimiter, known = _delimiter(head)
    columns = cuts(head) if known < 2 else None
    if columns:
        lines = (cut(line.rstrip("\r\n"), columns) for line in text.lines())
        table = table_from_rows(source, lines, "fixed-width", limits, progress, choices)
        table.seen.append(Seen.of("fixed-width", columns=len(columns)))
    else:
        kind = "tsv" if delimiter == "\t" else "csv"
        bulk = _bulk(text, delimiter, progress)
        table = table_from_rows(source, _rows(source, text, delimiter), kind, limits, progress, choices, bulk)
        table.seen.append(Seen.of("delimiter", mark=DELIMITERS[delimiter]))
        if b'"' in text.data:
            table.seen.append(Seen.of("quotes"))
    table.encoding = text.encoding
    table.seen.insert(0, Seen.of("encoding", name=text.encoding))
    if text.guessed:
        table.notes.append(about_file("file-encoding-guessed", {"encoding": text.encoding}))
    return table


def _rows(source: Source, text: Text, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(text.lines(), delimiter=delimiter, strict=True)
    row = 0
    try:
        for row, cells in enumerate(reader, 1):  # noqa: B007 - the row is named when the reader stops
            yield cells
    except csv.Error as error:
        raise UnreadableFile(
            f"{source.path.name} breaks off",
            f"after row {row}, line {reader.line_num}: {_in_words(str(error))}",
            "Look for a stray quotation mark there, or export the file again",
        ) from error


def _bulk(text: Text, delimiter: str, progress: Progress) -> Bulk:
    """The columns of all rows below a row, from the bytes; row by row where that is not certain."""

    def bulk(row: int, width: int) -> list[Cells] | None:
        if width < 2:
            return None
        start = text.start
        for _ in range(row):
            start = text.data.find(b"\n", start) + 1
            if not start:
                return None
        if _count(text.data[text.start : start], delimiter) != row:
            return None
        columns = plain_rows(text.data, start, delimiter, width, progress)
        return [*columns] if columns else None

    return bulk


def _count(above: bytes, delimiter: str) -> int:
    """The rows of the first lines of a file; more or fewer than lines where one ends otherwise or in a quoted cell."""
    try:
        return sum(1 for _ in csv.reader(io.StringIO(above.decode(), newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return -1


def _in_words(error: str) -> str:
    if "limit" in error:
        return "a cell goes on for over 100,000 characters; a closing quotation mark is missing"
    if "end of data" in error:
        return "the file ends inside a quoted cell"
    return "text follows a closing quotation mark"


def _delimiter(text: str) -> tuple[str, int]:
    """The delimiter under which one of the first lines names the most fields, and how many it names.

    Where no line names any, the one that cuts the first lines into the most cells, alike for all; a comma in doubt.
    """
    lines = [line for line in text.splitlines()[:40] if line.strip()]
    known = {mark: max((known_headings(_split(line, mark)) for line in lines), default=0) for mark in DELIMITERS}
    counts = {mark: [line.count(mark) for line in lines[:-1] or lines] for mark in DELIMITERS}
    steady = {mark: min(counts[mark], default=0) for mark in DELIMITERS}
    order = list(DELIMITERS)
    best = max(order, key=lambda mark: (known[mark], steady[mark], -order.index(mark)))
    return best, known[best] if known[best] >= 2 or not steady[best] else 2


def _split(line: str, delimiter: str) -> list[str]:
    return [cell.strip().strip('"') for cell in line.split(delimiter)]
