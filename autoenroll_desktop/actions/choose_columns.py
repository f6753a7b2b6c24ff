"""What a person says about the columns of a file: which fields there are, and what was chosen."""

from collections.abc import Mapping
from typing import Any

from autoenroll_desktop.domain.aepn import AEPN_FIELDS
from autoenroll_desktop.domain.pay_run import FIELDS, FileRead, Role
from autoenroll_desktop.domain.people import PEOPLE_FIELDS
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.intake.choices import FULL_NAME, Choices, choices_from

_SURE = 80
"""From this confidence on a column needs no look by a person."""
_FIELDS = {Role.AEPN: AEPN_FIELDS, Role.PEOPLE: PEOPLE_FIELDS}


def fields_for(role: Role) -> tuple[str, ...]:
    """The fields a column of such a file may be, in the order people look for them."""
    return (*_FIELDS.get(role, FIELDS), FULL_NAME)


def in_doubt(file: FileRead) -> bool:
    """Whether the columns of a file could not be matched surely, so that a person should look at them."""
    used = [column for column in file.columns if column.field]
    return any(column.confidence < _SURE for column in used) or (bool(file.error) and not file.columns)


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
