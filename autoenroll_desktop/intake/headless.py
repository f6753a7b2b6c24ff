"""Files without headings: rows of data from the first line on, as some packages' import files are."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from autoenroll_desktop.domain.identifiers import Check, explain
from autoenroll_desktop.intake.cells import Cells

_DATA = re.compile(r"[-+€(]?[0-9][0-9,.]*\)?-?|[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}")


def looks_like_data(rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows hold data from the first one on: PPSNs that pass, or numbers in the same columns throughout."""
    checked = [cell for cells in rows for cell in cells if explain(cell.strip()).check is Check.GOOD]
    if len(checked) >= max(1, len(rows) // 2):
        return True
    first = [at for at, cell in enumerate(rows[0]) if _DATA.fullmatch(cell.strip())]
    filled = sum(bool(cell.strip()) for cell in rows[0])
    return len(rows) > 1 and len(first) >= 2 and len(first) * 2 >= filled


def looks_like_headings(cells: Sequence[str]) -> bool:
    """Whether a row may be headings in words we do not know: several different words and no digit."""
    words = [cell.strip() for cell in cells if cell.strip()]
    return len(words) >= 2 and len(set(words)) == len(words) and not any(map(str.isdigit, "".join(words)))


@dataclass(frozen=True)
class Profile:
    """A file without headings that a package is known to write or read: which position is which field.

    Attributes:
        fields: field of each position, "" for one that is not used.
        pattern: what each of the first cells looks like; the last pattern stands for all further cells.
    """

    name: str
    fields: tuple[str, ...]
    pattern: tuple[re.Pattern[str], ...]

    def fits(self, columns: Sequence[Cells]) -> bool:
        """Whether every one of the first rows looks like this file."""
        if len(columns) > len(self.fields):
            return False
        sample = np.arange(min(50, len(columns[0])))
        for at, column in enumerate(columns):
            pattern = self.pattern[min(at, len(self.pattern) - 1)]
            if not all(pattern.fullmatch(cell.strip()) for cell in column.take(sample).texts()):
                return False
        return True


@cache
def profiles(folder: Path) -> tuple[Profile, ...]:
    """The profiles of `folder/layouts/without_headings.toml`."""
    tables = tomllib.loads((folder / "layouts" / "without_headings.toml").read_text(encoding="utf-8"))["profile"]
    return tuple(
        Profile(table["name"], tuple(table["fields"]), tuple(re.compile(one) for one in table["pattern"]))
        for table in tables
    )
