"""Keeps what a person decided about the columns of a file, for the next file with the same headings."""

import datetime as dt
from pathlib import Path

from autoenroll_desktop.actions.check_pay_run import Given
from autoenroll_desktop.actions.read_files import headings_of
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.intake.choices import Choices
from autoenroll_desktop.intake.find_files import find_files
from autoenroll_desktop.intake.read_table import LIMITS, read_table
from autoenroll_desktop.store.column_maps import ColumnMaps


def remember_columns(folder: Path, client: str, headers: list[str], choices: Choices, today: dt.date) -> None:
    """Keep choices for files with these headings. Raises AppError where the folder cannot be written to."""
    ColumnMaps(folder).keep(client, headings_of(headers), choices.as_dict(), today)


def remember_mapping(given: Given, now: dt.datetime) -> list[str]:
    """Keep the mapping file for the headings of every pay file it was used on; returns the names of those files.

    Raises:
        AppError: nothing may be remembered, there is no mapping, or it cannot be kept.
    """
    if given.remembered is None or given.mapping is None:
        raise AppError("There is nothing to remember", "a mapping is needed, and --no-store must not be given")
    how = given.how_to_read(now)
    names = []
    for found in find_files(given.pay, LIMITS):
        try:
            table = read_table(found.path, how.everywhere)
        except AppError:
            continue
        if not table.canonical:
            remember_columns(given.remembered, how.client, table.headers, how.everywhere, how.today)
            names.append(found.path.name)
    return names
