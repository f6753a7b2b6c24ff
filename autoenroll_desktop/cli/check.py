"""The verbs `check`, `sent` and `sample`: say how a pay run stands, and that it was sent.

Exit codes of `check`: 0 READY, 1 NOT READY, 2 usage error or no file could be read, 3 INCOMPLETE.
"""

import argparse
import datetime as dt
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from autoenroll_desktop import paths
from autoenroll_desktop.cli.arguments import EXIT, USAGE, Verbs, verb, words_in, year
from autoenroll_desktop.cli.files_given import files_given, inputs
from autoenroll_desktop.cli.fix import write_all
from autoenroll_desktop.cli.keep import (
    keep_and_tell,
    keep_report_of,
    look_after,
    may_show_ppsns,
    note_produced,
    user_store,
)
from autoenroll_desktop.cli.licence import after_check, before_check
from autoenroll_desktop.errors import AppError, StoreFailed
from autoenroll_desktop.policy.policies import refuse_plain_export
from autoenroll_desktop.policy.sources import in_force

if TYPE_CHECKING:
    from autoenroll_desktop.actions.check_pay_run import Given
    from autoenroll_desktop.licensing.standing import Standing
    from autoenroll_desktop.store.store import Store


def add_check(verbs: Verbs) -> None:
    """Add the three verbs."""
    check = verb(verbs, "check", _check, "check payroll files and say READY, NOT READY or INCOMPLETE")
    inputs(check)
    check.add_argument("--remember", action="store_true", help="use the mapping for these headings from now on")
    check.add_argument("--format", choices=("text", "json"), default="text")
    check.add_argument("--lines", action="store_true", help="with json: every pay line and its expected amounts")
    check.add_argument("--out", type=Path, metavar="DIR", help="write the report, workbook, exceptions … here")
    check.add_argument("--replace", action="store_true", help="with --out: overwrite files of the same name")
    check.add_argument("--client", default="", metavar="NAME", help="with --out: the client, for file names")
    check.add_argument("--lang", choices=("en", "ga"), default="")
    check.add_argument("--show-ppsn", action="store_true", help="print PPSNs in full; noted in the audit trail")

    sent = verb(verbs, "sent", _sent, "note that payroll files were sent to NAERSA, so that nothing is sent twice")
    sent.add_argument("files", nargs="+", type=Path, metavar="FILE")
    sent.add_argument("--employer", metavar="ERN", help="employer registration number, for files that lack it")
    sent.add_argument("--tax-year", type=year, metavar="Y")
    sent.add_argument("--run", metavar="REF", help="payroll run reference, for files that lack it")

    sample = verb(verbs, "sample", _sample, "check the bundled sample employer")
    sample.add_argument("--out", type=Path, metavar="DIR")
    sample.add_argument("--format", choices=("text", "json"), default="text")
    sample.add_argument("--lang", choices=("en", "ga"), default="")
    sample.set_defaults(lines=False, show_ppsn=False, replace=True, client="")


def _check(arguments: argparse.Namespace) -> int:
    with files_given(arguments) as (given, store):
        if arguments.remember and store is None:
            raise AppError("Nothing can be remembered", "there is no store to remember it in", "Leave --remember out")
        now = arguments.now or dt.datetime.now(dt.UTC)
        standing = before_check(arguments, words_in(arguments.lang))
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
    words = words_in(arguments.lang)
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
        write_all(bench, folder, words, client=arguments.client, replace=arguments.replace, store=store)
    return EXIT[checked.verdict.answer.value]


def _folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AppError(f"{path} cannot be used as a folder", error.strerror or "", "Choose another folder") from error
    return path
