"""The verbs `contribution`, `rules` and `explain` of the terminal program: what the law asks for, where it stands."""

import argparse
import json
from typing import TYPE_CHECKING

from autoenroll_desktop.cli.arguments import Verbs, date, money, rate, verb, words_in
from autoenroll_desktop.domain.money import euro, percent, plain
from autoenroll_desktop.errors import AppError

if TYPE_CHECKING:
    from autoenroll_desktop.rules.book import Dated, Parameter


def add_law(verbs: Verbs) -> None:
    """Add the verbs."""
    contribution = verb(verbs, "contribution", _contribution, "what one payment contributes")
    contribution.add_argument("--gross", required=True, type=money, metavar="EUROS")
    contribution.add_argument("--pay-date", required=True, type=date, metavar="DATE")
    contribution.add_argument("--ytd", type=money, default=0, metavar="EUROS", help="gross pay this year before it")
    contribution.add_argument("--rate", type=rate, metavar="PERCENT", help="the AEPN's rate; default the Act's")
    contribution.add_argument("--date-of-birth", type=date, metavar="DATE")
    contribution.add_argument("--format", choices=("text", "json"), default="text")

    rules = verb(verbs, "rules", _rules, "every dated value of the law with its source")
    rules.add_argument("--on", type=date, metavar="DATE", help="only what is in force on that day")
    rules.add_argument("--format", choices=("text", "json"), default="text")

    code = verb(verbs, "explain", _explain, "what a finding means, the law behind it, what to do, and an example")
    code.add_argument("code", nargs="?", metavar="CODE", help="default: the list of all codes")
    code.add_argument("--all", action="store_true", help="every code in full")
    code.add_argument("--format", choices=("text", "json", "markdown"), default="text")
    code.add_argument("--lang", choices=("en", "ga"), default="")


def _contribution(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.work_out_contribution import work_out_contribution
    from autoenroll_desktop.rules.book import NotInForce, load_book

    if arguments.gross < 0 or arguments.ytd < 0:
        raise AppError("Gross pay and year to date cannot be negative here", "no rule is known for negative pay")
    try:
        found = work_out_contribution(
            arguments.gross,
            arguments.pay_date,
            load_book(),
            before=arguments.ytd,
            rate=arguments.rate,
            born=arguments.date_of_birth,
        )
    except NotInForce as error:
        raise AppError("No contributions exist on that pay date", "the scheme began on 01/01/2026") from error
    words = words_in("en")
    if arguments.format == "json":
        amounts = ("base", "employee", "employer", "state")
        result = {name: plain(getattr(found, name)) for name in amounts}
        statute = {name: plain(getattr(found, f"statute_{name}")) for name in amounts}
        rates = {name: percent(getattr(found, name)) for name in ("employee_rate", "employer_rate", "state_rate")}
        print(json.dumps({**result, **rates, "statute": statute, "why": words.say(f"why.{found.why}")}, indent=2))
        return 0
    print(
        f"In operation today: base {euro(found.base)}, "
        f"employee {euro(found.employee)} ({percent(found.employee_rate)} %),"
    )
    print(f"  employer {euro(found.employer)} ({percent(found.employer_rate)} %), State {euro(found.state)}")
    print(f"s.58(3) as written: base {euro(found.statute_base)}, employee {euro(found.statute_employee)},")
    print(f"  employer {euro(found.statute_employer)}, State {euro(found.statute_state)}")
    print(f"Why: {words.say(f'why.{found.why}')}")
    return 0


def _rules(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.rules.book import NotInForce, load_book

    book = load_book()
    listed: list[tuple[Parameter, Dated]] = []
    for parameter in book.values():
        dated = parameter.dated
        if arguments.on is not None:
            try:
                value = parameter.on(arguments.on)
            except NotInForce:
                continue
            dated = tuple(one for one in dated if one.value == value and one.start <= arguments.on)[-1:]
        listed.extend((parameter, one) for one in dated)
    if arguments.format == "json":
        entries = [
            {
                "name": parameter.name,
                "title": parameter.title,
                "from": f"{one.start}",
                "value": _printed(parameter, one.value),
                "unit": parameter.unit,
                "law": parameter.law,
                "link": parameter.link or None,
                "checked": f"{one.checked}",
                "note": parameter.note or None,
            }
            for parameter, one in listed
        ]
        print(json.dumps({"rule_book": book.version, "rules": entries}, ensure_ascii=False, indent=2))
        return 0
    print(f"Rule book {book.version}")
    for parameter, one in listed:
        print(f"\n{parameter.title}\n  {parameter.name} = {_printed(parameter, one.value)} from {one.start:%d/%m/%Y}")
        print(f"  {parameter.law}; last compared with its source on {one.checked:%d/%m/%Y}")
        for extra in (parameter.link, parameter.note):
            if extra:
                print("  " + extra.replace("\n", "\n  "))
    return 0


def _printed(parameter: "Parameter", value: object) -> str:
    match parameter.unit, value:
        case "percent", int():
            return f"{percent(value)} %"
        case "daily percent", int():
            return f"{value / 10_000:g} %"
        case "euro", int():
            return euro(value)
        case "words", tuple():
            return ", ".join(value)
    return str(value)


def _explain(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.reports.explain import explained, explained_as_markdown, explained_as_text
    from autoenroll_desktop.rules.catalogue import CATALOGUE, TOPICS
    from autoenroll_desktop.rules.rejections import BEHIND

    words = words_in(arguments.lang)
    if arguments.code is not None and arguments.code not in CATALOGUE:
        import difflib

        near = difflib.get_close_matches(arguments.code, CATALOGUE, n=3)
        hint = f"Did you mean {', '.join(near)}" if near else f"The codes are: {', '.join(sorted(CATALOGUE))}"
        raise AppError(f"{arguments.code} is no finding code", "", hint)
    codes = sorted(CATALOGUE, key=lambda code: (TOPICS.index(CATALOGUE[code].topic), code))
    if arguments.code is None and not arguments.all and arguments.format == "text":
        for code in codes:
            print(f"{code:<36}{words.headline(code)}")
        return 0
    wanted = [arguments.code] if arguments.code is not None else codes
    told = [explained(CATALOGUE[code], words, BEHIND) for code in wanted]
    match arguments.format:
        case "json":
            print(json.dumps(told if arguments.code is None else told[0], ensure_ascii=False, indent=2))
        case "markdown":
            print(explained_as_markdown(told, words), end="")
        case _:
            print("\n".join(explained_as_text(one, words) for one in told), end="")
    return 0
