"""What NAERSA's instructions ask payroll to change since the snapshot before, one row an employment."""

from typing import Any

import pandas as pd

from autoenroll_desktop.domain.aepn import Status
from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.reports.delimited import delimited

_HEADS = ("works-number", "name", "ppsn", "employment-id", "change", "do", "now", "before")
CODE = "aepn-changed"


def aepn_changes(checked: CheckedRun, current: pd.DataFrame, previous: pd.DataFrame, words: Words) -> bytes:
    """The change list for payroll.

    Args:
        current, previous: rows of the AEPN snapshots (`Register`), with file, row and state.
    """
    rows = [[words.say(f"changes.{head}") for head in _HEADS]]
    works = _works_numbers(checked)
    for finding in checked.findings:
        if finding.code != CODE:
            continue
        snapshot = previous if finding.cause == "gone" else current
        at_place = {
            (int(file), int(row)): at
            for at, (file, row) in enumerate(zip(snapshot["file"], snapshot["row"], strict=True))
        }
        for index in range(len(finding)):
            place = finding.place(index)
            at = at_place.get((place.file, place.row))
            row = snapshot.iloc[at] if at is not None else None
            ppsn, employment = (_text(row, field) for field in ("ppsn", "employment_id"))
            rows.append(
                [
                    works.get((ppsn, employment), ""),
                    str(finding.fact("name", index) or ""),
                    ppsn,
                    employment,
                    words.say(f"changes.{finding.cause}"),
                    _instruction(row, finding.cause, words),
                    str(finding.fact("now", index)),
                    str(finding.fact("before", index)),
                ]
            )
    return delimited(rows)


def _instruction(row: "pd.Series[Any] | None", cause: str, words: Words) -> str:
    """What payroll has to do from the next pay run on."""
    if row is None or cause == "gone":
        return words.say("changes.stop-no-aepn")
    rate = row["employee_rate"]
    if row["state"] == Status.ENROLLED and not pd.isna(rate) and int(rate):
        employer = row["employer_rate"]
        start = row["effective_date"]
        return words.say(
            "changes.deduct",
            employee=int(rate),
            employer=None if pd.isna(employer) else int(employer),
            start=None if pd.isna(start) else start,
        )
    if row["state"] == Status.UNKNOWN:
        return words.say("changes.ask")
    return words.say("changes.stop", status=words.say(f"status.{row['state']}"))


def _text(row: "pd.Series[Any] | None", field: str) -> str:
    return str(row[field]) if row is not None and isinstance(row[field], str) else ""


def _works_numbers(checked: CheckedRun) -> dict[tuple[str, str], str]:
    lines = checked.run.lines
    return {
        (str(ppsn), str(employment)): str(works)
        for ppsn, employment, works in zip(lines["ppsn"], lines["employment_id"], lines["works_number"], strict=True)
        if isinstance(works, str)
    }
