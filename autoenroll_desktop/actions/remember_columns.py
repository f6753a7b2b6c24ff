"""Keeps what a person decided about the columns of a file, for the next file with the same headings."""

from autoenroll_desktop.actions.check_pay_run import Given
from autoenroll_desktop.actions.recall_columns import headings_of
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.intake.choices import Choices
from autoenroll_desktop.intake.find_files import find_files
from autoenroll_desktop.intake.read_table import LIMITS, read_table
from autoenroll_desktop.store.audit import Stamp
from autoenroll_desktop.store.column_maps import keep_map
from autoenroll_desktop.store.store import Store


def remember_columns(store: Store, client: str, headers: list[str], choices: Choices, stamp: Stamp) -> None:
    """Keep choices for files with these headings. Raises AppError where the store cannot be written to."""
    with store.writing() as connection:
        keep_map(connection, client, headings_of(headers), choices.as_dict(), stamp.at.date(), stamp)


def remember_mapping(given: Given, store: Store, stamp: Stamp) -> list[str]:
    """Keep the mapping file for the headings of every pay file it was used on; returns the names of those files.

    Raises:
        AppError: there is no mapping, or it cannot be kept.
    """
    if given.mapping is None:
        raise AppError("There is nothing to remember", "a mapping is needed", "Add --mapping")
    how = given.how_to_read(stamp.at)
    names = []
    for found in find_files(given.pay, LIMITS):
        try:
            table = read_table(found.path, how.everywhere)
        except AppError:
            continue
        if not table.canonical:
            remember_columns(store, how.client, table.headers, how.everywhere, stamp)
            names.append(found.path.name)
    return names
