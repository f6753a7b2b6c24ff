"""What changed against the last period, and why: only what no reason explains needs a person.

Each employment of the run is put beside its own last payment. A reason is looked for in the order in which a clerk
would: who came and who left, how often somebody is paid, part of a period, an extra payment, hours, the AEPN, the
rate, the annual limit. "Hours" means that basic pay stayed and the rest of gross pay moved.
"""

import datetime as dt
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from autoenroll_desktop.domain.checked_run import CHANGES
from autoenroll_desktop.domain.finding import Ints
from autoenroll_desktop.rules.ages import taken_apart
from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.history import NO_DAY, day_numbers, mapped, pairs
from autoenroll_desktop.rules.past import period_numbers
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
        return pd.DataFrame({name: [] for name in CHANGES})
    past, gone = case.past.lines, _gone(case)
    pay, share = moved(case)
    frame = pd.DataFrame(
        {
            "line": np.arange(len(case.run)),
            "past": case.last,
            "gross_was": case.was("gross_pay"),
            "gross": case["gross_pay"],
            "contribution_was": case.was("ae_employee"),
            "contribution": case["ae_employee"],
            "pay": _NAMED[pay],
            "share": _NAMED[share],
        }
    )
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
    both = pd.concat([frame, others], ignore_index=True) if len(others) else frame
    return both.astype({"pay": object, "share": object})  # pandas makes texts of its own kind of them


_NEVER = 10**9
_AT = {reason: at for at, reason in enumerate(Reason)}
_NAMED = np.array([*Reason], dtype=object)
Bools = npt.NDArray[np.bool_]


def moved(case: Case) -> tuple[Ints, Ints]:
    """Why each line's gross pay and contribution moved, as places among `Reason`, worked out once a check."""
    if "moved" not in case.kept:
        case.kept["moved"] = _pay_reasons(case, case.last >= 0), _share_reasons(case, case.last >= 0)
    told: tuple[Ints, Ints] = case.kept["moved"]
    return told


def _pay_reasons(case: Case, there: Bools) -> Ints:
    now, was = case.cents("gross_pay"), case.cents_were("gross_pay")
    change = np.abs(now - was)
    small = (change < case.law("change-amount")) | (change * 10_000 < case.law("change-share") * np.abs(was))
    reasons: Ints = np.select(
        [~there, now == was, small], [_AT[Reason.STARTER], _AT[Reason.SAME], _AT[Reason.SMALL]], -1
    )
    lines = np.flatnonzero(reasons < 0)
    reasons[lines] = _moved_pay(case, lines)
    return reasons


def _moved_pay(case: Case, lines: Ints) -> Ints:
    """Why gross pay of these lines moved, as positions of reasons."""
    before, past = case.last[lines], case.past.columns
    frequency, was = case["pay_frequency"].to_numpy(object)[lines], past["pay_frequency"].to_numpy(object)[before]
    other = (frequency != was) & case.there("pay_frequency")[lines] & past.there("pay_frequency")[before]
    between = mapped(case.coded("pay_frequency"), pairs(case.law("days-between-payments")))[lines]
    started = day_numbers(case["start_date"])[lines]
    part_period = (started > case.days[lines] - 2 * between) | case.there("leave_date")[lines]
    extra = mapped(case.coded("pay_frequency"), pairs(case.law("extra-pay-periods")))[lines]
    extra_now = (extra > 0) & (case.cents("pay_period")[lines] == extra)
    basic = case.cents("basic_pay")[lines]
    hours = case.there("basic_pay")[lines] & past.there("basic_pay")[before]
    hours &= (basic == past.cents("basic_pay")[before]) & (case.cents("gross_pay")[lines] != basic)
    chosen = {
        Reason.FREQUENCY: other,
        Reason.PART_PERIOD: part_period,
        Reason.SEVERAL: case.paid_several_times[lines],
        Reason.EXTRA_PERIOD: extra_now,
        Reason.HOURS: hours,
    }
    moved: Ints = np.select(list(chosen.values()), [_AT[one] for one in chosen], _AT[Reason.NONE]).astype(np.int64)
    return moved


def _share_reasons(case: Case, there: Bools) -> Ints:
    now, was = case.cents("ae_employee"), case.cents_were("ae_employee")
    reasons: Ints = np.select([~there, now == was], [_AT[Reason.STARTER], _AT[Reason.SAME]], -1)
    lines = np.flatnonzero(reasons < 0)
    now, was = now[lines], was[lines]
    gross, gross_was = case.cents("gross_pay")[lines], case.cents_were("gross_pay")[lines]
    follows = np.abs(now * gross_was - was * gross) <= np.maximum(np.abs(gross), np.abs(gross_was)) * 2
    years = case.paid_on.year[lines], taken_apart(case.past.lines["pay_date"].iloc[case.last[lines]]).year
    rate = _rate_of(case, years[0]) != _rate_of(case, years[1])
    right = now == case.taken.expected["employee"][lines]
    chosen = [
        (follows & (was != 0), Reason.FOLLOWS_PAY),
        (case.taken.crossing[lines], Reason.LIMIT),
        (rate & right, Reason.RATE),
        (right, Reason.AEPN),
    ]
    reasons[lines] = np.select([one[0] for one in chosen], [_AT[one[1]] for one in chosen], _AT[Reason.NONE])
    return reasons


def _rate_of(case: Case, year: Ints) -> Ints:
    """The Act's employee rate of each year, 0 before the scheme; its rates change with the year."""
    years, which = np.unique(year, return_inverse=True)
    begins = case.book["employee-rate"].dated[0].start.year
    rates = [case.book.on(dt.date(int(one), 12, 31))["employee-rate"] if one >= begins else 0 for one in years]
    return np.array(rates, dtype=np.int64)[which]


def _gone(case: Case) -> Ints:
    """Lines of the last period of each employer and pay frequency in the run whose employment has no line now."""
    names, past, known = ("employer_registration_number", "pay_frequency"), case.past, case.paid_on.known
    here, then = case.columns.grouped(*names), past.columns.grouped(*names)
    first = np.full(len(case.run), _NEVER, dtype=np.int64)
    np.minimum.at(first, here[known], case.days[known])
    begins = dict(zip(case.columns.combinations(*names), first.tolist(), strict=False))
    days = [begins.get(name, _NEVER) for name in past.columns.combinations(*names)]
    beside = np.array(days, dtype=np.int64)[then]
    rows = np.flatnonzero((past.days < beside) & (beside != _NEVER) & (past.employment_codes >= 0))
    last = np.full(len(days), NO_DAY, dtype=np.int64)
    np.maximum.at(last, then[rows], past.days[rows])
    latest = rows[last[then[rows]] == past.days[rows]]
    gone: Ints = latest[~np.isin(past.employment_codes[latest], case.employment_codes)]
    return gone


@rule("change-unexplained", severity=WARNING, topic="pay-run")
def change_unexplained(case: Case) -> Where | None:
    """Gross pay that moved beyond the threshold against the last period, no reason found.

    A contribution needs no such finding: a right one has its reason, and a wrong one a finding of its own.
    """
    if not len(case.past):
        return None
    pay, _ = moved(case)
    facts = {"was": case.was("gross_pay"), "now": case["gross_pay"], "day": case.was("pay_date")}
    return Where(np.flatnonzero(pay == _AT[Reason.NONE]), field="gross_pay", facts=facts, cause="pay-changed")


@rule("period-gap", severity=WARNING, topic="timing")
def period_gap(case: Case) -> Where | None:
    """Pay periods missing between the last one and this: one place for each employer and pay frequency."""
    if not len(case.past):
        return None
    names = ["employer_registration_number", "pay_frequency"]
    run = case.run.lines
    groups, days = case.columns.grouped(*names), np.where(case.paid_on.known, case.days, _NEVER)
    earliest = np.lexsort((days, groups))
    earliest = earliest[np.diff(groups[earliest], prepend=-1) > 0]
    earliest = earliest[days[earliest] < _NEVER]
    here = run[[*names, "pay_date", "pay_period"]].iloc[earliest].reset_index(names="line")
    beside = here.merge(case.past.last_runs, on=names, suffixes=("", "_was"))
    between = mapped(beside["pay_frequency"], pairs(case.law("days-between-payments")))
    since = (beside["pay_date"] - beside["pay_date_was"]).dt.days
    same_year = beside["pay_date"].dt.year == beside["pay_date_was"].dt.year
    numbered = same_year & beside["pay_period"].notna() & beside["pay_period_was"].notna()
    left_out = (beside["pay_period"] > beside["pay_period_was"] + 1).fillna(value=False)
    gap = (since > 0) & left_out.where(
        numbered, (since * 10_000 > case.law("period-gap-share") * between) & (between > 0)
    ).astype(bool)
    lines = beside["line"].to_numpy(np.int64)
    day = pd.Series(pd.NaT, index=run.index, dtype="datetime64[s]")
    day.iloc[lines] = beside["pay_date_was"].to_numpy()
    facts = {"day": day, "pay_date": case["pay_date"], "frequency": case["pay_frequency"]}
    return Where(np.sort(lines[gap.to_numpy(bool)]), field="pay_period", facts=facts)


@rule("period-overlap", severity=WARNING, topic="timing")
def period_overlap(case: Case) -> Where | None:
    """Employments paid before for the same pay period of the same year, or on the same pay date."""
    if not len(case.past):
        return None
    known, then = case.past.periods
    now = period_numbers(case.run.lines, case.employment_codes, case.days, known)
    at = np.minimum(np.searchsorted(then, now), len(then) - 1)
    facts = {"period": case["pay_period"], "pay_date": case["pay_date"]}
    return Where((now >= 0) & (then[at] == now), field="pay_period", facts=facts)
