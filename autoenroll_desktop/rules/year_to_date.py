"""How much gross pay a person had in the calendar year before a payment, as far as the files given can tell.

The annual limit counts a person's gross pay in all non-exempt employments in the part of the year *before that day*
(s.58(3)): a payment earlier on the same day does not count. One employer's files can prove that somebody is over the
limit, never that they are under it.

For each employment that is what its payments show, and beyond it what a year to date stated on a payment up to that day
proves to have been earned. Earlier periods are summed up once, up to the first day of the run (`Summary`).
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from autoenroll_desktop.domain.finding import Ints
from autoenroll_desktop.rules.columns import Columns
from autoenroll_desktop.rules.history import NO_DAY, day_numbers

Bools = npt.NDArray[np.bool_]
_YEARS = 10_000
_DAYS = 1_000_000
_APART = np.int64(10**13)
"""More cents than anybody earns in a year, so that running maxima of people do not meet."""


class Paid(NamedTuple):
    """Payments as columns: whose (numbers, -1 unknown), when (day numbers), gross cents, the year to date before it
    (cents, where `stated`)."""

    person: Ints
    employment: Ints
    day: Ints
    gross: Ints
    opening: Ints
    stated: Bools

    def only(self, rows: Any) -> "Paid":
        """Some of the payments, by position or by a bool column."""
        return Paid(*(column[rows] for column in self))

    @property
    def year(self) -> Ints:
        """Calendar years of the pay dates."""
        if not len(self.day):
            return self.day
        first, last = (_year(day) for day in (self.day.min(keepdims=True), self.day.max(keepdims=True)))
        return np.repeat(first, len(self.day)) if first == last else _year(self.day)


def _year(day: Ints) -> Ints:
    year: Ints = day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return year


class Summary(NamedTuple):
    """What was earned before some day.

    Attributes:
        key, gross, unseen: by employment and year (employment x 10,000 + year, ascending): gross pay seen, and what a
            stated year to date proves beyond it. people, earned: by person and year, likewise: both together.
    """

    key: Ints
    gross: Ints
    unseen: Ints
    people: Ints
    earned: Ints


def paid(lines: Columns, person: Ints, employment: Ints) -> Paid:
    """The payments of lines whose people and employments are numbered."""
    gross, before, stated = lines.cents("gross_pay"), lines.cents("ytd_gross"), lines.there("ytd_gross")
    included = ~_before_it(lines["file"].to_numpy(np.int64), gross, before, stated)
    return Paid(person, employment, day_numbers(lines["pay_date"]), gross, before - gross * included, stated)


def _before_it(files: Ints, gross: Ints, before: Ints, stated: Bools) -> Bools:
    """Payments of files whose year to date leaves out the payment it stands on.

    A total below the payment's own gross speaks for that, one that is just the payment against it; most lines decide.
    """
    paying = stated & (gross > 0)
    less, same = files[paying & (before >= 0) & (before < gross)], files[paying & (before == gross)]
    size = int(files.max(initial=0)) + 1
    leaves_out: Bools = (np.bincount(less, minlength=size) > np.bincount(same, minlength=size))[files]
    return leaves_out


def summed_up(payments: Paid, until: int) -> Summary:
    """Everything before the day `until`."""
    known = payments.only((payments.employment >= 0) & (payments.day != NO_DAY) & (payments.day < until))
    if not len(known.day):
        return Summary(*(np.zeros(0, dtype=np.int64) for _ in range(5)))
    running = _by_employment(known, None)
    last = np.flatnonzero(np.append(running.key[1:] != running.key[:-1], [True]))
    seen, unseen = running.seen[last], running.unseen[last]
    people, which = np.unique(
        known.person[running.rows[last]] * _YEARS + running.key[last] % _YEARS, return_inverse=True
    )
    earned = np.zeros(len(people), dtype=np.int64)
    np.add.at(earned, which, seen + unseen)
    return Summary(running.key[last], seen, unseen, people, earned)


def gross_before(now: Paid, late: Paid, past: Summary) -> Ints:
    """Cents of gross pay in the calendar year before each payment of `now`, 0 where nothing is known.

    Args:
        late: payments of earlier periods that `past` does not hold.
    """
    both = Paid(*(np.concatenate(pair) for pair in zip(now, late, strict=True))) if len(late.day) else now
    before = np.zeros(len(both.day), dtype=np.int64)
    usable = np.flatnonzero((both.person >= 0) & (both.day != NO_DAY))
    known = both.only(usable)
    if len(usable):
        proven = _by_employment(known, past) if known.stated.any() else None
        before[usable] = _by_person(known, proven, past)
    return before[: len(now.day)]


class _Running(NamedTuple):
    """Payments in order of employment and day: their rows, employment and year, gross pay up to and with each, what is
    proven beyond it by then, and how much of that is new with this payment."""

    rows: Ints
    key: Ints
    seen: Ints
    unseen: Ints
    new: Ints


def _by_employment(known: Paid, past: Summary | None) -> _Running:
    rows = np.argsort(known.employment * _DAYS + known.day, kind="stable")
    ordered = known.only(rows)
    key = ordered.employment * _YEARS + ordered.year
    begins = np.append([True], key[1:] != key[:-1])
    group = np.cumsum(begins) - 1
    seen_before, unseen_before = np.zeros(group[-1] + 1, dtype=np.int64), np.zeros(group[-1] + 1, dtype=np.int64)
    if past is not None and len(past.key):
        at = np.minimum(np.searchsorted(past.key, key[begins]), len(past.key) - 1)
        there = past.key[at] == key[begins]
        seen_before[there], unseen_before[there] = past.gross[at[there]], past.unseen[at[there]]
    total = np.cumsum(ordered.gross)
    first = np.flatnonzero(begins)
    seen = total - (total[first] - ordered.gross[first] - seen_before)[group]
    new_day = begins | np.append([True], ordered.day[1:] != ordered.day[:-1])
    day_starts = np.flatnonzero(new_day)
    before_day = (seen - ordered.gross)[day_starts][np.cumsum(new_day) - 1]
    opening = np.where(ordered.stated, ordered.opening, np.iinfo(np.int64).max)
    least = np.minimum.reduceat(opening, day_starts)[np.cumsum(new_day) - 1]
    proven = np.where(least < np.iinfo(np.int64).max, np.maximum(least - before_day, 0), 0)
    unseen = np.maximum.accumulate(np.maximum(proven, unseen_before[group]) + group * _APART) - group * _APART
    earlier = np.append([0], unseen[:-1])
    return _Running(rows, key, seen, unseen, unseen - np.where(begins, unseen_before[group], earlier))


def _by_person(known: Paid, running: _Running | None, past: Summary) -> Ints:
    """Over all employments: gross pay of the days before, and what is proven by the day itself (None: nothing is)."""
    when = known.person * _DAYS + known.day
    rows = np.argsort(when, kind="stable")
    key, when, amounts = (known.person * _YEARS + known.year)[rows], when[rows], known.gross[rows]
    begins = np.append([True], key[1:] != key[:-1])
    day_starts = np.flatnonzero(np.append([True], when[1:] != when[:-1]))
    first = np.flatnonzero(begins)
    gross = np.cumsum(amounts) - amounts
    of_days = gross[day_starts]
    if running is not None:
        new = np.empty(len(rows), dtype=np.int64)
        new[running.rows] = running.new
        proven = np.cumsum(new[rows])
        of_days = of_days + proven[np.append(day_starts[1:], [len(rows)]) - 1]
        gross = gross + proven - new[rows]
    of_people = _of_people(past, key[first]) - gross[first]
    earned = np.empty(len(rows), dtype=np.int64)
    earned[rows] = _spread(of_days, day_starts, len(rows)) + _spread(of_people, first, len(rows))
    return earned


def _spread(values: Ints, starts: Ints, size: int) -> Ints:
    """Each value from where it starts to where the next one does."""
    return np.repeat(values, np.diff(np.append(starts, [size])))


def _of_people(past: Summary, keys: Ints) -> Ints:
    """What `past` says of people and years (person x 10,000 + year)."""
    if not len(past.people):
        return np.zeros(len(keys), dtype=np.int64)
    at = np.minimum(np.searchsorted(past.people, keys), len(past.people) - 1)
    return np.where(past.people[at] == keys, past.earned[at], 0)
