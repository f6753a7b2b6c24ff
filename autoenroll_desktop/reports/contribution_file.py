"""The contribution file: our own format, in names a profile gives, as JSON and as a table.

NAERSA's schema is not public, so that nothing here claims to be it: the file is labelled ours, has a version, and
every name in it stands in `resources/profiles`, to be replaced when the real one is known.
"""

import datetime as dt
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autoenroll_desktop import __version__
from autoenroll_desktop.domain.money import plain
from autoenroll_desktop.domain.words import absent
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.reports.contribution_lines import Contributions
from autoenroll_desktop.reports.delimited import delimited

_MONEY = ("gross_pay", "employee", "employer")
_SOFTWARE = "AutoEnroll Desktop"


@dataclass(frozen=True)
class Profile:
    """The names of a contribution file.

    Attributes:
        header, line, totals: our name → the file's; "a/b" is item b of an object a. Names left out are not written.
        lists: our name of a part (lines, deleted, totals) → the file's.
        table_dates: how dates are written in a table (`strftime`).
    """

    format: str
    version: int
    note: str
    header: Mapping[str, str]
    line: Mapping[str, str]
    lists: Mapping[str, str]
    totals: Mapping[str, str]
    table_dates: str

    @classmethod
    def load(cls, path: Path) -> "Profile":
        """Read a profile. Raises AppError where it is none."""
        try:
            return cls(**tomllib.loads(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError) as error:
            raise AppError(f"{path.name} is no profile of a contribution file", str(error), "Choose another") from error


def as_json(file: Contributions, profile: Profile) -> str:
    """The contribution file in JSON: what it is, header, lines, control totals."""
    made: dict[str, Any] = {"format": profile.format, "version": profile.version, "note": profile.note}
    made |= _named(profile.header, _header(file))
    made[profile.lists["lines"]] = [_named(profile.line, line) for line in _lines(file)]
    made[profile.lists["deleted"]] = []
    totals = {"lines": len(file.lines)} | {name: file.total(name) / 100 for name in _MONEY}
    made[profile.lists["totals"]] = _named(profile.totals, totals)
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def _header(file: Contributions) -> dict[str, Any]:
    return {
        "employer_registration_number": file.employer,
        "tax_year": file.tax_year,
        "payroll_run_reference": file.run_reference,
        "submission_id": file.submission_id,
        "submission_type": "replacement" if file.replaces else "original",
        "software": _SOFTWARE,
        "software_version": __version__,
        "aepn_downloaded_at": file.downloaded_at.isoformat() if file.downloaded_at else None,
    }


def _records(file: Contributions) -> Iterator[dict[str, Any]]:
    """Each line's values by name, None where one is missing."""
    for line in file.lines.to_dict("records"):
        yield {str(name): None if absent(value) else value for name, value in line.items()}


def _lines(file: Contributions) -> Iterator[dict[str, Any]]:
    for line in _records(file):
        amounts = {name: None if line[name] is None else int(line[name]) / 100 for name in _MONEY}
        day = line["pay_date"]
        yield {**line, **amounts, "pay_date": day.isoformat() if isinstance(day, dt.date) else None}


def _named(names: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values under their names in the file; missing ones are left out."""
    made: dict[str, Any] = {}
    for ours, theirs in names.items():
        if values.get(ours) is not None:
            outer, _, inner = theirs.partition("/")
            if inner:
                made.setdefault(outer, {})[inner] = values[ours]
            else:
                made[outer] = values[ours]
    return made


def as_table(file: Contributions, profile: Profile) -> bytes:
    """The same lines as a table (UTF-8 with mark, CRLF), a row a line; the header's items stand in every row."""
    head = {name: value for name, value in _header(file).items() if name in profile.header}
    columns = [*head, *profile.line]
    names = [{**profile.header, **profile.line}[name].rpartition("/")[2] for name in columns]
    rows = []
    for line in _records(file):
        values = {**head, **line}
        values |= {name: plain(int(values[name])) for name in _MONEY if values[name] is not None}
        if isinstance(values["pay_date"], dt.date):
            values["pay_date"] = values["pay_date"].strftime(profile.table_dates)
        rows.append(["" if values.get(name) is None else str(values[name]) for name in columns])
    return delimited([names, *rows])
