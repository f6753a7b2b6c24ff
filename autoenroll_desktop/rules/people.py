"""People by name and birth: what NAERSA and Revenue take, and what the age rules need (scheme rules 5.3)."""

import re
from collections.abc import Iterator

import pandas as pd

from autoenroll_desktop.rules.ages import reached, taken_apart
from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.rule import ACT, ERROR, INFO, NAERSA_ERRORS, REVENUE, WARNING, Where, rule


@rule(
    "name-missing",
    severity=ERROR,
    topic="identity",
    law="MFFERR008, MFFERR011; Revenue PSR item name",
    link=NAERSA_ERRORS,
)
def name_missing(case: Case) -> Iterator[Where]:
    """Lines without a first or a family name."""
    yield Where(~case.there("family_name"), field="family_name", cause="family-name")
    yield Where(~case.there("first_name"), field="first_name", cause="first-name")


@rule("name-too-long", severity=ERROR, topic="identity", law="MFFERR008, MFFERR011", link=NAERSA_ERRORS, fix="auto")
def name_too_long(case: Case) -> Iterator[Where]:
    """Names over the length NAERSA takes."""
    longest = case.law("name-length")
    for field in ("first_name", "family_name"):
        names = case.coded(field)
        long = names.told(lambda name: len(name) > longest)
        if long.any():
            facts = {
                "size": names.by_word([len(name) for name in names.words], 0),
                "longest": longest,
                "suggestion": names.by_word([name[:longest].rstrip() for name in names.words], None),
            }
            yield Where(long, field=field, facts=facts, cause=field.replace("_", "-"))


@rule("name-characters", severity=WARNING, topic="identity", law="Revenue REST schema, name", link=REVENUE, fix="auto")
def name_characters(case: Case) -> Iterator[Where]:
    """Names with characters outside Revenue's set (a curly apostrophe, ö, ç, ñ …)."""
    foreign = re.compile(f"[^{case.law('name-characters')}]")
    for field in ("first_name", "family_name"):
        names = case.coded(field)
        odd = names.told(lambda name: foreign.search(name) is not None)
        if odd.any():
            strange = ["".join(dict.fromkeys(foreign.findall(name))) for name in names.words]
            facts = {
                "characters": names.by_word(strange, None),
                "value": case[field],
                "suggestion": names.by_word([_plain_name(name) for name in names.words], None),
            }
            yield Where(odd, field=field, facts=facts, cause=field.replace("_", "-"))


_PLAIN_LETTERS = str.maketrans("’‘`–—öÖüÜäÄñÑçÇłŁ", "'''--oOuUaAnNcClL", "")


def _plain_name(name: str) -> str:
    return name.translate(_PLAIN_LETTERS)


@rule("date-of-birth-missing", severity=INFO, topic="identity", law="s.50(2), s.57(1)", link=ACT)
def date_of_birth_missing(case: Case) -> Where:
    """Lines whose age rules cannot be checked."""
    return Where(~case.there("date_of_birth") & case.in_scheme, field="date_of_birth")


@rule("date-of-birth-implausible", severity=ERROR, topic="identity", law="Revenue 2017, 2018", link=REVENUE)
def date_of_birth_implausible(case: Case) -> Where:
    """Dates of birth in the future, over 130 years back, or of somebody too young to work."""
    born, day = case.born, case.paid_on
    if not day.known.all():
        day = taken_apart(case["pay_date"].fillna(pd.Timestamp(case.now.date())))
    young = born.known & ~reached(born, day, case.law("working-age"))
    old = reached(born, day, case.law("oldest-age"))
    return Where(young | old, field="date_of_birth", facts={"born": case["date_of_birth"]})
