"""`autoenroll`: the product without a window. Text goes to stdout, complaints to stderr, and never a traceback.

Exit codes of `check`: 0 READY, 1 NOT READY, 2 usage error or no file could be read, 3 INCOMPLETE.
"""

import argparse
import datetime as dt
import json
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from autoenroll_desktop import __version__, paths
from autoenroll_desktop.cli_columns import add_columns
from autoenroll_desktop.cli_dates import add_verbs
from autoenroll_desktop.domain.identifiers import Check, explain
from autoenroll_desktop.domain.money import basis_points, cents, euro, percent, plain
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError

if TYPE_CHECKING:
    from autoenroll_desktop.actions.check_pay_run import Given
    from autoenroll_desktop.rules.book import Dated, Parameter

USAGE = 2
_EXIT = {"ready": 0, "not_ready": 1, "incomplete": 3}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    arguments = _parser().parse_args(argv)
    try:
        command: Callable[[argparse.Namespace], int] = arguments.command
        return command(arguments)
    except AppError as error:
        print(error, file=sys.stderr)
        return USAGE
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="autoenroll", description="Checks Irish payroll files against My Future Fund before 18:30 on pay day."
    )
    parser.add_argument("--version", action="version", version=f"AutoEnroll Desktop {__version__}")
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")

    check = _verb(verbs, "check", _check, "check payroll files and say READY, NOT READY or INCOMPLETE")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE", help="payroll files, or - for pasted text")
    check.add_argument("--aepn", action="append", default=[], type=Path, metavar="FILE", help="AEPN snapshot")
    check.add_argument("--contributions", action="append", default=[], type=Path, metavar="FILE")
    check.add_argument("--previous", action="append", default=[], type=Path, metavar="FILE", help="an earlier period")
    check.add_argument("--employer", metavar="ERN", help="employer registration number, for files that lack it")
    check.add_argument("--tax-year", type=_year, metavar="Y")
    check.add_argument("--run", metavar="REF", help="payroll run reference, for files that lack it")
    check.add_argument("--mapping", type=Path, metavar="FILE", help='TOML file: [columns] "Heading" = "field"')
    check.add_argument("--remember", action="store_true", help="use the mapping for these headings from now on")
    check.add_argument("--now", type=_moment, default=None, metavar="ISO-DATETIME", help="the clock; default now")
    check.add_argument("--format", choices=("text", "json"), default="text")
    check.add_argument("--lines", action="store_true", help="with json: every pay line and its expected amounts")
    check.add_argument("--out", type=Path, metavar="DIR", help="write the report (PDF) and the result (JSON) here")
    check.add_argument("--lang", choices=("en", "ga"), default="en")
    check.add_argument("--no-store", action="store_true", help="remember nothing and use nothing remembered")
    check.add_argument("--show-ppsn", action="store_true", help="print PPSNs in full")

    sent = _verb(verbs, "sent", _sent, "note that payroll files were sent to NAERSA, so that nothing is sent twice")
    sent.add_argument("files", nargs="+", type=Path, metavar="FILE")
    sent.add_argument("--employer", metavar="ERN", help="employer registration number, for files that lack it")
    sent.add_argument("--tax-year", type=_year, metavar="Y")
    sent.add_argument("--run", metavar="REF", help="payroll run reference, for files that lack it")

    sample = _verb(verbs, "sample", _sample, "check the bundled sample employer")
    sample.add_argument("--out", type=Path, metavar="DIR")
    sample.add_argument("--format", choices=("text", "json"), default="text")
    sample.add_argument("--lang", choices=("en", "ga"), default="en")
    sample.set_defaults(lines=False, show_ppsn=False)

    for name, command in (("ppsn", _ppsn), ("ern", _ern)):
        number = _verb(verbs, name, command, f"explain the check of a {name.upper()}")
        number.add_argument("values", nargs="+", metavar="VALUE")

    contribution = _verb(verbs, "contribution", _contribution, "what one payment contributes")
    contribution.add_argument("--gross", required=True, type=_money, metavar="EUROS")
    contribution.add_argument("--pay-date", required=True, type=_date, metavar="DATE")
    contribution.add_argument("--ytd", type=_money, default=0, metavar="EUROS", help="gross pay this year before it")
    contribution.add_argument("--rate", type=_rate, metavar="PERCENT", help="the AEPN's rate; default the Act's")
    contribution.add_argument("--date-of-birth", type=_date, metavar="DATE")
    contribution.add_argument("--format", choices=("text", "json"), default="text")

    add_verbs(partial(_verb, verbs), date=_date, money=_money, rate=_rate, moment=_moment)
    add_columns(partial(_verb, verbs))

    rules = _verb(verbs, "rules", _rules, "every dated value of the law with its source")
    rules.add_argument("--on", type=_date, metavar="DATE", help="only what is in force on that day")
    rules.add_argument("--format", choices=("text", "json"), default="text")

    code = _verb(verbs, "explain", _explain, "what a finding means and what to do")
    code.add_argument("code", metavar="CODE")
    code.add_argument("--lang", choices=("en", "ga"), default="en")

    _verb(verbs, "selftest", _selftest, "check that this installation is whole")
    return parser


def _verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    command: Callable[[argparse.Namespace], int],
    about: str,
) -> argparse.ArgumentParser:
    verb = verbs.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
    verb.set_defaults(command=command)
    return verb


def _check(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.check_pay_run import Given

    files, pasted = _with_pasted(arguments.files)
    given = Given(
        pay=files,
        pasted=pasted,
        aepn=tuple(arguments.aepn),
        contributions=tuple(arguments.contributions),
        previous=tuple(arguments.previous),
        employer=arguments.employer,
        tax_year=arguments.tax_year,
        run_reference=arguments.run,
        mapping=arguments.mapping,
        remembered=None if arguments.no_store else paths.column_maps(),
        ledger=None if arguments.no_store else paths.ledger(),
    )
    now = arguments.now or dt.datetime.now(dt.UTC)
    code = _show(given, now, arguments)
    if arguments.remember:
        from autoenroll_desktop.actions.remember_columns import remember_mapping

        for name in remember_mapping(given, now):
            print(f"Columns remembered for files like {name}.", file=sys.stderr)
    return code


def _with_pasted(files: Sequence[Path]) -> tuple[tuple[Path, ...], dict[Path, bytes]]:
    """The files on disk, and what "-" stands for: text pasted or piped into the terminal."""
    on_disk = tuple(path for path in files if path != Path("-"))
    return on_disk, {} if len(on_disk) == len(files) else {Path("pasted text"): sys.stdin.buffer.read()}


def _sent(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.check_pay_run import Given, check_pay_run, readable
    from autoenroll_desktop.actions.mark_sent import mark_sent

    given = Given(
        pay=tuple(arguments.files),
        employer=arguments.employer,
        tax_year=arguments.tax_year,
        run_reference=arguments.run,
        remembered=paths.column_maps(),
    )
    now = dt.datetime.now(dt.UTC)
    checked = check_pay_run(given, now)
    for file in checked.files:
        if file.error:
            print(file.error, file=sys.stderr)
    if not readable(checked):
        return USAGE
    for name in mark_sent(checked, paths.ledger(), now):
        print(f"{name}: noted as sent on {now.astimezone(ZoneInfo('Europe/Dublin')):%d/%m/%Y %H:%M}.")
    return 0


def _sample(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.open_sample import sample

    given, now = sample()
    return _show(given, now, arguments)


def _show(given: "Given", now: dt.datetime, arguments: argparse.Namespace) -> int:
    """Check, print, write what was asked for, and turn the verdict into an exit code."""
    from autoenroll_desktop.actions.check_pay_run import check_pay_run, readable
    from autoenroll_desktop.reports.check_json import check_as_json
    from autoenroll_desktop.reports.check_text import check_as_text

    words = _words(arguments.lang)
    checked = check_pay_run(given, now)
    if arguments.format == "json":
        print(check_as_json(checked, words, lines=arguments.lines, show_ppsn=arguments.show_ppsn))
    else:
        print(check_as_text(checked, words, show_ppsn=arguments.show_ppsn), end="")
    if not readable(checked):
        return USAGE
    if arguments.out is not None:
        from autoenroll_desktop.actions.export_report import export_report

        folder = _folder(arguments.out)
        report = export_report(checked, folder / "check-report.pdf", words=words, show_ppsn=arguments.show_ppsn)
        result = check_as_json(checked, words, lines=arguments.lines, show_ppsn=arguments.show_ppsn)
        (folder / "check.json").write_text(result + "\n", encoding="utf-8")
        print(words.say("check.report", path=report), file=sys.stderr)
    return _EXIT[checked.verdict.answer.value]


def _folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AppError(f"{path} cannot be used as a folder", error.strerror or "", "Choose another folder") from error
    return path


def _words(language: str) -> Words:
    try:
        return Words.load(paths.resources(), language)
    except FileNotFoundError:
        print("There are no Irish words in this version yet; English is shown.", file=sys.stderr)
        return Words.load(paths.resources())


def _ppsn(arguments: argparse.Namespace) -> int:
    return _numbers(arguments.values, "PPSN")


def _ern(arguments: argparse.Namespace) -> int:
    return _numbers(arguments.values, "employer number")


def _numbers(values: Sequence[str], what: str) -> int:
    good = True
    for value in values:
        told = explain(value)
        good &= told.check is Check.GOOD
        match told.check:
            case Check.GOOD:
                note = " (a surplus leading zero was dropped)" if told.zero_padded else ""
                print(
                    f"{told.number}: good. Sum {told.total}, modulo 23 is "
                    f"{(told.total or 0) % 23}: {told.expected}{note}"
                )
            case Check.BAD_LETTER:
                print(
                    f"{told.number}: wrong. Sum {told.total}, modulo 23 asks for {told.expected}, not {told.number[7]}"
                )
            case Check.MISSING:
                print(f"'{value}': no {what}")
            case Check.BAD_FORMAT:
                print(
                    f"{value}: not {'an' if what[0] in 'aeiou' else 'a'} {what}: "
                    "seven digits, a check letter A-W, sometimes a second letter"
                )
    return 0 if good else 1


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
    words = _words("en")
    if arguments.format == "json":
        money = ("base", "employee", "employer", "state")
        result = {name: plain(getattr(found, name)) for name in money}
        statute = {name: plain(getattr(found, f"statute_{name}")) for name in money}
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
    from autoenroll_desktop.rules.catalogue import CATALOGUE

    rule = CATALOGUE.get(arguments.code)
    if rule is None:
        import difflib

        near = difflib.get_close_matches(arguments.code, CATALOGUE, n=3)
        hint = f"Did you mean {', '.join(near)}" if near else f"The codes are: {', '.join(sorted(CATALOGUE))}"
        raise AppError(f"{arguments.code} is no finding code", "", hint)
    words = _words(arguments.lang)
    print(f"{rule.code}: {words.headline(rule.code)} ({words.say(f'severity.{rule.severity}')})")
    print(f"Why: {words.why(rule.code)}")
    print(words.say("check.do", action=words.action(rule.code)))
    if rule.law:
        print(words.say("check.law", law=rule.law))
    if rule.link:
        print(rule.link)
    return 0


def _selftest(_arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.self_test import self_test

    whole = True
    for part, problem in self_test():
        print(f"{'ok  ' if not problem else 'FAIL'} {part}" + (f": {problem}" if problem else ""))
        whole &= not problem
    return 0 if whole else 1


def _moment(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Europe/Dublin"))


def _date(text: str) -> dt.date:
    return dt.datetime.strptime(text, "%Y-%m-%d").date()


def _year(text: str) -> int:
    year = int(text)
    if not 2018 <= year <= 2100:
        raise ValueError(text)
    return year


def _money(text: str) -> int:
    amount = cents(text)
    if amount is None:
        raise ValueError(text)
    return amount


def _rate(text: str) -> int:
    points = basis_points(text)
    if points is None:
        raise ValueError(text)
    return points


if __name__ == "__main__":
    sys.exit(main())
