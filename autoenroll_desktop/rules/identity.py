"""Who is paid, and by whom: employer numbers and PPSNs (scheme rules 5.1, 5.2)."""

import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from autoenroll_desktop.domain.identifiers import Check, explain
from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.columns import several
from autoenroll_desktop.rules.keys import keys
from autoenroll_desktop.rules.matching import Match
from autoenroll_desktop.rules.past import who_is
from autoenroll_desktop.rules.rule import ERROR, INFO, NAERSA_ERRORS, REVENUE, WARNING, Where, rule

_EMPLOYER_LAW = "Revenue 1004; REST schema, employerRegistrationNumber"
_PPSN_LAW = "Revenue 1010; PPS number check"
Bools = npt.NDArray[np.bool_]


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
