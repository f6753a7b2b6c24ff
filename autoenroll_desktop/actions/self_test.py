"""Checks that this installation is whole: every format is read, the law is there, the sample's problems are found."""

import tempfile
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from autoenroll_desktop import paths
from autoenroll_desktop.actions.check_pay_run import Given, check_pay_run
from autoenroll_desktop.actions.export_report import export_report
from autoenroll_desktop.actions.open_sample import sample
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.licensing.keys import load_keys
from autoenroll_desktop.rules.book import load_book
from autoenroll_desktop.rules.catalogue import CATALOGUE


def self_test() -> Iterator[tuple[str, str]]:
    """Pairs of what was tried and what is wrong with it ("" for nothing)."""
    given, now = sample()
    folder = paths.resources() / "sample"

    def reads(name: str, lines: int) -> Callable[[], str]:
        def check() -> str:
            kept = len(check_pay_run(Given(pay=(folder / name,)), now).run)
            return "" if kept == lines else f"{kept} lines instead of {lines}"

        return check

    def rule_book() -> str:
        return "" if load_book().on(now.date())["employee-rate"] else "no rate"

    def time_zone() -> str:
        return "" if now.astimezone(ZoneInfo("Europe/Dublin")).utcoffset() is not None else "unknown"

    def words() -> str:
        missing = set(CATALOGUE) ^ Words.load(paths.resources()).codes()
        return f"no words for {', '.join(sorted(missing))}" if missing else ""

    def problems() -> str:
        checked = check_pay_run(given, now)
        planted = tomllib.loads((folder / "planted.toml").read_text(encoding="utf-8"))["planted"]
        missed = {problem["code"] for problem in planted} - {finding.code for finding in checked.findings}
        return f"not found: {', '.join(sorted(missed))}" if missed else ""

    def report() -> str:
        with tempfile.TemporaryDirectory() as temporary:
            checked = check_pay_run(given, now)
            path = Path(temporary) / "report.pdf"
            export_report(checked, path, words=Words.load(paths.resources()))
            return "" if path.stat().st_size > 10_000 else "too small"

    for part, check in (
        ("licence keys", _licence_keys),
        ("rule book", rule_book),
        ("time zone", time_zone),
        ("words", words),
        ("CSV", reads("weekly-2026-11-26.csv", 25)),
        ("Excel", reads("monthly-2026-11-27.xlsx", 16)),
        ("PSR JSON", reads("weekly-2026-11-26.psr.json", 25)),
        ("PSR XML", reads("weekly-2026-11-26.psr.xml", 25)),
        ("sample employer", problems),
        ("PDF report", report),
    ):
        try:
            yield part, check()
        except Exception as error:  # noqa: BLE001 - whatever is broken here is what a self-test is for
            yield part, f"{type(error).__name__}: {error}"


def _licence_keys() -> str:
    return "" if len(load_keys(paths.licence_keys())) >= 2 else "fewer than two"
