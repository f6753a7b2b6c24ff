"""CSV, TSV and other delimited text, streamed row by row with the row's own number.

The standard reader is the only one that shows a ragged row instead of shifting its cells or refusing the file.
"""

import csv
import io
from collections.abc import Iterator

from autoenroll_desktop.domain.progress import Progress
from autoenroll_desktop.errors import UnreadableFile
from autoenroll_desktop.intake.grid import table_from_rows
from autoenroll_desktop.intake.headings import known_headings
from autoenroll_desktop.intake.source import Limits, Source, decode
from autoenroll_desktop.intake.table import Table, about_file

DELIMITERS = (",", ";", "\t", "|")
_LONGEST_CELL = 100_000


def read_csv(source: Source, limits: Limits, progress: Progress) -> Table:
    """Read delimited text as a table of text.

    Raises:
        UnreadableFile: no text, no headings we know, or broken quoting (with its row). EmptyFile: no rows.
    """
    text, encoding, guessed = decode(source)
    delimiter = _delimiter(text)
    table = table_from_rows(
        source, _rows(source, text, delimiter), "tsv" if delimiter == "\t" else "csv", limits, progress
    )
    table.encoding = encoding
    if guessed:
        table.notes.append(about_file("file-encoding-guessed", {"encoding": encoding}))
    return table


def _rows(source: Source, text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
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


def _in_words(error: str) -> str:
    if "limit" in error:
        return "a cell goes on for over 100,000 characters; a closing quotation mark is missing"
    if "end of data" in error:
        return "the file ends inside a quoted cell"
    return "text follows a closing quotation mark"


def _delimiter(text: str) -> str:
    """The delimiter under which one of the first lines names the most fields we know; a comma in doubt."""
    lines = [line for line in text[:65536].splitlines()[:25] if line.strip()]
    best = {mark: max((known_headings(_split(line, mark)) for line in lines), default=0) for mark in DELIMITERS}
    return max(DELIMITERS, key=lambda mark: (best[mark], -DELIMITERS.index(mark)))


def _split(line: str, delimiter: str) -> list[str]:
    return [cell.strip().strip('"') for cell in line.split(delimiter)]
