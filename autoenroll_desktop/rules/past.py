"""Earlier pay periods, worked out once: a check that is done again after each step asks them as often as it likes.

People and employments are numbered by their text keys (`rules.register.keys`), in the order in which they are met; a
run gives numbers of its own beyond these to people who are new.
"""

from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from autoenroll_desktop.domain.finding import Ints
from autoenroll_desktop.domain.identifier_columns import Checked, check_column
from autoenroll_desktop.domain.identifiers import Check
from autoenroll_desktop.rules.columns import Columns
from autoenroll_desktop.rules.history import NO_DAY, Payments, cents, day_numbers
from autoenroll_desktop.rules.keys import keys
from autoenroll_desktop.rules.register import Register
from autoenroll_desktop.rules.year_to_date import Paid, Summary, paid, summed_up

EMPLOYEE_FIELDS = ("employee_rbs", "employee_prsa", "employee_rac", "employee_avc", "employee_asc", "employee_pepp")
EMPLOYER_FIELDS = ("employer_rbs", "employer_prsa", "employer_pepp")
OWN_PENSION = (*EMPLOYEE_FIELDS, *EMPLOYER_FIELDS)
"""The pension fields of a payroll submission: PSR items 40-45, 54, 59 and 60."""
Objects = npt.NDArray[np.object_]
_PERIODS, _DAYS_BEGIN, _WHENS = 1_000, 10_000_000, 20_000_000
"""Year x 1,000 + pay period stays below 10,000,000, where the days begin; both stay below 20,000,000."""


class Only(NamedTuple):
    """By number of a person: the ID of their only employment in their latest period (None for several), and its day."""

    employment_id: Objects
    day: Ints


class Usual(NamedTuple):
    """By number of an employment: median gross pay, median distance from it (cents), and how many payments that was."""

    middle: Ints
    spread: Ints
    payments: Ints


class Past:
    """The pay lines of earlier periods, in the shape of a run's lines; empty where none were given."""

    def __init__(self, lines: pd.DataFrame) -> None:
        self.lines = lines
        self.columns = Columns(lines)
        self._running: dict[tuple[str, str], Ints] = {}
        self._earned: tuple[int, Register, Paid, Summary] | None = None

    def __len__(self) -> int:
        return len(self.lines)

    @cached_property
    def ppsn(self) -> Checked:
        """The PPSNs, normalised and checked."""
        return check_column(self.lines["ppsn"].to_numpy(object))

    @cached_property
    def known(self) -> npt.NDArray[np.bool_]:
        """Lines with a PPSN."""
        known: npt.NDArray[np.bool_] = self.ppsn.check != Check.MISSING
        return known

    @cached_property
    def person(self) -> Objects:
        """Employer and PPSN of each line as one text key."""
        return keys(self.lines["employer_registration_number"], self.ppsn.numbers)

    @cached_property
    def employment(self) -> Objects:
        """Employer, PPSN and employment ID of each line as one text key."""
        return keys(self.person, self.lines["employment_id"])

    @cached_property
    def _people(self) -> tuple[Ints, pd.Index]:
        return _numbered(self.person, self.known)

    @cached_property
    def _employments(self) -> tuple[Ints, pd.Index]:
        return _numbered(self.employment, self.known)

    @property
    def people(self) -> pd.Index:
        """Each person once; the position is their number."""
        return self._people[1]

    @property
    def employments(self) -> pd.Index:
        """Each employment once; the position is its number."""
        return self._employments[1]

    @property
    def person_codes(self) -> Ints:
        """The number of each line's person, -1 without a PPSN."""
        return self._people[0]

    @property
    def employment_codes(self) -> Ints:
        """The number of each line's employment, -1 without a PPSN."""
        return self._employments[0]

    @cached_property
    def days(self) -> Ints:
        """Pay dates as day numbers."""
        return day_numbers(self.lines["pay_date"])

    @cached_property
    def by_person(self) -> Payments:
        """Payments by person and day."""
        return Payments(self.person_codes, self.days)

    @cached_property
    def by_employment(self) -> Payments:
        """Payments by employment and day."""
        return Payments(self.employment_codes, self.days)

    def running(self, field: str, by: str) -> Ints:
        """Running sums of a money field in the order of `by_person` or `by_employment` ("person", "employment")."""
        if (field, by) not in self._running:
            payments = self.by_person if by == "person" else self.by_employment
            self._running[field, by] = payments.running(self.columns.cents(field))
        return self._running[field, by]

    @cached_property
    def _paid(self) -> Paid:
        return paid(self.columns, self.person_codes, self.employment_codes)

    def earned(self, until: int, register: Register) -> tuple[Paid, Summary]:
        """What counts to the annual limit: payments from the day `until` on, and everything before it summed up.

        Employments the AEPNs call exempt do not count; where that changes with the date, their payments are told one by
        one. Kept for the next check of the same AEPNs.
        """
        if self._earned is None or self._earned[0] != until or self._earned[1] is not register:
            never, changing = register.exempt_employments
            codes = [np.flatnonzero(np.isin(self.employments, one)) for one in (never, changing)]
            apart = np.isin(self.employment_codes, codes[1])
            counted = self.known & ~np.isin(self.employment_codes, codes[0])
            rows = np.flatnonzero(apart)
            counted[rows] &= ~register.exempt_on(self.employment[rows], self.lines["pay_date"].iloc[rows])
            late = self._paid.only(np.flatnonzero(counted & (apart | (self.days >= until))))
            summary = summed_up(self._paid.only(np.flatnonzero(counted & ~apart)), until)
            self._earned = (until, register, late, summary)
        return self._earned[2], self._earned[3]

    @cached_property
    def own_pension(self) -> Ints:
        """Cents of own pension contributions of each line, both sides together."""
        return self.columns.total(*OWN_PENSION)

    @cached_property
    def only(self) -> Only:
        """What is known of people with one employment in their latest period."""
        rows = np.flatnonzero(self.known & self.lines["employment_id"].notna().to_numpy() & (self.days != NO_DAY))
        who, day = self.person_codes[rows], self.days[rows]
        latest = np.full(len(self.people), NO_DAY, dtype=np.int64)
        np.maximum.at(latest, who, day)
        there = rows[day == latest[who]]
        pairs = pd.DataFrame(
            {"who": self.person_codes[there], "id": self.lines["employment_id"].to_numpy(object)[there]}
        )
        alone = pairs.drop_duplicates()
        alone = alone[~alone["who"].duplicated(keep=False)]
        ids = np.full(len(self.people), None, dtype=object)
        ids[alone["who"].to_numpy(np.int64)] = alone["id"].to_numpy(object)
        return Only(ids, latest)

    @cached_property
    def people_left(self) -> npt.NDArray[np.bool_]:
        """By number of a person, whether one of their employments had a leave date."""
        left = np.zeros(len(self.people), dtype=np.bool_)
        ended = self.known & self.lines["leave_date"].notna().to_numpy()
        left[self.person_codes[ended]] = True
        return left

    @cached_property
    def left(self) -> Ints:
        """By number of an employment, the day it ended (the latest one told), `NO_DAY` where none was."""
        ended = np.flatnonzero(self.known & self.lines["leave_date"].notna().to_numpy())
        days = np.full(len(self.employments), NO_DAY, dtype=np.int64)
        np.maximum.at(days, self.employment_codes[ended], day_numbers(self.lines["leave_date"])[ended])
        return days

    @cached_property
    def usual(self) -> Usual:
        """The usual gross pay of each employment. A median is not moved by one odd payment, as an average is."""
        size = len(self.employments)
        counted = self.known & self.lines["gross_pay"].notna().to_numpy()
        frame = pd.DataFrame({"who": self.employment_codes[counted], "gross": cents(self.lines["gross_pay"])[counted]})
        middle = frame.groupby("who")["gross"].median()
        frame["off"] = (frame["gross"] - frame["who"].map(middle)).abs()
        spread, number = frame.groupby("who")["off"].median(), frame.groupby("who").size()
        columns = [np.zeros(size, dtype=np.int64) for _ in range(3)]
        for column, told in zip(columns, (middle, spread, number), strict=True):
            column[told.index.to_numpy(np.int64)] = told.round().to_numpy(np.int64)
        return Usual(*columns)

    @cached_property
    def rhythms(self) -> "pd.Series[str]":
        """Employer and pay frequency of each line that has one, as one text key, by position."""
        rows = np.flatnonzero(self.lines["pay_frequency"].notna().to_numpy())
        here = self.lines.iloc[rows]
        return pd.Series(keys(here["employer_registration_number"], here["pay_frequency"]), index=rows, dtype=object)

    @cached_property
    def last_runs(self) -> pd.DataFrame:
        """The latest pay date of each employer and pay frequency, with the pay period of one of its lines."""
        names = ["employer_registration_number", "pay_frequency"]
        dated = self.lines[[*names, "pay_date", "pay_period"]][self.days != NO_DAY]
        latest: pd.DataFrame = dated.sort_values("pay_date", kind="stable").iloc[::-1].drop_duplicates(names)
        return latest

    @cached_property
    def periods(self) -> tuple[pd.Index, Ints]:
        """The pay frequencies, and the pay periods each employment was paid for (`period_numbers`), ascending."""
        frequencies = pd.Index(self.lines["pay_frequency"].unique(), dtype=object)
        return frequencies, np.unique(period_numbers(self.lines, self.employment_codes, self.days, frequencies))

    @cached_property
    def steady(self) -> npt.NDArray[np.bool_]:
        """Lines whose person, told by who they are, still has the same PPSN on their latest line."""
        told: npt.NDArray[np.bool_] = (
            pd.Series(who_is(self.lines), dtype=object).map(self.names) == self.ppsn.numbers
        ).to_numpy(bool)
        return told

    @cached_property
    def names(self) -> "pd.Series[str]":
        """PPSN by who somebody is without it (`who_is`): that of their latest line."""
        told = pd.DataFrame({"who": who_is(self.lines), "day": self.days, "ppsn": self.ppsn.numbers})
        latest = told[told["who"] != ""].sort_values("day", kind="stable").drop_duplicates("who", keep="last")
        return latest.set_index("who")["ppsn"]


def who_is(lines: pd.DataFrame) -> Objects:
    """Employer and name with works number, or with date of birth, as one text key.

    "" where neither is known, so that nobody is taken for another.
    """
    works, born = lines["works_number"].to_numpy(object), day_numbers(lines["date_of_birth"])
    with_works = pd.notna(works)
    anchor = np.full(len(lines), "", dtype=object)
    anchor[with_works] = "w" + works[with_works]
    by_birth = np.flatnonzero(~with_works & (born != NO_DAY))
    anchor[by_birth] = "b" + born[by_birth].astype(str).astype(object)
    named = keys(lines["employer_registration_number"], lines["first_name"], lines["family_name"], anchor)
    named[(anchor == "") | lines["family_name"].isna().to_numpy()] = ""
    return named


def period_numbers(lines: pd.DataFrame, employment: Ints, day: Ints, frequencies: pd.Index) -> Ints:
    """Employment, pay frequency (its place among `frequencies`) and pay period of a year, as one number; -1 unknown.

    The pay date stands for a pay period that is not told.
    """
    period = lines["pay_period"].to_numpy(np.int64, na_value=0)
    year = day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    when = np.where(period > 0, year * _PERIODS + period, _DAYS_BEGIN + day)
    often: Ints = frequencies.get_indexer(pd.Index(lines["pay_frequency"], dtype=object)).astype(np.int64)
    number = (employment * (len(frequencies) + 1) + often) * _WHENS + when
    return np.where((employment >= 0) & (often >= 0) & (day != NO_DAY), number, -1)


def _numbered(texts: Objects, known: npt.NDArray[np.bool_]) -> tuple[Ints, pd.Index]:
    """Each text's number, -1 where not known, and the texts by number."""
    codes = np.full(len(texts), -1, dtype=np.int64)
    found, unique = pd.factorize(texts[known])
    codes[known] = found
    return codes, pd.Index(unique, dtype=object)


def numbers_beyond(texts: Objects, known: npt.NDArray[np.bool_], index: pd.Index) -> Ints:
    """The number of each text in `index`; texts that are new get the numbers after it, and unknown ones -1."""
    codes: Ints = index.get_indexer(pd.Index(texts, dtype=object)).astype(np.int64)
    new = (codes < 0) & known
    if new.any():
        codes[new] = len(index) + pd.factorize(texts[new])[0]
    codes[~known] = -1
    return codes
