"""Payroll, AEPNs and contributions beside one another, by employment: the hour of VLOOKUPs before every pay run.

An employment is employer number, PPSN and employment ID. Those of payroll come first, with their AEPN however it was
found; then AEPNs nobody's pay line belongs to; then contributions without a pay line. No employment is in two buckets
and none is in no bucket; the sums over the buckets are the sums of each side.
"""

from typing import Any

import numpy as np
import pandas as pd

from autoenroll_desktop.domain.aepn import Status
from autoenroll_desktop.domain.identifiers import Check
from autoenroll_desktop.domain.reconciliation import Bucket
from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.expected import CALCULATED, Why
from autoenroll_desktop.rules.history import cents
from autoenroll_desktop.rules.register import Match, counts, keys

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
    aepns = _aepns_without_lines(case, payroll)
    return pd.concat([payroll, aepns, _contributions_without_lines(case)], ignore_index=True)


def bucket_counts(reconciled: pd.DataFrame) -> dict[str, int]:
    """Employments by bucket; every bucket is named, 0 included."""
    counted = reconciled["bucket"].value_counts()
    return {bucket.value: int(counted.get(bucket.value, 0)) for bucket in Bucket}


def _payroll(case: Case) -> pd.DataFrame:
    """One row an employment with pay lines; a line without a PPSN is an employment by itself."""
    amounts = case.taken
    known = case.ppsn.check != Check.MISSING
    alone = np.array([f"line {at}" for at in range(len(case.run))], dtype=object)
    frame = pd.DataFrame(
        {
            "key": np.where(known, case.employment, alone),
            "line": np.arange(len(case.run)),
            "aepn": case.matched.rows,
            "gross": cents(case["gross_pay"]),
            "due_employee": amounts.expected["employee"],
            "due_employer": amounts.expected["employer"],
            "taken_employee": amounts.amount["employee"],
            "taken_employer": amounts.amount["employer"],
            "bucket": _buckets(case),
            "rank": 0,
        }
    )
    off = [
        np.where(amounts.known[share], np.abs(amounts.amount[share] - amounts.expected[share]), 0)
        for share in ("employee", "employer")
    ]
    calculated = case.expected["why"].isin(CALCULATED).to_numpy(bool)
    frame["at_stake"] = np.where(calculated & ~_either_reading(case), off[0] + off[1], 0)
    order = {bucket.value: at for at, bucket in enumerate(Bucket)}
    frame["rank"] = frame["bucket"].map(order)
    sums = ["gross", "due_employee", "due_employer", "taken_employee", "taken_employer", "at_stake"]
    groups = frame.groupby("key", sort=False)
    merged = groups[sums].sum()
    merged["line"], merged["aepn"] = groups["line"].first(), groups["aepn"].max()
    merged["lines"] = groups.size()
    worst = frame.loc[groups["rank"].idxmin().to_numpy(), ["key", "bucket"]].set_index("key")["bucket"]
    merged["bucket"] = worst
    merged = merged.reset_index()
    at = merged["line"].to_numpy(np.int64)
    for field in ("first_name", "family_name", "employment_id"):
        merged[field] = case[field].iloc[at].to_numpy(object)
    merged["ppsn"] = case.ppsn.numbers[at]
    merged["reason"] = case.expected["why"].iloc[at].to_numpy(object)
    return merged[list(COLUMNS)]


def _buckets(case: Case) -> Any:
    """The bucket of each line by itself."""
    amounts, why = case.taken, case.expected["why"]
    how = case.matched.how
    unclear = why.isin([Why.UNCLEAR_EMPLOYMENT, Why.UNCLEAR_STATUS]).to_numpy(bool) | (how == Match.AMBIGUOUS)
    no_aepn = why.isin([Why.NO_AEPN, Why.NO_SNAPSHOT]).to_numpy(bool)
    calculated = why.isin(CALCULATED).to_numpy(bool)
    given = amounts.known["employee"] | amounts.known["employer"]
    off = np.zeros(len(case.run), dtype=np.bool_)
    for share in ("employee", "employer"):
        off = off | (amounts.known[share] & (amounts.amount[share] != amounts.expected[share]))
    off = off & calculated & ~_either_reading(case)
    named = np.isin(how, [Match.ID_VARIANT, Match.PERSON, Match.REPAIRED])
    return np.select(
        [
            unclear,
            no_aepn & amounts.any,
            no_aepn,
            off & amounts.due & given & ~amounts.any,
            off & ~amounts.due,
            off,
            named,
        ],
        [
            Bucket.UNCLEAR.value,
            Bucket.WITHOUT_AEPN.value,
            Bucket.PAYROLL_ONLY.value,
            Bucket.MISSING.value,
            Bucket.NOT_DUE.value,
            Bucket.DIFFERS.value,
            Bucket.ID_MISMATCH.value,
        ],
        default=Bucket.MATCHED.value,
    ).astype(object)


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
    spoken_of = set(theirs[used]) | set(payroll["key"])
    people = set(case.person[ambiguous])
    own = case.register.person
    rest = np.array(
        [key not in spoken_of and person not in people for key, person in zip(theirs, own, strict=True)],
        dtype=np.bool_,
    )
    first = rest & ~pd.Series(theirs).duplicated(keep="last").to_numpy()
    rows = np.flatnonzero(first)
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
            "reason": "",
            "bucket": bucket,
        }
    )
    return frame[list(COLUMNS)]
