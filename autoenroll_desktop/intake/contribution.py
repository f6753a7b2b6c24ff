"""Our own contribution file, read back: `"format": "autoenroll-contribution"`, version 1.

It has the shape of Revenue's payroll submission, which NAERSA's is known to follow, and is not NAERSA's: a header, one
entry a line, and control totals. The header's items may stand in `header` or beside `lines`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from autoenroll_desktop.domain.money import euro
from autoenroll_desktop.intake.money_text import read_money
from autoenroll_desktop.intake.psr import HEADER
from autoenroll_desktop.intake.table import Note, about_file

FORMAT = "autoenroll-contribution"
VERSION = 1

LINES: Mapping[str, str] = {
    "lineItemID": "line_item_id",
    "previousLineItemID": "previous_line_item_id",
    "employeeID/employeePpsn": "ppsn",
    "employeeID/employmentID": "employment_id",
    "name/firstName": "first_name",
    "name/familyName": "family_name",
    "payDate": "pay_date",
    "payFrequency": "pay_frequency",
    "grossPay": "gross_pay",
    "employeeContribution": "ae_employee",
    "employerContribution": "ae_employer",
}
"""JSON path in a line → field."""
_TOTALS = ("grossPay", "employeeContribution", "employerContribution")
_COUNTS = ("lines", "lineCount", "count")


def is_contribution(content: Any) -> bool:
    """Whether a JSON file says that it is one of ours, of whatever version."""
    return isinstance(content, dict) and content.get("format") == FORMAT


def header_of(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """The items stated once for the file, by their names in `HEADER`."""
    header = content.get("header")
    inner = header if isinstance(header, dict) else {}
    return {item: inner.get(item, content.get(item)) for item in HEADER}


def compare_totals(content: Mapping[str, Any], columns: Mapping[str, Sequence[str]], size: int) -> list[Note]:
    """A note for each control total that its lines do not add up to."""
    stated = content.get("controlTotals")
    if not isinstance(stated, dict):
        return []
    counts = [item for item in _COUNTS if item in stated and str(stated[item]) != str(size)]
    notes = [_differs(item, str(stated[item]), str(size)) for item in counts]
    for item in _TOTALS:
        said = read_money(str(stated[item])) if item in stated else None
        if said is None:
            continue
        found = sum(read.cents for cell in columns[LINES[item]] if (read := read_money(cell)))
        if found != said.cents:
            notes.append(_differs(item, euro(said.cents), euro(found)))
    return notes


def _differs(name: str, stated: str, found: str) -> Note:
    return about_file("control-total-mismatch", {"name": name, "stated": stated, "summed": found})
