"""Payroll against NAERSA's instructions: NAERSA decides who is enrolled, payroll carries it out (s.50, s.59)."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from autoenroll_desktop.domain.aepn import Status
from autoenroll_desktop.domain.finding import Ints
from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.columns import Columns
from autoenroll_desktop.rules.expected import Why
from autoenroll_desktop.rules.keys import keys
from autoenroll_desktop.rules.matching import Match
from autoenroll_desktop.rules.register import counts
from autoenroll_desktop.rules.rule import ACT, ERROR, GATE, INFO, NAERSA_ERRORS, WARNING, Where, rule
from autoenroll_desktop.rules.timing import DUBLIN, next_cut_off

_REFRESH = "https://help-peoplexdpayroll.theaccessgroup.com/en/articles/12995724-retrieve-and-manage-aepn-instructions-for-auto-enrolment"


@rule("aepn-not-loaded", severity=GATE, topic="aepn", law="s.50, s.59", link=ACT)
def aepn_not_loaded(case: Case) -> Where | None:
    """Employers of lines under the scheme for whom no AEPN snapshot was given."""
    codes, words = case.coded("employer_registration_number")
    employers = [*words, ""]
    employers = [employers[at] for at in pd.unique(codes[case.in_scheme])]
    known = set(case.register.downloaded_at)
    missing = [employer for employer in employers if employer not in known and "" not in known]
    return (
        Where(rows=np.full(len(missing), -1), facts={"employer": [name or None for name in missing]})
        if missing
        else None
    )


@rule("aepn-stale", severity=GATE, topic="aepn", law="NAERSA refreshes AEPNs nightly", link=_REFRESH)
def aepn_stale(case: Case) -> Where | None:
    """Snapshots fetched before the last night ahead of this check (or of the cut-off, once that has passed)."""
    last = next_cut_off(case)
    if last is None or not case.register.loaded:
        return None
    refresh = case.law("aepn-refresh")
    moment = min(case.now, last).astimezone(DUBLIN)
    night = dt.datetime.combine(moment.date(), refresh, tzinfo=DUBLIN)
    if moment < night:
        night -= dt.timedelta(days=1)
    old = {employer: fetched for employer, fetched in case.register.downloaded_at.items() if fetched < night}
    if not old:
        return None
    facts = {
        "employer": [employer or None for employer in old],
        "downloaded": [fetched.astimezone(DUBLIN) for fetched in old.values()],
        "night": [night] * len(old),
    }
    return Where(rows=np.full(len(old), -1), facts=facts)


@rule("aepn-duplicate", severity=ERROR, topic="aepn", law="scheme key: employer, PPSN, employment ID", link=_REFRESH)
def aepn_duplicate(case: Case) -> Where:
    """Rows of the snapshot that give one employment two instructions of the same date, both in force."""
    twice = case.register.current[case.matched.twice]
    return _rows(twice, "employment_id", {"ppsn": twice["ppsn"], "employment_id": twice["employment_id"]})


def _rows(rows: pd.DataFrame, field: str, facts: dict[str, Any]) -> Where:
    return Where(
        files=rows["file"].to_numpy(np.int64),
        rows=rows["row"].to_numpy(np.int64),
        field=field,
        facts={name: pd.Series(column).array for name, column in facts.items()},
    )


@rule("aepn-not-on-payroll", severity=WARNING, topic="aepn", law="MFFERR005", link=NAERSA_ERRORS, fix="choose")
def aepn_not_on_payroll(case: Case) -> Where | None:
    """AEPNs in force for employments without a pay line: a leaver, a wrong ID, or somebody left out.

    People who are paid in another rhythm (they were in an earlier period under a pay frequency this run does not
    hold) are not named.
    """
    current = case.register.current
    if not len(current) or not case.in_scheme.any():
        return None
    used = np.zeros(len(current), dtype=bool)
    used[case.matched.rows[case.matched.rows >= 0]] = True
    rows = np.flatnonzero(~used & case.register.says(*(state for state in Status if counts(state))))
    if not len(rows):
        return None
    unclear = case.person[case.matched.how == Match.AMBIGUOUS]
    governed, people = case.register.employment, case.register.person
    rows = rows[
        ~pd.Index(governed[rows], dtype=object).isin(governed[used])
        & ~pd.Index(people[rows], dtype=object).isin(unclear)
    ]
    left_out = current.iloc[rows]
    first, last = _pay_dates(case, left_out)
    running = ~((left_out["end_date"] < first) | (left_out["effective_date"] > last)).to_numpy(bool)
    employers = case["employer_registration_number"].fillna("").unique()
    ours = left_out["employer_registration_number"].fillna("").isin([*employers, ""]).to_numpy(bool)
    left_out = left_out[running & ours & ~_other_rhythm(case, rows)]
    names = left_out["first_name"].fillna("") + " " + left_out["family_name"].fillna("")
    state = left_out["state"].astype(str).str.replace("_", " ")
    return _rows(left_out, "ppsn", {"name": names.str.strip(), "ppsn": left_out["ppsn"], "status": state})


def _pay_dates(case: Case, current: pd.DataFrame) -> tuple["pd.Series[Any]", "pd.Series[Any]"]:
    """First and last pay date of each AEPN's employer in this run; of the whole run where it names none."""
    days = case["pay_date"]
    theirs = days.groupby(case["employer_registration_number"]).agg(["min", "max"])
    of_row = theirs.reindex(current["employer_registration_number"]).set_axis(current.index)
    return of_row["min"].fillna(days.min()), of_row["max"].fillna(days.max())


def _other_rhythm(case: Case, rows: Ints) -> npt.NDArray[np.bool_]:
    """Which of the AEPNs are of people last paid in a frequency that their employer's lines in this run do not hold."""
    current, rhythms = case.register.current.iloc[rows], case.past.rhythms
    if not len(rows) or not len(rhythms):
        return np.zeros(len(rows), dtype=np.bool_)
    here = case.run.lines[["employer_registration_number", "pay_frequency"]].drop_duplicates()
    elsewhere = rhythms.index[~rhythms.isin(keys(here["employer_registration_number"], here["pay_frequency"]))]
    if current["employer_registration_number"].isna().all():
        return current["ppsn"].isin(case.past.ppsn.numbers[elsewhere]).to_numpy(bool)
    found: npt.NDArray[np.bool_] = pd.Index(case.register.person[rows], dtype=object).isin(case.past.person[elsewhere])
    return found


@rule(
    "aepn-employment-id-mismatch",
    severity=ERROR,
    topic="aepn",
    law="MFFERR096; AEPN key",
    link=NAERSA_ERRORS,
    fix="choose",
)
def aepn_employment_id_mismatch(case: Case) -> Iterator[Where]:
    """Lines whose PPSN has an AEPN but whose employment ID is another one."""
    written, there = case["employment_id"], case.there("employment_id")
    presumed = (case.matched.how == Match.PERSON) & there
    if presumed.any():
        facts = {"value": written, "suggestion": case.aepn("employment_id")}
        yield Where(presumed, field="employment_id", facts=facts)
    ambiguous = (case.matched.how == Match.AMBIGUOUS) & there
    yield Where(ambiguous, field="employment_id", facts={"value": written, "suggestion": None}, cause="several")


@rule("aepn-unknown-status", severity=ERROR, topic="aepn", law="s.50; NAERSA's status codes are not public", link=ACT)
def aepn_unknown_status(case: Case) -> Iterator[Where]:
    """AEPNs whose status word is not understood or that are enrolled without rates; no amount is calculated."""
    unclear = case.because(Why.UNCLEAR_STATUS)
    if not unclear.any():
        return
    word = case.expected["status"].eq(Status.UNKNOWN).to_numpy()
    yield Where(unclear & word, field="status", facts={"raw": case.aepn("status")})
    yield Where(unclear & ~word, field="status", facts={"raw": case.aepn("status")}, cause="no-rates")


@rule("aepn-rate-not-statutory", severity=WARNING, topic="aepn", law="s.61", link=ACT)
def aepn_rate_not_statutory(case: Case) -> Where | None:
    """AEPN rates that are not 0 and differ from the Act's for the pay date."""
    mine = case.in_scheme & (case.matched.rows >= 0)
    if not mine.any():
        return None
    rates = Columns(case.expected)
    differs, due = case.nothing, np.zeros(len(case.run), dtype=np.int64)
    for share in ("employee", "employer"):
        rate = rates.cents(f"{share}_rate")
        statutory = np.zeros(len(case.run), dtype=np.int64)
        statutory[mine] = case.book.column(f"{share}-rate", case["pay_date"][mine])
        differs |= mine & (rate != 0) & (rate != statutory)
        due = np.maximum(due, statutory)
    facts = {
        "employee_rate": case.expected["employee_rate"],
        "employer_rate": case.expected["employer_rate"],
        "statutory": due,
    }
    return Where(differs, field="employee_rate", facts=facts)


@rule("aepn-changed", severity=INFO, topic="aepn", law="s.50, s.54, s.57", link=ACT)
def aepn_changed(case: Case) -> Iterator[Where]:
    """Instructions that are new, other or gone since the snapshot before; of employers who have one before."""
    before = case.register.previous
    if not len(before):
        return
    employers = before["employer_registration_number"].fillna("").unique()
    fetched = case.register.current
    now = fetched[fetched["employer_registration_number"].fillna("").isin(employers)]
    what = ["state", "employee_rate", "employer_rate", "effective_date", "end_date"]
    key = ["employer_registration_number", "ppsn", "employment_id"]
    latest = [part.drop_duplicates(key, keep="last") for part in (now, before)]
    both = latest[0].merge(latest[1], on=key, how="outer", suffixes=("", "_before"), indicator="side")
    differs = np.zeros(len(both), dtype=bool)
    for column in what:
        old, new = both[column], both[f"{column}_before"]
        differs |= ~((old == new).fillna(value=False) | (old.isna() & new.isna())).to_numpy(bool)
    for cause, side in (("new", "left_only"), ("changed", "both"), ("gone", "right_only")):
        rows = both[(both["side"] == side).to_numpy() & differs]
        side_of = "_before" if cause == "gone" else ""
        places = rows.assign(file=rows[f"file{side_of}"].astype("int64"), row=rows[f"row{side_of}"].astype("int64"))
        names = rows[f"first_name{side_of}"].fillna("") + " " + rows[f"family_name{side_of}"].fillna("")
        facts = {"name": names.str.strip(), "now": _in_words(rows, ""), "before": _in_words(rows, "_before")}
        where = _rows(places, "status", facts)
        yield Where(files=where.files, rows=where.rows, field="status", facts=where.facts, cause=cause)


def _in_words(rows: pd.DataFrame, suffix: str) -> list[str]:
    """An instruction in a few words, by row: "enrolled from 12/11/2026 at 1.5 % / 1.5 %"."""
    told = []
    columns = [f"{name}{suffix}" for name in ("state", "effective_date", "end_date", "employee_rate", "employer_rate")]
    for state, start, end, employee, employer in rows[columns].astype(object).to_numpy().tolist():
        words = "" if pd.isna(state) else str(state).replace("_", " ")
        words += "" if pd.isna(start) else f" from {start:%d/%m/%Y}"
        words += "" if pd.isna(end) else f" until {end:%d/%m/%Y}"
        words += "" if pd.isna(employee) or pd.isna(employer) else f" at {employee / 100:g} % / {employer / 100:g} %"
        told.append(words.strip() or "not there")
    return told


@rule("payroll-without-aepn", severity=INFO, topic="aepn", law="s.50, s.59", link=ACT)
def payroll_without_aepn(case: Case) -> Where:
    """Lines of employments NAERSA has sent no AEPN for: nothing may be deducted."""
    return Where(case.because(Why.NO_AEPN), field="status")
