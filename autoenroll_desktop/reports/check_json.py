"""The checked run as JSON: format "autoenroll-check", version 1, a stable interface for other programs.

Money is text with two decimals, rates are percentages as text, what is absent is null and never 0. PPSNs are masked
unless asked for.
"""

import json
from collections.abc import Iterator
from typing import Any

import pandas as pd

from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.domain.finding import NOWHERE, Finding
from autoenroll_desktop.domain.identifiers import mask_ppsn
from autoenroll_desktop.domain.money import percent, plain
from autoenroll_desktop.domain.pay_run import FIELDS, FileRead, Kind
from autoenroll_desktop.domain.words import Words, absent
from autoenroll_desktop.reports.standings import Standing, standings

FORMAT, VERSION = "autoenroll-check", 1


def check_as_json(checked: CheckedRun, words: Words, *, lines: bool = False, show_ppsn: bool = False) -> str:
    """The whole result as one JSON object.

    `lines` adds every pay line with its expected amounts, and to the reconciliation the employments that are in order.
    """
    verdict = checked.verdict
    result: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "verdict": verdict.answer.value,
        "checked_at": checked.checked_at.isoformat(),
        "rule_book": checked.rule_book,
        "cut_off": verdict.cut_off.isoformat() if verdict.cut_off else None,
        "files": [_file(file) for file in checked.files],
        "runs": [
            {
                "employer_registration_number": run.employer_registration_number,
                "tax_year": run.tax_year,
                "payroll_run_reference": run.payroll_run_reference,
                "pay_dates": list(run.pay_dates),
                "lines": run.lines,
                "gross": plain(run.gross),
                "expected_employee": plain(run.expected_employee),
                "expected_employer": plain(run.expected_employer),
                "expected_state": plain(run.expected_state),
            }
            for run in checked.runs
        ],
        "findings": [place for finding in checked.findings for place in _places(finding, checked, words, show_ppsn)],
        "counts": {severity: verdict.counts[severity] for severity in ("error", "warning", "info", "gate")},
        "rules_run": checked.rules_run,
        "buckets": checked.buckets,
        "rejections": list(_rejections(checked, words)),
        "reconciliation": [
            _employment(one, checked) for one in standings(checked, words, show_ppsn=show_ppsn, settled=lines)
        ],
        "changes": {what: _counted(checked.changes[what]) for what in ("pay", "share")},
    }
    if lines:
        result["lines"] = list(_lines(checked, words))
    return json.dumps(result, ensure_ascii=False, indent=2)


def _file(file: FileRead) -> dict[str, Any]:
    return {
        "path": file.path,
        "role": file.role.value,
        "kind": file.kind or None,
        "sha256": file.sha256 or None,
        "encoding": file.encoding,
        "sheet": file.sheet,
        "header_row": file.header_row,
        "rows_kept": file.rows_kept,
        "rows_skipped": [{"row": skipped.row, "reason": skipped.reason} for skipped in file.rows_skipped],
        "sheets": list(file.sheets),
        "columns": [
            {
                "header": one.header,
                "field": one.field or None,
                "confidence": one.confidence,
                "because": one.because or None,
            }
            for one in file.columns
        ],
        "cleaned": dict(file.cleaned),
        "seen": [{"what": one.what, **dict(one.facts)} for one in file.seen],
        "left_out": file.left_out or None,
        "error": file.error or None,
    }


def _places(finding: Finding, checked: CheckedRun, words: Words, show_ppsn: bool) -> Iterator[dict[str, Any]]:
    run = checked.run
    for index in range(len(finding)):
        place = finding.place(index)
        file = checked.files[place.file] if place.file != NOWHERE else None
        on_line = place.line != NOWHERE
        value = None
        if on_line and place.field in FIELDS:
            value = _cell(run[place.field].iloc[place.line], FIELDS[place.field])
        if value is None:
            value = _text(finding.fact("value", index))
        yield {
            "code": finding.code,
            "severity": finding.severity.value,
            "cause": finding.cause or None,
            "file": file.path if file else None,
            "sheet": file.sheet if file else None,
            "row": place.row if place.row != NOWHERE else None,
            "line_item_id": _text(run["line_item_id"].iloc[place.line]) if on_line else None,
            "field": place.field,
            "value": _hidden(value, place.field, show_ppsn),
            "message": words.message(finding, index, show_ppsn=show_ppsn),
            "action": words.action(finding),
            "law": finding.rule.law or None,
            "fix": _fix(finding, index, show_ppsn),
        }


def _fix(finding: Finding, index: int, show_ppsn: bool) -> dict[str, Any] | None:
    suggestion = finding.fact("suggestion", index)
    if not finding.rule.fix or absent(suggestion):
        return None
    kind = FIELDS.get(finding.field or "", Kind.TEXT)
    return {
        "kind": finding.rule.fix,
        "options": [_hidden(_cell(suggestion, kind), finding.field, show_ppsn)],
    }


def _hidden(value: str | None, field: str | None, show_ppsn: bool) -> str | None:
    return mask_ppsn(value) if value and field == "ppsn" and not show_ppsn else value


def _cell(value: Any, kind: Kind) -> str | None:
    if absent(value):
        return None
    match kind:
        case Kind.MONEY:
            return plain(int(value))
        case Kind.RATE:
            return percent(int(value))
        case Kind.DATE:
            return str(value)[:10]
    return str(value)


def _text(value: Any) -> str | None:
    return None if absent(value) else str(value)


def _rejections(checked: CheckedRun, words: Words) -> Iterator[dict[str, Any]]:
    for one in checked.rejections.to_dict("records"):
        on_line = one["line"] != NOWHERE
        yield {
            "code": one["code"],
            "meaning": words.say(f"rejection.{one['code']}"),
            "file": checked.files[int(checked.run["file"].iloc[one["line"]])].path if on_line else None,
            "row": int(checked.run["row"].iloc[one["line"]]) if on_line else None,
            "finding": one["key"],
        }


def _employment(one: Standing, checked: CheckedRun) -> dict[str, Any]:
    return {
        "bucket": one.bucket,
        "file": None if one.file is None else checked.files[one.file].path,
        "row": one.row,
        "name": one.name or None,
        "ppsn": one.ppsn or None,
        "employment_id": one.employment_id or None,
        "why": one.why,
        "due": plain(one.due),
        "taken": plain(one.taken),
        "at_stake": plain(one.at_stake),
    }


def _counted(reasons: "pd.Series[Any]") -> dict[str, int]:
    """How many employments moved for each reason, the commonest first."""
    return {str(reason): int(number) for reason, number in reasons.value_counts().items()}


def _lines(checked: CheckedRun, words: Words) -> Iterator[dict[str, Any]]:
    columns = ["file", "row", "line_item_id", "employment_id", "pay_date", "gross_pay", "ae_employee", "ae_employer"]
    frame = pd.concat([checked.run.lines[columns], checked.expected], axis=1)
    for line in frame.to_dict("records"):
        money = {name: _cell(line[name], Kind.MONEY) for name in ("base", "employee", "employer", "state")}
        yield {
            "file": checked.files[line["file"]].path,
            "row": line["row"],
            "line_item_id": _text(line["line_item_id"]),
            "employment_id": _text(line["employment_id"]),
            "pay_date": _cell(line["pay_date"], Kind.DATE),
            "gross": _cell(line["gross_pay"], Kind.MONEY),
            "taken_employee": _cell(line["ae_employee"], Kind.MONEY),
            "taken_employer": _cell(line["ae_employer"], Kind.MONEY),
            "status": line["status"],
            "aepn": line["aepn"],
            "employee_rate": _cell(line["employee_rate"], Kind.RATE),
            "employer_rate": _cell(line["employer_rate"], Kind.RATE),
            **money,
            "statute": {name: _cell(line[f"statute_{name}"], Kind.MONEY) for name in ("base", "employee", "employer")},
            "why": words.say(f"why.{line['why']}"),
        }
