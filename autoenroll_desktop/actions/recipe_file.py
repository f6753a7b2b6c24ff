"""Recipes as files: read one, and write one whole or not at all."""

import os
from pathlib import Path

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.fixes.recipe import Recipe, from_text, to_text

_LARGEST = 20_000_000
"""Bytes; a recipe with an edit on each of 100,000 lines is smaller."""


def read_recipe(path: Path) -> Recipe:
    """Read a recipe's file. Raises AppError where it cannot be read or is none."""
    try:
        if path.stat().st_size > _LARGEST:
            raise AppError(f"{path.name} is no recipe", "it is far too large", "Choose a recipe this program wrote")
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror or "") if isinstance(error, OSError) else "it is no text"
        raise AppError(f"{path.name} cannot be read", reason, "Choose a recipe this program wrote") from error
    return from_text(text, path.name)


def write_recipe(recipe: Recipe, path: Path) -> Path:
    """Write a recipe under a temporary name, read it back, and rename it. Raises AppError where that fails."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        unfinished.write_text(to_text(recipe), encoding="utf-8")
        if read_recipe(unfinished) != recipe:
            raise AppError("The recipe was not written whole", "the disk may be full", "Choose another folder")
        unfinished.replace(path)
    except OSError as error:
        raise AppError(
            f"The recipe cannot be written to {path.parent}", error.strerror or "", "Choose another folder"
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return path
