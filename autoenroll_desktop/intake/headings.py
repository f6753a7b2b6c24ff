"""Heading texts and the fields they stand for: the alias table of `resources/layouts`."""

import difflib
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from autoenroll_desktop import paths
from autoenroll_desktop.domain.aepn import AEPN_FIELDS
from autoenroll_desktop.domain.pay_run import FIELDS
from autoenroll_desktop.domain.people import PEOPLE_FIELDS

_NOISE = re.compile(r"[^a-z0-9%/]+")
AMBIGUOUS = "works_number_or_employment_id"
_NEAR = 0.87
"""How alike two headings must be for a slip of the pen (1 is the same)."""
_APART = 0.04
"""How much closer the nearest field must be than the next one."""


@lru_cache(maxsize=4096)
def plain_heading(text: str) -> str:
    """A heading without case, accents and punctuation.

    Example: "P.P.S. Number#", "pps_number" and "PPS  number" are all "pps number".
    """
    flat = unicodedata.normalize("NFKD", text.replace("\ufeff", "").replace(".", "").replace("'", "").strip())
    letters = "".join(character for character in flat if not unicodedata.combining(character))
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", letters)
    return _NOISE.sub(" ", spaced.lower()).strip()


@dataclass(frozen=True)
class Layout:
    """Which heading means which field.

    Attributes:
        aliases: plain heading → (field, rank); the lower rank wins where two columns fit one field.
        signs: plain headings that tell what a file is: of `pay` files, of Revenue's list of employees.
    """

    aliases: Mapping[str, tuple[str, int]]
    signs: Mapping[str, frozenset[str]]

    @classmethod
    def load(cls, folder: Path) -> "Layout":
        """Read the tables of `folder/layouts/*.toml`."""
        return cls(_aliases(folder), _signs(folder))

    def only_in_pay_files(self, heading: str) -> bool:
        """Whether a heading shows that a file is about pay, although it may be no field of ours ("Amount")."""
        return plain_heading(heading) in self.signs["pay"]

    def only_in_lists_of_revenue(self, heading: str) -> bool:
        """Whether a heading stands only in Revenue's list of employees, where EMP_ID is the employment ID."""
        return plain_heading(heading) in self.signs["revenue_list"]

    def field(self, heading: str) -> tuple[str, int] | None:
        """The field of a heading with its rank, or None where the heading is not known."""
        return self.aliases.get(plain_heading(heading))

    def near(self, heading: str) -> str | None:
        """The field whose heading this one nearly is, or None where none or more than one is near.

        Example: "Gross Pya" is nearly "Gross Pay".
        """
        plain = plain_heading(heading)
        if len(plain) < 5:
            return None
        alike: dict[str, float] = {}
        for alias in _close_to(plain, tuple(self.aliases)):
            field = self.aliases[alias][0]
            alike[field] = max(alike.get(field, 0), difflib.SequenceMatcher(None, plain, alias).ratio())
        ranked = sorted(alike.items(), key=lambda one: -one[1])
        if not ranked or ranked[0][1] < _NEAR or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _APART):
            return None
        return ranked[0][0]


@lru_cache(maxsize=20_000)
def _close_to(plain: str, aliases: tuple[str, ...]) -> list[str]:
    """The headings most like one; the search is slow, and the same headings come week after week."""
    return difflib.get_close_matches(plain, aliases, n=6, cutoff=_NEAR - _APART)


@cache
def _aliases(folder: Path) -> Mapping[str, tuple[str, int]]:
    aliases: dict[str, tuple[str, int]] = {}
    for file in sorted((folder / "layouts").glob("*.toml")):
        for field, headings in tomllib.loads(file.read_text(encoding="utf-8")).get("aliases", {}).items():
            for rank, heading in enumerate(headings):
                aliases.setdefault(plain_heading(heading), (field, rank))
    for field in (*FIELDS, *AEPN_FIELDS, *PEOPLE_FIELDS):
        aliases.setdefault(plain_heading(field), (field, 0))
    return aliases


@cache
def _signs(folder: Path) -> Mapping[str, frozenset[str]]:
    signs = tomllib.loads((folder / "layouts" / "irish_payroll.toml").read_text(encoding="utf-8"))["signs"]
    return {name: frozenset(map(plain_heading, headings)) for name, headings in signs.items()}


def column_names(headers: Iterable[str]) -> list[str]:
    """A name of its own for each column: its heading, with a number where it stands twice, a letter where it is blank.

    Example: "Pay", "", "Pay" are "Pay", "(B)" and "Pay (2)".
    """
    names: list[str] = []
    taken: set[str] = set()
    times: Counter[str] = Counter()
    for at, header in enumerate(headers):
        heading = header.strip() or f"({column_letter(at)})"
        while True:
            times[heading] += 1
            name = heading if times[heading] == 1 else f"{heading} ({times[heading]})"
            plain = plain_heading(name)
            if plain not in taken:
                break
        names.append(name)
        taken.add(plain)
    return names


def column_letter(at: int) -> str:
    """The letter of a column as spreadsheets name it, from 0: A, B, … Z, AA."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def known_headings(cells: Iterable[str], own: AbstractSet[str] = frozenset()) -> int:
    """How many different fields a row of cells names, in the bundled layouts or among plain headings of one's own."""
    aliases = _aliases(paths.resources())
    named = {plain_heading(cell[:80]) for cell in cells}
    return len(
        {aliases[plain][0] if plain in aliases else plain for plain in named if plain in aliases or plain in own}
    )
