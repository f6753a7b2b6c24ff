"""AEPNs: NAERSA's instruction to payroll for one employment, as columns.

NAERSA's own field names and status codes are not public. The names here are ours (see the interface document's
"AEPN file we accept"); status words are mapped to seven plain states and the raw word is kept.
"""

import re
from enum import StrEnum

from autoenroll_desktop.domain.pay_run import Kind

AEPN_FIELDS: dict[str, Kind] = {
    "aepn_number": Kind.TEXT,
    "issue_date": Kind.DATE,
    "employer_registration_number": Kind.TEXT,
    "ppsn": Kind.TEXT,
    "employment_id": Kind.TEXT,
    "first_name": Kind.TEXT,
    "family_name": Kind.TEXT,
    "status": Kind.TEXT,
    "effective_date": Kind.DATE,
    "end_date": Kind.DATE,
    "employee_rate": Kind.RATE,
    "employer_rate": Kind.RATE,
    "reason": Kind.TEXT,
    "downloaded_at": Kind.MOMENT,
}
"""Canonical AEPN field → type of its column. Rates are basis points; moments are timezone-aware `datetime`."""


class Status(StrEnum):
    """What the instruction in force says of an employment."""

    ENROLLED = "enrolled"
    EXEMPT = "exempt"
    OPTED_OUT = "opted_out"
    SUSPENDED = "suspended"
    DE_ENROLLED = "de_enrolled"
    CEASED = "ceased"
    LEFT = "left"
    UNKNOWN = "unknown"


_WORDS: dict[str, Status] = {
    **dict.fromkeys(
        ("enrolled", "enrol", "enroll", "active", "opted in", "re enrolled", "reenrolled"), Status.ENROLLED
    ),
    **dict.fromkeys(("exempt", "exempted", "not enrolled", "exempt employment"), Status.EXEMPT),
    **dict.fromkeys(("opted out", "optout", "opt out", "optedout"), Status.OPTED_OUT),
    **dict.fromkeys(("suspended", "suspension", "contributions suspended"), Status.SUSPENDED),
    **dict.fromkeys(("de enrolled", "deenrolled", "enrolled in error"), Status.DE_ENROLLED),
    **dict.fromkeys(("ceased", "stop", "stopped", "cap reached", "limit reached"), Status.CEASED),
    **dict.fromkeys(("left", "leaver", "left employment"), Status.LEFT),
}


def status_of(raw: str | None) -> Status:
    """The state a status word means; UNKNOWN where it is not one we know (never guessed).

    Example: "Opted-Out" is OPTED_OUT.
    """
    return _WORDS.get(re.sub(r"[\s_-]+", " ", raw or "").strip().lower(), Status.UNKNOWN)
