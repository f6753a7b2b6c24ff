"""AEPNs in JSON: which item is which field. NAERSA's own names are not public, so every spelling seen is taken."""

import re
from typing import Any

from autoenroll_desktop.domain.aepn import AEPN_FIELDS
from autoenroll_desktop.intake.headings import plain_heading

_NAMES = {plain_heading(field).replace(" ", ""): field for field in AEPN_FIELDS} | {
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


def aepn_field(key: str) -> str | None:
    """The field an item of an AEPN means, whatever its case and spelling; None where it is not known."""
    return _NAMES.get(re.sub(r"[^a-z0-9]", "", key.lower()))


def flat_items(row: dict[str, Any]) -> dict[str, Any]:
    """The row with the items of nested objects (name, employee ID) raised to its own level."""
    if not any(type(value) is dict for value in row.values()):
        return row
    items: dict[str, Any] = {}
    for key, value in row.items():
        items.update(value if isinstance(value, dict) else {key: value})
    return items
