"""Steps that are in nothing written yet: kept after each of them, and taken up again after a crash.

What is kept is what the steps are done again from: the files, what was said about their columns, and the recipe of the
steps. On the same files that gives the same steps; on files that changed since, those that still fit.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autoenroll_desktop.fixes.recipe import Recipe, from_text, to_text
from autoenroll_desktop.intake.choices import Choices, choices_from
from autoenroll_desktop.store import open_work
from autoenroll_desktop.store.audit import Stamp
from autoenroll_desktop.store.sealing import fingerprint
from autoenroll_desktop.store.store import Store


@dataclass(frozen=True)
class UnsavedWork:
    """Work that was left off.

    Attributes:
        paths: the files, in the order they were given. choices: what was said about some of them. recipe: the steps.
    """

    saved_at: dt.datetime
    paths: tuple[Path, ...]
    choices: Mapping[Path, Choices]
    recipe: Recipe


class _Written(msgspec.Struct):
    paths: list[str]
    choices: dict[str, dict[str, object]]
    recipe: str


def keep_unsaved(store: Store, runs: Iterable[str], work: UnsavedWork, stamp: Stamp) -> bool:
    """Keep work on these kept runs in place of what was kept of it before; False where none of the runs is kept.

    Raises:
        AppError: the store cannot be written to.
    """
    written = _Written(
        [str(path) for path in work.paths],
        {str(path): one.as_dict() for path, one in work.choices.items()},
        to_text(work.recipe),
    )
    with store.writing() as connection:
        name = _name(store, work.paths)
        return open_work.save_draft(connection, name, runs, msgspec.json.encode(written), stamp)


def unsaved_work(store: Store) -> list[UnsavedWork]:
    """All work that was left off, the latest first. Raises AppError."""
    with store.reading() as connection:
        found = open_work.drafts(connection)
    return [_read(one) for one in found]


def forget_unsaved(store: Store, paths: Iterable[Path]) -> None:
    """Forget the work on these files: it was written, or let go of. Raises AppError."""
    with store.writing() as connection:
        open_work.forget_drafts(connection, [_name(store, paths)])


def _name(store: Store, paths: Iterable[Path]) -> str:
    """The same files have the same name, which tells nothing to whoever has not the store's key."""
    return fingerprint(store.key, "\n".join(sorted(str(path) for path in paths)).encode())


def _read(draft: open_work.Draft) -> UnsavedWork:
    written = msgspec.json.decode(draft.content, type=_Written)
    choices = {Path(path): choices_from(tables) for path, tables in written.choices.items()}
    paths = tuple(Path(path) for path in written.paths)
    return UnsavedWork(draft.saved_at, paths, choices, from_text(written.recipe, "steps"))
