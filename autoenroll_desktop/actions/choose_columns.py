"""What a person says about the columns of a file: which fields there are, what stands in the file, what was chosen."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from autoenroll_desktop.domain.aepn import AEPN_FIELDS
from autoenroll_desktop.domain.pay_run import FIELDS, Column, FileRead, Role
from autoenroll_desktop.domain.people import PEOPLE_FIELDS
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.intake.choices import FULL_NAME, NO_CHOICES, Choices, choices_from
from autoenroll_desktop.intake.evidence import sample
from autoenroll_desktop.intake.read_table import read_table

_SURE = 80
"""From this confidence on a column needs no look by a person."""
_EXAMPLES = 3
_FIELDS = {Role.AEPN: AEPN_FIELDS, Role.PEOPLE: PEOPLE_FIELDS}


def fields_for(role: Role) -> tuple[str, ...]:
    """The fields a column of such a file may be, in the order people look for them."""
    return (*_FIELDS.get(role, FIELDS), FULL_NAME)


def in_doubt(file: FileRead) -> bool:
    """Whether the columns of a file could not be matched surely, so that a person should look at them."""
    used = [column for column in file.columns if column.field]
    return any(column.confidence < _SURE for column in used) or (bool(file.error) and not file.columns)


def columns_of(path: Path, heading_row: int | None = None) -> tuple[Column, ...]:
    """The columns of a file without a guess what they are, each with some of its cells.

    Args:
        heading_row: the row of the headings, 0 for none; found out when left out.

    Raises:
        AppError: the file cannot be read as a table.
    """
    table = read_table(path, replace(NO_CHOICES, heading_row=heading_row))
    if table.canonical:
        raise AppError(f"The fields of {path.name} are fixed", "its format says what each is", "")
    samples = [tuple(dict.fromkeys(sample(cells)))[:_EXAMPLES] for cells in table.columns]
    return tuple(Column(header, "", examples=examples) for header, examples in zip(table.headers, samples, strict=True))


def choose_columns(
    tables: Mapping[str, Any],
) -> Choices:
    """The choices that these tables (as in a mapping file) make.

    Raises:
        AppError: a field was chosen twice.
    """
    chosen = [field for field in tables.get("columns", {}).values() if field]
    twice = {field for field in chosen if chosen.count(field) > 1}
    if twice:
        raise AppError(f"Two columns were chosen for {min(twice)}", "", "Choose one of them")
    return choices_from(tables)
