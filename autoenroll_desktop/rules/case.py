"""Everything a rule may look at, with what several rules need worked out once."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from dataclasses import field as of
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from autoenroll_desktop.domain.finding import Ints
from autoenroll_desktop.domain.identifier_columns import Checked, check_column
from autoenroll_desktop.domain.identifiers import Check
from autoenroll_desktop.domain.pay_run import FIELDS, FileRead, PayRun
from autoenroll_desktop.domain.sent import NOTHING_SENT, Sent
from autoenroll_desktop.rules.ages import Days, taken_apart
from autoenroll_desktop.rules.book import Book
from autoenroll_desktop.rules.columns import Coded, Columns, several
from autoenroll_desktop.rules.expected import Expected, Why, expected_amounts
from autoenroll_desktop.rules.history import NO_DAY, Payments, Timeline, day_numbers
from autoenroll_desktop.rules.keys import SEPARATOR
from autoenroll_desktop.rules.matching import Match, Matched, match_lines
from autoenroll_desktop.rules.past import Past, numbers_beyond
from autoenroll_desktop.rules.register import Register
from autoenroll_desktop.rules.taken import Taken, compare
from autoenroll_desktop.rules.year_to_date import gross_before, paid


@dataclass(frozen=True, eq=False)
class Case:
    """A pay run with its AEPNs, its past, the law and the clock.

    Attributes:
        history: pay lines of earlier periods (`--previous`), possibly empty.
        now: the clock, timezone-aware.
        unpaid: rows of contribution files that found no pay line.
        sent: what was sent before, as far as the ledger knows.
        notices: the office's list of enrolment notices (see `rules.notices`), empty where none was given.
        known_past: the history as an earlier check has worked it out already.
        kept: what one rule worked out that others need too, by name.
    """

    run: PayRun
    history: PayRun
    register: Register
    files: Sequence[FileRead]
    book: Book
    now: dt.datetime
    unpaid: pd.DataFrame = of(default_factory=lambda: pd.DataFrame({name: [] for name in FIELDS}))
    sent: Sent = NOTHING_SENT
    notices: pd.DataFrame = of(default_factory=pd.DataFrame)
    known_past: Past | None = None
    kept: dict[str, Any] = of(default_factory=dict)
    _was: "dict[str, pd.Series[Any]]" = of(default_factory=dict, init=False)

    @cached_property
    def columns(self) -> Columns:
        """The columns of the run's lines."""
        return Columns(self.run.lines)

    def __getitem__(self, field: str) -> "pd.Series[Any]":
        return self.columns[field]

    def there(self, field: str) -> npt.NDArray[np.bool_]:
        """Lines that have this field."""
        return self.columns.there(field)

    def cents(self, field: str) -> Ints:
        """A money column with 0 where missing: right for sums, never for a statement about one payment."""
        return self.columns.cents(field)

    def coded(self, field: str) -> Coded:
        """A text column as numbers."""
        return self.columns.coded(field)

    @property
    def nothing(self) -> npt.NDArray[np.bool_]:
        """False for every line."""
        return np.zeros(len(self.run), dtype=bool)

    @cached_property
    def ppsn(self) -> Checked:
        """The run's PPSNs, normalised and checked."""
        return check_column(self.run["ppsn"].to_numpy(object))

    @cached_property
    def numbers(self) -> Coded:
        """The run's PPSNs, normalised, as numbers."""
        codes, words = pd.factorize(self.ppsn.numbers)
        return Coded(codes.astype(np.int64), np.asarray(words, dtype=object))

    @cached_property
    def written_people(self) -> Ints:
        """Each line's person (employer and PPSN) as it is written, as a number of this run's own; -1 without a PPSN."""
        codes, employers = self.coded("employer_registration_number")
        together = self.numbers.codes * (len(employers) + 1) + codes + 1
        return np.where(self.known, pd.factorize(together)[0], -1)

    @cached_property
    def person(self) -> npt.NDArray[np.object_]:
        """Employer and PPSN of each line as one text key."""
        codes, employers = self.coded("employer_registration_number")
        numbers = np.where(self.known, self.ppsn.numbers, "")
        with_mark: npt.NDArray[np.object_] = np.append(employers, [""]).astype(object) + np.asarray(SEPARATOR, object)
        told: npt.NDArray[np.object_] = with_mark[codes] + numbers
        return told

    @cached_property
    def employment(self) -> npt.NDArray[np.object_]:
        """Employer, PPSN and employment ID of each line as one text key."""
        codes, ids = self.coded("employment_id")
        with_mark: npt.NDArray[np.object_] = np.asarray(SEPARATOR, object) + np.append(ids, [""]).astype(object)
        told: npt.NDArray[np.object_] = self.person + with_mark[codes]
        return told

    @cached_property
    def matched(self) -> Matched:
        """Which AEPN governs each line."""
        return match_lines(self.run.lines, self.ppsn, self.register, self.employment)

    def aepn(self, field: str) -> "pd.Series[Any]":
        """A column of the governing AEPN, aligned with the lines; missing where there is none."""
        column = self.register.current[field]
        if not len(column):
            return pd.Series([None] * len(self.run), dtype=object)
        found = column.iloc[np.maximum(self.matched.rows, 0)].reset_index(drop=True)
        return found.where(pd.Series(self.matched.rows >= 0))

    @cached_property
    def past(self) -> Past:
        """The history, worked out once for every check of it."""
        return self.known_past or Past(self.history.lines)

    @cached_property
    def days(self) -> Ints:
        """Pay dates of the run's lines as day numbers (`rules.history`)."""
        return day_numbers(self["pay_date"])

    @cached_property
    def born(self) -> Days:
        """Dates of birth, taken apart."""
        return taken_apart(self["date_of_birth"])

    @cached_property
    def paid_on(self) -> Days:
        """Pay dates, taken apart."""
        return taken_apart(self["pay_date"])

    @cached_property
    def last_of_person(self) -> npt.NDArray[np.bool_]:
        """The last line of each person, so that one person is spoken of once."""
        order = np.argsort(self.person_codes * 1_000_000 + self.days, kind="stable")
        ends = np.append(
            self.person_codes[order][1:] != self.person_codes[order][:-1], np.ones(len(order[:1]), dtype=bool)
        )
        last = self.nothing.copy()
        last[order[ends]] = True
        return last & (self.person_codes >= 0)

    @cached_property
    def paid_several_times(self) -> npt.NDArray[np.bool_]:
        """Lines of employments that have more than one line in this run."""
        return several(self.employment_codes)

    def because(self, *reasons: Why) -> npt.NDArray[np.bool_]:
        """Lines whose amount is expected for one of these reasons."""
        told: npt.NDArray[np.bool_] = np.array([reason in reasons for reason in Why])[self._worked_out.reasons]
        return told

    @cached_property
    def known(self) -> npt.NDArray[np.bool_]:
        """Lines with a PPSN."""
        known: npt.NDArray[np.bool_] = self.ppsn.check != Check.MISSING
        return known

    @cached_property
    def written_codes(self) -> Ints:
        """Each line's employment as it is written, as a number that the history's lines share, -1 without a PPSN."""
        return numbers_beyond(self.employment, self.known, self.past.employments)

    @cached_property
    def employment_codes(self) -> Ints:
        """Each line's employment as a number that the history's lines share, -1 without a PPSN.

        A number or ID that is new and differs from the AEPN's by a slip stands for the AEPN's.
        """
        return self._meant(self.written_codes, self.past.employments, self.register.employment)

    @cached_property
    def person_codes(self) -> Ints:
        """Each line's person as a number that the history's lines share, -1 without a PPSN; slips as above."""
        own = numbers_beyond(self.person, self.known, self.past.people)
        return self._meant(own, self.past.people, self.register.person)

    def _meant(self, own: Ints, index: pd.Index, theirs: npt.NDArray[np.object_]) -> Ints:
        slips = np.flatnonzero((own >= len(index)) & (self.matched.rows >= 0) & (self.matched.how != Match.EXACT))
        if not len(slips) or not len(index):
            return own
        codes, found = own.copy(), index.get_indexer(pd.Index(theirs[self.matched.rows[slips]], dtype=object))
        codes[slips[found >= 0]] = found[found >= 0]
        return codes

    @cached_property
    def last(self) -> Ints:
        """For each line the history's line of the employment's latest earlier payment, -1 where there is none."""
        return self.past.by_employment.last_before(self.employment_codes, self.days)

    def was(self, field: str) -> "pd.Series[Any]":
        """A column of the employment's latest earlier payment, aligned with the lines; missing where there is none."""
        if field not in self._was:
            there = len(self.past) > 0
            self._was[field] = (
                pd.Series(self.past.columns[field].array.take(self.last, allow_fill=True))
                if there
                else self[field].where(pd.Series(self.nothing))
            )
        return self._was[field]

    def cents_were(self, field: str) -> Ints:
        """A money column of the employment's latest earlier payment, 0 where missing or where there is none."""
        if not len(self.past):
            return np.zeros(len(self.run), dtype=np.int64)
        return np.where(self.last >= 0, self.past.columns.cents(field)[self.last], 0)

    @cached_property
    def by_person(self) -> Timeline:
        """All payments by person."""
        running = self._running(Payments(self.person_codes, self.days), "person")
        return Timeline(Payments(self.person_codes, self.days), self.past.by_person, running)

    @cached_property
    def by_employment(self) -> Timeline:
        """All payments by employment."""
        running = self._running(Payments(self.employment_codes, self.days), "employment")
        return Timeline(Payments(self.employment_codes, self.days), self.past.by_employment, running)

    def _running(self, mine: Payments, by: str) -> Callable[[str], tuple[Ints, Ints]]:
        return lambda field: (mine.running(self.cents(field)), self.past.running(field, by))

    @cached_property
    def gross_before(self) -> Ints:
        """Cents of gross pay this calendar year before each line's pay date, as far as the files show."""
        exempt = np.append(self.register.exempt, [False])[self.matched.rows]
        now = paid(self.columns, np.where(exempt, -1, self.person_codes), self.employment_codes)
        until = int(self.days[self.days != NO_DAY].min(initial=NO_DAY))
        late, summary = self.past.earned(until, self.register)
        return gross_before(now, late, summary)

    @cached_property
    def gross_in_window(self) -> Ints:
        """Cents of the person's gross pay in the look-back weeks up to each line's pay date, as far as files show."""
        start = self.days - 7 * self.law("look-back-weeks")
        return self.by_person.total("gross_pay", self.person_codes, start, self.days)

    @cached_property
    def _worked_out(self) -> Expected:
        born, paid_on = self.born, self.paid_on
        return expected_amounts(self.columns, self.register, self.matched, self.gross_before, born, paid_on, self.book)

    @property
    def expected(self) -> pd.DataFrame:
        """What should have been contributed (see `CheckedRun.expected`)."""
        return self._worked_out.amounts

    @cached_property
    def taken(self) -> Taken:
        """What was taken beside what was expected."""
        return compare(self.columns, self._worked_out)

    @cached_property
    def in_scheme(self) -> npt.NDArray[np.bool_]:
        """Lines paid on or after the day the scheme began."""
        start = self.book["scheme-start"].dated[0].value
        in_scheme: npt.NDArray[np.bool_] = (self["pay_date"] >= pd.Timestamp(start)).to_numpy(bool)
        return in_scheme

    @cached_property
    def deducted(self) -> npt.NDArray[np.bool_]:
        """Lines of files that say anything at all about contributions taken (a PSR by itself does not)."""
        files = self["file"].to_numpy(np.int64)
        told = np.unique(files[self.taken.known["employee"] | self.taken.known["employer"]])
        said: npt.NDArray[np.bool_] = np.isin(files, told)
        return said

    def law(self, name: str) -> Any:
        """A value of the rule book on the day of the latest pay date (today where the run has none)."""
        return self.book.on(max(self._latest, self.book[name].dated[0].start))[name]

    @cached_property
    def _latest(self) -> dt.date:
        latest = self["pay_date"].max()
        return self.now.date() if pd.isna(latest) else latest.date()
