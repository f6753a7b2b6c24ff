"""Heading texts and the fields they stand for: the alias table of `resources/layouts`."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from autoenroll_desktop import paths
from autoenroll_desktop.domain.aepn import AEPN_FIELDS
from autoenroll_desktop.domain.pay_run import FIELDS
from autoenroll_desktop.errors import AppError

_NOISE = re.compile(r"[^a-z0-9%/]+")
FULL_NAME = "full_name"
AMBIGUOUS = "works_number_or_employment_id"
KNOWN = {*FIELDS, *AEPN_FIELDS, FULL_NAME}


@lru_cache(maxsize=4096)
def plain_heading(text: str) -> str:
    """A heading without case, accents and punctuation.

    Example: "P.P.S. Number#", "pps_number" and "PPS  number" are all "pps number".
    """
    flat = unicodedata.normalize("NFKD", text.replace("﻿", "").replace(".", "").replace("'", "").strip())
    letters = "".join(character for character in flat if not unicodedata.combining(character))
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", letters)
    return _NOISE.sub(" ", spaced.lower()).strip()


@dataclass(frozen=True)
class Layout:
    """Which heading means which field.

    Attributes:
        aliases: plain heading → (field, rank); the lower rank wins where two columns fit one field.
        chosen: plain heading → field as a person mapped it; stands above every alias.
    """

    aliases: Mapping[str, tuple[str, int]]
    chosen: Mapping[str, str]

    @classmethod
    def load(cls, folder: Path, mapping: Path | None = None) -> "Layout":
        """Read `folder/layouts/*.toml`, and a person's own mapping file on top.

        Raises:
            AppError: the mapping file is not there, is no TOML, or names a field that does not exist.
        """
        return cls(_aliases(folder), _own_mapping(mapping) if mapping else {})

    def field(self, heading: str) -> tuple[str, int] | None:
        """The field of a heading with its rank, or None where the heading is not known."""
        plain = plain_heading(heading)
        if plain in self.chosen:
            return self.chosen[plain], -1
        return self.aliases.get(plain)


@cache
def _aliases(folder: Path) -> Mapping[str, tuple[str, int]]:
    aliases: dict[str, tuple[str, int]] = {}
    for file in sorted((folder / "layouts").glob("*.toml")):
        for field, headings in tomllib.loads(file.read_text(encoding="utf-8"))["aliases"].items():
            for rank, heading in enumerate(headings):
                aliases.setdefault(plain_heading(heading), (field, rank))
    for field in (*FIELDS, *AEPN_FIELDS):
        aliases.setdefault(plain_heading(field), (field, 0))
    return aliases


def _own_mapping(path: Path) -> dict[str, str]:
    try:
        columns = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("columns")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AppError(f"The mapping {path.name} cannot be read", str(error), "Correct the file") from error
    if not isinstance(columns, dict):
        raise AppError(f"The mapping {path.name} has no [columns] table", "", 'Write [columns] and "Heading" = "field"')
    for heading, field in columns.items():
        if field not in KNOWN:
            raise AppError(
                f"The mapping {path.name} names a field that does not exist",
                f"{heading!r} = {field!r}",
                f"The fields are: {', '.join(sorted(KNOWN))}",
            )
    return {plain_heading(heading): field for heading, field in columns.items()}


def known_headings(cells: Iterable[str]) -> int:
    """How many different fields a row of cells names, in the bundled layouts."""
    aliases = _aliases(paths.resources())
    return len({aliases[plain][0] for cell in cells if (plain := plain_heading(cell[:80])) in aliases})
