"""Reads a file with what a person confirmed before for a file with the same headings, or nearly the same.

A map is found by the headings the file seems to have. Where none is, the file's other rows are tried: a row chosen by
hand the last time as the heading row is not one we would have taken, and it may stand further down today.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from autoenroll_desktop.actions.how_to_read import HowToRead
from autoenroll_desktop.domain.memory import Remembered
from autoenroll_desktop.domain.pay_run import Seen
from autoenroll_desktop.domain.progress import SILENT, Progress
from autoenroll_desktop.intake.choices import Choices, choices_from
from autoenroll_desktop.intake.headings import column_letter, column_names, plain_heading
from autoenroll_desktop.intake.read_table import read_table
from autoenroll_desktop.intake.table import NoHeadings, Note, NumberedRow, Table, about_file


@dataclass(frozen=True)
class Recalled:
    """A file as it is read. `choices` are those given, or those `remembered`."""

    table: Table
    choices: Choices
    remembered: Remembered | None = None

    def notes(self) -> Iterator[Note]:
        """How a remembered map was used; a doubt where the headings have changed since."""
        if self.remembered is None:
            return
        day = f"{self.remembered.confirmed:%d/%m/%Y}"
        self.table.seen.append(Seen.of("remembered", day=day))
        if self.remembered.changed:
            facts = {"header": ", ".join(self.remembered.changed), "used_as": day}
            yield about_file("column-ambiguous", facts, None, "headings-changed")


def read_recalled(path: Path, choices: Choices, how: HowToRead, progress: Progress = SILENT) -> Recalled:
    """Read a file; without choices those remembered for its headings are used, with its heading row.

    Raises:
        As `read_table`.
    """
    held = how.pasted.get(path)
    try:
        table = read_table(path, choices, held=held, progress=progress)
    except NoHeadings as error:
        found = None if choices else _by_its_rows(error.rows, how, nameless=True)
        if found is None:
            raise
        table = read_table(path, Choices(heading_row=found[0]), held=held, progress=progress)
        return _recalled(table, found[1])
    if choices or table.canonical or how.memory is None:
        return Recalled(table, choices)
    remembered = how.memory.columns(how.client, headings_of(table.headers))
    if remembered is None and (found := _by_its_rows(table.top, how)):
        row, remembered = found
        table = read_table(path, Choices(sheet=table.sheet, heading_row=row), held=held, progress=progress)
    return _recalled(table, remembered) if remembered else Recalled(table, choices)


def headings_of(headers: Iterable[str]) -> list[str]:
    """A file's headings as they are remembered: plain, in the file's order."""
    return [plain for header in headers if (plain := plain_heading(header))]


def _recalled(table: Table, remembered: Remembered) -> Recalled:
    """With the remembered choices, without sums of columns that are gone; sheet and heading row are this file's."""
    choices = choices_from(remembered.tables)
    known = set(map(plain_heading, column_names(table.headers)))
    sums = {name: parts for name, parts in choices.sums.items() if all(plain_heading(one) in known for one in parts)}
    row = None if choices.heading_row is None else table.header_row or 0
    return Recalled(table, replace(choices, sums=sums, sheet=None, heading_row=row), remembered)


def _by_its_rows(
    rows: Iterable[NumberedRow], how: HowToRead, *, nameless: bool = False
) -> tuple[int, Remembered] | None:
    """The row whose cells are headings a map was confirmed for that had its heading row chosen, and that map.

    Args:
        nameless: the file has no headings we know, so that a map for a file without any may be meant (row 0).
    """
    if how.memory is None:
        return None
    rows = [*rows]
    found: list[tuple[int, int, Remembered]] = []
    for number, cells in rows:
        words = [cell.strip() for cell in cells if cell.strip()]
        if len(words) > 1 and len(set(words)) == len(words) and not any(word[0].isdigit() for word in words):
            one = how.memory.columns(how.client, headings_of(words))
            if one is not None and _chosen_row(one):
                found.append((len(one.changed), number, one))
    if found:
        _, number, one = min(found, key=lambda each: each[:2])
        return number, one
    letters = [column_letter(at) for at in range(max((len(cells) for _, cells in rows), default=0))]
    one = how.memory.columns(how.client, headings_of(letters)) if nameless else None
    return (0, one) if one is not None and not one.changed and _chosen_row(one) == 0 else None


def _chosen_row(remembered: Remembered) -> int | None:
    """The heading row a person chose when the map was confirmed, 0 for none; None where nobody did."""
    row = remembered.tables.get("file", {}).get("heading_row")
    return row if isinstance(row, int) else None
