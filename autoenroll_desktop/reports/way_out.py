"""The way to put a mistake right, in words for a terminal and as JSON (format "autoenroll-late", version 1)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from autoenroll_desktop.domain.money import plain
from autoenroll_desktop.domain.way_out import Amounts, Route, Sent, WayOut, Wrong
from autoenroll_desktop.domain.words import Words

FORMAT, VERSION = "autoenroll-late", 1
DUBLIN = ZoneInfo("Europe/Dublin")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a text for NAERSA is about, as far as it was said; never a PPSN."""

    employer: str | None = None
    run: str | None = None
    who: str | None = None


def way_out_as_text(found: WayOut, words: Words, subject: Subject, limit: int) -> str:
    """What to do first, then the figures, the text for NAERSA, and what makers of packages say.

    Args:
        limit: the annual limit in cents, which the figures leave aside.
    """
    return "\n".join(_lines(found, words, subject, limit)) + "\n"


def way_out_as_json(found: WayOut, words: Words, subject: Subject) -> str:
    """The same as one JSON object: money as text with two decimals, what is absent as null."""
    following = found.next_run
    result = {
        "format": FORMAT,
        "version": VERSION,
        "pay_date": f"{found.mistake.pay_date}",
        "cut_off": found.cut_off.isoformat(),
        "cut_off_passed": found.passed,
        "wrong": found.mistake.wrong.value,
        "sent_before": found.mistake.sent.value,
        "route": found.route.value,
        "ask_first": found.ask_first,
        "steps": _steps(found, words),
        "sent": _money(found.sent),
        "right": _money(found.right),
        "next_run": following
        and {
            "change": plain(following.change),
            "planned": following.planned,
            "left_over": plain(following.left_over),
            **_money(following.amounts),
        },
        "interest": found.interest
        and {
            "amount": plain(found.interest.amount),
            "days": found.interest.days,
            "interest": plain(found.interest.interest),
        },
        "text_for_naersa": "\n".join(_case(found, words, subject)) or None,
        "makers": [
            {
                "package": view.package,
                "name": view.name,
                "route": view.route,
                "link": view.link,
                "checked": f"{view.checked}",
            }
            for view in found.views
        ],
        "makers_differ": found.makers_differ,
    }
    return json.dumps(result, ensure_ascii=False, indent=2)


def _money(amounts: Amounts) -> dict[str, str]:
    return {name: plain(getattr(amounts, name)) for name in ("gross", "employee", "employer")}


def _facts(amounts: Amounts) -> dict[str, Any]:
    return {"gross": amounts.gross, "employee": amounts.employee, "employer": amounts.employer}


def _steps(found: WayOut, words: Words) -> str:
    alone = found.route in (Route.RESEND, Route.SEND_LATE)
    return words.say(f"steps.{found.route}" if alone else f"steps.{found.route}-{found.mistake.wrong}")


def _lines(found: WayOut, words: Words, subject: Subject, limit: int) -> Iterator[str]:
    mistake = found.mistake
    cut_off = found.cut_off.astimezone(DUBLIN)
    stage = "gone" if found.passed else "coming"
    yield words.say(f"late.cut-off-{stage}", pay_date=mistake.pay_date, cut_off=cut_off)
    yield words.say("late.wrong", wrong=words.say(f"wrong.{mistake.wrong}"))
    if found.ask_first:
        yield words.say("late.ask-first")
    yield ""
    yield words.say("late.do", route=words.say(f"route.{found.route}"))
    yield _steps(found, words)
    yield ""
    yield from _figures(found, words)
    yield words.say("late.limit", limit=limit)
    case = list(_case(found, words, subject))
    if case:
        yield from ("", words.say("late.case"), *(f"  {line}" for line in case))
    if found.passed:
        yield ""
        yield from _makers(found, words)
    yield words.say("late.opinion")


def _figures(found: WayOut, words: Words) -> Iterator[str]:
    if found.route is not Route.SEND_LATE and found.mistake.wrong is not Wrong.LEFT_OUT:
        yield words.say("late.sent", **_facts(found.sent))
    if found.route is Route.PORTAL:
        yield words.say("late.portal-line", **_facts(found.right))
    else:
        yield words.say("late.right", **_facts(found.right))
    if following := found.next_run:
        amounts = following.amounts
        if following.planned:
            yield words.say("late.next-planned", before=amounts.gross - following.change, **_facts(amounts))
        else:
            key = "more" if following.change > 0 else "less"
            shares = {"employee": abs(amounts.employee), "employer": abs(amounts.employer)}
            yield words.say(f"late.next-{key}", change=abs(following.change), **shares)
        if following.left_over:
            yield words.say("late.left-over", left_over=following.left_over)
    if late := found.interest:
        yield words.say("late.interest", interest=late.interest, amount=late.amount, days=late.days)


def _case(found: WayOut, words: Words, subject: Subject) -> Iterator[str]:
    """The lines of a text to send to NAERSA; none where NAERSA need not be asked."""
    if found.route is not Route.NAERSA:
        return
    mistake = found.mistake
    cut_off = found.cut_off.astimezone(DUBLIN)
    yield words.say(
        "case-text.head", pay_date=mistake.pay_date, employer=subject.employer, run=subject.run, who=subject.who
    )
    known = "processed" if mistake.sent is Sent.YES else "unknown"
    yield words.say(f"case-text.{known}", cut_off=cut_off, wrong=words.say(f"wrong.{mistake.wrong}"))
    yield words.say("case-text.sent", **_facts(found.sent))
    if mistake.wrong is Wrong.DETAILS:
        yield words.say("case-text.ask-details")
        return
    yield words.say("case-text.right", **_facts(found.right))
    more = found.right.employee - found.sent.employee, found.right.employer - found.sent.employer
    for key, sign in (("more", 1), ("less", -1)):
        part = [max(sign * amount, 0) for amount in more]
        if any(part):
            yield words.say(f"case-text.{key}", employee=part[0], employer=part[1])
            yield words.say(f"case-text.ask-{key}")


def _makers(found: WayOut, words: Words) -> Iterator[str]:
    if not found.views:
        yield words.say("late.makers-none")
        return
    if found.own is not None and found.own.route is not None:
        same = found.own.route is found.route
        route = words.say(f"route-short.{found.own.route}")
        yield words.say(f"late.own-{'same' if same else 'other'}", name=found.own.name, route=route)
    yield words.say("late.makers")
    for view in found.views:
        route = words.say(f"route-short.{view.route}")
        yield "  " + words.say("late.maker", name=view.name, route=route, link=view.link, checked=view.checked)
    if found.makers_differ:
        yield words.say("late.makers-differ")
