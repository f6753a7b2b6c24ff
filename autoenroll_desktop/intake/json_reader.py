"""JSON: payroll submissions (bare or in the file-upload envelope) and AEPN lists.

Numbers stay the text they were written as, so that no amount passes through a float; NaN and Infinity stay words and
are found as unreadable amounts in their line.
"""

import json
import re
from typing import Any

import numpy as np

from autoenroll_desktop.domain.aepn import AEPN_FIELDS
from autoenroll_desktop.domain.progress import Progress
from autoenroll_desktop.errors import EmptyFile, UnreadableFile
from autoenroll_desktop.intake import psr
from autoenroll_desktop.intake.headings import plain_heading
from autoenroll_desktop.intake.source import Limits, Source, decode
from autoenroll_desktop.intake.table import Table


def read_json(source: Source, _limits: Limits, progress: Progress) -> Table:
    """Read a JSON file as a table with canonical headers.

    Raises:
        UnreadableFile: broken JSON (with line and column), or JSON of another kind. EmptyFile: no line in it.
    """
    text, encoding, _ = decode(source)
    progress.step("reading")
    try:
        content = json.loads(text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_no_twins)
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            f"{source.path.name} is broken",
            f"line {error.lineno}, column {error.colno}: {_in_words(error.msg)}",
            "Export it again from the payroll package",
        ) from error
    except RecursionError as error:
        raise UnreadableFile(f"{source.path.name} is nested too deeply", "", "This is no payroll file") from error
    except _TwinError as error:
        raise UnreadableFile(f"{source.path.name} says {error} twice in one place", "", "Export it again") from error
    body = content.get("requestBody", content) if isinstance(content, dict) else content
    if isinstance(body, dict) and ("payslips" in body or "lineItemIDsToDelete" in body):
        table = _payslips(source, content, body, progress)
    else:
        table = _aepns(source, content)
    table.encoding = encoding
    return table


class _TwinError(Exception):
    """A key that stands twice in one object; which value is meant cannot be known."""


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        raise _TwinError(next(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return found


def _in_words(error: str) -> str:
    if "delimiter" in error:
        return "a comma or colon is missing before this place"
    if "Extra data" in error:
        return "something follows the end of the data"
    if "Unterminated" in error or "Invalid control" in error:
        return "a text is not closed by a quotation mark"
    return "something is missing or out of place here"


def _payslips(source: Source, content: dict[str, Any], body: dict[str, Any], progress: Progress) -> Table:
    payslips = body.get("payslips") or []
    deleted = body.get("lineItemIDsToDelete") or []
    if not isinstance(payslips, list) or not all(isinstance(payslip, dict) for payslip in payslips):
        raise UnreadableFile(f"{source.path.name} is no payroll submission", "“payslips” is not a list of payslips", "")
    if not payslips:
        raise EmptyFile(f"{source.path.name} holds no pay line", "a submission without payslips", "Export it again")
    columns: dict[str, list[str]] = {field: [] for field in psr.FIELDS}
    paths = [(tuple(path.split("/")), columns[field]) for path, field in psr.SCALARS.items()]
    for number, payslip in enumerate(payslips):
        if number % 5000 == 0:
            progress.step("reading", number, len(payslips))
        for path, column in paths:
            value: Any = payslip
            for part in path:
                value = value.get(part) if isinstance(value, dict) else None
            column.append(_text(value))
        classes = _objects(payslip.get("prsiClassDetails"))
        columns["prsi_class"].append(" ".join(_text(one.get("prsiClass")) for one in classes))
        columns["insurable_weeks"].append(psr.summed_weeks([_text(one.get("insurableWeeks")) for one in classes]))
        tracing = (_text(one.get("pensionTracingNumber")) for one in _objects(payslip.get("pensionTracingNumbers")))
        columns["pension_tracing_numbers"].append(" ".join(filter(None, tracing)))
    return Table(
        path=source.path,
        kind="psr-json",
        sha256=source.sha256,
        headers=list(columns),
        columns=list(columns.values()),
        rows=np.arange(1, len(payslips) + 1, dtype=np.int64),
        canonical=True,
        shared={field: _text(content.get(item)) for item, field in psr.HEADER.items() if _text(content.get(item))},
        deleted_line_items=[_text(one.get("lineItem") if isinstance(one, dict) else one) for one in _objects(deleted)],
    )


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return ""  # null, or an object or list where a value belongs; numbers were left as text


_AEPN_NAMES = {plain_heading(field).replace(" ", ""): field for field in AEPN_FIELDS} | {
    "ern": "employer_registration_number",
    "employernumber": "employer_registration_number",
    "employeeppsn": "ppsn",
    "surname": "family_name",
    "lastname": "family_name",
    "eerate": "employee_rate",
    "employeecontributionrate": "employee_rate",
    "errate": "employer_rate",
    "employercontributionrate": "employer_rate",
    "startdate": "effective_date",
    "enrolmentdate": "effective_date",
    "contributionstartdate": "effective_date",
    "aepndownloaddatetime": "downloaded_at",
    "downloaddatetime": "downloaded_at",
    "eventtype": "status",
    "autoenrolmentstatus": "status",
    "dateofissue": "issue_date",
    "issuedate": "issue_date",
}


def _aepn_field(key: str) -> str | None:
    return _AEPN_NAMES.get(re.sub(r"[^a-z0-9]", "", key.lower()))


def _aepns(source: Source, content: Any) -> Table:
    """An AEPN list: a list of objects, or an object holding exactly one."""
    shared: dict[str, str] = {}
    rows = content
    if isinstance(content, dict):
        lists = [value for value in content.values() if isinstance(value, list)]
        rows = lists[0] if len(lists) == 1 else None
        shared = {field: _text(value) for key, value in content.items() if (field := _aepn_field(key)) and _text(value)}
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UnreadableFile(
            f"{source.path.name} is neither a payroll submission nor an AEPN list",
            "expected “payslips”, or one list of AEPNs",
            "Choose the file your payroll package wrote",
        )
    if not rows:
        raise EmptyFile(f"{source.path.name} is empty", "the list in it has no entry", "Fetch the AEPNs again")
    flat = [_flat(row) for row in rows]
    columns: dict[str, list[str]] = {}
    for key in dict.fromkeys(key for row in flat for key in row):
        if field := _aepn_field(key):
            cells = [_text(row.get(key)) for row in flat]
            columns[field] = [old or new for old, new in zip(columns.get(field, cells), cells, strict=True)]
    if not {"ppsn", "status"} <= columns.keys():
        raise UnreadableFile(
            f"{source.path.name} is neither a payroll submission nor an AEPN list",
            "no PPSN and status in its entries",
            "Choose the file your payroll package wrote",
        )
    return Table(
        path=source.path,
        kind="aepn-json",
        sha256=source.sha256,
        headers=list(columns),
        columns=list(columns.values()),
        rows=np.arange(1, len(rows) + 1, dtype=np.int64),
        canonical=True,
        aepn=True,
        shared=shared,
    )


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """The row with the items of nested objects (name, employee ID) raised to its own level."""
    if not any(type(value) is dict for value in row.values()):
        return row
    items: dict[str, Any] = {}
    for key, value in row.items():
        items.update(value if isinstance(value, dict) else {key: value})
    return items
