"""What was put right in an employer's run is kept for its next one: when a corrected file or a recipe is written.

A recipe names people's numbers, so it is kept only where all of a run's lines are one known employer's: kept for
several, erasing one of them would leave its people in the others' recipes.
"""

from autoenroll_desktop.actions.fix_pay_run import Workbench, recipe
from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.fixes.recipe import Recipe, from_text, to_text
from autoenroll_desktop.store import clients, recipes
from autoenroll_desktop.store.audit import Stamp
from autoenroll_desktop.store.store import Store


def keep_recipe(store: Store, bench: Workbench, stamp: Stamp) -> bool:
    """Keep the steps done, in place of those kept for this employer and frequency ("WEEKLY") before.

    Returns:
        Whether they were kept: there are some, and one employer. Raises AppError: the store cannot be written to.
    """
    employer = bench.checked.only_employer
    if employer is None or not bench.history.done:
        return False
    made = recipe(bench, _frequency(bench.checked))
    with store.writing() as connection:
        recipes.keep_recipe(connection, employer, made.name, to_text(made), stamp)
    return True


def kept_recipe(store: Store, checked: CheckedRun) -> Recipe | None:
    """The recipe to offer for a run: the one of its frequency, else the one kept last; None where there is none.

    Raises:
        AppError: the store cannot be read.
    """
    employer = checked.only_employer
    with store.reading() as connection:
        owner = clients.find(connection, employer) if employer is not None else None
        kept = recipes.recipes_of(connection, owner) if owner is not None else []
    if not kept:
        return None
    frequency = _frequency(checked)
    chosen = next((one for one in kept if one.name == frequency), kept[0])
    return from_text(chosen.text, chosen.name)


def needed_recipe(store: Store | None, checked: CheckedRun) -> Recipe:
    """The same; raises AppError where there is none."""
    found = kept_recipe(store, checked) if store is not None else None
    if found is None:
        raise AppError(
            "No recipe is kept for this employer",
            "none was kept when an earlier run was put right, or the files are of several employers",
            "Give --recipe FILE",
        )
    return found


def _frequency(checked: CheckedRun) -> str:
    said = checked.run["pay_frequency"].dropna()
    return str(said.mode().iloc[0]) if len(said) else "-"
