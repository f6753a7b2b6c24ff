"""Payroll, AEPNs and contributions beside one another, by employment: the hour of VLOOKUPs before every pay run.

An employment is employer number, PPSN and employment ID. Those of payroll come first, with their AEPN however it was
found; then AEPNs nobody's pay line belongs to; then contributions without a pay line. No employment is in two buckets
and none is in no bucket; the sums over the buckets are the sums of each side.
"""

from typing import Any

import numpy as np
import pandas as pd

from autoenroll_desktop.domain.aepn import Status
from autoenroll_desktop.domain.finding import Ints
from autoenroll_desktop.domain.reconciliation import Bucket
from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.expected import CALCULATED, Why
from autoenroll_desktop.rules.history import cents
from autoenroll_desktop.rules.keys import keys
from autoenroll_desktop.rules.matching import Match
from autoenroll_desktop.rules.register import counts
from autoenroll_desktop.rules.taken import SHARES, Taken

COLUMNS = (
    "key",
    "line",
    "aepn",
    "lines",
    "first_name",
    "family_name",
    "ppsn",
    "employment_id",
    "gross",
    "due_employee",
    "due_employer",
    "taken_employee",
    "taken_employer",
    "at_stake",
    "reason",
    "bucket",
)


def reconcile(case: Case) -> pd.DataFrame:
    """Every employment of any side, once.

    Returns:
        `COLUMNS`: key (text, unique), line and aepn (positions of its first pay line and of its AEPN, -1 for none),
        lines (how many payments), names and numbers as payroll, else the AEPN, has them; gross, due and taken amounts
        and at_stake in cents (at_stake: what the two shares are off by, together), reason (`Why` of its first line, ""
        for employments without one) and bucket.
    """
    payroll = _payroll(case)
    others = [part for part in (_aepns_without_lines(case, payroll), _contributions_without_lines(case)) if len(part)]
    return pd.concat([payroll, *others], ignore_index=True) if others else payroll


def bucket_counts(reconciled: pd.DataFrame) -> dict[str, int]:
    """Employments by bucket; every bucket is named, 0 included."""
    counted = reconciled["bucket"].value_counts()
    return {bucket.value: int(counted.get(bucket.value, 0)) for bucket in Bucket}


def _payroll(case: Case) -> pd.DataFrame:
    """One row an employment with pay lines; a line without a PPSN is an employment by itself."""
    amounts = case.taken
    alone = np.flatnonzero(~case.known)
    codes = case.written_codes.copy()
    codes[alone] = codes.max(initial=-1) + 1 + np.arange(len(alone))
    calculated = case.because(*CALCULATED) & ~_either_reading(case)
    columns = {
        "gross": case.cents("gross_pay"),
        **{f"due_{share}": amounts.expected[share] for share in SHARES},
        **{f"taken_{share}": amounts.amount[share] for share in SHARES},
        "at_stake": np.where(calculated, sum((_off(amounts, share) for share in SHARES), start=np.int64(0)), 0),
    }
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    first = order[starts]
    back = np.argsort(first)
    """From the order of employments to that of their first lines."""
    merged = {name: _at_starts(np.add, column[order], starts)[back] for name, column in columns.items()}
    bucket, aepn = _at_starts(np.minimum, _buckets(case)[order], starts), case.matched.rows[order]
    lines, first = np.diff(np.append(starts, [len(order)]))[back], first[back]
    key = case.employment[first]
    nameless = np.flatnonzero(~case.known[first])
    key[nameless] = [f"line {at}" for at in first[nameless]]
    frame = {
        "key": key,
        "line": first,
        "aepn": _at_starts(np.maximum, aepn, starts)[back],
        "lines": lines,
        **{field: case[field].array.take(first) for field in ("first_name", "family_name", "employment_id")},
        "ppsn": case.ppsn.numbers[first],
        **merged,
        "reason": case.expected["why"].array.take(first),
        "bucket": np.array([bucket.value for bucket in Bucket], dtype=object)[bucket[back]],
    }
    return pd.DataFrame({name: frame[name] for name in COLUMNS})


def _at_starts(merge: np.ufunc, column: Ints, starts: Ints) -> Ints:
    """The column merged from each start to the next; of no lines nothing."""
    merged: Ints = merge.reduceat(column, starts) if len(starts) else column
    return merged


def _off(amounts: Taken, share: str) -> Ints:
    """Cents by which what was taken is not what is due, 0 where the file does not say."""
    return np.where(amounts.known[share], np.abs(amounts.amount[share] - amounts.expected[share]), 0)


def _buckets(case: Case) -> Ints:
    """The bucket of each line by itself, as its position among the buckets: the one to look at first is the least."""
    amounts, how = case.taken, case.matched.how
    unclear = case.because(Why.UNCLEAR_EMPLOYMENT, Why.UNCLEAR_STATUS) | (how == Match.AMBIGUOUS)
    no_aepn = case.because(Why.NO_AEPN, Why.NO_SNAPSHOT)
    calculated = case.because(*CALCULATED)
    given = amounts.known["employee"] | amounts.known["employer"]
    off = sum((_off(amounts, share) for share in SHARES), start=np.int64(0)) > 0
    off = off & calculated & ~_either_reading(case)
    named = np.isin(how, [Match.ID_VARIANT, Match.PERSON, Match.REPAIRED])
    chosen: dict[Bucket, Any] = {
        Bucket.UNCLEAR: unclear,
        Bucket.WITHOUT_AEPN: no_aepn & amounts.any,
        Bucket.PAYROLL_ONLY: no_aepn,
        Bucket.MISSING: off & amounts.due & given & ~amounts.any,
        Bucket.NOT_DUE: off & ~amounts.due,
        Bucket.DIFFERS: off,
        Bucket.ID_MISMATCH: named,
    }
    places = list(Bucket)
    bucket: Ints = np.select(
        list(chosen.values()), [places.index(one) for one in chosen], places.index(Bucket.MATCHED)
    ).astype(np.int64)
    return bucket


def _either_reading(case: Case) -> Any:
    """Lines at the annual limit whose amounts are those of s.58(3): open which reading counts, so nothing is off."""
    amounts = case.taken
    same = amounts.crossing
    for share in ("employee", "employer"):
        same = same & (~amounts.known[share] | (amounts.amount[share] == amounts.statute[share]))
    return same


def _aepns_without_lines(case: Case, payroll: pd.DataFrame) -> pd.DataFrame:
    current = case.register.current
    theirs = case.register.employment
    used = np.zeros(len(current), dtype=np.bool_)
    used[case.matched.rows[case.matched.rows >= 0]] = True
    ambiguous = case.matched.how == Match.AMBIGUOUS
    rest = np.flatnonzero(~used)
    if not len(rest):
        return _others(current.iloc[rest], theirs[rest], rest, np.array([], dtype=object))
    spoken_of = pd.Index(theirs[rest], dtype=object).isin(theirs[used]) | pd.Index(theirs[rest], dtype=object).isin(
        payroll["key"]
    )
    rest = rest[~spoken_of & ~pd.Index(case.register.person[rest], dtype=object).isin(case.person[ambiguous])]
    rows = rest[~pd.Index(theirs[rest], dtype=object).duplicated(keep="last")]
    alive = current["state"].iloc[rows].map({state: counts(state) for state in Status})
    bucket = np.where(alive.astype(bool), Bucket.AEPN_ONLY.value, Bucket.AEPN_LEFT.value)
    return _others(current.iloc[rows], theirs[rows], rows, bucket)


def _contributions_without_lines(case: Case) -> pd.DataFrame:
    unpaid = case.unpaid
    known = keys(unpaid["employer_registration_number"], unpaid["ppsn"], unpaid["employment_id"])
    key = np.array([f"contribution {at} {one}" for at, one in enumerate(known)], dtype=object)
    nobody = np.full(len(unpaid), -1, dtype=np.int64)
    frame = _others(unpaid, key, nobody, np.full(len(unpaid), Bucket.CONTRIBUTION_ONLY.value))
    for share in ("employee", "employer"):
        frame[f"taken_{share}"] = cents(unpaid[f"ae_{share}"])
    frame["at_stake"] = frame["taken_employee"] + frame["taken_employer"]
    return frame


def _others(rows: pd.DataFrame, key: Any, aepn: Any, bucket: Any) -> pd.DataFrame:
    """Employments without a pay line, in the shape of those with one."""
    frame = pd.DataFrame(
        {
            "key": key,
            "line": np.full(len(rows), -1, dtype=np.int64),
            "aepn": aepn,
            "lines": np.zeros(len(rows), dtype=np.int64),
            **{field: rows[field].to_numpy(object) for field in ("first_name", "family_name", "ppsn", "employment_id")},
            **{
                field: np.zeros(len(rows), dtype=np.int64)
                for field in ("gross", "due_employee", "due_employer", "taken_employee", "taken_employer", "at_stake")
            },
            "reason": np.full(len(rows), "", dtype=object),
            "bucket": bucket,
        }
    )
    return frame[list(COLUMNS)]
