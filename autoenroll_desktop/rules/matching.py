"""Pay lines brought together with the AEPNs that govern them.

The key is employer number + PPSN + employment ID, and the employment ID is case-sensitive (scheme rules 3.1-3.4). What
the exact key does not find is looked for further, one step after the other, so that a slip of the pen is told as one.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from autoenroll_desktop.domain.finding import Ints
from autoenroll_desktop.domain.identifier_columns import Checked
from autoenroll_desktop.domain.identifiers import Check
from autoenroll_desktop.rules.keys import keys, plain_id
from autoenroll_desktop.rules.register import Register, governing


class Match(IntEnum):
    """How a pay line was brought together with an AEPN."""

    NONE = 0
    EXACT = 1
    ID_VARIANT = 2
    """The employment ID differs only in letter case or leading zeros."""
    PERSON = 3
    """The PPSN is known and only one employment is left on either side."""
    REPAIRED = 4
    """The PPSN fails its check and is one slip away from an AEPN of the same name."""
    AMBIGUOUS = 5
    """The PPSN is known but which of several employments is meant is not."""


@dataclass(frozen=True, eq=False)
class Matched:
    """For each pay line: `rows` is the position in `Register.current` (-1 for none), `how` a `Match` value (int8).

    `twice` marks AEPN rows (bool over `current`) that share an employment and a date of issue with another one in
    force.
    """

    rows: Ints
    how: npt.NDArray[np.int8]
    twice: npt.NDArray[np.bool_]


def match_lines(lines: pd.DataFrame, ppsn: Checked, register: Register, employment: npt.NDArray[np.object_]) -> Matched:
    """Bring every pay line together with the AEPN that governs it. `employment` holds the lines' text keys.

    First by the exact key; what is left over is tried with the employment ID's case and zeros ignored, then by PPSN
    alone where exactly one AEPN is left for the person, then by name where the PPSN is a slip away.
    """
    current = register.current
    rows = np.full(len(lines), -1, dtype=np.int64)
    how = np.zeros(len(lines), dtype=np.int8)
    if not len(current):
        return Matched(rows, how, np.zeros(0, dtype=bool))
    nobody = np.full(len(lines), None, dtype=object)
    employer = lines["employer_registration_number"].to_numpy(object) if register.names_employers else nobody
    numbers = ppsn.numbers
    mine = employment if register.names_employers else keys(employer, numbers, lines["employment_id"])
    theirs = register.employment
    look_up, twice = governing(register, lines["pay_date"])
    exact = look_up(mine, np.ones(len(lines), dtype=bool))
    known = (exact >= 0) & pd.notna(lines["employment_id"]).to_numpy() & (ppsn.check != Check.MISSING)
    rows[known], how[known] = exact[known], Match.EXACT
    open_lines = ~known & (ppsn.check != Check.MISSING)
    if open_lines.any():
        taken = pd.Index(theirs, dtype=object).isin(mine[known])
        _match_variant(lines, current, (employer, numbers), open_lines, taken, rows, how)
        _match_person(lines, current, (employer, numbers), open_lines, taken, rows, how)
        _match_repaired(lines, current, employer, ppsn, taken, rows, how)
    return Matched(rows, how, twice)


Key = tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]


def _match_variant(
    lines: pd.DataFrame,
    current: pd.DataFrame,
    person: Key,
    open_lines: npt.NDArray[np.bool_],
    taken: npt.NDArray[np.bool_],
    rows: Ints,
    how: npt.NDArray[np.int8],
) -> None:
    free = np.flatnonzero(~taken)
    theirs = pd.Series(
        keys(
            current["employer_registration_number"].iloc[free],
            current["ppsn"].iloc[free],
            plain_id(current["employment_id"].iloc[free]),
        )
    )
    unique = ~theirs.duplicated(keep=False)
    wanted = open_lines & lines["employment_id"].notna().to_numpy()
    mine = keys(person[0][wanted], person[1][wanted], plain_id(lines["employment_id"][wanted]))
    found = pd.Index(theirs[unique], dtype=object).get_indexer(pd.Index(mine, dtype=object))
    hit = np.flatnonzero(wanted)[found >= 0]
    rows[hit] = free[unique.to_numpy()][found[found >= 0]]
    how[hit] = Match.ID_VARIANT
    taken[rows[hit]] = True


def _match_person(
    lines: pd.DataFrame,
    current: pd.DataFrame,
    person: Key,
    open_lines: npt.NDArray[np.bool_],
    taken: npt.NDArray[np.bool_],
    rows: Ints,
    how: npt.NDArray[np.int8],
) -> None:
    """By PPSN alone: presumed where one AEPN and one employment are left, otherwise ambiguous."""
    wanted = open_lines & (how == Match.NONE)
    mine = keys(person[0][wanted], person[1][wanted])
    theirs = keys(current["employer_registration_number"], current["ppsn"])
    free = pd.Series(theirs[~taken], dtype=object)
    alone = ~free.duplicated(keep=False)
    employments = pd.DataFrame({"person": mine, "id": lines["employment_id"][wanted].fillna("").to_numpy(object)})
    several = employments.drop_duplicates().groupby("person").size()
    found = pd.Index(free[alone], dtype=object).get_indexer(pd.Index(mine, dtype=object))
    one = (found >= 0) & (employments["person"].map(several) == 1).to_numpy()
    at = np.flatnonzero(wanted)
    rows[at[one]] = np.flatnonzero(~taken)[alone.to_numpy()][found[one]]
    how[at[one]] = Match.PERSON
    unclear = ~one & pd.Index(mine, dtype=object).isin(free)
    how[at[unclear]] = Match.AMBIGUOUS
    taken[rows[at[one]]] = True


def _match_repaired(
    lines: pd.DataFrame,
    current: pd.DataFrame,
    employer: npt.NDArray[np.object_],
    ppsn: Checked,
    taken: npt.NDArray[np.bool_],
    rows: Ints,
    how: npt.NDArray[np.int8],
) -> None:
    """A PPSN that cannot be right, one slip from an AEPN of the same employer and name that nobody else has taken."""
    wrong = np.isin(ppsn.check, (Check.BAD_LETTER, Check.BAD_FORMAT)) & ~ppsn.masked
    wanted = np.flatnonzero(wrong & (how == Match.NONE))
    if not len(wanted):
        return
    theirs = _names(current, current["employer_registration_number"].to_numpy(object))
    free: dict[str, list[int]] = {}
    for row in np.flatnonzero(~taken):
        free.setdefault(theirs[row], []).append(int(row))
    mine = _names(lines.iloc[wanted], employer[wanted])
    for line, name in zip(wanted, mine, strict=True):
        near = [row for row in free.get(name, []) if one_slip(ppsn.numbers[line], current.at[row, "ppsn"])]
        if len(near) == 1:
            rows[line], how[line] = near[0], Match.REPAIRED
            taken[near[0]] = True


def _names(people: pd.DataFrame, employer: npt.NDArray[np.object_]) -> list[str]:
    """Employer and name of each row as one text key, letter case aside."""
    return [str(name).casefold() for name in keys(employer, people["first_name"], people["family_name"])]


def one_slip(left: Any, right: Any) -> bool:
    """Whether two numbers differ by one character, one character too few or many, or two neighbours swapped.

    Example: 1234567T and 1243567T, or 123567T.
    """
    if not isinstance(left, str) or not isinstance(right, str):
        return False
    if len(left) != len(right):
        short, long = sorted((left, right), key=len)
        return any(short == long[:at] + long[at + 1 :] for at in range(len(long)))
    apart = [at for at in range(len(left)) if left[at] != right[at]]
    swapped = (
        len(apart) == 2
        and apart[1] == apart[0] + 1
        and left[apart[0]] + left[apart[1]] == right[apart[1]] + right[apart[0]]
    )
    return len(apart) == 1 or swapped
