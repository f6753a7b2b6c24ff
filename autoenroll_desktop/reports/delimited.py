"""Tables for Excel as text: UTF-8 with a mark, commas, CRLF; texts that look like formulas are made harmless."""

import codecs
import csv
import io
from collections.abc import Iterable, Sequence

from autoenroll_desktop.reports.defuse import defused


def delimited(rows: Iterable[Sequence[str]]) -> bytes:
    """The bytes of a file with these rows."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([[defused(cell) for cell in row] for row in rows])
    return codecs.BOM_UTF8 + text.getvalue().encode()


def rows_of(content: bytes) -> list[list[str]]:
    """The rows of such a file."""
    return [*csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))]
