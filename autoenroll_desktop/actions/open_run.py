"""Opens a kept run: everything a page or a report shows, without its files."""

from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.store.runs import ids_beginning, open_run
from autoenroll_desktop.store.store import Store


def open_kept_run(store: Store, number: str) -> tuple[str, CheckedRun]:
    """A run by its id or the beginning of it.

    Raises:
        AppError: none or several begin so, or its pay lines were removed when their time was over.
    """
    with store.reading() as connection:
        found = ids_beginning(connection, number.strip().lower())
        if len(found) != 1:
            why = "several begin so" if found else "no run has this number"
            raise AppError(f"There is no one run {number}", why, "See 'autoenroll store runs'")
        return found[0], open_run(connection, found[0])
