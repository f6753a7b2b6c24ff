"""What stands beside pay lines in other files and belongs to them: contributions, and what Revenue knows of people.

Several employers may be checked at once. Works numbers, and a person's employment IDs, mean something only within one
employer, so that files of several are brought together by employer as well.
"""

from typing import Any

import numpy as np
import pandas as pd

_KNOWN_OF_PEOPLE = (
    "ppsn",
    "employment_id",
    "first_name",
    "family_name",
    "date_of_birth",
    "start_date",
    "state_pension",
)
_EMPLOYER = "employer_registration_number"


def fill_from_people(lines: pd.DataFrame, people: pd.DataFrame) -> None:
    """Fill columns that a file of lines lacks with what Revenue knows of the people, in place.

    What a file says is never replaced, and a blank cell in a column it has stays blank. People are found by PPSN or,
    in files without PPSNs, by works number; a number two people share finds nobody.

    Args:
        lines: pay lines, with `file`. people: `PEOPLE_FIELDS`; both with employer numbers in capitals.
    """
    if people.empty or lines.empty:
        return
    several = len({*lines[_EMPLOYER].dropna(), *people[_EMPLOYER].dropna()}) > 1
    for key in ("ppsn", "works_number"):
        by = [_EMPLOYER, key] if several else [key]
        known = people[people[by].notna().all(axis=1)].drop_duplicates(by, keep=False).set_index(by)
        wanted = pd.MultiIndex.from_frame(lines[by]) if several else pd.Index(lines[key])
        found = known.index.get_indexer(wanted) if len(known) else np.full(len(lines), -1)
        found[lines[by].isna().any(axis=1)] = -1
        for field in _KNOWN_OF_PEOPLE:
            if field != key and (found >= 0).any():
                _fill_where_missing(lines, field, known, found)


def _fill_where_missing(lines: pd.DataFrame, field: str, known: pd.DataFrame, found: Any) -> None:
    """Fill a column in the files that have it nowhere; `found` is the row of `known` for each line, -1 for none."""
    has = lines.loc[lines[field].notna(), "file"].unique()
    fill = ~lines["file"].isin(has).to_numpy() & (found >= 0)
    if fill.any():
        values = known[field].iloc[found[fill]]
        lines.loc[fill, field] = values.to_numpy(dtype=object) if values.dtype == object else values.array


def join_contributions(lines: pd.DataFrame, rows: pd.DataFrame, file: int) -> pd.DataFrame:
    """Write contributions beside their pay lines in place, with where they stand; returns the rows that found none.

    The key is PPSN + employment ID, and employer and pay date where the file gives them; the n-th row of a key goes
    to the n-th pay line of that key.

    Args:
        file: the place of the contribution file among the files of the check.
    """
    key = ["ppsn", "employment_id"]
    key += [name for name in (_EMPLOYER, "pay_date") if rows[name].notna().all() and lines[name].notna().any()]
    rows = rows.assign(**{_EMPLOYER: rows[_EMPLOYER].str.upper().astype(object)})
    if rows["employment_id"].isna().all():
        key.remove("employment_id")
    mine, theirs = (
        pd.MultiIndex.from_arrays([*(frame[name] for name in key), frame.groupby(key, dropna=False).cumcount()])
        for frame in (lines, rows)
    )
    found = theirs.get_indexer(mine) if len(rows) else np.full(len(lines), -1)
    hit = found >= 0
    for share in ("ae_employee", "ae_employer"):
        given = rows[share].iloc[found[hit]].to_numpy()
        lines.loc[hit, share] = given
    lines.loc[hit, "contribution_file"] = file
    lines.loc[hit, "contribution_row"] = rows["row"].iloc[found[hit]].to_numpy()
    return rows[~np.isin(np.arange(len(rows)), found[hit])].reset_index(drop=True)
