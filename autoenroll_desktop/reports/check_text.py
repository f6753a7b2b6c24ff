"""The checked run in words for a terminal."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.domain.finding import NOWHERE, Finding
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.reports.standings import change_lines, place_of, standing_line, standings

DUBLIN = ZoneInfo("Europe/Dublin")
SHOWN = 12
"""Places listed for one finding; the others are counted."""


def check_as_text(checked: CheckedRun, words: Words, *, show_ppsn: bool = False) -> str:
    """Verdict first, then the files, then findings by cause with their places, then totals."""
    return "\n".join(_parts(checked, words, show_ppsn)) + "\n"


def _parts(checked: CheckedRun, words: Words, show_ppsn: bool) -> Iterator[str]:
    verdict = checked.verdict
    yield words.say(f"verdict.{verdict.answer.value}")
    yield words.tally(checked)
    if verdict.cut_off:
        local = verdict.cut_off.astimezone(DUBLIN)
        gone = "gone" if checked.checked_at > verdict.cut_off else "coming"
        yield words.say(f"check.cut-off-{gone}", cut_off=local)
    yield ""
    for file in checked.files:
        if file.error or file.left_out:
            yield words.say("check.file-left-out" if file.left_out else "check.file-failed", name=file.name)
            continue
        skipped = len(file.rows_skipped)
        yield words.say("check.file", name=file.name, kind=file.kind, rows=file.rows_kept, skipped=skipped)
        reasons: dict[str, list[int]] = {}
        for row in file.rows_skipped:
            reasons.setdefault(row.reason, []).append(row.row)
        for reason, rows in reasons.items():
            listed = ", ".join(str(row) for row in rows[:SHOWN]) + (" …" if len(rows) > SHOWN else "")
            yield "  " + words.say("check.skipped-rows", reason=words.say(f"skipped.{reason}"), rows=listed)
    for finding in checked.findings:
        yield ""
        yield from _finding(finding, checked, words, show_ppsn)
    yield ""
    for run in checked.runs:
        yield words.say(
            "check.totals",
            employer=run.employer_registration_number,
            run=run.payroll_run_reference,
            lines=run.lines,
            gross=run.gross,
            employee=run.expected_employee,
            employer_share=run.expected_employer,
            state=run.expected_state,
        )
    yield words.say("check.buckets")
    yield from _reconciled(checked, words, show_ppsn)
    yield from rejection_lines(checked, words)
    yield from change_lines(checked, words)
    yield words.say("check.second-opinion")


def _reconciled(checked: CheckedRun, words: Words, show_ppsn: bool) -> Iterator[str]:
    """Each bucket with its first people, those of settled ones only counted."""
    people: dict[str, list[str]] = {}
    for one in standings(checked, words, show_ppsn=show_ppsn):
        people.setdefault(one.bucket, []).append(standing_line(one, words))
    for name, line in bucket_lines(checked, words):
        yield f"  {line}"
        mine = people.get(name, [])
        yield from (f"    {one}" for one in mine[:SHOWN])
        if len(mine) > SHOWN:
            yield "    " + words.say("check.more", more=len(mine) - SHOWN)


def rejection_lines(checked: CheckedRun, words: Words) -> Iterator[str]:
    """How many lines NAERSA would refuse, and under which of its codes, with the first rows of each."""
    refused = checked.rejections
    lines = len(checked.run)
    if not len(refused):
        yield words.say("rejection.none", lines=lines)
        return
    everyone = (refused["line"] == NOWHERE).any()
    yield words.say("rejection.some", refused=lines if everyone else refused["line"].nunique(), lines=lines)
    for code, places in refused.groupby("code"):
        rows = [place_of(checked, line) for line in places["line"] if line != NOWHERE]
        first = ", ".join(rows[:SHOWN]) + (" …" if len(rows) > SHOWN else "")
        meaning = words.say(f"rejection.{code}")
        yield "  " + words.say("rejection.code", code=code, meaning=meaning, count=len(places), first=first)


def bucket_lines(checked: CheckedRun, words: Words) -> Iterator[tuple[str, str]]:
    """The reconciliation in one line a bucket that has any employment, with the bucket's name."""
    stakes = checked.reconciliation.groupby("bucket")["at_stake"].sum()
    for name, count in checked.buckets.items():
        if count:
            at_stake = int(stakes.get(name, 0))
            key = "check.bucket-at-stake" if at_stake else "check.bucket"
            yield name, words.say(key, count=count, bucket=words.say(f"bucket.{name}"), at_stake=at_stake)


def _finding(finding: Finding, checked: CheckedRun, words: Words, show_ppsn: bool) -> Iterator[str]:
    yield f"{words.say(f'severity.{finding.severity}')}: {words.title(finding)} ({len(finding)}) [{finding.code}]"
    for index in range(min(len(finding), SHOWN)):
        place = finding.place(index)
        at = checked.files[place.file].name if place.file != NOWHERE else ""
        row = f":{place.row}" if place.row != NOWHERE else ""
        where = f"{at}{row}" + (f" {checked.run.name(place.line)}" if place.line != NOWHERE else "")
        yield f"  {where + ' – ' if where else ''}{words.message(finding, index, show_ppsn=show_ppsn)}"
    if len(finding) > SHOWN:
        yield "  " + words.say("check.more", more=len(finding) - SHOWN)
    yield "  " + words.say("check.do", action=words.action(finding))
    if finding.rule.law:
        yield "  " + words.say("check.law", law=finding.rule.law)
