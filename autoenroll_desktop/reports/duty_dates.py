"""The dates that follow from a pay date and an enrolment, for a terminal and as JSON ("autoenroll-dates", 1)."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from autoenroll_desktop.domain.duty_dates import DutyDates, Notice, OptOutWindow, PayDay
from autoenroll_desktop.domain.money import plain
from autoenroll_desktop.domain.words import Words

FORMAT, VERSION = "autoenroll-dates", 1
DUBLIN = ZoneInfo("Europe/Dublin")


def dates_as_text(dates: DutyDates, words: Words, penalties: Mapping[str, int]) -> str:
    """One line a date, the pay date first.

    Args:
        penalties: the facts of the words' `penalty` table, said only where something is late.
    """
    return "\n".join(_lines(dates, words, penalties)) + "\n"


def dates_as_json(dates: DutyDates) -> str:
    """The same as one JSON object: ISO dates, money as text with two decimals, null for what was not asked for."""
    result = {"format": FORMAT, "version": VERSION, **asdict(dates)}
    if result["interest"]:
        result["interest"] |= {name: plain(result["interest"][name]) for name in ("amount", "interest")}
    del result["refund_asked"]
    result["refund"] = None if dates.refund is None else plain(dates.refund)
    result["pay_day"]["closed"] = dates.pay_day.closed or None
    return json.dumps(result, default=_iso, ensure_ascii=False, indent=2)


def _iso(value: dt.date) -> str:
    return value.isoformat()


def _lines(dates: DutyDates, words: Words, penalties: Mapping[str, int]) -> Iterator[str]:
    yield from _pay_day(dates.pay_day, words)
    if span := dates.enrolment:
        yield words.say("dates.period", first=span.first, last=span.last)
    if notice := dates.notice:
        yield from _notice(notice, words, penalties)
    for window in dates.windows:
        yield from _window(window, words)
    if dates.refund_asked:
        yield words.say("dates.refund-none" if dates.refund is None else "dates.refund", refund=dates.refund)
    yield from _pauses(dates, words)
    if late := dates.interest:
        yield words.say(f"dates.interest{'' if late.days else '-none'}", **asdict(late))
        if late.days:
            yield words.say("penalty.payment", **penalties)
    yield words.say("dates.opinion")


def _pauses(dates: DutyDates, words: Words) -> Iterator[str]:
    """Suspensions and what follows an opt-out."""
    if dates.suspension_from:
        yield words.say("dates.suspension-from", day=dates.suspension_from)
    if pause := dates.suspension:
        yield words.say("dates.suspension", start=pause.start, first=pause.end.first, last=pause.end.last)
        yield words.say("dates.suspension-again", again=pause.again)
    if dates.re_enrolment:
        yield words.say("dates.re-enrolment", day=dates.re_enrolment)


def _pay_day(day: PayDay, words: Words) -> Iterator[str]:
    yield words.say("dates.pay-date", pay_date=day.pay_date)
    yield words.say("dates.cut-off", cut_off=day.cut_off.astimezone(DUBLIN))
    if not day.closed:
        yield words.say("dates.bank-day")
        return
    closed = words.say(f"closed.{day.closed}")
    yield words.say("dates.closed", closed=closed, bank_day=day.bank_day, next_bank_day=day.next_bank_day)
    local = day.bank_cut_off.astimezone(DUBLIN)
    yield words.say("dates.closed-cut-off", bank_day=day.bank_day, bank_cut_off=local)


def _notice(notice: Notice, words: Words, penalties: Mapping[str, int]) -> Iterator[str]:
    yield words.say("dates.notice", received=notice.received, deadline=notice.deadline)
    if notice.given:
        key = "notice-given-late" if notice.late else "notice-given"
    else:
        key = "notice-late" if notice.late else "notice-open"
    yield words.say(f"dates.{key}", given=notice.given, deadline=notice.deadline, late=notice.late)
    if notice.late:
        yield words.say("penalty.notice", **penalties)


def _window(window: OptOutWindow, words: Words) -> Iterator[str]:
    kind = words.say(f"window-kind.{window.kind}", start=window.refund_from)
    facts: dict[str, Any] = {"kind": kind, "first": window.operation.first, "last": window.operation.last}
    if window.operation == window.statute:
        yield words.say("dates.window", **facts)
    else:
        yield words.say("dates.window-readings", **facts)
        yield "  " + words.say("dates.window-statute", first=window.statute.first, last=window.statute.last)
    yield "  " + words.say(f"dates.window-{'rise' if window.kind == 'rate-rise' else 'own'}-refund")
