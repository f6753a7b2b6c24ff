"""Noting that a contribution file we wrote was sent, so that its identifiers are not used again on another day."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autoenroll_desktop.actions.write_outputs import default_profile
from autoenroll_desktop.domain.sent import fingerprint
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.reports.contribution_file import Profile
from autoenroll_desktop.store.ledger import Ledger


@dataclass(frozen=True)
class UsedUp:
    """What a contribution file uses up when it is sent: fingerprints (`domain.sent`), and the file's own hash."""

    employer: str
    tax_year: int | None
    submissions: frozenset[str]
    items: frozenset[str]
    sha256: str


def used_up(path: Path) -> UsedUp | None:
    """What the contribution file uses up; None for a file of another kind. Raises AppError where it cannot be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise AppError(f"{path.name} cannot be read", error.strerror or "", "Check the name and folder") from error
    profile = Profile.load(default_profile())
    if b'"' + profile.format.encode() + b'"' not in content[:1000]:
        return None
    try:
        told: dict[str, Any] = json.loads(content)
        names = profile.header
        employer, year = told.get(names["employer_registration_number"]), told.get(names["tax_year"])
        head = (employer, year, told.get(names["payroll_run_reference"]))
        items = [line[profile.line["line_item_id"]] for line in told[profile.lists["lines"]]]
        submission = told[names["submission_id"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise AppError(f"{path.name} is damaged", "it is no whole contribution file", "Write it again") from error
    return UsedUp(
        str(employer or ""),
        year if isinstance(year, int) else None,
        frozenset({fingerprint(*head, submission)}),
        frozenset(fingerprint(*head, item) for item in items),
        hashlib.sha256(content).hexdigest(),
    )


def mark_contribution_sent(path: Path, ledger: Path, moment: dt.datetime) -> bool:
    """Note a contribution file as sent; False for a file of another kind.

    Raises:
        AppError: it cannot be read, or the ledger cannot be written.
    """
    used = used_up(path)
    if used is None:
        return False
    Ledger(ledger).add(moment, used.submissions, used.items, [used.sha256])
    return True
