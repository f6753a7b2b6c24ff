"""What changed against the last period, and why: only what no reason explains needs a person.

Each employment of the run is put beside its own last payment. A reason is looked for in the order in which a clerk
would: who came and who left, how often somebody is paid, part of a period, an extra payment, hours, the AEPN, the
rate, the annual limit. "Hours" means that basic pay stayed and the rest of gross pay moved.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.expected import Why
from autoenroll_desktop.rules.history import NO_DAY, cents, day_numbers, mapped, pairs
from autoenroll_desktop.rules.rule import WARNING, Where, rule


class Reason(StrEnum):
    """Why an employment's pay or contribution is not what it was."""

    SAME = "same"
    STARTER = "starter"
    LEAVER = "leaver"
    GONE = "gone"
    """In the last period, not in this run, and no leave date."""
    FREQUENCY = "frequency"
    PART_PERIOD = "part-period"
    SEVERAL = "several-payments"
    EXTRA_PERIOD = "extra-period"
    HOURS = "hours"
    AEPN = "aepn"
    RATE = "rate"
    LIMIT = "limit"
    FOLLOWS_PAY = "follows-pay"
    SMALL = "small"
    NONE = "none"
    """Beyond the threshold, and no reason was found."""


def period_diff(case: Case) -> pd.DataFrame:
    """Every employment of the run and of the last period before it, was beside is.

    Returns:
        One row a line of the run, then one a line of the last period that has none in it: line and past (positions,
        -1 for none), gross_was, gross, contribution_was, contribution (Int64 cents, missing where there is none),
        pay (`Reason` for gross pay) and share (`Reason` for the employee's contribution). Empty without history.
    """
    if not len(case.past):
        return pd.DataFrame({name: [] for name in _COLUMNS})
    there = case.last >= 0
    past = case.history.lines
    frame = pd.DataFrame(
        {
            "line": np.arange(len(case.run)),
            "past": case.last,
            "gross_was": case.was("gross_pay"),
            "gross": case["gross_pay"],
            "contribution_was": case.was("ae_employee"),
            "contribution": case["ae_employee"],
            "pay": _pay_reasons(case, there),
            "share": _share_reasons(case, there),
        }
    )
    gone = _gone(case)
    left = past["leave_date"].iloc[gone].notna().to_numpy()
    reason = np.where(left, Reason.LEAVER, Reason.GONE).astype(object)
    nothing = pd.array([pd.NA] * len(gone), dtype="Int64")
    others = pd.DataFrame(
        {
            "line": np.full(len(gone), -1),
            "past": gone,
            "gross_was": past["gross_pay"].iloc[gone].array,
            "gross": nothing,
            "contribution_was": past["ae_employee"].iloc[gone].array,
            "contribution": nothing,
            "pay": reason,
            "share": reason,
        }
    )
    return pd.concat([frame, others], ignore_index=True) if len(others) else frame


_COLUMNS = ("line", "past", "gross_was", "gross", "contribution_was", "contribution", "pay", "share")


def _pay_reasons(case: Case, there: np.ndarray[Any, np.dtype[np.bool_]]) -> np.ndarray[Any, np.dtype[np.object_]]:
    now, was = cents(case["gross_pay"]), cents(case.was("gross_pay"))
    change = np.abs(now - was)
    small = (change < case.law("change-amount")) | (change * 10_000 < case.law("change-share") * np.abs(was))
    frequency = case["pay_frequency"]
    other = (frequency != case.was("pay_frequency")).to_numpy(bool) & frequency.notna().to_numpy()
    other = other & case.was("pay_frequency").notna().to_numpy()
    between = mapped(frequency, pairs(case.law("days-between-payments")))
    since = pd.to_timedelta(between, unit="D")
    part = (case["start_date"] > case["pay_date"] - 2 * since).to_numpy(bool)
    part = part | case["leave_date"].notna().to_numpy()
    extra = mapped(frequency, pairs(case.law("extra-pay-periods")))
    extra_now = (extra > 0) & (case["pay_period"].fillna(0).to_numpy(np.int64) == extra)
    employments = pd.Series(case.employment_codes)
    several = (employments.duplicated(keep=False) & (employments >= 0)).to_numpy()
    basic = (case["basic_pay"] == case.was("basic_pay")).fillna(False).to_numpy(bool) & (
        now != cents(case["basic_pay"])
    )
    chosen: np.ndarray[Any, np.dtype[np.object_]] = np.select(
        [~there, now == was, small, other, part, several, extra_now, basic],
        [
            Reason.STARTER,
            Reason.SAME,
            Reason.SMALL,
            Reason.FREQUENCY,
            Reason.PART_PERIOD,
            Reason.SEVERAL,
            Reason.EXTRA_PERIOD,
            Reason.HOURS,
        ],
        default=Reason.NONE,
    ).astype(object)
    return chosen


def _share_reasons(case: Case, there: np.ndarray[Any, np.dtype[np.bool_]]) -> np.ndarray[Any, np.dtype[np.object_]]:
    now, was = cents(case["ae_employee"]), cents(case.was("ae_employee"))
    gross, gross_was = cents(case["gross_pay"]), cents(case.was("gross_pay"))
    off = np.abs(now * gross_was - was * gross) <= np.maximum(np.abs(gross), np.abs(gross_was)) * 2
    stopped = ~case.expected["why"].isin([Why.DUE, Why.OVER_LIMIT]).to_numpy(bool)
    limit = case.taken.crossing
    year = case["pay_date"].dt.year.to_numpy(np.float64, na_value=0)
    year_was = case.was("pay_date").dt.year.to_numpy(np.float64, na_value=0)
    rate = _rate_of(case, year) != _rate_of(case, year_was)
    right = now == case.taken.expected["employee"]
    chosen: np.ndarray[Any, np.dtype[np.object_]] = np.select(
        [~there, now == was, off & (was != 0), limit, rate & right, right & ((was == 0) | stopped), right],
        [
            Reason.STARTER,
            Reason.SAME,
            Reason.FOLLOWS_PAY,
            Reason.LIMIT,
            Reason.RATE,
            Reason.AEPN,
            Reason.AEPN,
        ],
        default=Reason.NONE,
    ).astype(object)
    return chosen


def _rate_of(case: Case, year: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The Act's employee rate of each year, 0 before the scheme; its rates change with the year."""
    rates = {
        one: case.book.on(pd.Timestamp(int(one), 12, 31).date())["employee-rate"]
        for one in np.unique(year)
        if one >= case.book["employee-rate"].dated[0].start.year
    }
    return np.array([rates.get(one, 0) for one in year], dtype=np.int64)


def _gone(case: Case) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Lines of the last period of each pay frequency in the run whose employment has no line now."""
    past = case.history.lines
    codes = case.past.employment_codes
    running = set(case["pay_frequency"].dropna().unique()) or {None}
    mine = past["pay_frequency"].isin(running) | past["pay_frequency"].isna()
    first = day_numbers(case["pay_date"])
    earlier = day_numbers(past["pay_date"]) < first[first != NO_DAY].min(initial=10**6)
    known = mine.to_numpy() & earlier & (codes >= 0)
    last_day = past["pay_date"].where(pd.Series(known)).groupby(past["pay_frequency"].fillna("")).transform("max")
    latest = known & (past["pay_date"] == last_day).to_numpy()
    return np.flatnonzero(latest & ~np.isin(codes, case.employment_codes))


@rule("change-unexplained", severity=WARNING, topic="pay-run")
def change_unexplained(case: Case) -> Iterator[Where]:
    """Gross pay or contributions that moved beyond the threshold against the last period, no reason found."""
    told = period_diff(case)
    mine = told[told["line"] >= 0]
    for what, field, was in (("pay", "gross_pay", "gross_was"), ("share", "ae_employee", "contribution_was")):
        lines = mine.loc[mine[what] == Reason.NONE, "line"].to_numpy(np.int64)
        if what == "share":
            sound = case.taken.amount["employee"] == case.taken.expected["employee"]
            lines = lines[sound[lines]]  # a wrong contribution has a finding of its own
        facts = {"was": mine[was].reset_index(drop=True), "now": case[field], "day": case.was("pay_date")}
        yield Where(lines, field=field, facts=facts, cause=f"{what}-changed")


@rule("period-gap", severity=WARNING, topic="timing")
def period_gap(case: Case) -> Where | None:
    """Pay periods missing between the last one and this: one place for each employer and pay frequency."""
    told = _periods(case)
    if told is None:
        return None
    between = mapped(case["pay_frequency"], pairs(case.law("days-between-payments")))
    late = (told["since"] > 1.6 * between) & (between > 0) & told["first"]
    numbered = told["same_year"] & (told["period"] > 0) & (told["period_was"] > 0)
    gap = told["first"] & np.where(numbered, told["period"] > told["period_was"] + 1, late)
    facts = {"day": told["day_was"], "pay_date": case["pay_date"], "frequency": case["pay_frequency"]}
    return Where(gap, field="pay_period", facts=facts)


@rule("period-overlap", severity=WARNING, topic="timing")
def period_overlap(case: Case) -> Where | None:
    """Employments paid before for the same pay period of the same year, or on the same pay date."""
    if not len(case.past):
        return None
    past = case.history.lines
    employment = pd.Series(case.employment_codes)
    now = _period_keys(employment, case.run.lines)
    then = _period_keys(pd.Series(case.past.employment_codes), past)
    twice = now.notna() & now.isin(set(then.dropna()))
    facts = {"period": case["pay_period"], "pay_date": case["pay_date"]}
    return Where(twice, field="pay_period", facts=facts)


def _period_keys(employment: "pd.Series[Any]", lines: pd.DataFrame) -> "pd.Series[Any]":
    """Employment, year, frequency and pay period (the pay date where there is none) as text; None where unknown."""
    year = lines["pay_date"].dt.year.astype("Int64").astype(str)
    when = lines["pay_period"].astype("Int64").astype(str).where(lines["pay_period"].notna())
    when = when.fillna(lines["pay_date"].dt.strftime("%Y%m%d"))
    key = employment.astype(str) + "/" + year + "/" + lines["pay_frequency"].fillna("").astype(str) + "/" + when
    known: pd.Series[Any] = key.where((employment >= 0) & lines["pay_date"].notna() & when.notna(), None)
    return known


def _periods(case: Case) -> dict[str, Any] | None:
    """For each line the last period of its employer and frequency, and whether it is the first line of its own."""
    past = case.history.lines
    if not len(past):
        return None
    names = ["employer_registration_number", "pay_frequency"]
    run = case.run.lines
    days = past.groupby(names, dropna=False)["pay_date"]
    earlier = past.assign(latest=days.transform("max"))
    last = earlier[earlier["pay_date"] == earlier["latest"]].drop_duplicates(names)
    beside = run[names].merge(last[[*names, "pay_date", "pay_period"]], on=names, how="left")
    since = (run["pay_date"].to_numpy() - beside["pay_date"].to_numpy()).astype("timedelta64[D]").astype(np.float64)
    first = ~run[[*names, "pay_date"]].duplicated().to_numpy() & beside["pay_date"].notna().to_numpy() & (since > 0)
    earliest = run.groupby(names, dropna=False)["pay_date"].transform("min")
    return {
        "since": np.nan_to_num(since),
        "first": first & (run["pay_date"] == earliest).to_numpy(),
        "day_was": beside["pay_date"],
        "same_year": (run["pay_date"].dt.year.to_numpy() == beside["pay_date"].dt.year.to_numpy()),
        "period": run["pay_period"].fillna(0).to_numpy(np.int64),
        "period_was": beside["pay_period"].fillna(0).to_numpy(np.int64),
    }
