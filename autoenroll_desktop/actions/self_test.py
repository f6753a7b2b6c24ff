"""Checks that this installation is whole: every format is read, the law is there, the sample's problems are found,
and what a frozen build loses most easily works: the encrypted database, keys, TLS, the vault of the system."""

import csv
import html
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from autoenroll_desktop import paths
from autoenroll_desktop.actions.check_pay_run import Given, check_pay_run, check_prepared, prepare
from autoenroll_desktop.actions.export_report import export_report
from autoenroll_desktop.actions.keep_check import keep_check
from autoenroll_desktop.actions.open_sample import sample
from autoenroll_desktop.actions.open_store import stamp
from autoenroll_desktop.actions.self_test_parts import INSTALLATION
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.licensing.keys import load_keys
from autoenroll_desktop.rules.book import load_book
from autoenroll_desktop.rules.catalogue import CATALOGUE
from autoenroll_desktop.store.keys import KeyFile, proof_of, write_key_file
from autoenroll_desktop.store.opening import open_with_key
from autoenroll_desktop.store.sealing import new_key
from autoenroll_desktop.store.verification import verify


def self_test() -> Iterator[tuple[str, str]]:
    """Pairs of what was tried and what is wrong with it ("" for nothing)."""
    for part, check in (*INSTALLATION, *_OURS):
        try:
            yield part, check()
        except Exception as error:  # noqa: BLE001 - whatever is broken here is what a self-test is for
            yield part, f"{type(error).__name__}: {error}"


def _licence_keys() -> str:
    return "" if len(load_keys(paths.licence_keys())) >= 2 else "fewer than two"


def _folder() -> Path:
    return paths.resources() / "sample"


def _reads(name: str, lines: int) -> str:
    _, now = sample()
    kept = len(check_pay_run(Given(pay=(_folder() / name,)), now).run)
    return "" if kept == lines else f"{kept} lines instead of {lines}"


def _reads_as(suffix: str, written: Callable[[list[list[str]]], str]) -> str:
    """The sample's weekly file in another form."""
    _, now = sample()
    with (_folder() / "weekly-2026-11-26.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / f"weekly{suffix}"
        path.write_text(written(rows), encoding="utf-8")
        kept = len(check_pay_run(Given(pay=(path,)), now).run)
    return "" if kept == 25 else f"{kept} lines instead of 25"


def _reads_aepns(name: str) -> str:
    given, now = sample()
    read = check_pay_run(Given(pay=given.pay, aepn=(_folder() / name,)), now).files
    return next((f"{file.error}" for file in read if file.error), "")


def _rule_book() -> str:
    _, now = sample()
    return "" if load_book().on(now.date())["employee-rate"] else "no rate"


def _time_zone() -> str:
    _, now = sample()
    return "" if now.astimezone(ZoneInfo("Europe/Dublin")).utcoffset() is not None else "unknown"


def _words() -> str:
    missing = set(CATALOGUE) ^ Words.load(paths.resources()).codes()
    return f"no words for {', '.join(sorted(missing))}" if missing else ""


def _languages() -> str:
    """Every language that is shipped can be loaded."""
    for folder in sorted((paths.resources() / "words").iterdir()):
        Words.load(paths.resources(), folder.name)
    return ""


def _problems() -> str:
    given, now = sample()
    checked = check_pay_run(given, now)
    planted = tomllib.loads((_folder() / "planted.toml").read_text(encoding="utf-8"))["planted"]
    missed = {problem["code"] for problem in planted} - {finding.code for finding in checked.findings}
    return f"not found: {', '.join(sorted(missed))}" if missed else ""


def _report() -> str:
    given, now = sample()
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "report.pdf"
        export_report(check_pay_run(given, now), path, words=Words.load(paths.resources()))
        return "" if path.stat().st_size > 10_000 else "too small"


def _tabs(rows: list[list[str]]) -> str:
    return "\n".join("\t".join(row) for row in rows)


def _html(rows: list[list[str]]) -> str:
    cells = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in rows)
    return f"<html><body><table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table></body></html>"


def _store() -> str:
    """Keep the sample in a store of its own, upgraded from nothing, and look it over."""
    given, now = sample()
    with tempfile.TemporaryDirectory() as temporary:
        folder, key, name = Path(temporary) / "store", new_key(), "self-test"
        write_key_file(folder, KeyFile(store=name, proof=proof_of(key, name)))
        opened = open_with_key(folder, KeyFile(store=name, proof=proof_of(key, name)), key, stamp(now))
        try:
            prepared = prepare(given, now)
            keep_check(opened, prepared, check_prepared(prepared, prepared.gathered.run), stamp(now))
            return "; ".join(f"{one.part}: {', '.join(one.wrong)}" for one in verify(opened) if one.wrong)
        finally:
            opened.close()


_OURS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("licence keys", _licence_keys),
    ("rule book", _rule_book),
    ("time zone", _time_zone),
    ("words", _words),
    ("languages", _languages),
    ("CSV", partial(_reads, "weekly-2026-11-26.csv", 25)),
    ("Excel", partial(_reads, "monthly-2026-11-27.xlsx", 16)),
    ("PSR JSON", partial(_reads, "weekly-2026-11-26.psr.json", 25)),
    ("PSR XML", partial(_reads, "weekly-2026-11-26.psr.xml", 25)),
    ("text with tabs", partial(_reads_as, ".txt", _tabs)),
    ("HTML table", partial(_reads_as, ".xls", _html)),
    ("AEPN CSV", partial(_reads_aepns, "aepn-2026-11-19.csv")),
    ("AEPN JSON", partial(_reads_aepns, "aepn-2026-11-26.json")),
    ("sample employer", _problems),
    ("PDF report", _report),
    ("store", _store),
)
