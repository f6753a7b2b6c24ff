"""Employment IDs: their shape, and whether they are those of the AEPN and of the last period (scheme rules 5.3)."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from autoenroll_desktop.domain.finding import Ints
from autoenroll_desktop.domain.identifiers import is_employment_id
from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.columns import several
from autoenroll_desktop.rules.history import NO_DAY, day_numbers
from autoenroll_desktop.rules.keys import keys, plain_id
from autoenroll_desktop.rules.matching import Match
from autoenroll_desktop.rules.rule import ERROR, NAERSA_ERRORS, REVENUE, WARNING, Where, rule

Bools = npt.NDArray[np.bool_]
Objects = npt.NDArray[np.object_]


@rule(
    "employment-id-missing",
    severity=ERROR,
    topic="identity",
    law="MFFERR096; Revenue 4002",
    link=NAERSA_ERRORS,
    fix="choose",
)
def employment_id_missing(case: Case) -> Where | None:
    """Lines with a PPSN and no employment ID; the AEPN's ID is offered when it is the person's only one."""
    missing = ~case.there("employment_id") & case.known
    if not missing.any():
        return None
    offered = case.aepn("employment_id").where(case.matched.how == Match.PERSON, None)
    return Where(missing, field="employment_id", facts={"suggestion": offered})


@rule(
    "employment-id-format",
    severity=ERROR,
    topic="identity",
    law="Revenue REST schema, employmentID",
    link=REVENUE,
    fix="choose",
)
def employment_id_format(case: Case) -> Where:
    """Employment IDs over 20 characters or with others than A-Z a-z 0-9 _ and -."""
    odd = case.coded("employment_id").told(lambda text: not is_employment_id(text))
    return Where(odd, field="employment_id", facts={"value": case["employment_id"]})


@rule(
    "employment-id-case",
    severity=ERROR,
    topic="identity",
    law="Revenue REST schema: case-sensitive",
    link=REVENUE,
    fix="auto",
)
def employment_id_case(case: Case) -> Iterator[Where]:
    """Employment IDs that differ from the AEPN's, the last period's or another line's only by case or leading zeros."""
    written = case["employment_id"]
    variant = case.matched.how == Match.ID_VARIANT
    if variant.any():
        yield Where(variant, field="employment_id", facts={"value": written, "suggestion": case.aepn("employment_id")})
    if len(case.past):
        asked, before = _other_than_before(case, ~variant & (case.matched.how != Match.EXACT))
        differs = asked[plain_id(written.iloc[asked]) == plain_id(before[asked])]
        yield Where(differs, field="employment_id", facts={"value": written, "suggestion": before}, cause="last-period")
    lines = np.flatnonzero(several(case.written_people) & case.there("employment_id") & case.known)
    if len(lines):
        ids = written.iloc[lines]
        first = ids.groupby(keys(case.person[lines], plain_id(ids))).transform("first")
        facts = {"value": written, "suggestion": first.reindex(written.index)}
        other = (ids != first).to_numpy() & ~variant[lines]
        yield Where(lines[other], field="employment_id", facts=facts, cause="other-line")


def _other_than_before(case: Case, asked: Bools) -> tuple[Ints, Objects]:
    """Those of the lines asked for whose ID is not that of the person's only employment in their latest earlier period,
    where both are told; and what it was, a cell a line."""
    before = np.full(len(case.run), None, dtype=object)
    lines = np.flatnonzero(asked & case.there("employment_id") & _told(case))
    before[lines] = case.past.only.employment_id[case.person_codes[lines]]
    now, was = case["employment_id"].to_numpy(object)[lines], before[lines]
    return lines[(now != was) & (was != None)], before  # noqa: E711 - element by element


def _told(case: Case) -> Bools:
    """Lines of people who are in earlier periods."""
    told: Bools = (case.person_codes >= 0) & (case.person_codes < len(case.past.people))
    return told


@rule(
    "employment-id-changed",
    severity=WARNING,
    topic="identity",
    law="Revenue, Employment ID Guide",
    link=REVENUE,
    fix="choose",
)
def employment_id_changed(case: Case) -> Where | None:
    """People with one employment here and in the last period, other ID, no leave date in between."""
    if not len(case.past):
        return None
    written, settled = case["employment_id"], case.matched.how == Match.PERSON  # told by aepn-employment-id-mismatch
    asked, before = _other_than_before(case, ~settled)
    asked = asked[plain_id(written.iloc[asked]) != plain_id(before[asked])]
    if not len(asked):
        return None
    people = case.person_codes[asked]
    here = pd.DataFrame({"who": case.person_codes, "id": written})
    pairs = here[here["who"].isin(people)].drop_duplicates()["who"]
    alone = ~np.isin(people, pairs[pairs.duplicated()])
    started = day_numbers(case["start_date"])[asked] > case.past.only.day[people]
    changed = asked[alone & ~started & ~case.past.people_left[people]]
    return Where(changed, field="employment_id", facts={"value": written, "suggestion": before})


@rule("employment-id-reused", severity=WARNING, topic="identity", law="Revenue, Employment ID Guide", link=REVENUE)
def employment_id_reused(case: Case) -> Where | None:
    """Re-hires within one tax year on the ID of the employment that ended: started after leaving, same ID."""
    ended = case.past.left
    there = (case.employment_codes >= 0) & (case.employment_codes < len(ended))
    days = np.full(len(case.run), NO_DAY, dtype=np.int64)
    days[there] = ended[case.employment_codes[there]]
    if not (days != NO_DAY).any():
        return None
    left = pd.Series(np.where(days == NO_DAY, np.datetime64("NaT"), days.astype("datetime64[D]"))).astype(
        "datetime64[s]"
    )
    again = (case["start_date"] > left) & (case["start_date"].dt.year == left.dt.year)
    return Where(again, field="employment_id", facts={"value": case["employment_id"], "left": left})
