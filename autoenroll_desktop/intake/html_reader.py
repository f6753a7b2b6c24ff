"""Tables of web pages, as reports saved "as Excel" often are."""

from collections.abc import Iterator

from lxml import html

from autoenroll_desktop.domain.pay_run import Seen
from autoenroll_desktop.domain.progress import Progress
from autoenroll_desktop.errors import UnreadableFile
from autoenroll_desktop.intake.choices import Choices
from autoenroll_desktop.intake.grid import table_from_rows
from autoenroll_desktop.intake.headings import known_headings
from autoenroll_desktop.intake.limits import Limits
from autoenroll_desktop.intake.source import Source, Text, decode
from autoenroll_desktop.intake.table import Table, about_file

_WIDEST = 1000
"""The most cells that one cell may stand for."""


def read_html(source: Source, limits: Limits, progress: Progress, choices: Choices) -> Table:
    """Read the table with the most headings we know.

    Raises:
        UnreadableFile: no table, or none with headings we know. EmptyFile: a table without rows.
    """
    progress.step("reading")
    best, found, text = best_table(source)
    table = table_from_rows(source, best, "html-table", limits, progress, choices)
    table.encoding = text.encoding
    table.seen.append(Seen.of("html-tables", times=found))
    if text.guessed:
        table.notes.append(about_file("file-encoding-guessed", {"encoding": text.encoding}))
    return table


def best_table(source: Source) -> tuple[list[list[str]], int, Text]:
    """The rows of the page's table with the most headings we know, how many tables there are, and the page's text."""
    text = decode(source)
    try:
        page = html.document_fromstring(
            text.data[text.start :], parser=html.HTMLParser(encoding="utf-8", no_network=True)
        )
    except (ValueError, html.etree.ParserError, html.etree.XMLSyntaxError) as error:
        raise UnreadableFile(f"{source.path.name} is a broken web page", str(error), "Export it again") from error
    tables = [[*_rows(table)] for table in page.iter("table") if not any(True for _ in table.iterdescendants("table"))]
    best = max(tables, key=lambda rows: max(map(known_headings, rows[:40]), default=0), default=None)
    if not best:
        raise UnreadableFile(f"{source.path.name} is a web page without a table", "", "Choose the payroll file itself")
    return best, len(tables), text


def _rows(table: html.HtmlElement) -> Iterator[list[str]]:
    """The rows of a table; a cell over several columns or rows stands once, with blanks beside and below it."""
    below: dict[int, int] = {}
    for row in table.iter("tr"):
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            while below.get(len(cells), 0):
                below[len(cells)] -= 1
                cells.append("")
            text = " ".join(" ".join(cell.itertext()).split())
            columns, rows = _span(cell, "colspan"), _span(cell, "rowspan")
            for at in range(len(cells), len(cells) + columns):
                below[at] = rows - 1
            cells += [text, *[""] * (columns - 1)]
        for at in [at for at, rows in below.items() if at >= len(cells) and rows > 0]:
            below[at] -= 1
            cells += [""] * (at + 1 - len(cells))
        yield cells


def _span(cell: html.HtmlElement, name: str) -> int:
    text = cell.get(name, "1").strip()
    return min(int(text), _WIDEST) if text.isascii() and text.isdigit() and int(text) else 1
