"""Who is paid, and by whom: employer number, PPSN, employment ID, name, date of birth (scheme rules 5.1-5.3)."""

import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from autoenroll_desktop.domain.finding import Ints
from autoenroll_desktop.domain.identifiers import Check, explain, is_employment_id
from autoenroll_desktop.rules.ages import reached, taken_apart
from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.columns import several
from autoenroll_desktop.rules.history import NO_DAY, day_numbers
from autoenroll_desktop.rules.past import who_is
from autoenroll_desktop.rules.register import Match, keys, plain_id
from autoenroll_desktop.rules.rule import ACT, ERROR, INFO, NAERSA_ERRORS, REVENUE, WARNING, Where, rule

_EMPLOYER_LAW = "Revenue 1004; REST schema, employerRegistrationNumber"
_PPSN_LAW = "Revenue 1010; PPS number check"
Bools = npt.NDArray[np.bool_]
Objects = npt.NDArray[np.object_]


def _employer_numbers(case: Case, wanted: Check) -> Where:
    """One place for each distinct employer number with that outcome: its first line."""
    codes, numbers = case.coded("employer_registration_number")
    told = [explain(number) for number in (*numbers, "")]
    first = np.full(len(told), -1, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    wrong = [at for at, one in enumerate(told) if one.check == wanted and first[at] >= 0]
    expected = np.array([one.expected for one in told], dtype=object)[codes] if wrong else None
    facts = {"value": case["employer_registration_number"], "expected": expected}
    return Where(np.sort(first[wrong]), field="employer_registration_number", facts=facts)


@rule("employer-number-missing", severity=ERROR, topic="identity", law=_EMPLOYER_LAW, link=REVENUE, fix="choose")
def employer_number_missing(case: Case) -> Where:
    """The employer number stands neither in the files nor was it given."""
    return _employer_numbers(case, Check.MISSING)


@rule("employer-number-format", severity=ERROR, topic="identity", law=_EMPLOYER_LAW, link=REVENUE, fix="choose")
def employer_number_format(case: Case) -> Where:
    """Employer numbers that are not seven digits and one or two letters."""
    return _employer_numbers(case, Check.BAD_FORMAT)


@rule("employer-number-check", severity=ERROR, topic="identity", law=_EMPLOYER_LAW, link=REVENUE, fix="choose")
def employer_number_check(case: Case) -> Where:
    """Employer numbers whose check letter does not fit their digits."""
    return _employer_numbers(case, Check.BAD_LETTER)


@rule("ppsn-missing", severity=ERROR, topic="identity", law="MFFERR021", link=NAERSA_ERRORS)
def ppsn_missing(case: Case) -> Iterator[Where]:
    """Lines without a PPSN. A new starter often has none yet, which is told apart."""
    missing = ~case.known
    if not missing.any():
        return
    starter = (case["start_date"] >= case["pay_date"] - pd.Timedelta(days=case.law("new-starter-days"))).to_numpy(bool)
    yield Where(missing & ~starter, field="ppsn")
    yield Where(missing & starter, field="ppsn", cause="new-starter")


@rule("ppsn-masked", severity=ERROR, topic="identity", law=_PPSN_LAW, link=REVENUE)
def ppsn_masked(case: Case) -> Where:
    """PPSNs printed with bullets, stars or X in place of digits."""
    return Where(case.ppsn.masked, field="ppsn")


@rule("ppsn-format", severity=ERROR, topic="identity", law=_PPSN_LAW, link=REVENUE, fix="choose")
def ppsn_format(case: Case) -> Where | None:
    """PPSNs that are not seven digits and one or two letters; the AEPN's is offered as for the check letter."""
    return _wrong_number(case, (case.ppsn.check == Check.BAD_FORMAT) & ~case.ppsn.masked)


@rule("ppsn-check-letter", severity=ERROR, topic="identity", law=_PPSN_LAW, link=REVENUE, fix="choose")
def ppsn_check_letter(case: Case) -> Where | None:
    """PPSNs whose check letter does not fit; the AEPN's number is offered when it is one slip away, same name."""
    return _wrong_number(case, case.ppsn.check == Check.BAD_LETTER)


def _wrong_number(case: Case, wrong: Bools) -> Where | None:
    """With the AEPN's PPSN on lines that were matched by name."""
    if not wrong.any():
        return None
    offered = case.aepn("ppsn").where(case.matched.how == Match.REPAIRED, None)
    return Where(wrong, field="ppsn", facts={"ppsn": case["ppsn"], "suggestion": offered})


@rule("ppsn-zero-padded", severity=INFO, topic="identity", law=_PPSN_LAW, link=REVENUE, fix="auto")
def ppsn_zero_padded(case: Case) -> Where:
    """PPSNs of eight digits with a leading zero that pass once it is dropped."""
    padded = case.ppsn.zero_padded & (case.ppsn.check == Check.GOOD)
    return Where(padded, field="ppsn", facts={"ppsn": case["ppsn"], "suggestion": case.ppsn.numbers})


@rule(
    "ppsn-old-suffix",
    severity=WARNING,
    topic="identity",
    law="Revenue, Employment ID Guide",
    link=REVENUE,
    fix="choose",
)
def ppsn_old_suffix(case: Case) -> Where:
    """PPSNs with a second letter W, T, X or Z, withdrawn in 2019 in favour of the employment ID."""
    old = np.isin(case.ppsn.suffix, case.law("ppsn-old-suffixes")) & (case.ppsn.check == Check.GOOD)
    return Where(old, field="ppsn", facts={"ppsn": case["ppsn"], "letter": case.ppsn.suffix})


@rule("ppsn-second-letter", severity=WARNING, topic="identity", law=_PPSN_LAW, link=REVENUE)
def ppsn_second_letter(case: Case) -> Iterator[Where]:
    """PPSNs with a second letter that no person is given today; H belongs to bodies that are no people."""
    issued = (*case.law("ppsn-second-letters"), *case.law("ppsn-old-suffixes"), "")
    unusual = ~np.isin(case.ppsn.suffix, issued) & (case.ppsn.check == Check.GOOD)
    body = case.ppsn.suffix == "H"
    facts = {"ppsn": case["ppsn"], "letter": case.ppsn.suffix}
    yield Where(unusual & body, field="ppsn", facts=facts, cause="not-a-person")
    yield Where(unusual & ~body, field="ppsn", facts=facts)


@rule("ppsn-shared", severity=ERROR, topic="identity", law="MFFERR005", link=NAERSA_ERRORS)
def ppsn_shared(case: Case) -> Where | None:
    """One PPSN with two people: names that share no word, or two dates of birth. Every line of such a PPSN is named."""
    sound = (case.ppsn.check <= Check.BAD_LETTER) & case.there("family_name")
    sound &= several(case.numbers.codes)
    if not sound.any():
        return None
    lines = case.run.lines[sound]
    people = pd.DataFrame(
        {
            "ppsn": case.ppsn.numbers[sound],
            "name": keys(lines["first_name"], lines["family_name"]),
            "born": lines["date_of_birth"].to_numpy(),
        }
    ).drop_duplicates()
    suspects = people[people["ppsn"].duplicated(keep=False)]
    shared = {ppsn for ppsn, group in suspects.groupby("ppsn") if not _one_person(group)}
    return Where(
        sound & pd.Series(case.ppsn.numbers, dtype=object).isin(list(shared)).to_numpy(),
        field="ppsn",
        facts={"ppsn": case["ppsn"]},
    )


def _one_person(group: pd.DataFrame) -> bool:
    """Whether rows of name and birth can be one person: a shared word in the name and no two dates of birth."""
    if len(group["born"].dropna().unique()) > 1:
        return False
    words = [set(re.findall(r"\w+", name.casefold())) for name in group["name"]]
    return all(first & second for first in words for second in words)


@rule("ppsn-changed", severity=WARNING, topic="identity", law="MFFERR005", link=NAERSA_ERRORS, fix="choose")
def ppsn_changed(case: Case) -> Where | None:
    """People (works number and name, or name and date of birth) who had another PPSN in the latest earlier period."""
    if not len(case.past):
        return None
    lines = np.flatnonzero((case.ppsn.check == Check.GOOD) & ~_as_before(case))
    told = pd.Series(who_is(case.run.lines.iloc[lines]), index=lines, dtype=object).map(case.past.names)
    then = pd.Series(told, index=case.run.lines.index, dtype=object)
    changed = lines[(told.notna() & (told != case.ppsn.numbers[lines])).to_numpy(bool)]
    return Where(changed, field="ppsn", facts={"ppsn": case["ppsn"], "before": then, "suggestion": then})


def _as_before(case: Case) -> Bools:
    """Lines that name somebody just as the employment's last payment did, under the PPSN that is still theirs."""
    same = (case.last >= 0) & case.past.steady[case.last]
    for field in ("works_number", "first_name", "family_name"):
        now, was = case[field].to_numpy(object), case.past.columns[field].to_numpy(object)[case.last]
        same &= (now == was) & case.there(field)
    return same


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
