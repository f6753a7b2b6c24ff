"""The control report: what went in, how much of it, and what came out, to be compared with payroll's own totals."""

import datetime as dt
from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

import pandas as pd

from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.domain.money import euro
from autoenroll_desktop.domain.words import Words

DUBLIN = ZoneInfo("Europe/Dublin")
_MONEY = ("gross_pay", "ae_employee", "ae_employer")


def control_report(
    checked: CheckedRun, downloaded: Mapping[str, dt.datetime], edited: Mapping[str, int], words: Words
) -> str:
    """Counts and sums by file, run and frequency.

    Args:
        downloaded: employer → when its AEPNs were fetched.
        edited: file name → cells changed since it was read.
    """
    return "\r\n".join(_parts(checked, downloaded, edited, words)) + "\r\n"


def _parts(
    checked: CheckedRun, downloaded: Mapping[str, dt.datetime], edited: Mapping[str, int], words: Words
) -> Iterator[str]:
    say = words.say
    yield say("control.title", verdict=say(f"verdict.{checked.verdict.answer.value}"))
    yield words.tally(checked)
    yield say("control.checked", at=f"{checked.checked_at.astimezone(DUBLIN):%d/%m/%Y %H:%M}", book=checked.rule_book)
    for employer, moment in sorted(downloaded.items()):
        fetched = f"{moment.astimezone(DUBLIN):%d/%m/%Y %H:%M}"
        yield say("control.aepns", employer=employer or "–", at=fetched)
    lines = checked.run.lines
    yield from ("", say("control.files"))
    for at, file in enumerate(checked.files):
        role = say(f"role.{file.role.value}") if words.knows(f"role.{file.role.value}") else file.role.value
        yield f"  {file.name}: {role}"
        skipped, changed = len(file.rows_skipped), edited.get(file.name, 0)
        yield "    " + say("control.rows", kept=file.rows_kept, skipped=skipped, changed=changed)
        yield f"    SHA-256 {file.sha256 or '–'}"
        mine = lines[lines["file"] == at]
        if len(mine):
            yield "    " + _sums(mine, words)
    yield from ("", say("control.runs"))
    for run in checked.runs:
        who = " ".join(filter(None, (run.employer_registration_number, run.payroll_run_reference))) or "–"
        days = ", ".join(f"{day[8:]}/{day[5:7]}/{day[:4]}" for day in run.pay_dates) or "–"
        yield f"  {who} ({days})"
        due = {share: getattr(run, f"expected_{share}") for share in ("employee", "employer", "state")}
        yield "    " + say("control.due", lines=run.lines, gross=run.gross, **due)
    yield from ("", say("control.frequencies"))
    for frequency, group in lines.groupby("pay_frequency", dropna=False, sort=True):
        yield f"  {frequency if isinstance(frequency, str) else '–'}: {_sums(group, words)}"
    yield from ("", say("check.second-opinion"))


def _sums(lines: pd.DataFrame, words: Words) -> str:
    sums = {name: euro(int(lines[name].fillna(0).sum())) for name in _MONEY}
    return words.say("control.sums", lines=len(lines), **sums)
