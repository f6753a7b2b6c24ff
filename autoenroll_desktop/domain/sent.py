"""What was sent to NAERSA before, as far as this program was told: never anybody's name or number.

NAERSA refuses a run reference with a submission ID that was used in the tax year (MFFERR020) and a line item ID that
was used in its run (MFFERR033). Identifiers are kept as fingerprints: payroll packages build them from PPSNs.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as of
from typing import Any

import pandas as pd

HEADER = ("employer_registration_number", "tax_year", "payroll_run_reference")


@dataclass(frozen=True)
class Sent:
    """What was used up.

    Attributes:
        submissions, items: fingerprints. files: sha256 of a file's content → when it was sent.
    """

    submissions: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    files: Mapping[str, dt.datetime] = of(default_factory=dict)


NOTHING_SENT = Sent()


def fingerprint(*parts: object) -> str:
    """The fingerprint of employer, tax year, run reference and an identifier."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:32]


def fingerprints(lines: pd.DataFrame, identifier: str) -> "pd.Series[Any]":
    """A fingerprint of each line's employer, tax year, run reference and identifier; None where a part is missing.

    Args:
        identifier: "submission_id" or "line_item_id".
    """
    parts = [*HEADER, identifier]
    whole = lines[parts].notna().all(axis=1)
    texts = lines.loc[whole, parts[0]].astype(str)
    for part in parts[1:]:
        texts = texts + "\x1f" + lines.loc[whole, part].astype(str)
    known = {text: fingerprint(text) for text in texts.unique()}
    column = pd.Series([None] * len(lines), index=lines.index, dtype=object)
    column[whole] = texts.map(known)
    return column
