"""JSON: payroll submissions (bare, in the file-upload envelope, or a list of those), RPNs and AEPN lists.

Numbers stay the text they were written as, so that no amount passes through a float; NaN and Infinity stay words and
are found as unreadable amounts in their line.
"""

import json
import re
from operator import itemgetter
from typing import Any

from autoenroll_desktop.domain.pay_run import Seen
from autoenroll_desktop.domain.progress import Progress
from autoenroll_desktop.errors import EmptyFile, UnreadableFile
from autoenroll_desktop.intake import contribution, psr, rpn
from autoenroll_desktop.intake.aepn_items import aepn_field, flat_items
from autoenroll_desktop.intake.choices import Choices
from autoenroll_desktop.intake.collector import collector_paused
from autoenroll_desktop.intake.limits import Limits
from autoenroll_desktop.intake.source import Source, decode
from autoenroll_desktop.intake.table import Table, about_file, canonical_table


def read_json(source: Source, _limits: Limits, progress: Progress, _choices: Choices) -> Table:
    """Read a JSON file as a table with canonical headers.

    Raises:
        UnreadableFile: broken JSON (with line and column), or JSON of another kind. EmptyFile: no line in it.
    """
    text = decode(source)
    progress.step("reading")
    with collector_paused():
        table = _table(source, _parse(source, text.whole()), progress)  # the content is gone before collecting goes on
    table.encoding = text.encoding
    return table


def _parse(source: Source, text: str) -> Any:
    """The content; of several requests one after the other in one file, a list of them."""
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        several = _one_after_the_other(text) if error.msg == "Extra data" else []
        if several and all(map(_is_submission, several)):
            return several
        raise UnreadableFile(
            f"{source.path.name} is broken",
            f"line {error.lineno}, column {error.colno}: {_in_words(error.msg)}",
            "Export it again from the payroll package",
        ) from error
    except RecursionError as error:
        raise UnreadableFile(f"{source.path.name} is nested too deeply", "", "This is no payroll file") from error
    except _TwinError as error:
        raise UnreadableFile(f"{source.path.name} says {error} twice in one place", "", "Export it again") from error


def _table(source: Source, content: Any, progress: Progress) -> Table:
    if contribution.is_contribution(content):
        return _contributions(source, content)
    requests = content if isinstance(content, list) else [content]
    if requests and all(_is_submission(request) for request in requests):
        return _payslips(source, requests, progress)
    if isinstance(content, dict) and isinstance(content.get("rpns"), list):
        return _rpns(source, content)
    return _aepns(source, content)


def _body(request: dict[str, Any]) -> Any:
    return request.get("requestBody", request)


def _is_submission(request: Any) -> bool:
    body = _body(request) if isinstance(request, dict) else None
    return isinstance(body, dict) and ("payslips" in body or "lineItemIDsToDelete" in body)


def _one_after_the_other(text: str) -> list[Any]:
    """The values of a text that holds several; none where it breaks off."""
    values, at = [], 0
    try:
        while start := _VALUE.search(text, at):
            value, at = _DECODER.raw_decode(text, start.start())
            values.append(value)
    except (json.JSONDecodeError, _TwinError, RecursionError):
        return []
    return values


class _TwinError(Exception):
    """A key that stands twice in one object; which value is meant cannot be known."""


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        raise _TwinError(next(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return found


_VALUE = re.compile(r"[^\s,]")
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_no_twins)


def _in_words(error: str) -> str:
    if "delimiter" in error:
        return "a comma or colon is missing before this place"
    if "Extra data" in error:
        return "something follows the end of the data"
    if "Unterminated" in error or "Invalid control" in error:
        return "a text is not closed by a quotation mark"
    return "something is missing or out of place here"


def _payslips(source: Source, requests: list[dict[str, Any]], progress: Progress) -> Table:
    """The payslips of one or several submissions; one that only deletes lines has none."""
    payslips: list[dict[str, Any]] = []
    counts, deleted = [], []
    for request in requests:
        slips, deletes = _body(request).get("payslips") or [], _body(request).get("lineItemIDsToDelete")
        deletes = deletes if isinstance(deletes, list) else []
        if not isinstance(slips, list) or not all(isinstance(slip, dict) for slip in slips):
            raise UnreadableFile(
                f"{source.path.name} is no payroll submission", "“payslips” is not a list of payslips", ""
            )
        payslips += slips
        counts.append(len(slips))
        deleted += [
            _text(one.get("lineItem", one.get("lineItemID")) if isinstance(one, dict) else one) for one in deletes
        ]
    if not payslips and not deleted:
        raise EmptyFile(f"{source.path.name} holds no pay line", "a submission without payslips", "Export it again")
    columns: dict[str, list[str]] = {}
    stated: set[str] = set().union(*payslips)
    for done, (path, field) in enumerate(psr.SCALARS.items()):
        progress.step("reading", done, len(psr.SCALARS))
        columns[field] = _items(payslips, path) if path.split("/")[0] in stated else [""] * len(payslips)
    classes = [_objects(payslip.get("prsiClassDetails")) for payslip in payslips]
    columns["prsi_class"] = [" ".join(_text(one.get("prsiClass")) for one in details) for details in classes]
    columns["insurable_weeks"] = [
        psr.summed_weeks([_text(one.get("insurableWeeks")) for one in details]) for details in classes
    ]
    columns["pension_tracing_numbers"] = [
        " ".join(filter(None, (_text(one.get("pensionTracingNumber")) for one in _objects(numbers))))
        for numbers in (payslip.get("pensionTracingNumbers") for payslip in payslips)
    ]
    headers = [{field: _text(request.get(item)) for item, field in psr.HEADER.items()} for request in requests]
    return psr.submissions(source, "psr-json", columns, headers, counts, deleted)


def _items(rows: list[dict[str, Any]], path: str) -> list[str]:
    """The texts at a path of one or two names in each row; "" where there is none."""
    outer, _, inner = path.partition("/")
    values = _values(rows, outer)
    if inner and set(map(type, values)) == {dict}:
        values = _values(values, inner)
    elif inner:
        values = [value.get(inner, "") if type(value) is dict else "" for value in values]
    return values if set(map(type, values)) == {str} else [*map(_text, values)]


def _values(rows: list[dict[str, Any]], name: str) -> list[Any]:
    """The values of one name in each row, "" where it is not there; most files have it everywhere or nowhere."""
    try:
        return [*map(itemgetter(name), rows)]
    except KeyError:
        return [row.get(name, "") for row in rows]


def _rpns(source: Source, content: dict[str, Any]) -> Table:
    """Revenue's payroll notifications: who somebody is, not what is paid."""
    rows = _objects(content["rpns"])
    if not rows:
        raise EmptyFile(f"{source.path.name} is empty", "no RPN in it", "Ask Revenue again")
    columns = {field: _items(rows, path) for path, field in rpn.ITEMS.items()}
    table = canonical_table(source.path, source.sha256, "rpn-json", columns, len(rows))
    table.holds = "people"
    table.shared = {"employer_registration_number": _text(content.get("employerRegistrationNumber"))}
    if unknown := _objects(content.get("noRPNs")):
        table.seen.append(Seen.of("no-rpns", times=len(unknown)))
    stated = _text(content.get("totalRPNCount"))
    if stated.isdigit() and int(stated) != len(rows):
        facts = {"name": "totalRPNCount", "stated": stated, "summed": str(len(rows))}
        table.notes.append(about_file("control-total-mismatch", facts))
    return table


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return ""  # null, or an object or list where a value belongs; numbers were left as text


def _contributions(source: Source, content: dict[str, Any]) -> Table:
    """Our own contribution file: what was to be sent to NAERSA."""
    if _text(content.get("version")) != str(contribution.VERSION):
        raise UnreadableFile(
            f"{source.path.name} was written by a later version of this program",
            f"it is version {_text(content.get('version')) or 'unknown'} of its format",
            "Install the update and try again",
        )
    rows = _objects(content.get("lines"))
    deletes = content.get("lineItemIDsToDelete")
    deleted = [_text(one) for one in deletes] if isinstance(deletes, list) else []
    if not rows and not deleted:
        raise EmptyFile(f"{source.path.name} is empty", "no contribution in it", "Write it again")
    columns = {field: _items(rows, path) for path, field in contribution.LINES.items()}
    table = canonical_table(source.path, source.sha256, "contribution-json", columns, len(rows))
    header = contribution.header_of(content)
    table.shared = {field: text for item, field in psr.HEADER.items() if (text := _text(header.get(item)))}
    table.holds = "contributions"
    table.notes += contribution.compare_totals(content, columns, len(rows))
    table.deletes(deleted)
    return table


def _aepns(source: Source, content: Any) -> Table:
    """An AEPN list: a list of objects, or an object holding exactly one."""
    shared: dict[str, str] = {}
    rows = content
    if isinstance(content, dict):
        lists = [value for value in content.values() if isinstance(value, list)]
        rows = lists[0] if len(lists) == 1 else None
        shared = {field: _text(value) for key, value in content.items() if (field := aepn_field(key)) and _text(value)}
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UnreadableFile(
            f"{source.path.name} is neither a payroll submission nor an AEPN list",
            "expected “payslips”, or one list of AEPNs",
            "Choose the file your payroll package wrote",
        )
    if not rows:
        raise EmptyFile(f"{source.path.name} is empty", "the list in it has no entry", "Fetch the AEPNs again")
    flat = [flat_items(row) for row in rows]
    columns: dict[str, list[str]] = {}
    for key in dict.fromkeys(key for row in flat for key in row):
        if field := aepn_field(key):
            cells = [_text(row.get(key)) for row in flat]
            columns[field] = [old or new for old, new in zip(columns.get(field, cells), cells, strict=True)]
    if not {"ppsn", "status"} <= columns.keys():
        raise UnreadableFile(
            f"{source.path.name} is neither a payroll submission nor an AEPN list",
            "no PPSN and status in its entries",
            "Choose the file your payroll package wrote",
        )
    table = canonical_table(source.path, source.sha256, "aepn-json", columns, len(rows))
    table.holds, table.shared = "aepn", shared
    return table
