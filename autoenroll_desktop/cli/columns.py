"""The verb `columns` of the terminal program: which column of a file is taken for what, and what else it could be."""

import argparse
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from autoenroll_desktop.cli.arguments import USAGE, Verbs, verb, words_in
from autoenroll_desktop.domain.identifiers import Check, explain, mask_ppsn
from autoenroll_desktop.domain.words import Words

if TYPE_CHECKING:
    from autoenroll_desktop.actions.look_at_columns import ColumnsLook
    from autoenroll_desktop.domain.pay_run import Column

_FIRST_ROWS = 10


def add_columns(verbs: Verbs) -> None:
    """Add the verb."""
    columns = verb(verbs, "columns", _columns, "what each column of a file is taken for, to write a mapping from")
    columns.add_argument("file", type=Path, metavar="FILE")
    columns.add_argument("--mapping", type=Path, metavar="FILE", help="see what a mapping leads to")
    columns.add_argument("--lang", choices=("en", "ga"), default="")


def _columns(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.how_to_read import HowToRead
    from autoenroll_desktop.actions.look_at_columns import look_at_columns
    from autoenroll_desktop.intake.choices import NO_CHOICES, read_choices

    choices = read_choices(arguments.mapping) if arguments.mapping else NO_CHOICES
    look = look_at_columns(arguments.file, choices, HowToRead(dt.datetime.now(dt.UTC).date()))
    for line in _told(look, words_in(arguments.lang)):
        print(line)
    return USAGE if look.error else 0


def _told(look: "ColumnsLook", words: Words) -> Iterator[str]:
    place = words.say("columns.headings", row=look.heading_row) if look.heading_row else words.say("columns.none")
    yield look.error or f"{look.path.name}: {place}"
    for column in look.columns:
        yield words.say("columns.column", header=column.header, taken=_taken(column, words), cells=_cells(column))
    if look.missing:
        yield words.say("columns.missing", fields=", ".join(look.missing))
    for cause, header, used_as in look.doubts:
        yield words.say("columns.doubt", header=header, used_as=used_as, cause=words.say(f"cause.{cause}"))
    if look.error:
        for row, cells in look.rows[:_FIRST_ROWS]:
            yield words.say("columns.row", row=row, cells=" | ".join(map(_masked, cells)))


def _taken(column: "Column", words: Words) -> str:
    others = words.say("columns.or", fields=", ".join(column.alternatives)) if column.alternatives else ""
    if not column.field:
        return words.say("columns.unused") + others
    because = words.say(f"evidence.{column.because}")
    return words.say("columns.taken", field=column.field, percent=column.confidence, because=because) + others


def _cells(column: "Column") -> str:
    return " | ".join(map(_masked, column.examples))


def _masked(cell: str) -> str:
    return mask_ppsn(cell) if explain(cell.strip()).check in (Check.GOOD, Check.BAD_LETTER) else cell
