"""AEPN snapshots, and the instruction that governs each pay line.

A snapshot is what was fetched for one employer on one day. Snapshots are append-only; the latest one downloaded
before the check counts, the one before it is kept to tell what changed. Within a snapshot the instruction that governs
a payment is the latest issued among those in force on its pay date (scheme rules 3.1-3.4: the key is employer
number + PPSN + employment ID, and the employment ID is case-sensitive).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from autoenroll_desktop.domain.aepn import Status, status_of
from autoenroll_desktop.domain.finding import Ints
from autoenroll_desktop.domain.identifier_columns import check_column
from autoenroll_desktop.rules.columns import Columns
from autoenroll_desktop.rules.keys import keys

NO_MEANINGS: Mapping[str, Status] = {}
_ORDER = {state: at for at, state in enumerate(Status)}


@dataclass(frozen=True, eq=False)
class Register:
    """The AEPNs that count for a check.

    Attributes:
        current: frame of the current snapshot: `AEPN_FIELDS` plus file, row (int64) and state (`Status` value).
        previous: the snapshot before it, same shape, possibly empty.
        downloaded_at: when the current snapshot of each employer was fetched ("" stands for an unnamed employer).
    """

    current: pd.DataFrame
    previous: pd.DataFrame
    downloaded_at: dict[str, dt.datetime]

    @cached_property
    def person(self) -> npt.NDArray[np.object_]:
        """Employer and PPSN of each current row as one text key."""
        return keys(self.current["employer_registration_number"], self.current["ppsn"])

    @cached_property
    def employment(self) -> npt.NDArray[np.object_]:
        """Employer, PPSN and employment ID of each current row as one text key."""
        return keys(self.person, self.current["employment_id"])

    @cached_property
    def employments(self) -> tuple[npt.NDArray[np.bool_], pd.Index]:
        """Rows whose employment stands in several rows, and the employments of all others as an index to look up."""
        repeated = pd.Series(self.employment, dtype=object).duplicated(keep=False).to_numpy()
        return repeated, pd.Index(self.employment[~repeated], dtype=object)

    @property
    def names_employers(self) -> bool:
        """Whether any row says whose it is; AEPNs that name no employer match those of any."""
        return self.employers != {None}

    @cached_property
    def employers(self) -> frozenset[str | None]:
        """The employers of the current snapshot, None among them where rows name none."""
        return frozenset(self.current["employer_registration_number"].unique())

    @cached_property
    def columns(self) -> Columns:
        """The columns of the current snapshot."""
        return Columns(self.current)

    @cached_property
    def _states(self) -> Ints:
        return np.array([_ORDER[state] for state in self.current["state"]], dtype=np.int64)

    def says(self, *states: Status) -> npt.NDArray[np.bool_]:
        """Current rows that say one of these."""
        told: npt.NDArray[np.bool_] = np.array([state in states for state in _ORDER])[self._states]
        return told

    @cached_property
    def exempt(self) -> npt.NDArray[np.bool_]:
        """Current rows that say exempt."""
        return self.says(Status.EXEMPT)

    @cached_property
    def exempt_employments(self) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
        """Employments whose every AEPN says exempt, and those of which only some do, as text keys."""
        some = pd.Index(self.employment[self.exempt], dtype=object).unique()
        others = some.isin(self.employment[~self.exempt])
        return some[~others].to_numpy(object), some[others].to_numpy(object)

    def exempt_on(self, employment: npt.NDArray[np.object_], days: "pd.Series[Any]") -> npt.NDArray[np.bool_]:
        """Whether the AEPN that governs a payment of each employment (text keys) on each day says exempt."""
        if not len(employment):
            return np.zeros(0, dtype=np.bool_)
        look_up, _ = governing(self, days.reset_index(drop=True))
        rows = look_up(employment, np.ones(len(employment), dtype=np.bool_))
        told: npt.NDArray[np.bool_] = (rows >= 0) & self.exempt[np.maximum(rows, 0)]
        return told

    @property
    def loaded(self) -> bool:
        return bool(len(self.current))


def build_register(aepns: pd.DataFrame, now: dt.datetime, meanings: Mapping[str, Status] = NO_MEANINGS) -> Register:
    """Sort AEPN rows into the current snapshot and the one before.

    Args:
        aepns: rows of every AEPN file: `AEPN_FIELDS` plus file and row; `downloaded_at` filled in every row.
        now: the clock; what was downloaded after it does not count, unless nothing else is there.
        meanings: what a person said of status words that are none we know.
    """
    frame = aepns.reset_index(drop=True)
    states = {raw: meanings.get(raw) or status_of(raw) for raw in frame["status"].unique()}
    frame["state"] = [states[raw] for raw in frame["status"]]
    frame["ppsn"] = check_column(frame["ppsn"].to_numpy(object)).numbers
    employers = frame["employer_registration_number"].fillna("").str.upper()
    frame["employer_registration_number"] = employers.where(employers != "", None)
    days = np.array([moment.date() for moment in frame["downloaded_at"]], dtype="datetime64[D]")
    usable = np.array([moment <= now for moment in frame["downloaded_at"]], dtype=bool)
    current, previous, downloaded = [], [], {}
    for employer in employers.unique():
        mine = (employers == employer).to_numpy()
        counted = mine & usable if (mine & usable).any() else mine
        latest = days[counted].max()
        of_day = counted & (days == latest)
        current.append(_last_fetched(frame[of_day]))
        earlier = counted & (days < latest)
        if earlier.any():
            previous.append(_last_fetched(frame[earlier & (days == days[earlier].max())]))
        downloaded[employer] = max(frame.loc[of_day, "downloaded_at"])
    nothing = frame.iloc[:0]
    return Register(
        pd.concat(current, ignore_index=True) if current else nothing,
        pd.concat(previous, ignore_index=True) if previous else nothing,
        downloaded,
    )


def _last_fetched(day: pd.DataFrame) -> pd.DataFrame:
    """One day's rows; where several files of that day hold one employment, those of the file fetched last."""
    if day["file"].nunique() < 2:
        return day
    key = keys(day["employer_registration_number"], day["ppsn"], day["employment_id"])
    moments = pd.Series([moment.timestamp() for moment in day["downloaded_at"]], index=day.index)
    return day[(moments == moments.groupby(key).transform("max")).to_numpy()]


def governing(register: Register, pay_dates: "pd.Series[Any]") -> tuple[Any, npt.NDArray[np.bool_]]:
    """A function from line keys to rows of `current`, and the rows that contradict one another."""
    theirs, current = register.employment, register.current
    repeated, single = register.employments
    at_single = np.flatnonzero(~repeated)
    twice = np.zeros(len(current), dtype=bool)

    def look_up(wanted: npt.NDArray[np.object_], lines: npt.NDArray[np.bool_]) -> Ints:
        found = single.get_indexer(pd.Index(wanted, dtype=object))
        result = np.where(found >= 0, at_single[found] if len(at_single) else -1, -1).astype(np.int64)
        if repeated.any():
            contested = lines & pd.Index(wanted, dtype=object).isin(theirs[repeated])
            for day in pd.unique(pay_dates[contested]):
                of_day = np.flatnonzero(contested & (pay_dates.isna() if pd.isna(day) else pay_dates == day).to_numpy())
                chosen, clash = _on_day(current, theirs, repeated, day)
                twice[clash] = True
                result[of_day] = [chosen.get(wanted[line], -1) for line in of_day]
        return result

    return look_up, twice


def _on_day(
    current: pd.DataFrame, theirs: npt.NDArray[np.object_], repeated: npt.NDArray[np.bool_], day: Any
) -> tuple[dict[str, int], list[int]]:
    """Among repeated employments: the row that governs a payment of `day`, and rows that clash."""
    part = pd.DataFrame(
        {
            "key": theirs[repeated],
            "row": np.flatnonzero(repeated),
            "issued": current["issue_date"].to_numpy()[repeated],
            "starts": current["effective_date"].to_numpy()[repeated],
            "ends": current["end_date"].to_numpy()[repeated],
        }
    )
    started = part["starts"].isna() | (part["starts"] <= day)
    running = started & (part["ends"].isna() | (part["ends"] >= day))
    part["rank"] = np.select([running, started], [2, 1], 0)
    part = part.sort_values(["key", "rank", "issued", "starts", "row"], na_position="first", kind="stable")
    last = part.groupby("key", sort=False).tail(1)
    ranked = part.merge(last, on="key", suffixes=("", "_last"))
    same = (ranked["rank"] == 2) & (ranked["rank_last"] == 2) & _equal(ranked["issued"], ranked["issued_last"])
    same &= _equal(ranked["starts"], ranked["starts_last"])
    clash = ranked[same & (ranked.groupby("key")["row"].transform("size") > 1)]
    clash = clash[clash.duplicated("key", keep=False)]
    return dict(zip(last["key"], last["row"], strict=True)), clash["row"].tolist()


def _equal(left: "pd.Series[Any]", right: "pd.Series[Any]") -> "pd.Series[Any]":
    return (left == right) | (left.isna() & right.isna())


def counts(state: Status) -> bool:
    """Whether an AEPN of this state speaks of an employment that goes on."""
    return state not in (Status.LEFT, Status.CEASED, Status.DE_ENROLLED)
