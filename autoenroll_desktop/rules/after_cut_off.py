"""What to do about a mistake found in a pay run: the way to put it right, and the figures.

The way follows from the Act and from what no maker of a payroll package contradicts (scheme rules 3.20-3.24):
  - until 18:30 on the pay date the last submission counts, so correct and send again;
  - a first submission is taken after that too, late;
  - pay that was too low or too high is put right in the next payment's gross pay, because contributions are due on
    what is paid, when it is paid (s.58(1), s.59). An overpayment comes off the gross pay: a deduction would leave the
    base, and so the contribution, too high;
  - somebody paid but missing in what NAERSA processed can be added on the employer portal;
  - everything else was processed and needs NAERSA, which can adjust a later AEPN (s.58(5)) or repay (s.64).
The makers contradict one another about the third and the last; what each says stands in `practice/after_cut_off.toml`
and is shown beside this. Rejected: following the maker of the clerk's own package without a word, because the same
mistake would then be put right in three ways in one office.
"""

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autoenroll_desktop.domain.duty_dates import LateInterest
from autoenroll_desktop.domain.money import share
from autoenroll_desktop.domain.way_out import Amounts, Mistake, NextRun, Route, Sent, View, WayOut, Wrong
from autoenroll_desktop.rules.book import Book
from autoenroll_desktop.rules.duties import late_interest
from autoenroll_desktop.rules.timing import DUBLIN, cut_off

PRACTICE = Path(__file__).parent / "practice" / "after_cut_off.toml"
NOT_SENT = "not-sent"
_ROUTES = {
    Wrong.TOO_LITTLE: Route.NEXT_RUN,
    Wrong.TOO_MUCH: Route.NEXT_RUN,
    Wrong.LEFT_OUT: Route.PORTAL,
    Wrong.WRONGLY_IN: Route.NAERSA,
    Wrong.CONTRIBUTION: Route.NAERSA,
    Wrong.DETAILS: Route.NAERSA,
}


class PracticeError(Exception):
    """A practice file with an unknown mistake or route in it. The text names the package."""


@dataclass(frozen=True, slots=True)
class Practice:
    """What the maker of one package publishes: mistake (or "not-sent") → route."""

    package: str
    name: str
    link: str
    checked: dt.date
    says: Mapping[str, Route]


def load_practice(file: Path = PRACTICE) -> tuple[Practice, ...]:
    """The makers' advice, in the file's order. Raises `PracticeError` at anything unknown."""
    makers = []
    for package, entry in tomllib.loads(file.read_text(encoding="utf-8")).items():
        if entry.keys() != {"name", "link", "checked", "says"}:
            raise PracticeError(f"{package}: has name, link, checked and says, nothing else")
        if unknown := entry["says"].keys() - {*Wrong, NOT_SENT}:
            raise PracticeError(f"{package}: {min(unknown)} is no mistake")
        if unknown := set(entry["says"].values()) - set(Route):
            raise PracticeError(f"{package}: {min(unknown)} is no route")
        says = {wrong: Route(route) for wrong, route in entry["says"].items()}
        makers.append(Practice(package, entry["name"], entry["link"], entry["checked"], says))
    return tuple(makers)


def way_out(mistake: Mistake, now: dt.datetime, book: Book, makers: Sequence[Practice]) -> WayOut:
    """The way to put `mistake` right, seen from `now` (timezone-aware).

    Raises:
        NotInForce: the pay date lies before the scheme.
    """
    closes = cut_off(mistake.pay_date, book)
    route = _route(mistake, passed=now > closes)
    rates = _rates(mistake, mistake.pay_date, book)
    right = _right(mistake, rates)
    sent = _amounts(mistake.sent_gross, rates)
    sent = Amounts(
        sent.gross,
        sent.employee if mistake.sent_employee is None else mistake.sent_employee,
        sent.employer if mistake.sent_employer is None else mistake.sent_employer,
    )
    topic = NOT_SENT if route is Route.SEND_LATE else str(mistake.wrong)
    views = tuple(View(one.package, one.name, one.says.get(topic), one.link, one.checked) for one in makers)
    said = [view for view in views if view.route is not None] if now > closes else []
    return WayOut(
        mistake=mistake,
        cut_off=closes,
        passed=now > closes,
        route=route,
        ask_first=now > closes and mistake.sent is Sent.UNKNOWN,
        sent=sent,
        right=right,
        next_run=_next_run(mistake, book) if route is Route.NEXT_RUN else None,
        interest=_interest(mistake, route, sent, right, now, book),
        views=tuple(said),
        own=next((view for view in said if view.package == mistake.package), None),
    )


def _route(mistake: Mistake, *, passed: bool) -> Route:
    if not passed:
        return Route.RESEND
    if mistake.sent is Sent.NO:
        return Route.SEND_LATE
    if mistake.leaver and mistake.wrong is Wrong.TOO_MUCH:
        return Route.NAERSA
    return _ROUTES[mistake.wrong]


def _rates(mistake: Mistake, day: dt.date, book: Book) -> tuple[int, int]:
    """Employee's and employer's rate on `day`: the AEPN's while the Act's is that of the pay date, else the Act's."""
    law, then = book.on(day), book.on(mistake.pay_date)
    statutory = law["employee-rate"], law["employer-rate"]
    unchanged = statutory == (then["employee-rate"], then["employer-rate"])
    return (mistake.rate, mistake.rate) if mistake.rate is not None and unchanged else statutory


def _amounts(gross: int, rates: tuple[int, int]) -> Amounts:
    return Amounts(gross, share(gross, rates[0]), share(gross, rates[1]))


def _right(mistake: Mistake, rates: tuple[int, int]) -> Amounts:
    if mistake.wrong is Wrong.WRONGLY_IN:
        return Amounts(mistake.sent_gross, 0, 0)
    return _amounts(mistake.sent_gross if mistake.wrong is Wrong.DETAILS else mistake.right_gross, rates)


def _next_run(mistake: Mistake, book: Book) -> NextRun:
    """The next run's figures. An overpayment never makes a gross pay negative: the rest waits for the run after."""
    change = mistake.right_gross - mistake.sent_gross
    planned = mistake.next_gross
    rates = _rates(mistake, mistake.next_pay_date or mistake.pay_date, book)
    if planned is None:
        return NextRun(change, _amounts(change, rates), planned=False, left_over=0)
    possible = max(change, -planned)
    return NextRun(possible, _amounts(planned + possible, rates), planned=True, left_over=possible - change)


def _interest(
    mistake: Mistake, route: Route, sent: Amounts, right: Amounts, now: dt.datetime, book: Book
) -> LateInterest | None:
    """Interest so far on contributions on pay that was made; pay not made yet has no contribution that is late."""
    if route not in (Route.SEND_LATE, Route.PORTAL, Route.NAERSA):
        return None
    there = 0 if route is Route.SEND_LATE else sent.employee + sent.employer
    missing = right.employee + right.employer - there
    today = now.astimezone(DUBLIN).date()
    return late_interest(missing, mistake.pay_date, today, book) if missing > 0 else None
