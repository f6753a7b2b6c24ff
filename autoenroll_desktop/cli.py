"""`autoenroll`: the product without a window. Text goes to stdout, complaints to stderr, and never a traceback.

Exit codes of `check`: 0 READY, 1 NOT READY, 2 usage error or no file could be read, 3 INCOMPLETE.
"""

import argparse
import datetime as dt
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from autoenroll_desktop import __version__, cli_admin, cli_fix, paths
from autoenroll_desktop.cli_audit import add_audit_verb
from autoenroll_desktop.cli_columns import add_columns
from autoenroll_desktop.cli_dates import add_verbs
from autoenroll_desktop.cli_keep import (
    keep_and_tell,
    keep_report_of,
    look_after,
    may_show_ppsns,
    note_produced,
    try_store,
    user_store,
)
from autoenroll_desktop.cli_law import add_verbs as add_law
from autoenroll_desktop.cli_licence import add_licence, after_check, before_check
from autoenroll_desktop.cli_store import add_store_verb
from autoenroll_desktop.cli_sync import add_sync_verb
from autoenroll_desktop.domain.identifiers import Check, explain
from autoenroll_desktop.domain.money import basis_points, cents
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError, StoreFailed
from autoenroll_desktop.policy.policies import refuse_plain_export
from autoenroll_desktop.policy.sources import in_force

if TYPE_CHECKING:
    from autoenroll_desktop.actions.check_pay_run import Given
    from autoenroll_desktop.licensing.standing import Standing
    from autoenroll_desktop.store.store import Store

USAGE = 2
_EXIT = {"ready": 0, "not_ready": 1, "incomplete": 3}


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def main(argv: Sequence[str] | None = None, clock: Callable[[], dt.datetime] = _now) -> int:
    """Run one command and return its exit code. The licence goes by `clock`, never by `--now`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    arguments = _parser().parse_args(argv)
    arguments.clock = clock
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
    _inputs(check)
    check.add_argument("--remember", action="store_true", help="use the mapping for these headings from now on")
    check.add_argument("--format", choices=("text", "json"), default="text")
    check.add_argument("--lines", action="store_true", help="with json: every pay line and its expected amounts")
    check.add_argument("--out", type=Path, metavar="DIR", help="write the report, workbook, exceptions … here")
    check.add_argument("--replace", action="store_true", help="with --out: overwrite files of the same name")
    check.add_argument("--client", default="", metavar="NAME", help="with --out: the client, for file names")
    check.add_argument("--lang", choices=("en", "ga"), default="")
    check.add_argument("--show-ppsn", action="store_true", help="print PPSNs in full; noted in the audit trail")

    sent = _verb(verbs, "sent", _sent, "note that payroll files were sent to NAERSA, so that nothing is sent twice")
    sent.add_argument("files", nargs="+", type=Path, metavar="FILE")
    sent.add_argument("--employer", metavar="ERN", help="employer registration number, for files that lack it")
    sent.add_argument("--tax-year", type=_year, metavar="Y")
    sent.add_argument("--run", metavar="REF", help="payroll run reference, for files that lack it")

    sample = _verb(verbs, "sample", _sample, "check the bundled sample employer")
    sample.add_argument("--out", type=Path, metavar="DIR")
    sample.add_argument("--format", choices=("text", "json"), default="text")
    sample.add_argument("--lang", choices=("en", "ga"), default="")
    sample.set_defaults(lines=False, show_ppsn=False, replace=True, client="")

    for name, command in (("ppsn", _ppsn), ("ern", _ern)):
        number = _verb(verbs, name, command, f"explain the check of a {name.upper()}")
        number.add_argument("values", nargs="+", metavar="VALUE")

    add_law(partial(_verb, verbs), words=_words, date=_date, money=_money, rate=_rate)
    add_licence(partial(_verb, verbs), words=_words, moment=_moment)
    add_verbs(partial(_verb, verbs), words=_words, date=_date, money=_money, rate=_rate, moment=_moment)
    cli_fix.add_verbs(partial(_verb, verbs), _inputs, _given, _words)
    add_store_verb(partial(_verb, verbs), date=_date, moment=_moment)
    add_audit_verb(partial(_verb, verbs), moment=_moment)
    add_columns(partial(_verb, verbs), _words)
    add_sync_verb(partial(_verb, verbs), words=_words, moment=_moment)

    cli_admin.add_verbs(partial(_verb, verbs), _words)
    _verb(verbs, "selftest", _selftest, "check that this installation is whole")
    return parser


def _inputs(verb: argparse.ArgumentParser) -> None:
    """The arguments that name files and say what is known of them."""
    verb.add_argument("files", nargs="+", type=Path, metavar="FILE", help="payroll files, or - for pasted text")
    verb.add_argument("--aepn", action="append", default=[], type=Path, metavar="FILE", help="AEPN snapshot")
    verb.add_argument("--contributions", action="append", default=[], type=Path, metavar="FILE")
    verb.add_argument("--previous", action="append", default=[], type=Path, metavar="FILE", help="an earlier period")
    verb.add_argument("--notices", type=Path, metavar="FILE", help="your list of enrolment notices (CSV)")
    verb.add_argument("--employer", metavar="ERN", help="employer registration number, for files that lack it")
    verb.add_argument("--tax-year", type=_year, metavar="Y")
    verb.add_argument("--run", metavar="REF", help="payroll run reference, for files that lack it")
    verb.add_argument("--mapping", type=Path, metavar="FILE", help='TOML file: [columns] "Heading" = "field"')
    verb.add_argument("--now", type=_moment, default=None, metavar="ISO-DATETIME", help="the clock; default now")
    verb.add_argument("--no-store", action="store_true", help="keep nothing and use nothing kept")


def _verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    command: Callable[[argparse.Namespace], int],
    about: str,
) -> argparse.ArgumentParser:
    verb = verbs.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
    verb.set_defaults(command=command)
    return verb


@contextmanager
def _given(arguments: argparse.Namespace) -> "Iterator[tuple[Given, Store | None]]":
    """What `_inputs` says with the past out of this user's store, and that store; None where there is none."""
    from autoenroll_desktop.actions.check_pay_run import Given

    store, memory = None, None
    if not arguments.no_store:
        from autoenroll_desktop.actions.open_store import memory_of

        store = try_store(paths.store(), dt.datetime.now(dt.UTC))  # noted by the real clock, whatever --now says
        memory = memory_of(store) if store else None
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
        notices=arguments.notices,
        memory=memory,
    )
    try:
        yield given, store
    finally:
        if store is not None:
            store.close()


def _check(arguments: argparse.Namespace) -> int:
    with _given(arguments) as (given, store):
        if arguments.remember and store is None:
            raise AppError("Nothing can be remembered", "there is no store to remember it in", "Leave --remember out")
        now = arguments.now or dt.datetime.now(dt.UTC)
        standing = before_check(arguments, _words(arguments.lang))
        try:
            code = _show(given, now, arguments, store=store, standing=standing)
        except StoreFailed as error:  # what was kept cannot be read: the check is made without it
            print(f"Nothing kept before is used, and nothing is kept of this check. {error}", file=sys.stderr)
            return _show(replace(given, memory=None), now, arguments, standing=standing)
        if arguments.remember and store is not None:
            from autoenroll_desktop.actions.open_store import stamp
            from autoenroll_desktop.actions.remember_columns import remember_mapping

            for name in remember_mapping(given, store, stamp(dt.datetime.now(dt.UTC))):
                print(f"Columns remembered for files like {name}.", file=sys.stderr)
        if store is not None:
            look_after(store)
    return code


def _with_pasted(files: Sequence[Path]) -> tuple[tuple[Path, ...], dict[Path, bytes]]:
    """The files on disk, and what "-" stands for: text pasted or piped into the terminal."""
    on_disk = tuple(path for path in files if path != Path("-"))
    return on_disk, {} if len(on_disk) == len(files) else {Path("pasted text"): sys.stdin.buffer.read()}


def _sent(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.check_pay_run import Given, check_pay_run, readable
    from autoenroll_desktop.actions.contribution_sent import mark_contribution_sent
    from autoenroll_desktop.actions.mark_sent import mark_sent
    from autoenroll_desktop.actions.open_store import memory_of, stamp

    now = dt.datetime.now(dt.UTC)
    noted = f"noted as sent on {now.astimezone(ZoneInfo('Europe/Dublin')):%d/%m/%Y %H:%M}."
    with user_store(paths.store(), now) as store:
        others = []
        for path in arguments.files:
            if path.suffix == ".json" and mark_contribution_sent(path, store, stamp(now)):
                print(f"{path.name}: {noted}")
            else:
                others.append(path)
        if not others:
            return 0
        given = Given(
            pay=tuple(others),
            employer=arguments.employer,
            tax_year=arguments.tax_year,
            run_reference=arguments.run,
            memory=memory_of(store),
        )
        checked = check_pay_run(given, now)
        for file in checked.files:
            if file.error:
                print(file.error, file=sys.stderr)
        if not readable(checked):
            return USAGE
        for name in mark_sent(checked, store, stamp(now)):
            print(f"{name}: {noted}")
    return 0


def _sample(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.open_sample import sample

    given, now = sample()
    return _show(given, now, arguments)


def _show(
    given: "Given",
    now: dt.datetime,
    arguments: argparse.Namespace,
    *,
    store: "Store | None" = None,
    standing: "Standing | None" = None,
) -> int:
    """Check, keep, print, write what was asked for, and turn the verdict into an exit code."""
    from autoenroll_desktop.actions.check_pay_run import prepare, readable
    from autoenroll_desktop.actions.fix_pay_run import start
    from autoenroll_desktop.reports.check_json import check_as_json
    from autoenroll_desktop.reports.check_text import check_as_text

    refuse_plain_export(in_force().policies, show_ppsn=arguments.show_ppsn)
    words = _words(arguments.lang)
    bench = start(prepare(given, now))
    checked = bench.checked
    kept = keep_and_tell(store, bench.prepared, checked) if store else []
    show_ppsn = may_show_ppsns(arguments, store, kept)
    if arguments.format == "json":
        print(check_as_json(checked, words, lines=arguments.lines, show_ppsn=show_ppsn))
    else:
        print(check_as_text(checked, words, show_ppsn=show_ppsn), end="")
    if not readable(checked):
        return USAGE
    if standing is not None:
        after_check(arguments, standing, checked, words)
    if arguments.out is not None:
        from autoenroll_desktop.actions.export_report import export_report

        folder = _folder(arguments.out)
        report = export_report(checked, folder / "check-report.pdf", words=words, show_ppsn=show_ppsn)
        result = check_as_json(checked, words, lines=arguments.lines, show_ppsn=show_ppsn)
        (folder / "check.json").write_text(result + "\n", encoding="utf-8")
        print(words.say("check.report", path=report), file=sys.stderr)
        if store is not None and kept:
            keep_report_of(store, kept[0], report)
        if store is not None:
            note_produced(store, checked, "report", report)
            note_produced(store, checked, "result", folder / "check.json")
        cli_fix.write_all(bench, folder, words, client=arguments.client, replace=arguments.replace, store=store)
    return _EXIT[checked.verdict.answer.value]


def _folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AppError(f"{path} cannot be used as a folder", error.strerror or "", "Choose another folder") from error
    return path


def _words(language: str) -> Words:
    return Words.load(paths.resources(), language or in_force().policies.language or "en")


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
